"""A picture made elsewhere, above our ceiling: registered by one, confirmed by another, it binds a decision."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.models import AdoptedPicture
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Conflict, Forbidden, Invalid, Stale
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.services import Services
from tests.threat.conftest import connect
from tests.threat.scene import TODAY, Scene
from tests.world import NOON
from threat.models import ElsewherePicture
from threat.services import (
    Registration,
    confirm_elsewhere,
    dispose_signal,
    drop_elsewhere,
    read_elsewhere,
    register_elsewhere,
    watch,
)
from threat.services.elsewhere import in_date

TOLD: dict[str, Any] = {
    "maker": "The service",
    "number": "S-2026-7",
    "made_on": TODAY,
    "own_marking": "STG_G",
    "kept_at": "In the safe of the service.",
    "severity": 5,
    "likelihood": 4,
    "summary": "A concrete threat against life.",
    "review_due": TODAY + timedelta(days=30),
}


def registered(scene: Scene, *, by: Actor | None = None, **fields: Any) -> ElsewherePicture:
    told = Registration(**{**TOLD, **fields})
    return register_elsewhere(case_id=scene.case.pk, told=told, actor=by or scene.analyst, at=NOON)


def confirmed(scene: Scene, **fields: Any) -> ElsewherePicture:
    return confirm_elsewhere(elsewhere_id=registered(scene, **fields).pk, actor=scene.second, at=NOON)


def test_r067_confirmed_it_hands_its_facts_to_the_case_without_a_score(scene: Scene) -> None:
    row = confirmed(scene)

    with acting(scene.decider, at=NOON):
        facts = AdoptedPicture.objects.get(picture_id=row.pk)
    assert (facts.maker, facts.maker_number, facts.made_on) == ("The service", "S-2026-7", TODAY)
    assert (facts.severity, facts.likelihood, facts.outcome, facts.review_due) == (5, 4, "LEVEL", TOLD["review_due"])
    assert (facts.index, facts.low, facts.high, facts.coverage, facts.method_version) == (None, None, None, None, "")
    assert bytes(facts.content_hash) == bytes(row.content_hash or b"")


def test_r067_without_a_likelihood_there_is_insufficient_information(scene: Scene) -> None:
    row = confirmed(scene, likelihood=None)

    with acting(scene.decider, at=NOON):
        assert AdoptedPicture.objects.get(picture_id=row.pk).outcome == "INSUFFICIENT"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"maker": " "}, "maker"),
        ({"number": "n" * 61}, "number"),
        ({"made_on": TODAY + timedelta(days=1)}, "made_on"),
        ({"own_marking": "SECRET"}, "own_marking"),
        ({"kept_at": ""}, "kept_at"),
        ({"severity": 6}, "severity"),
        ({"likelihood": 0}, "likelihood"),
        ({"summary": ""}, "summary"),
        ({"review_due": TODAY}, "review_due"),
    ],
)
def test_r066_what_is_missing_or_wrong_is_named(scene: Scene, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        registered(scene, **fields)

    assert [fault.field for fault in refusal.value.faults] == [field]


def test_r066_the_same_picture_is_registered_once_and_again_when_it_was_taken_back(scene: Scene) -> None:
    row = registered(scene)
    with pytest.raises(Conflict):
        registered(scene)
    drop_elsewhere(elsewhere_id=row.pk, actor=scene.analyst, at=NOON)
    registered(scene)

    with pytest.raises(Conflict):
        confirm_elsewhere(elsewhere_id=row.pk, actor=scene.second, at=NOON)


def test_r069_who_registered_does_not_confirm_and_nobody_outside_the_analysis_does_either(scene: Scene) -> None:
    row = registered(scene)

    with pytest.raises(Forbidden):
        confirm_elsewhere(elsewhere_id=row.pk, actor=scene.analyst, at=NOON)
    for actor in (scene.manager, scene.decider, scene.supplier, scene.stranger):
        with pytest.raises((Forbidden, ElsewherePicture.DoesNotExist)):
            confirm_elsewhere(elsewhere_id=row.pk, actor=actor, at=NOON)
        with pytest.raises(ElsewherePicture.DoesNotExist):
            read_elsewhere(elsewhere_id=row.pk, actor=actor, at=NOON)


def test_r067_what_was_shown_is_what_is_confirmed(scene: Scene) -> None:
    row = registered(scene)
    shown = read_elsewhere(elsewhere_id=row.pk, actor=scene.second, at=NOON).hash

    with pytest.raises(Stale):
        confirm_elsewhere(elsewhere_id=row.pk, shown="0" * 64, actor=scene.second, at=NOON)
    assert confirm_elsewhere(elsewhere_id=row.pk, shown=shown, actor=scene.second, at=NOON).state == "confirmed"
    with pytest.raises(Conflict):
        confirm_elsewhere(elsewhere_id=row.pk, shown=shown, actor=scene.third, at=NOON)


def test_r054_a_signal_is_disposed_of_first_and_r053_silence_lowers_nothing(scene: Scene) -> None:
    signal = scene.signal()
    low = registered(scene, likelihood=2)
    with pytest.raises(Invalid) as refusal:
        confirm_elsewhere(elsewhere_id=low.pk, actor=scene.second, at=NOON)
    assert [fault.code for fault in refusal.value.faults] == ["undisposed"]

    dispose_signal(signal_id=signal.pk, disposition="used", reason="It fits.", actor=scene.analyst, at=NOON)
    scene.ask()
    with pytest.raises(Invalid):
        confirm_elsewhere(elsewhere_id=low.pk, actor=scene.second, at=NOON)


def test_r063_the_database_keeps_what_was_registered_and_decided(scene: Scene) -> None:
    waiting, done = registered(scene, number="S-1"), confirmed(scene)

    with acting(scene.analyst, at=NOON):
        for row, change in ((waiting, {"severity": 1}), (done, {"state": "dropped"}), (done, {"severity": 1})):
            with pytest.raises(IntegrityError), transaction.atomic():
                ElsewherePicture.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            ElsewherePicture.objects.filter(pk=waiting.pk).update(
                state="confirmed", decided_by=scene.analyst.user_id, decided_at=NOON, content_hash=b"0" * 32
            )


def test_r073_a_picture_made_elsewhere_in_date_is_no_gap_and_its_review_comes_back(
    stage: Scene, services: Services
) -> None:
    row = confirmed(stage)
    late = NOON + timedelta(days=31)
    with transaction.atomic(), acting(stage.head, at=NOON):
        assert in_date([stage.case.pk], on=TODAY) == {stage.case.pk}
        assert in_date([stage.case.pk], on=late.date()) == set()
    connect(services, "stelsel_worker")
    for _ in range(2):
        watch(actor=system_actor(), at=late)
    connect(services, "stelsel_web")

    with transaction.atomic(), acting(stage.second, at=late):
        assert WorkItem.objects.filter(kind="threat.elsewhere_review", subject_id=row.pk, closed_at=None).count() == 2
    confirmed(stage, number="S-2026-8")
    with transaction.atomic(), acting(stage.second, at=late):
        assert not WorkItem.objects.filter(kind="threat.elsewhere_review", closed_at=None).exists()


def test_r067_the_pages_go_the_whole_way_to_a_decision_that_binds(scene: Scene) -> None:
    first, second = as_client(scene.analyst), as_client(scene.second)
    address = f"/threat/cases/{scene.case.pk}/elsewhere"
    told = {**TOLD, "made_on": "2026-03-01", "review_due": "2040-01-01", "likelihood": "4", "handling_advice": ""}
    assert first.post(address, {**told, "summary": ""}).status_code == 422
    assert first.post(address, told).status_code == 302
    with acting(scene.analyst, at=NOON):
        row = ElsewherePicture.objects.get()
    page = f"/threat/elsewhere/{row.pk}"
    shown = read_elsewhere(elsewhere_id=row.pk, actor=scene.second, at=NOON).hash
    assert first.post(page, {"shown": shown}).status_code in {403, 422}
    assert "S-2026-7" in second.get(f"/threat/cases/{scene.case.pk}").content.decode()
    assert second.post(page, {"shown": shown}).status_code == 302
    assert second.post(f"{page}/drop").status_code == 409
    with acting(scene.decider, at=NOON):
        facts = AdoptedPicture.objects.get()
    decided = as_client(scene.decider).get(f"/cases/pictures/{facts.pk}/level").content.decode()
    assert "The service" in decided
    assert "In the safe of the service." in decided
