"""Gaps and silences: what is missing about whom, who is silent, and who looked along shielded investigations."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import ReadEntry
from stelsel.kernel.models.trail import AuditEntry
from tests.browsing import as_client
from tests.threat.scene import TODAY, Scene
from tests.world import NOON
from threat import services
from threat.models import InformationRequest, ShieldedCheck
from threat.services import Gap
from threat.services.shielded import own_checks


def check(scene: Scene, request: InformationRequest, *, by: Actor | None = None, **changes: Any) -> ShieldedCheck:
    told = {"outcome": "nothing", "checked_on": TODAY, **changes}
    return services.record_check(request_id=request.pk, **told, actor=by or scene.supplier, at=NOON)


def gap_of(scene: Scene, *, by: Actor | None = None, **asked: Any) -> Gap:
    (row,) = services.read_gaps(actor=by or scene.head, at=NOON, **asked).rows
    return row


def in_scheme(scene: Scene) -> Scene:
    """The map is about who is in the scheme; how the person came there is not its matter."""
    with acting(scene.world.actor(Role.POLICE_RCCB), at=NOON), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET state = 'scheme' WHERE id = %s", [scene.case.pk])
    scene.see(scene.head)
    return scene


@pytest.fixture
def stage(scene: Scene) -> Scene:
    return in_scheme(scene)


# --- the map ---


def test_r073_who_has_no_picture_and_no_product_lacks_both(stage: Scene) -> None:
    row = gap_of(stage)

    assert (row.picture, row.overdue, row.products, row.open) == (None, True, 0, True)


def test_r073_a_picture_that_is_made_is_no_valid_one_and_an_adopted_one_is_until_its_review(stage: Scene) -> None:
    picture = stage.adopted()

    row = gap_of(stage)
    assert row.picture is not None
    assert (row.picture.pk, row.overdue) == (picture.pk, False)
    late = services.read_gaps(actor=stage.head, at=NOON + timedelta(days=400)).rows[0]
    assert late.overdue


def test_r073_the_worst_of_what_a_supplier_did_stands_on_the_map(stage: Scene) -> None:
    supplier = stage.supplier_id
    asked = stage.ask()
    assert gap_of(stage).cells[supplier].state == "asked"
    stage.refuse(stage.ask(question="Another?"))
    assert gap_of(stage).cells[supplier].state == "refused"
    assert gap_of(stage).unanswered == 1
    stage.deliver(asked)
    row = gap_of(stage)
    assert (row.cells[supplier].state, row.products) == ("refused", 1)


def test_r073_a_signal_without_disposition_is_a_gap(stage: Scene) -> None:
    stage.signal()

    assert gap_of(stage).undisposed == 1


def test_r073_who_lacks_nothing_is_left_out_when_asked(stage: Scene) -> None:
    assert gap_of(stage, only_open=True).open
    assert services.read_gaps(actor=stage.stranger, at=NOON).rows == []
    with pytest.raises(Forbidden):
        services.read_gaps(actor=stage.manager, at=NOON)


def test_r073_the_map_is_logged_as_a_look_at_each_person(stage: Scene) -> None:
    gap_of(stage)

    with acting(stage.world.actor(Role.CONTROLLER), at=NOON):
        assert ReadEntry.objects.filter(
            actor_id=stage.head.user_id, kind="list", subject_id=stage.case.person_id
        ).exists()


def test_r073_one_line_is_escalated_once_and_taken_in_hand(stage: Scene) -> None:
    by: dict[str, Any] = {"case_id": stage.case.pk, "actor": stage.analyst, "at": NOON}
    services.escalate_gap(**by)
    with pytest.raises(Conflict):
        services.escalate_gap(**by)

    assert gap_of(stage).escalated
    with pytest.raises(Forbidden):
        services.take_gap(**by)
    services.take_gap(case_id=stage.case.pk, actor=stage.head, at=NOON)
    assert not gap_of(stage).escalated


# --- shielded investigations ---


def test_r094_analysts_see_the_day_of_the_look_and_the_head_and_the_supplier_its_outcome(
    stage: Scene,
) -> None:
    request = stage.ask()
    check(stage, request, outcome="cannot_share")

    cell = gap_of(stage, by=stage.analyst).cells[stage.supplier_id]
    assert cell.check is not None
    assert (cell.check.on, cell.check.overdue) == (TODAY, False)
    seen = {}
    for name, actor in (("head", stage.head), ("supplier", stage.supplier), ("analyst", stage.analyst)):
        with acting(actor, at=NOON):
            seen[name] = len(own_checks(request, actor=actor, at=NOON)), ShieldedCheck.objects.count()
    assert seen == {"head": (1, 1), "supplier": (1, 1), "analyst": (0, 0)}


def test_r094_there_is_no_place_for_anything_of_an_investigation() -> None:
    kinds = {field.get_internal_type() for field in ShieldedCheck._meta.fields}

    assert "TextField" not in kinds
    free = [
        field.name
        for field in ShieldedCheck._meta.fields
        if field.get_internal_type() == "CharField" and not field.choices
    ]
    assert free == ["provenance"]
    assert not [field.name for field in ShieldedCheck._meta.fields if field.get_internal_type() == "BinaryField"]


def test_r094_the_timeline_of_the_case_does_not_betray_a_look(stage: Scene) -> None:
    check(stage, stage.ask(), outcome="shares")

    with acting(stage.analyst, at=NOON):
        assert not AuditEntry.objects.filter(scope_id=stage.case.pk, verb="shielded.check").exists()


@pytest.mark.parametrize("changes", [{"outcome": "found it"}, {"checked_on": TODAY + timedelta(days=1)}])
def test_r094_an_outcome_and_a_day_that_passed(stage: Scene, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        check(stage, stage.ask(), **changes)


def test_r094_nobody_looks_for_another_organisation(stage: Scene) -> None:
    request = stage.ask()

    for other in (stage.rival, stage.head):
        with pytest.raises((Forbidden, InformationRequest.DoesNotExist)):
            check(stage, request, by=other)


def test_r094_what_was_recorded_stands(stage: Scene) -> None:
    row = check(stage, stage.ask())

    with transaction.atomic(), acting(stage.supplier, at=NOON), pytest.raises(DatabaseError):
        ShieldedCheck.objects.filter(pk=row.pk).update(outcome="shares")


# --- the pages ---


def test_r073_the_pages_go_the_whole_way(stage: Scene) -> None:
    request = stage.ask()
    supplier, head = as_client(stage.supplier), as_client(stage.head)
    address = reverse("threat:check", args=[request.pk])
    assert supplier.get(address).status_code == 200
    assert supplier.post(address, {"checked_on": "", "outcome": "nothing"}).status_code == 422
    told = {"checked_on": timezone.localdate().isoformat(), "outcome": "cannot_share"}
    assert supplier.post(address, told).status_code == 302
    assert "cannot be shared" in supplier.get(reverse("threat:request", args=[request.pk])).content.decode()

    gaps = head.get(reverse("threat:gaps")).content.decode()
    assert stage.case.number in gaps
    assert "cannot be shared" not in gaps
    escalate = reverse("threat:gap_escalate", args=[stage.case.pk])
    assert head.get(escalate).status_code == 405
    assert head.post(escalate).status_code == 302
    assert head.post(escalate).status_code == 409
    assert head.post(reverse("threat:gap_take", args=[stage.case.pk])).status_code == 302
    assert as_client(stage.stranger).post(escalate).status_code == 404


def test_r073_the_map_costs_the_same_number_of_queries(stage: Scene) -> None:
    client = as_client(stage.head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("threat:gaps")).status_code == 200
        return len(queries)

    stage.ask()
    cost()
    few = cost()
    for question in ("Who?", "When?", "Where?"):
        stage.ask(question=question)
    stage.ask(supplier_id=stage.world.organisations["kmar"].pk)
    assert cost() == few
