"""Proposal, the second pair of eyes, adoption bound by a hash; adopted is final."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from cases.models import AdoptedPicture
from cases.services.reading.decisions import basis_of
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import AuditEntry, WorkItem
from tests.threat.scene import Scene, delivery, later, proposal
from tests.world import NOON
from threat.models import EvidenceItem, Picture, PictureScore, ThreatLine
from threat.services import (
    adopt,
    deliver_product,
    hash_of,
    propose_adoption,
    return_proposal,
    second_departure,
    set_severity,
    withdraw_product,
)


def codes(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def test_r067_an_adopted_picture_hands_its_frozen_facts_to_the_case(scene: Scene) -> None:
    picture = scene.adopted()

    with acting(scene.decider, at=NOON):
        facts = AdoptedPicture.objects.get()
        assert (facts.picture_id, facts.severity, facts.likelihood) == (picture.pk, 4, 4)
        assert (facts.outcome, facts.method_version) == ("LEVEL", "GDB-1.0")
        assert bytes(facts.content_hash) == bytes(picture.content_hash or b"")
        assert vault.box(scene.case.person.key_id).open(facts, "summary") == "Preparations were seen."
        assert WorkItem.objects.filter(kind="level.decide").exists()


def test_r069_the_author_and_proposer_do_not_adopt(scene: Scene) -> None:
    picture = scene.proposed()

    with pytest.raises(Forbidden) as refusal:
        adopt(picture_id=picture.pk, actor=scene.analyst, at=NOON)
    assert refusal.value.code == "four_eyes"


def test_r069_neither_case_manager_nor_decider_adopts_or_sees_the_draft(scene: Scene) -> None:
    picture = scene.proposed()

    for actor in (scene.manager, scene.decider, scene.supplier):
        with pytest.raises(Picture.DoesNotExist):
            adopt(picture_id=picture.pk, actor=actor, at=NOON)


def test_the_content_shown_is_what_is_adopted(scene: Scene) -> None:
    picture = scene.proposed()

    with pytest.raises(Stale):
        adopt(picture_id=picture.pk, shown="00" * 32, actor=scene.second, at=NOON)
    with acting(scene.second, at=NOON):
        shown = hash_of(Picture.objects.select_related("score").get(pk=picture.pk)).hex()
    adopt(picture_id=picture.pk, shown=shown, actor=scene.second, at=NOON)


def test_r067_the_hash_still_holds_after_adoption_and_changes_with_any_word(scene: Scene) -> None:
    picture = scene.adopted()

    with acting(scene.second, at=NOON):
        kept = Picture.objects.select_related("score").get(pk=picture.pk)
        assert hash_of(kept) == bytes(kept.content_hash or b"")
        kept.severity = 3
        assert hash_of(kept) != bytes(kept.content_hash or b"")
        kept.severity, kept.summary = 4, b"x"
        assert hash_of(kept) != bytes(kept.content_hash or b"")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE threat_picture SET likelihood = 1 WHERE id = %s",
        "UPDATE threat_picture SET state = 'draft' WHERE id = %s",
        "UPDATE threat_threatline SET phenomenon = 2 WHERE picture_id = %s",
        "UPDATE threat_evidenceitem SET value = 1 WHERE picture_id = %s",
        "UPDATE threat_picturescore SET result = '{}' WHERE picture_id = %s",
    ],
)
def test_r063_the_database_refuses_to_change_an_adopted_picture(scene: Scene, statement: str) -> None:
    picture = scene.adopted()

    with (
        acting(scene.analyst, at=NOON),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute(statement, [str(picture.pk)])


def test_the_database_refuses_evidence_in_a_proposed_picture(scene: Scene) -> None:
    scene.proposed()

    with acting(scene.analyst, at=NOON), pytest.raises(IntegrityError), transaction.atomic():
        EvidenceItem.objects.update(value=1)


def test_the_database_refuses_an_adopter_who_proposed(scene: Scene) -> None:
    picture = scene.proposed()

    with acting(scene.analyst, at=NOON), pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.filter(pk=picture.pk).update(
            state="adopted", adopted_by=scene.analyst.user_id, adopted_at=NOON, content_hash=b"x" * 32
        )


def test_a_draft_that_changed_since_its_score_cannot_be_proposed(scene: Scene) -> None:
    picture = scene.scored()
    with acting(scene.analyst, at=NOON):
        line = ThreatLine.objects.get()
    scene.add(line, factor="F5", value=2)

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    assert codes(refusal) == ["unscored"]


def test_a_request_that_came_after_the_score_asks_for_a_new_score(scene: Scene) -> None:
    picture = scene.scored()
    scene.ask(factors=("F4",))

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    assert codes(refusal) == ["unscored"]


def test_a_picture_without_severity_cannot_be_proposed(scene: Scene) -> None:
    picture = scene.start()
    scene.add(scene.line(picture), scene.deliver(scene.ask()))
    scene.score(picture)

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    assert codes(refusal) == ["no_severity"]


def test_r067_a_level_without_any_product_or_signal_cannot_be_proposed(scene: Scene) -> None:
    picture = scene.start()
    scene.add(scene.line(picture))
    scene.score(picture)
    set_severity(picture_id=picture.pk, severity=4, reason="x", actor=scene.analyst, at=NOON)

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    assert codes(refusal) == ["no_product"]


def test_a_product_withdrawn_after_the_proposal_blocks_adoption(scene: Scene) -> None:
    picture = scene.proposed()
    with acting(scene.analyst, at=NOON):
        product = EvidenceItem.objects.select_related("product")[:1].get().product
    assert product is not None
    withdraw_product(product_id=product.pk, reason="Wrong person.", actor=scene.supplier, at=NOON)

    with pytest.raises(Invalid) as refusal:
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert codes(refusal) == ["withdrawn"]


def test_r053_a_low_level_is_not_adopted_while_a_request_is_unanswered(scene: Scene) -> None:
    scene.refuse(scene.ask(factors=("F3",)))
    picture = scene.scored()

    with pytest.raises(Invalid) as refusal:
        propose_adoption(
            picture_id=picture.pk,
            proposal=proposal(likelihood=2, departure="expert_judgement", departure_reason="It is calm."),
            actor=scene.analyst,
            at=NOON,
        )
    assert codes(refusal) == ["low_level_blocked"]


def test_a_request_after_the_proposal_blocks_the_adoption(scene: Scene) -> None:
    picture = scene.proposed()
    scene.ask(factors=("F4",))

    with pytest.raises(Invalid) as refusal:
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert codes(refusal) == ["unscored"]


def test_a_departure_needs_ground_and_reason_and_none_without_departure(scene: Scene) -> None:
    picture = scene.scored()

    for fields in ({"likelihood": 5}, {"departure": "trigger_event"}):
        with pytest.raises(Invalid) as refusal:
            propose_adoption(picture_id=picture.pk, proposal=proposal(**fields), actor=scene.analyst, at=NOON)
        assert "departure" in {fault.field for fault in refusal.value.faults}


def test_a_lower_level_needs_a_second_analyst_who_does_not_adopt(scene: Scene) -> None:
    picture = scene.proposed(likelihood=3, departure="expert_judgement", departure_reason="An old car.")
    with pytest.raises(Invalid) as refusal:
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert codes(refusal) == ["second"]
    with pytest.raises(Forbidden):
        second_departure(picture_id=picture.pk, actor=scene.analyst, at=NOON)

    second_departure(picture_id=picture.pk, actor=scene.second, at=NOON)
    with pytest.raises(Forbidden):
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert adopt(picture_id=picture.pk, actor=scene.third, at=NOON).likelihood == 3


def test_one_step_up_needs_a_reason_and_no_second_analyst(scene: Scene) -> None:
    picture = scene.proposed(likelihood=5, departure="trigger_event", departure_reason="A verdict in nine days.")

    with pytest.raises(Conflict):
        second_departure(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert adopt(picture_id=picture.pk, actor=scene.second, at=NOON).likelihood == 5


def test_a_review_lies_ahead(scene: Scene) -> None:
    picture = scene.scored()

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(review_due=later(0)), actor=scene.analyst, at=NOON)
    assert [fault.field for fault in refusal.value.faults] == ["review_due"]


def test_a_provisional_level_is_reviewed_within_the_house_norm(scene: Scene) -> None:
    picture = scene.start()
    scene.add(scene.line(picture), scene.deliver(scene.ask()))
    scene.score(picture)
    set_severity(picture_id=picture.pk, severity=4, reason="x", actor=scene.analyst, at=NOON)

    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(review_due=later(15)), actor=scene.analyst, at=NOON)
    assert [fault.field for fault in refusal.value.faults] == ["review_due"]
    propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)


def test_insufficient_information_is_adopted_as_such_and_never_as_low(scene: Scene) -> None:
    picture = scene.start()
    scene.line(picture)
    scene.score(picture)
    set_severity(picture_id=picture.pk, severity=4, reason="x", actor=scene.analyst, at=NOON)
    propose_adoption(picture_id=picture.pk, proposal=proposal(likelihood=None), actor=scene.analyst, at=NOON)
    adopt(picture_id=picture.pk, actor=scene.second, at=NOON)

    with acting(scene.decider, at=NOON):
        facts = AdoptedPicture.objects.get()
        assert (facts.outcome, facts.likelihood, facts.index) == ("INSUFFICIENT", None, 27.5)


def test_a_returned_proposal_is_worked_on_again(scene: Scene) -> None:
    picture = scene.proposed()
    with pytest.raises(Invalid):
        return_proposal(picture_id=picture.pk, reason="", actor=scene.second, at=NOON)
    return_proposal(picture_id=picture.pk, reason="Grade F3 again.", actor=scene.second, at=NOON)

    with acting(scene.analyst, at=NOON):
        line = ThreatLine.objects.get()
    scene.add(line, factor="F5", value=2)
    with pytest.raises(IllegalMove):
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)


def test_adoption_leaves_a_trace_with_the_hash(scene: Scene) -> None:
    picture = scene.adopted()

    with acting(scene.second, at=NOON):
        entry = AuditEntry.objects.get(verb="picture.adopt", target="threat.picture")
        assert entry.detail == {"hash": bytes(picture.content_hash or b"").hex()}
        assert not WorkItem.objects.filter(kind="threat.adopt", closed_at=None).exists()
        assert PictureScore.objects.get().result is not None


def test_an_adoption_at_a_later_hour_still_binds_the_same_content(scene: Scene) -> None:
    picture = scene.proposed()
    with acting(scene.second, at=NOON):
        before = hash_of(Picture.objects.select_related("score").get(pk=picture.pk))

    adopted = adopt(picture_id=picture.pk, actor=scene.second, at=NOON + timedelta(hours=9))
    assert bytes(adopted.content_hash or b"") == before


def test_r068_products_after_the_freeze_are_counted_for_the_decider_and_nothing_more(scene: Scene) -> None:
    scene.adopted()
    at = NOON + timedelta(hours=1)
    request = scene.ask(question="Where do they meet?")
    deliver_product(request_id=request.pk, delivery=delivery("LX-9"), actor=scene.supplier, at=at)

    with acting(scene.decider, at=at):
        basis = basis_of(AdoptedPicture.objects.select_related("case").get(), at=at)

    assert (basis.arrived, basis.flaw) == (1, "")
