"""House norms: dated, proposed by one administrator and approved by another, never overwritten."""

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from stelsel.kernel import norms, proposals
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.configuration import HouseNorm, Unit
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import AuditEntry, NormValue, User, WorkItem
from tests.browsing import as_client
from tests.world import NOON, World, later

INFORM = "cases.inform"  # 48 hours, from 1 to 336
PAGE = f"/admin/kernel/normvalue/of/{INFORM}/"


@pytest.fixture
def one(world: World) -> Actor:
    return world.actor(Role.ADMINISTRATOR)


@pytest.fixture
def other(world: World) -> Actor:
    return world.actor(Role.ADMINISTRATOR, nth=2)


def proposed(by: Actor, value: int = 24, *, starts_at: datetime = NOON, at: datetime = NOON) -> NormValue:
    return norms.propose(code=INFORM, value=value, starts_at=starts_at, reason="Agreed in March", actor=by, at=at)


def approved(change: NormValue, by: Actor, *, at: datetime = NOON) -> NormValue:
    return norms.approve(change_id=change.pk, actor=by, at=at)


def hours(at: datetime) -> int:
    return norms.number(INFORM, at=at)


def test_r115_the_default_holds_until_another_approved_a_value(one: Actor, other: Actor) -> None:
    change = proposed(one)
    assert hours(later(days=1)) == 48

    approved(change, other, at=later(hours=1))

    assert (hours(NOON), hours(later(hours=1))) == (48, 24)
    assert norms.term(INFORM, at=later(days=1)) == timedelta(hours=24)


def test_r115_a_value_begins_when_it_was_proposed_to_begin_and_never_before_its_approval(
    one: Actor, other: Actor
) -> None:
    approved(proposed(one, 12, starts_at=later(days=3)), other, at=later(hours=1))
    approved(proposed(one, 36, starts_at=later(days=1), at=later(hours=2)), other, at=later(days=2))

    assert [hours(later(days=days)) for days in (1, 2, 3)] == [48, 36, 12]


def test_r115_going_back_is_a_new_value_and_the_history_stays(one: Actor, other: Actor) -> None:
    approved(proposed(one), other)
    approved(proposed(one, 48, starts_at=later(days=1), at=later(hours=1)), other, at=later(hours=2))

    assert [hours(NOON), hours(later(days=1))] == [24, 48]
    assert NormValue.objects.filter(code=INFORM, state="approved").count() == 2


def test_r115_nobody_approves_their_own_proposal(one: Actor) -> None:
    change = proposed(one)

    with pytest.raises(Forbidden) as refusal:
        approved(change, one)

    assert refusal.value.code == "four_eyes"
    assert hours(later(days=1)) == 48


@pytest.mark.parametrize("value", [0, 337])
def test_r115_a_value_out_of_its_range_is_refused(one: Actor, value: int) -> None:
    with pytest.raises(Invalid) as refusal:
        proposed(one, value)

    assert [fault.code for fault in refusal.value.faults] == ["out_of_range"]


def test_a_proposal_needs_a_reason_and_does_not_begin_in_the_past(one: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        norms.propose(code=INFORM, value=24, starts_at=later(hours=-1), reason=" ", actor=one, at=NOON)

    assert {fault.field for fault in refusal.value.faults} == {"reason", "starts_at"}


def test_only_an_administrator_proposes_and_decides(world: World, one: Actor) -> None:
    manager = world.actor(Role.CASE_MANAGER)
    with pytest.raises(Forbidden):
        proposed(manager)
    change = proposed(one)
    with pytest.raises(Forbidden):
        approved(change, manager)
    with pytest.raises(Forbidden):
        proposals.refuse(model=NormValue, change_id=change.pk, actor=manager, at=NOON)


def test_one_proposal_about_a_norm_waits_at_a_time_and_is_decided_once(one: Actor, other: Actor) -> None:
    change = proposed(one)
    with pytest.raises(Conflict):
        proposed(other, 12)

    proposals.refuse(model=NormValue, change_id=change.pk, actor=one, at=NOON)

    with pytest.raises(Conflict):
        approved(change, other)
    assert hours(later(days=1)) == 48


def test_every_step_is_in_the_trail_and_the_work_of_administrators_is_closed(one: Actor, other: Actor) -> None:
    change = proposed(one)
    (item,) = WorkItem.objects.filter(subject_id=change.pk)
    assert (item.kind, item.owner_role, item.label) == ("norm.approve", Role.ADMINISTRATOR, INFORM)

    approved(change, other)

    with acting(one, at=NOON):
        assert AuditEntry.objects.filter(target_id=str(change.pk), verb="norm.propose").exists()
    with acting(other, at=NOON):
        assert AuditEntry.objects.filter(target_id=str(change.pk), verb="norm.approve").exists()
    item.refresh_from_db()
    assert item.closed_verb == "norm.approve"


def test_the_database_keeps_four_eyes_and_lets_nothing_decided_change(one: Actor, other: Actor) -> None:
    change = proposed(one)
    for wrong in (
        {"state": "approved", "decided_by_id": one.user_id, "decided_at": NOON},  # their own
        {"state": "approved", "decided_by_id": other.user_id, "decided_at": later(hours=1)},  # in the past by then
        {"state": "approved"},  # by nobody
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            NormValue.objects.filter(pk=change.pk).update(**wrong)
    approved(change, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        NormValue.objects.filter(pk=change.pk).update(value=1)
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("DELETE FROM kernel_normvalue")


def test_a_unit_of_work_reads_norms_once_and_sees_what_it_approved(
    one: Actor, other: Actor, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    change = proposed(one)
    with acting(other, at=NOON):
        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's, untyped
            assert {norms.number(code, at=NOON) for code in norms.KNOWN} > {48}
        approved(change, other)
        assert hours(NOON) == 24


def test_a_norm_that_counts_no_time_gives_no_term() -> None:
    with pytest.raises(TypeError):
        norms.KNOWN["capacity.cost"].length(3)
    with pytest.raises(ValueError, match="range"):
        HouseNorm("app.norm", "Norm", Unit.DAYS, 5, 1, 4)


def test_every_norm_is_owned_by_the_app_its_code_begins_with() -> None:
    assert {code.partition(".")[0] for code in norms.KNOWN} == {"cases", "threat", "resilience", "capacity", "legal"}


# --- in the administration ------------------------------------------------------------------------------------


def test_r115_two_administrators_who_approve_at_the_same_instant_decide_once(
    fresh_db: str, world: World, one: Actor, other: Actor
) -> None:
    change, third = proposed(one), world.actor(Role.ADMINISTRATOR, nth=3)
    together, said = threading.Barrier(2), []

    def decide(actor: Actor) -> None:
        together.wait(timeout=30)
        try:
            approved(change, actor)
            said.append("approved")
        except Conflict as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    deciders = [threading.Thread(target=decide, args=[actor]) for actor in (other, third)]
    for each in deciders:
        each.start()
    for each in deciders:
        each.join()

    assert sorted(said) == ["approved", "decided"]
    change.refresh_from_db()
    assert change.state == "approved"


def browser(actor: Actor) -> Client:
    User.objects.filter(pk=actor.user_id).update(is_staff=True)
    return as_client(actor)


def test_r115_two_administrators_change_a_norm_in_the_administration(one: Actor, other: Actor) -> None:
    first, second = browser(one), browser(other)

    told = {"propose": "1", "value": "24", "starts_at_0": "", "starts_at_1": "", "reason": "Agreed"}
    assert first.post(PAGE, told).status_code == 302
    change = NormValue.objects.get()
    own = first.post(PAGE, {"approve": str(change.pk)})
    assert second.post(PAGE, {"approve": str(change.pk)}).status_code == 302

    assert own.status_code == 403
    assert b"somebody else must take this step" in own.content
    change.refresh_from_db()
    assert (change.state, change.decided_by_id) == ("approved", other.user_id)
    page = second.get(PAGE).content.decode()
    assert "In force: <strong>24 hours</strong>" in page


def test_a_refused_proposal_says_why_and_keeps_what_was_typed(one: Actor) -> None:
    page = browser(one).post(PAGE, {"propose": "1", "value": "400", "reason": "Typed before"})

    assert page.status_code == 422
    assert b"outside the range" in page.content
    assert b"Typed before" in page.content
    assert not NormValue.objects.exists()


def test_the_list_shows_every_norm_with_what_waits(one: Actor) -> None:
    change = proposed(one)

    page = browser(one).get("/admin/kernel/normvalue/").content.decode()

    assert all(code in page for code in norms.KNOWN)
    assert page.count("waits for approval") == 1
    assert browser(one).get("/admin/kernel/normvalue/of/nothing/").status_code == 404
    assert isinstance(change.pk, UUID)


def test_nobody_else_opens_the_norms(world: World) -> None:
    manager = world.actor(Role.CASE_MANAGER)

    assert browser(manager).get(PAGE).status_code == 302
