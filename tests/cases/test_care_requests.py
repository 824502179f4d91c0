"""Activities, compensation and complaints (R108, R110, R112)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from cases import services
from cases.models import ActivityRequest, Compensation, Complaint, ContactEntry, RaisedRiskMoment
from cases.services.care.activities import like_cases
from cases.services.care.compensation import term_of
from cases.services.care.complaints import last_day
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import OutboxMessage, User, WorkItem
from tests.browsing import as_client
from tests.cases.caring import a_breach, a_compensation, a_complaint, an_activity
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.walk import Walk
from tests.world import World, code_for


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.designated()
    return walk


class OfOthers(Walk):
    """A case of other people, whom the first case is hidden from, and the reverse."""

    def actor(self, role: Role) -> Actor:
        return self.world.actor(role, nth=2)


def due_of(walk: Walk, kind: str, role: Role) -> Any:
    with acting(walk.actor(role), at=walk.at):
        return WorkItem.objects.get(kind=kind, closed_at=None).due_at


# --- activities ------------------------------------------------------------------------------------------------------


def decide(walk: Walk, row: ActivityRequest, outcome: str, role: Role = Role.CASE_MANAGER) -> ActivityRequest:
    return services.decide_activity(
        activity_id=row.pk,
        outcome=outcome,
        reasons="The place can be guarded.",
        version=row.version,
        actor=walk.actor(role),
        at=walk.tick(),
    )


def test_r110_an_activity_that_takes_place_becomes_a_moment_of_raised_risk_in_whole_days(walk: Walk) -> None:
    row = decide(walk, an_activity(walk), "adapted")

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        moment = RaisedRiskMoment.objects.get()
    assert row.state == "decided"
    assert (moment.kind, moment.ends_at - moment.starts_at) == ("appearance", timedelta(days=1))


def test_r110_only_the_decider_says_no_and_then_nothing_is_planned(walk: Walk) -> None:
    row = an_activity(walk)

    with pytest.raises(Forbidden) as refusal:
        decide(walk, row, "not")
    decide(walk, row, "not", Role.DECIDER)

    assert refusal.value.code == "decider_refuses"
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert not RaisedRiskMoment.objects.exists()


def test_r110_the_answer_is_due_before_the_activity_begins(walk: Walk) -> None:
    row = an_activity(walk, first_day=(walk.at + timedelta(days=1)).date())

    assert due_of(walk, "care.activity", Role.CASE_MANAGER) == row.due_at
    assert row.due_at.date() == row.first_day


def test_r110_like_cases_show_unequal_treatment_and_never_fewer_than_five_of_others(walk: Walk) -> None:
    mine = decide(walk, an_activity(walk), "facilitated")
    stranger = OfOthers(walk.world, at=walk.at)
    stranger.opened(name="Wiebe Hoekstra", birth_date="")
    stranger.designated()
    for _ in range(4):
        decide(stranger, an_activity(stranger), "not", Role.DECIDER)

    def compared() -> dict[str, tuple[int, int | None]]:
        with acting(walk.actor(Role.CASE_MANAGER), at=stranger.at):
            return {one.outcome: (one.seen, one.others) for one in like_cases(mine)}

    few = compared()
    decide(stranger, an_activity(stranger), "not", Role.DECIDER)

    assert few == {"facilitated": (1, None), "not": (0, None)}
    assert compared()["not"] == (0, 5)


def test_r110_a_request_in_the_past_is_refused_on_the_page_and_kept(walk: Walk) -> None:
    told = {"act": "ask", "person": str(walk.case.person_id), "sphere": "work", "kind": "travel", "place": "abroad"}

    answer = send(
        walk,
        Role.CASE_MANAGER,
        "activities",
        walk.case.pk,
        {**told, "first_day": "2026-03-01", "last_day": "2026-03-01", "wish": TYPED},
    )

    assert refused_with_what_was_typed(answer, 422)


# --- compensation ----------------------------------------------------------------------------------------------------


def step(walk: Walk, service: Any, row: Compensation, role: Role = Role.CASE_MANAGER, **given: Any) -> Compensation:
    actor = walk.actor(role)
    extra = {"code": code_for(actor)} if service is services.decide_compensation else {}
    done: Compensation = service(
        compensation_id=row.pk, version=row.version, actor=actor, at=walk.tick(), **given, **extra
    )
    return done


def compensated(walk: Walk) -> Compensation:
    told = {"outcome": "granted", "decision": "The rent of three months."}
    return step(walk, services.decide_compensation, a_compensation(walk), Role.DECIDER, **told)


def test_r112_the_term_is_eight_weeks_stands_still_while_the_applicant_is_asked_and_moves_the_work(walk: Walk) -> None:
    row = a_compensation(walk)
    first = due_of(walk, "care.compensation", Role.DECIDER)
    row = step(walk, services.ask_completion, row, until=(walk.at + timedelta(days=10)).date())
    walk.at += timedelta(days=7)

    row = step(walk, services.complete, row)

    assert first.date() == date(2026, 4, 28)  # King's Day is no working day
    assert term_of(row).suspended_days == 6
    assert due_of(walk, "care.compensation", Role.DECIDER).date() == term_of(row).last_day


def test_r112_the_term_is_extended_once(walk: Walk) -> None:
    row = step(walk, services.extend_term, a_compensation(walk), to=date(2026, 6, 1))

    with pytest.raises(Conflict):
        step(walk, services.extend_term, row, to=date(2026, 7, 1))

    assert term_of(row).last_day == date(2026, 6, 1)


def test_r112_a_notice_of_default_after_the_term_warns_of_the_penalty(walk: Walk) -> None:
    row = a_compensation(walk, received_on=date(2025, 12, 1))

    step(walk, services.note_default, row, notice_on=walk.at.date())

    page = as_client(walk.actor(Role.CASE_MANAGER)).get(reverse("cases:compensation", args=[row.pk])).text
    assert "a penalty begins to run on" in page


@pytest.mark.parametrize(
    "account", ["NL91 ABNA 0417 1643 00", "nl91abna0417164300", "DE89370400440532013000", "041 716 430"]
)
def test_r112_no_bank_account_is_kept(walk: Walk, account: str) -> None:
    row = compensated(walk)

    with pytest.raises(Invalid):
        a_compensation(walk, ground=f"Pay it to {account}, please.")
    with pytest.raises(Invalid):
        step(walk, services.notify_compensation, row, notified_on=walk.at.date(), payment_reference=account)

    sent: dict[str, Any] = {"notified_on": walk.at.date(), "payment_reference": "BB-2026-0141"}
    assert step(walk, services.notify_compensation, row, **sent).payment_reference == "BB-2026-0141"


def test_r112_an_objection_is_open_only_where_it_is_set_and_never_handled_by_who_decided(walk: Walk) -> None:
    row = compensated(walk)
    row = step(walk, services.notify_compensation, row, notified_on=walk.at.date(), payment_reference="")
    told: dict[str, Any] = {"objected_on": walk.at.date()}

    with pytest.raises(Forbidden) as shut:
        step(walk, services.receive_objection, row, Role.DECIDER, **told)
    with override_settings(OBJECTION_CLAUSE_FOR=["compensation"]), pytest.raises(Forbidden) as own:
        step(walk, services.receive_objection, row, Role.DECIDER, **told)

    assert (shut.value.code, own.value.code) == ("no_objection", "four_eyes")
    with (
        pytest.raises(IntegrityError, match="compensation_other_mandate"),
        transaction.atomic(),
        acting(walk.actor(Role.DECIDER), at=walk.at),
    ):
        Compensation.objects.filter(pk=row.pk).update(objection_by=row.decided_by_id)


def test_r112_what_was_decided_is_final(walk: Walk) -> None:
    row = compensated(walk)

    with (
        pytest.raises(IntegrityError, match="final"),
        transaction.atomic(),
        acting(walk.actor(Role.DECIDER), at=walk.at),
    ):
        Compensation.objects.filter(pk=row.pk).update(outcome="refused")


# --- complaints ------------------------------------------------------------------------------------------------------


def on_complaint(walk: Walk, service: Any, row: Complaint, **given: Any) -> Complaint:
    done: Complaint = service(
        complaint_id=row.pk, version=row.version, actor=walk.actor(Role.LEGAL_OFFICER), at=walk.tick(), **given
    )
    return done


def test_r108_a_complaint_is_taken_postponed_once_and_settled_by_a_legal_officer(walk: Walk) -> None:
    row = on_complaint(walk, services.take_complaint, a_complaint(walk))
    assert due_of(walk, "care.settle_complaint", Role.LEGAL_OFFICER).date() == last_day(row)

    row = on_complaint(walk, services.postpone_complaint, row)
    with pytest.raises(Conflict):
        on_complaint(walk, services.postpone_complaint, row)
    row = on_complaint(walk, services.settle_complaint, row, outcome="founded", finding="The call was missed.")

    assert (row.state, last_day(row)) == ("settled", date(2026, 5, 11))


def test_r108_whoever_acted_on_the_case_handles_no_complaint_about_it(walk: Walk) -> None:
    row = a_complaint(walk)
    legal, manager = walk.actor(Role.LEGAL_OFFICER), walk.actor(Role.CASE_MANAGER)
    also_legal = walk.world.appoint(User.objects.get(pk=manager.user_id), Role.LEGAL_OFFICER, of="nctv")

    with pytest.raises(Forbidden) as refusal:
        services.take_complaint(complaint_id=row.pk, version=row.version, actor=also_legal, at=walk.tick())
    with (
        pytest.raises(IntegrityError, match="handles no complaint"),
        transaction.atomic(),
        acting(legal, at=walk.at),
    ):
        Complaint.objects.filter(pk=row.pk).update(handler=walk.actor(Role.DECIDER).user_id)

    assert refusal.value.code == "acted"


def test_r108_what_bears_on_the_threat_becomes_a_signal_and_stays_out_of_the_register(walk: Walk) -> None:
    row = a_complaint(walk, signal="A grey car stands there each night.")

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        entry = ContactEntry.objects.get(is_signal=True)
    assert OutboxMessage.objects.filter(task="threat.take_signal", key=f"threat.take_signal:{entry.pk}").exists()
    page = as_client(walk.actor(Role.LEGAL_OFFICER)).get(reverse("cases:complaint", args=[row.pk])).text
    assert "Nobody called back" in page
    assert "grey car" not in page


def test_r108_a_complaint_is_read_by_who_handles_and_who_recorded_it_alone(walk: Walk) -> None:
    row = a_complaint(walk)
    address = reverse("cases:complaint", args=[row.pk])

    officer = as_client(walk.actor(Role.DUTY_OFFICER)).get(address)
    decider = as_client(walk.actor(Role.DECIDER)).get(address)

    assert officer.status_code == 403
    assert decider.status_code == 404
    assert as_client(walk.actor(Role.CASE_MANAGER)).get(address).status_code == 200


def test_requests_are_worked_off_on_their_pages(walk: Walk) -> None:
    """Each form of the pages reaches its service."""
    case, decider = walk.case, walk.actor(Role.DECIDER)
    a_breach(walk)
    person = {"person": str(case.person_id), "received_on": "2026-03-02"}
    send(walk, Role.CASE_MANAGER, "compensations", case.pk, {"act": "receive", **person, "ground": "The rent."})
    send(walk, Role.CASE_MANAGER, "complaints", case.pk, {"act": "record", **person, "text": "Nobody called."})
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        asked, complaint = Compensation.objects.get(), Complaint.objects.get()
    told = {"act": "decide", "version": 1, "outcome": "partly", "decision": TYPED, "code": code_for(decider)}

    decided = send(walk, Role.DECIDER, "compensation", asked.pk, told)
    taken = send(walk, Role.LEGAL_OFFICER, "complaint", complaint.pk, {"act": "take", "version": 1})
    activity = decide(walk, an_activity(walk), "facilitated")
    shown = as_client(decider).get(reverse("cases:activity", args=[activity.pk]))

    assert (decided.status_code, taken.status_code, shown.status_code) == (302, 302, 200)
    assert "Like cases" in shown.text
