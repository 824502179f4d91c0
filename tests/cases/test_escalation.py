"""Escalation after a rejection: rungs in order, answered by who did not judge, and a new judgement by others."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cases import services
from cases.escalation import ESCALATION_LIFECYCLE, EscalationState, Rung, next_rung
from cases.models import AuthorityPeriod, Case, Escalation, Judgement, Nomination
from cases.services import case as cases
from cases.services.escalation import watch_escalations
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases import wayout
from tests.cases.walk import Walk
from tests.world import World, code_for

CHIEF, DECIDER, DESK = Role.CHIEF_PROSECUTOR, Role.DECIDER, Role.DUTY_OFFICER
WHY = "The order came from the same group."


@pytest.fixture
def walk(world: World) -> Walk:
    """A nomination that the NCTV rejected."""
    walk = Walk(world)
    walk.prepared()
    walk.answered("rejection", walk.nomination.pk)
    decider = walk.actor(DECIDER)
    walk._step(services.judge, DECIDER, outcome="reject", reasons="No order known.", code=code_for(decider))
    return walk


def other(walk: Walk) -> Actor:
    return walk.world.actor(DECIDER, nth=2)


def escalate(walk: Walk, *, by: Actor | None = None, reasons: str = WHY) -> Escalation:
    return services.escalate(
        case_id=walk.nomination.case_id, reasons=reasons, actor=by or walk.actor(CHIEF), at=walk.tick()
    )


def answer(walk: Walk, row: Escalation, outcome: str, *, by: Actor | None = None, text: str = "Weighed.") -> Escalation:
    decider = by or other(walk)
    return services.decide_escalation(
        escalation_id=row.pk, outcome=outcome, answer=text, code=code_for(decider), actor=decider, at=walk.tick()
    )


def withdraw(walk: Walk, row: Escalation) -> Escalation:
    return services.withdraw_escalation(escalation_id=row.pk, actor=walk.actor(CHIEF), at=walk.tick())


def call(walk: Walk, *kinds: str, by: Role = DESK) -> None:
    services.order_urgent_measures(
        case_id=walk.nomination.case_id,
        caller="chief prosecutor",
        note="Shots were fired at the house.",
        kinds=kinds,
        actor=walk.actor(by),
        at=walk.tick(),
    )


def escalation_of(walk: Walk, row: Escalation) -> Escalation:
    with acting(walk.actor(CHIEF), at=walk.at):
        return Escalation.objects.get(pk=row.pk)


def case_of(walk: Walk) -> Case:
    with acting(walk.actor(CHIEF), at=walk.at):
        return Case.objects.get(pk=walk.nomination.case_id)


def work_of(walk: Walk, kind: str) -> list[str]:
    with acting(walk.actor(CHIEF), at=walk.at):
        found = WorkItem.objects.filter(scope_id=walk.nomination.case_id, kind=kind, closed_at=None)
        return sorted(found.values_list("owner_role", flat=True))


def assign_anew(walk: Walk, *, manager: int = 2, decider: int = 2) -> Case:
    return services.assign_case(
        case_id=walk.nomination.case_id,
        case_manager=walk.world.actor(Role.CASE_MANAGER, nth=manager).user_id,
        decider=walk.world.actor(DECIDER, nth=decider).user_id,
        actor=walk.actor(DESK),
        at=walk.tick(),
    )


def refused_by_database(walk: Walk, row: Escalation, **changes: Any) -> None:
    with acting(walk.actor(CHIEF), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=row.pk).update(**changes)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- the rules ---


def test_r050_rungs_are_taken_in_order_each_once_and_never_back() -> None:
    for state, after in product(EscalationState, EscalationState):
        second = next_rung([(1, state)])
        assert (second is Rung.SECOND) == (state == EscalationState.UPHELD)
        assert next_rung([(2, after), (1, state)]) is None
    assert next_rung([]) is Rung.FIRST


def test_r050_an_answer_is_final() -> None:
    for state in EscalationState:
        assert ESCALATION_LIFECYCLE.final(state) == (state != EscalationState.RAISED)


# --- the rungs ---


def test_r050_escalated_the_chief_prosecutor_stays_the_authority_and_a_decider_has_work(walk: Walk) -> None:
    row = escalate(walk)

    case = case_of(walk)
    with acting(walk.actor(CHIEF), at=walk.at):
        held = AuthorityPeriod.objects.get(case=case, person=case.person, period__contains=walk.at)
    assert (row.rung, row.state, case.state, held.holder_id) == (1, "raised", "local", case.office_id)
    assert (work_of(walk, "escalation.decide"), row.due_at) == ([DECIDER], walk.at + timedelta(days=3))


def test_r050_upheld_on_the_first_rung_goes_to_the_second_and_no_further(walk: Walk) -> None:
    assert answer(walk, escalate(walk), "uphold").state == "upheld"
    second = escalate(walk)
    assert second.rung == 2
    answer(walk, second, "uphold")

    with pytest.raises(Conflict, match="no_rung"):
        escalate(walk)
    assert (case_of(walk).state, work_of(walk, "escalation.decide")) == ("local", [])


def test_r050_a_second_submit_raises_nothing(walk: Walk) -> None:
    row = escalate(walk)

    with pytest.raises(Conflict, match="no_rung"):
        escalate(walk)
    answer(walk, row, "uphold")
    with pytest.raises(IllegalMove):
        answer(walk, row, "overturn")


def test_r050_withdrawn_no_rung_is_left(walk: Walk) -> None:
    row = withdraw(walk, escalate(walk))

    assert (row.state, work_of(walk, "escalation.decide")) == ("withdrawn", [])
    with pytest.raises(Conflict, match="no_rung"):
        escalate(walk)


def test_r050_only_a_rejection_is_escalated_by_the_chief_prosecutor_of_its_office(walk: Walk) -> None:
    with pytest.raises(Forbidden):
        escalate(walk, by=walk.actor(Role.PROSECUTION_ADVISER))
    with pytest.raises(Case.DoesNotExist):
        escalate(walk, by=walk.world.actor(CHIEF, of="om-zuid"))
    with pytest.raises(Invalid):
        escalate(walk, reasons=" ")


def test_r050_what_waits_for_its_judgement_is_not_escalated(world: World) -> None:
    walk = Walk(world)
    walk.prepared()
    with pytest.raises(Conflict, match="not_rejected"):
        escalate(walk)


# --- four eyes ---


def test_r050_who_judged_does_not_answer(walk: Walk) -> None:
    row = escalate(walk)

    with pytest.raises(Forbidden, match="judged_before"):
        answer(walk, row, "uphold", by=walk.actor(DECIDER))
    with pytest.raises(Invalid):
        answer(walk, row, "uphold", text=" ")


def test_r050_the_database_refuses_an_answer_of_who_judged_or_escalated_and_a_changed_answer(walk: Walk) -> None:
    row = answer(walk, escalate(walk), "uphold")
    refused_by_database(walk, row, state="raised", settled_by=None, settled_at=None)
    second = escalate(walk)

    for user in (walk.actor(DECIDER), walk.actor(Role.CASE_MANAGER), walk.actor(CHIEF)):
        refused_by_database(
            walk, second, state="upheld", settled_by=user.user_id, settled_at=walk.at, signature=row.signature_id
        )
    with acting(walk.actor(CHIEF), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=second.case_id).update(state="triage")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_r050_deciders_see_the_case_by_the_escalation_while_it_is_open(walk: Walk) -> None:
    third = walk.world.actor(DECIDER, nth=3)
    row = escalate(walk)
    with acting(third, at=walk.at):
        assert Case.objects.filter(pk=row.case_id).exists()

    answer(walk, row, "uphold")

    for actor, sees in ((third, False), (other(walk), True)):
        with acting(actor, at=walk.tick()):
            assert Case.objects.filter(pk=row.case_id).exists() is sees


# --- the term ---


def test_r050_an_escalation_without_answer_alarms_at_both_heads(walk: Walk) -> None:
    row = escalate(walk)

    with acting(walk.actor(CHIEF), at=row.due_at):
        assert watch_escalations(row.due_at - timedelta(minutes=1)) == 0
        assert watch_escalations(row.due_at) == watch_escalations(row.due_at) == 1

    assert work_of(walk, "escalation.unanswered") == [CHIEF, DECIDER]
    answer(walk, row, "uphold")
    assert work_of(walk, "escalation.unanswered") == []


# --- judged anew ---


def test_r050_overturned_others_judge_a_nomination_with_the_same_texts(walk: Walk) -> None:
    old = walk.nomination
    row = answer(walk, escalate(walk), "overturn")
    assert row.opened_id is not None
    with acting(walk.actor(CHIEF), at=walk.at):
        new = Nomination.objects.get(pk=row.opened_id)
        assert Nomination.objects.get(pk=old.pk).state == "rejected"
        assert Judgement.objects.get(nomination=old).outcome == "reject"
    box = cases.box_for(case_of(walk))
    for name in ("what_happened", "measures_now", "assessment"):
        assert box.open(new, name) == box.open(old, name)
    assert (new.state, new.signature_id, case_of(walk).state) == ("signed", old.signature_id, "triage")
    assert work_of(walk, "triage.assign") == [DESK]

    for same in ({"manager": 1}, {"decider": 1}):
        with pytest.raises(Invalid) as refusal:
            assign_anew(walk, **same)
        assert [fault.code for fault in refusal.value.faults] == ["judged_before"]
    assign_anew(walk)
    manager, decider = (walk.world.actor(role, nth=2) for role in (Role.CASE_MANAGER, DECIDER))
    with pytest.raises(Forbidden):
        prepare(walk, new, walk.actor(Role.CASE_MANAGER))
    prepare(walk, new, manager)
    services.judge(
        nomination_id=new.pk,
        outcome="accept",
        reasons="The order is known.",
        version=new.version + 1,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )
    assert case_of(walk).state == "scheme"


def prepare(walk: Walk, new: Nomination, by: Actor) -> Judgement:
    return services.prepare_judgement(
        nomination_id=new.pk,
        proposal="Accept.",
        information_used="The intake.",
        version=new.version,
        actor=by,
        at=walk.tick(),
    )


def test_r050_the_database_refuses_who_rejected_as_judge_anew(walk: Walk) -> None:
    row = answer(walk, escalate(walk), "overturn")
    assert row.opened_id is not None
    with acting(walk.actor(CHIEF), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(
            nomination_id=row.opened_id,
            case_id=row.case_id,
            proposal=b"x",
            information_used=b"x",
            prepared_by_id=walk.actor(DECIDER).user_id,
            prepared_at=walk.at,
        )


# --- and meanwhile the threat rises ---


def test_r050_an_urgent_designation_overtakes_the_escalation(walk: Walk) -> None:
    row = escalate(walk)
    call(walk, "patrol", by=Role.PROSECUTION_ADVISER)  # the prosecution's own order says nothing of the scheme
    assert escalation_of(walk, row).state == "raised"

    call(walk, "close_protection")

    assert (escalation_of(walk, row).state, case_of(walk).state) == ("overtaken", "scheme")
    assert work_of(walk, "escalation.decide") == []
    with pytest.raises(IllegalMove):
        answer(walk, row, "overturn", by=other(walk))


def test_r050_an_open_escalation_keeps_the_case_open(walk: Walk) -> None:
    wayout.tell_everybody(walk, walk.nomination.case_id)
    row = escalate(walk)

    with pytest.raises(Conflict, match="not_closable"):
        wayout.close(walk, walk.nomination.case_id)
    withdraw(walk, row)
    wayout.close(walk, walk.nomination.case_id)


# --- its page ---


def test_r050_the_page_takes_the_reasons_and_the_answer(walk: Walk) -> None:
    url = reverse("cases:escalation", args=[walk.nomination.case_id])
    chief, decider = as_client(walk.actor(CHIEF)), other(walk)
    assert chief.post(url, {"act": "escalate", "reasons": ""}).status_code == 422
    assert chief.post(url, {"act": "escalate", "reasons": WHY}).status_code == 302

    sent = {"act": "answer", "outcome": "uphold", "answer": "The order was looked at again.", "code": "000000"}
    refused = as_client(decider).post(url, sent)
    assert refused.status_code in (403, 422)
    assert "The order was looked at again." in refused.content.decode()
    assert as_client(decider).post(url, sent | {"code": code_for(decider)}).status_code == 302
    assert WHY in chief.get(url).content.decode()


def test_r050_a_stranger_finds_no_escalation(walk: Walk) -> None:
    url = reverse("cases:escalation", args=[walk.nomination.case_id])
    assert as_client(walk.world.actor(CHIEF, of="om-zuid")).get(url).status_code == 404
