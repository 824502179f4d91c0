"""Making a picture: lines, evidence, score."""

import json
from datetime import timedelta

import pytest

from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import WorkItem
from tests.threat.scene import Scene, finding, later, run_job
from tests.threat.scoring_cases import AS_OF, ORGANISED_CRIME
from tests.world import NOON
from threat.models import EvidenceItem, Picture, PictureScore, ThreatLine
from threat.scoring import InvalidEvidence, input_hash
from threat.services import (
    LineOf,
    abandon_picture,
    add_evidence,
    add_line,
    change_evidence,
    dispose_signal,
    lapse_evidence,
    regroup_evidence,
    remove_evidence,
    remove_line,
    request_score,
    score_document,
    set_severity,
    start_new_version,
    start_picture,
    withdraw_product,
)


def codes(refusal: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in refusal.value.faults}


def test_one_open_picture_per_case(scene: Scene) -> None:
    scene.start()

    with pytest.raises(Conflict):
        scene.start()


def test_a_picture_answers_a_question(scene: Scene) -> None:
    with pytest.raises(Invalid):
        start_picture(case_id=scene.case.pk, question="", actor=scene.analyst, at=NOON)


def test_lines_of_the_same_actor_share_a_code_and_an_unknown_one_has_none(scene: Scene) -> None:
    picture = scene.start()

    lines = [scene.line(picture, actor=name) for name in ("Group X", " group x", "Loner", "")]

    assert [line.actor_code for line in lines] == ["A1", "A1", "A2", ""]
    assert b"Group X" not in bytes(lines[0].actor)


def test_a_line_aims_at_somebody_on_the_case_by_a_known_phenomenon(scene: Scene) -> None:
    picture = scene.start()

    with pytest.raises(Invalid) as refusal:
        add_line(picture_id=picture.pk, line=LineOf(7, picture.pk), actor=scene.analyst, at=NOON)
    assert codes(refusal) == {("phenomenon", "invalid"), ("target_id", "invalid")}


def test_r062_evidence_names_its_product_and_takes_the_suppliers_origin_by_itself(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    item = scene.add(scene.line(scene.start()), product)

    assert (item.product, item.group, item.marking) == (product, "lx", "DEP_V")
    with acting(scene.analyst, at=NOON):
        assert vault.box(scene.case.person.key_id).open(item, "text") == "Reconnaissance of the house."


def test_r062_every_fault_of_an_item_is_named_at_once(scene: Scene) -> None:
    line = scene.line(scene.start())

    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(line, value=0, reliability="Z", group=" x", text="", window_end=later(1), valid_as_of=later(1))
    assert codes(refusal) == {
        ("value", "says_nothing"),
        ("reliability", "grade_missing"),
        ("group", "origin_missing"),
        ("text", "required"),
        ("window_end", "window_not_f4"),
        ("valid_as_of", "observed_in_future"),
    }


def test_r062_concrete_evidence_needs_a_product_and_a_signal_its_signal(scene: Scene) -> None:
    line = scene.line(scene.start())

    for kind, field in (("concrete", "product_id"), ("signal", "signal_id")):
        with pytest.raises(InvalidEvidence) as refusal:
            scene.add(line, kind=kind)
        assert codes(refusal) == {(field, "invalid")}


def test_r062_context_without_a_source_says_where_it_comes_from(scene: Scene) -> None:
    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(scene.line(scene.start()), provenance="")

    assert codes(refusal) == {("provenance", "invalid")}


def test_r062_phenomenon_knowledge_is_not_used_as_concrete_evidence(scene: Scene) -> None:
    product = scene.deliver(scene.ask(), phenomenon_knowledge=True)

    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(scene.line(scene.start()), product)
    assert codes(refusal) == {("kind", "phenomenon_as_concrete")}


def test_r062_one_fact_is_not_counted_as_concrete_and_as_phenomenon(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    line = scene.line(scene.start())
    scene.add(line, product, group="G1")

    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(line, kind="phenomenon", group="G1", factor="F5")
    assert codes(refusal) == {("kind", "fact_used_twice")}


def test_r066_evidence_from_a_reference_above_the_ceiling_is_refused(scene: Scene) -> None:
    product = scene.deliver(scene.ask(), marking="STG_G", text="")

    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(scene.line(scene.start()), product)
    assert codes(refusal) == {("marking", "marking_above_ceiling")}


def test_a_withdrawn_product_gives_no_evidence(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    withdraw_product(product_id=product.pk, reason="Wrong.", actor=scene.supplier, at=NOON)

    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(scene.line(scene.start()), product)
    assert codes(refusal) == {("product_id", "invalid")}


def test_a_negative_finding_names_what_was_searched_and_could_have_seen_it(scene: Scene) -> None:
    line = scene.line(scene.start())

    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(line, bound="AT_MOST", value=1, would_have_shown=False)
    assert codes(refusal) == {("searched", "invalid"), ("would_have_shown", "invalid")}
    scene.add(
        line,
        bound="AT_MOST",
        value=1,
        searched="Cameras in the street",
        searched_from=later(-14),
        searched_to=later(-1),
        would_have_shown=True,
    )


def test_r067_credibility_one_needs_another_origin(scene: Scene) -> None:
    line = scene.line(scene.start())
    with pytest.raises(InvalidEvidence) as refusal:
        scene.add(line, credibility=1)
    assert codes(refusal) == {("credibility", "confirmation_missing")}

    scene.add(line, group="G2")
    scene.add(line, credibility=1)


def test_r067_items_that_turn_out_to_share_an_origin_are_put_in_one_group(scene: Scene) -> None:
    line = scene.line(scene.start())
    item = scene.add(line, group="G2")

    assert regroup_evidence(evidence_id=item.pk, group="G9", actor=scene.analyst, at=NOON).group == "G9"
    with pytest.raises(Invalid):
        regroup_evidence(evidence_id=item.pk, group=" ", actor=scene.analyst, at=NOON)


def test_each_change_counts_a_revision_and_a_stale_one_is_refused(scene: Scene) -> None:
    picture = scene.start()
    line = scene.line(picture)

    item = scene.add(line)
    with pytest.raises(Stale):
        change_evidence(evidence_id=item.pk, finding=finding(value=2), revision=1, actor=scene.analyst, at=NOON)
    changed = change_evidence(evidence_id=item.pk, finding=finding(value=2), revision=3, actor=scene.analyst, at=NOON)

    assert changed.value == 2
    with acting(scene.analyst, at=NOON):
        assert Picture.objects.get(pk=picture.pk).revision == 4


def test_an_item_or_line_taken_out_of_the_draft_stays_in_the_table(scene: Scene) -> None:
    picture = scene.start()
    line = scene.line(picture)
    item = scene.add(line)

    remove_evidence(evidence_id=item.pk, actor=scene.analyst, at=NOON)
    remove_line(line_id=line.pk, actor=scene.analyst, at=NOON)

    with acting(scene.analyst, at=NOON):
        assert not EvidenceItem.objects.kept().exists()
        assert EvidenceItem.objects.get().removed_at == NOON
        assert ThreatLine.objects.get().removed_at == NOON


def test_r061_the_published_example_scores_the_same_through_the_product(scene: Scene) -> None:
    product = scene.deliver(scene.ask(factors=("F6",)))
    scene_lines = scene.line(scene.start())
    for item in ORGANISED_CRIME:
        scene.add(
            scene_lines,
            product,
            factor=item.factor.value,
            value=item.value,
            reliability=item.reliability,
            credibility=item.credibility,
            group=item.group,
            valid_as_of=item.valid_as_of + (NOON.date() - AS_OF),
        )
    with acting(scene.analyst, at=NOON):
        picture = Picture.objects.get()
    score = scene.score(picture)

    assert score.result is not None
    person = score.result["person"]
    assert round(person["index"], 4) == 66.1492
    assert (round(person["low"], 4), round(person["high"], 4)) == (38.5671, 92.8720)
    assert (person["level"], person["outcome"]) == (4, "LEVEL")
    without = score.result["lines"][0]["alone"]["leaveOneGroupOut"]["G4"]
    assert (round(without["index"], 4), without["level"]) == (59.6363, "W3")


def test_r061_a_score_shows_each_factors_part_of_the_prior_and_what_is_missing(scene: Scene) -> None:
    picture = scene.scored()

    with acting(scene.analyst, at=NOON):
        result = PictureScore.objects.get(picture=picture).result
    assert result is not None
    alone = result["lines"][0]["alone"]
    assert set(alone["fromPrior"]) == {"F1", "F2", "F3", "F4", "F5", "F6"}
    assert alone["missing"] == ["F2", "F4", "F5"]


def test_r061_a_score_repeats_from_its_frozen_input_alone(scene: Scene) -> None:
    score = scene.score(_with_one_item(scene))

    document = json.loads(score.input)
    assert input_hash(document) == score.input_hash
    assert score_document(score.input) == score.result
    assert "Verzonnen" not in score.input


def _with_one_item(scene: Scene) -> Picture:
    picture = scene.start()
    scene.add(scene.line(picture))
    return picture


def test_asking_for_a_score_twice_scores_once(scene: Scene) -> None:
    picture = _with_one_item(scene)

    first = request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON)
    second = request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON)

    assert first.pk == second.pk
    assert run_job("threat.score_picture", str(first.pk))
    assert not run_job("threat.score_picture", str(first.pk))


def test_a_picture_without_a_line_is_not_scored(scene: Scene) -> None:
    picture = scene.start()

    with pytest.raises(Invalid) as refusal:
        request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON)
    assert codes(refusal) == {("lines", "no_lines")}


def test_a_change_while_scoring_leaves_the_draft_unscored(scene: Scene) -> None:
    picture = _with_one_item(scene)
    score = request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON)
    with acting(scene.analyst, at=NOON):
        line = ThreatLine.objects.get()
    scene.add(line, factor="F1")

    run_job("threat.score_picture", str(score.pk))

    with acting(scene.analyst, at=NOON):
        assert Picture.objects.get(pk=picture.pk).state == "draft"
        assert PictureScore.objects.get(pk=score.pk).result is not None


def test_r053_factors_that_were_asked_refused_or_kept_back_count_as_withheld(scene: Scene) -> None:
    scene.ask(factors=("F2",))
    scene.refuse(scene.ask(factors=("F4",)))
    answered = scene.ask(factors=("F5",))
    scene.deliver(answered)

    score = scene.score(_with_one_item(scene))

    assert json.loads(score.input)["lines"][0]["evidence"]["withheld"] == ["F2", "F4"]


def test_only_an_act_of_an_analyst_makes_evidence_lapse(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    picture = scene.start()
    item = scene.add(scene.line(picture), product)
    before = scene.score(picture).result
    with pytest.raises(Invalid):
        lapse_evidence(evidence_id=item.pk, reason="", actor=scene.analyst, at=NOON)

    lapse_evidence(evidence_id=item.pk, reason="They moved abroad.", actor=scene.analyst, at=NOON)

    after = scene.score(picture).result
    assert before is not None
    assert after is not None
    assert (before["person"]["outcome"], after["person"]["outcome"]) == ("PROVISIONAL", "INSUFFICIENT")


def test_a_high_reading_of_a_severe_threat_asks_the_case_manager_about_urgent_measures(scene: Scene) -> None:
    scene.scored()

    with acting(scene.manager, at=NOON):
        item = WorkItem.objects.get(kind="threat.urgent_question", closed_at=None)
        assert item.due_at == NOON + timedelta(hours=1)


def test_severity_is_chosen_from_the_table_with_a_reason(scene: Scene) -> None:
    picture = scene.start()

    with pytest.raises(Invalid) as refusal:
        set_severity(picture_id=picture.pk, severity=6, reason="", actor=scene.analyst, at=NOON)
    assert codes(refusal) == {("severity", "invalid"), ("reason", "required")}


def test_r069_nobody_outside_the_analysis_starts_a_picture(scene: Scene) -> None:
    for actor in (scene.manager, scene.decider):
        with pytest.raises(Forbidden):
            start_picture(case_id=scene.case.pk, question="?", actor=actor, at=NOON)


def test_an_abandoned_picture_is_final_and_makes_room(scene: Scene) -> None:
    picture = scene.start()
    abandon_picture(picture_id=picture.pk, reason="The question changed.", actor=scene.analyst, at=NOON)

    assert scene.start().version == 2
    with pytest.raises(IllegalMove):
        scene.line(picture)


def test_a_new_version_starts_from_the_lines_and_evidence_of_the_adopted_one(scene: Scene) -> None:
    adopted = scene.adopted()
    version = start_new_version(picture_id=adopted.pk, question="And now?", actor=scene.analyst, at=NOON)

    with acting(scene.analyst, at=NOON):
        items = EvidenceItem.objects.filter(picture=version)
        box = vault.box(scene.case.person.key_id)
        assert (version.version, version.follows_id, items.count()) == (2, adopted.pk, 2)
        assert {box.open(item, "text") for item in items} == {"Reconnaissance of the house."}
        assert Picture.objects.get(pk=adopted.pk).state == "adopted"


def test_a_draft_gets_no_new_version(scene: Scene) -> None:
    picture = scene.start()

    with pytest.raises(Conflict):
        start_new_version(picture_id=picture.pk, question="?", actor=scene.analyst, at=NOON)


def test_r054_a_signal_is_evidence_of_its_own_kind(scene: Scene) -> None:
    signal = scene.signal()
    dispose_signal(signal_id=signal.pk, disposition="used", reason="Fits.", actor=scene.analyst, at=NOON)

    item = add_evidence(
        line_id=scene.line(scene.start()).pk,
        finding=finding(kind="signal", signal_id=signal.pk, group=""),
        actor=scene.analyst,
        at=NOON,
    )
    assert (item.signal_id, item.group) == (signal.pk, "informant-person")
