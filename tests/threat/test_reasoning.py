"""Assumptions that reopen a picture when nobody checks them, and the explanations that were set aside."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.services import Services
from tests.threat.conftest import connect
from tests.threat.scene import TODAY, Scene, proposal
from tests.world import NOON
from threat.models import Assumption, Hypothesis, Picture
from threat.services import (
    add_assumption,
    add_hypothesis,
    adopt,
    check_assumption,
    hash_of,
    propose_adoption,
    remove_assumption,
    remove_hypothesis,
    start_new_version,
    watch,
)
from threat.services.workbench import Workbench, read_picture

MONTH = TODAY + timedelta(days=30)


def assumed(scene: Scene, picture: Picture, *, by: Actor | None = None, **fields: Any) -> Assumption:
    told = {"text": "Nobody knows the new address.", "owner_id": scene.analyst.user_id, "check_by": MONTH, **fields}
    return add_assumption(picture_id=picture.pk, actor=by or scene.analyst, at=NOON, **told)


def explained(scene: Scene, picture: Picture, **fields: Any) -> Hypothesis:
    told = {"text": "A quarrel between neighbours.", "weighing": "unlikely", "reason": "They moved away.", **fields}
    return add_hypothesis(picture_id=picture.pk, actor=scene.analyst, at=NOON, **told)


def adopted(scene: Scene) -> tuple[Picture, Assumption]:
    picture = scene.scored()
    row = assumed(scene, picture)
    explained(scene, picture)
    propose_adoption(picture_id=picture.pk, proposal=proposal(review_due=later(60)), actor=scene.analyst, at=NOON)
    return adopt(picture_id=picture.pk, actor=scene.second, at=NOON), row


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def bench(scene: Scene, picture: Picture) -> Workbench:
    return read_picture(picture_id=picture.pk, actor=scene.analyst, at=NOON)


def test_r062_what_is_assumed_and_set_aside_stands_with_the_picture(scene: Scene) -> None:
    picture, _row = adopted(scene)
    seen = bench(scene, picture)

    assert [(each.text, each.due) for each in seen.assumptions] == [("Nobody knows the new address.", MONTH)]
    assert [(each.text, each.reason) for each in seen.hypotheses] == [
        ("A quarrel between neighbours.", "They moved away.")
    ]


def test_r067_the_hash_covers_assumptions_and_other_explanations(scene: Scene) -> None:
    picture = scene.scored()
    with acting(scene.analyst, at=NOON):
        bare = hash_of(picture)
    row = assumed(scene, picture)
    with acting(scene.analyst, at=NOON):
        with_one = hash_of(picture)
    other = explained(scene, picture)
    with acting(scene.analyst, at=NOON):
        with_both = hash_of(picture)
    remove_assumption(assumption_id=row.pk, actor=scene.analyst, at=NOON)
    remove_hypothesis(hypothesis_id=other.pk, actor=scene.analyst, at=NOON)

    with acting(scene.analyst, at=NOON):
        assert hash_of(picture) == bare
    assert len({bare, with_one, with_both}) == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"text": " "}, "text"), ({"check_by": TODAY}, "check_by"), ({"owner_id": None}, "owner_id")],
)
def test_an_assumption_names_what_who_and_until_when(scene: Scene, fields: dict[str, Any], field: str) -> None:
    picture = scene.start()
    if field == "owner_id":
        fields = {"owner_id": scene.decider.user_id}

    with pytest.raises(Invalid) as refusal:
        assumed(scene, picture, **fields)

    assert [fault.field for fault in refusal.value.faults] == [field]


def test_another_explanation_is_weighed_with_a_reason(scene: Scene) -> None:
    with pytest.raises(Invalid) as refusal:
        explained(scene, scene.start(), text="", weighing="certain", reason="")

    assert [fault.field for fault in refusal.value.faults] == ["text", "reason", "weighing"]


def test_r069_nobody_outside_the_analysis_assumes_or_reads_anything(scene: Scene) -> None:
    picture = scene.start()
    row = assumed(scene, picture)

    for actor in (scene.manager, scene.decider, scene.supplier, scene.stranger):
        with pytest.raises((Forbidden, Picture.DoesNotExist)):
            assumed(scene, picture, by=actor)
        with acting(actor, at=NOON):
            assert not Assumption.objects.filter(pk=row.pk).exists()
            assert not Assumption.objects.visible_to(actor, at=NOON).exists()


def test_from_the_proposal_on_they_stand_still(scene: Scene) -> None:
    picture, row = adopted(scene)

    with pytest.raises(IllegalMove):
        assumed(scene, picture)
    with pytest.raises(IllegalMove):
        remove_assumption(assumption_id=row.pk, actor=scene.analyst, at=NOON)
    with acting(scene.analyst, at=NOON), pytest.raises(IntegrityError), transaction.atomic():
        Assumption.objects.filter(pk=row.pk).update(check_by=later(90))


def test_a_check_says_whether_it_holds_and_until_when(scene: Scene) -> None:
    picture, row = adopted(scene)
    look: dict[str, Any] = {
        "assumption_id": row.pk,
        "note": "Asked the municipality.",
        "actor": scene.second,
        "at": NOON,
    }
    for wrong in ({"holds": True}, {"holds": True, "check_by": TODAY}, {"holds": False, "note": ""}):
        with pytest.raises(Invalid):
            check_assumption(**{**look, **wrong})
    check_assumption(**look, holds=True, check_by=later(45))
    (seen,) = bench(scene, picture).assumptions
    assert (seen.due, seen.note) == (later(45), "Asked the municipality.")

    check_assumption(**look, holds=False)
    with acting(scene.second, at=NOON):
        assert WorkItem.objects.filter(kind="threat.picture_review", subject_id=picture.pk).exists()
    with pytest.raises(Conflict):
        check_assumption(**look, holds=True, check_by=later(45))
    assert bench(scene, picture).assumptions[0].due is None


def test_an_assumption_of_a_draft_is_changed_not_checked(scene: Scene) -> None:
    row = assumed(scene, scene.start())

    with pytest.raises(Conflict):
        check_assumption(assumption_id=row.pk, holds=False, note="No.", actor=scene.analyst, at=NOON)


def test_the_next_version_takes_along_what_was_not_found_to_fail(scene: Scene) -> None:
    picture, row = adopted(scene)
    check_assumption(assumption_id=row.pk, holds=True, note="Yes.", check_by=later(45), actor=scene.analyst, at=NOON)
    first = start_new_version(picture_id=picture.pk, question="Still?", actor=scene.analyst, at=NOON)
    seen = bench(scene, first)
    assert [(each.text, each.due) for each in seen.assumptions] == [("Nobody knows the new address.", later(45))]
    assert len(seen.hypotheses) == 1


def test_an_assumption_that_nobody_checks_reopens_the_picture(stage: Scene, services: Services) -> None:
    picture, row = adopted(stage)
    connect(services, "stelsel_worker")
    late = NOON + timedelta(days=31)
    early = watch(actor=system_actor(), at=NOON + timedelta(days=20))
    found = [watch(actor=system_actor(), at=late) for _ in range(2)]
    connect(services, "stelsel_web")

    assert found[0] == found[1] == early + 1
    with transaction.atomic(), acting(stage.analyst, at=late):
        waiting = WorkItem.objects.filter(closed_at=None, subject_id__in=[picture.pk, row.pk])
        assert set(waiting.values_list("kind", flat=True)) == {"threat.assumption", "threat.picture_review"}
    start_new_version(picture_id=picture.pk, question="Still?", actor=stage.analyst, at=late)
    with transaction.atomic(), acting(stage.analyst, at=late):
        assert not WorkItem.objects.filter(closed_at=None, subject_id__in=[picture.pk, row.pk]).exists()


def test_the_pages_go_the_whole_way(scene: Scene) -> None:
    picture = scene.scored()
    browser = as_client(scene.analyst)
    address = f"/threat/pictures/{picture.pk}"
    told = {"text": "Nobody knows.", "owner_id": str(scene.analyst.user_id), "check_by": ""}
    assert browser.post(f"{address}/assumption", told).status_code == 422
    assert browser.post(f"{address}/assumption", {**told, "check_by": "2040-01-01"}).status_code == 302
    other = {"text": "Neighbours.", "weighing": "as_likely", "reason": "Seen before."}
    assert browser.post(f"{address}/hypothesis", other).status_code == 302
    page = browser.get(address).content.decode()
    assert "Nobody knows." in page
    assert "Neighbours." in page
    with acting(scene.analyst, at=NOON):
        row, set_aside = Assumption.objects.get(), Hypothesis.objects.get()
    assert browser.post(f"/threat/hypotheses/{set_aside.pk}/remove").status_code == 302
    propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert browser.post(f"/threat/assumptions/{row.pk}", {"holds": "no", "note": ""}).status_code == 422
    assert browser.post(f"/threat/assumptions/{row.pk}", {"holds": "no", "note": "It leaked."}).status_code == 302
    assert "It leaked." in browser.get(address).content.decode()
