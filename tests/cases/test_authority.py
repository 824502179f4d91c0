"""One authority at every instant, whatever is done (R009, R037, R048, R049)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import services
from cases.lifecycle import HANDOVER_CHECKLIST, Authority, Span, unbroken
from cases.models import (
    AuthorityPeriod,
    AuthorityReturn,
    Case,
    CaseClosure,
    CaseMerge,
    Demarcation,
    Designation,
    Escalation,
    Handover,
    Measure,
    Nomination,
)
from cases.services import case as cases
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import DomainError
from tests.cases import wayout
from tests.cases.walk import DIRECT, HOUR, Walk
from tests.world import World, code_for

SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
serial = count(1)
HUSBAND = services.Relation(name="Sietse van der Wold", kind="partner", core_household=True)


def now_check() -> None:
    """Let the deferred constraints of this test's transaction speak now, as they do at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def spans(case: Case) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for period in AuthorityPeriod.objects.filter(case=case):
        start = period.period.lower
        assert start is not None
        span = Span(Authority(period.authority), start, period.period.upper)
        found.setdefault(str(period.person_id), []).append(span)
    return found


def test_r009_designation_moves_authority_of_person_and_household_at_one_instant(world: World) -> None:
    walk = Walk(world)

    designation = walk.designated()

    now_check()
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        held = spans(walk.case)
    assert len(held) == 2  # the person and the partner; the friend has no authority of the scheme over him
    for periods in held.values():
        assert unbroken(periods)
        ordered = sorted(periods, key=lambda span: span.start)
        assert [span.authority for span in ordered] == [Authority.CHIEF_PROSECUTOR, Authority.NCTV]
        assert ordered[1].start == designation.starts_at


def test_r009_a_second_authority_at_the_same_time_is_refused_by_the_database(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with (
        pytest.raises(IntegrityError, match="one_authority_at_a_time"),
        transaction.atomic(),
        acting(walk.actor(Role.POLICE_RCCB), at=walk.at),
    ):
        cases.begin_authority(walk.case, walk.case.person, at=walk.at, ground="test")


def test_r009_a_gap_in_authority_is_refused_at_commit(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with (
        pytest.raises(IntegrityError, match="gap"),
        transaction.atomic(),
        acting(walk.actor(Role.POLICE_RCCB), at=walk.at),
    ):
        period = AuthorityPeriod.objects.get(person=walk.case.person)
        period.period = (period.period.lower, walk.tick())
        period.save()
        cases.begin_authority(walk.case, walk.case.person, at=walk.at + timedelta(seconds=1), ground="test")
        now_check()


def test_r009_an_authority_that_never_held_is_refused(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with (
        pytest.raises(IntegrityError, match="authority_holds_for_a_while"),
        transaction.atomic(),
        acting(walk.actor(Role.POLICE_RCCB), at=walk.at),
    ):
        period = AuthorityPeriod.objects.get(person=walk.case.person)
        period.period = (period.period.lower, period.period.lower)
        period.save()


def test_r009_history_of_authority_cannot_be_rewritten(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with (
        pytest.raises(IntegrityError, match="dated fact"),
        transaction.atomic(),
        acting(walk.actor(Role.POLICE_RCCB), at=walk.at),
    ):
        AuthorityPeriod.objects.update(authority="nctv")


def test_a_case_without_anybody_in_authority_is_refused_at_commit(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with (
        pytest.raises(IntegrityError, match="nobody would have authority"),
        transaction.atomic(),
        acting(walk.actor(Role.POLICE_RCCB), at=walk.at),
    ):
        orphan = Case.objects.get()
        person = cases.make_person(name="Niemand Anders", number="P-x", at=walk.at)
        Case.objects.create(
            number="x",
            person=person,
            state="intake",
            phenomenon="terrorism",
            purpose="x",
            ground=orphan.ground,
            office=orphan.office,
            region="noord",
            opened_at=walk.at,
            sort_at=walk.at,
        )
        now_check()


# --- every sequence of acts -----------------------------------------------------------------------------------------

Step = Callable[[World, Case, datetime], object]


def _nomination(case: Case) -> Nomination:
    return Nomination.objects.filter(case=case).latest("created_at")


def _on_nomination(service: Callable[..., object], role: Role, **given: Any) -> Step:
    def step(world: World, case: Case, at: datetime) -> object:
        actor = world.actor(role)
        extra = {key: code_for(actor) if value == "CODE" else value for key, value in given.items()}
        with acting(world.actor(Role.POLICE_RCCB), at=at):
            nomination = _nomination(case)
        return service(nomination_id=nomination.pk, version=nomination.version, actor=actor, at=at, **extra)

    return step


def _assess(world: World, case: Case, at: datetime) -> object:
    with acting(world.actor(Role.POLICE_RCCB), at=at):
        nomination = _nomination(case)
    return services.record_assessment(
        nomination_id=nomination.pk, answers=DIRECT, actor=world.actor(Role.PROSECUTION_ADVISER), at=at
    )


def _assign(world: World, case: Case, at: datetime) -> object:
    return services.assign_case(
        case_id=case.pk,
        case_manager=world.actor(Role.CASE_MANAGER).user_id,
        decider=world.actor(Role.DECIDER).user_id,
        actor=world.actor(Role.DUTY_OFFICER),
        at=at,
    )


def _answer(world: World, case: Case, at: datetime) -> object:
    """The questions of article 2 ECHR, without which nothing is rejected."""
    with acting(world.actor(Role.POLICE_RCCB), at=at):
        nomination = _nomination(case)
    return Walk(world, at=at - 2 * HOUR).answered("rejection", nomination.pk, case_id=case.pk)


def _urgent(*kinds: str, role: Role) -> Step:
    def step(world: World, case: Case, at: datetime) -> object:
        return services.order_urgent_measures(
            case_id=case.pk, caller="officer on duty", note="shots fired", kinds=kinds, actor=world.actor(role), at=at
        )

    return step


def _ratify(world: World, case: Case, at: datetime) -> object:
    decider = world.actor(Role.DECIDER)
    with acting(decider, at=at):
        designation = Designation.objects.filter(case=case).latest("starts_at")
    return services.ratify_designation(
        designation_id=designation.pk, reasons="right", code=code_for(decider), actor=decider, at=at
    )


def _escalate(world: World, case: Case, at: datetime) -> object:
    return services.escalate(case_id=case.pk, reasons="wrong", actor=world.actor(Role.CHIEF_PROSECUTOR), at=at)


def _overturn(world: World, case: Case, at: datetime) -> object:
    other = world.actor(Role.DECIDER, nth=2)
    with acting(other, at=at):
        row = Escalation.objects.get(case=case, state="raised")
    return services.decide_escalation(
        escalation_id=row.pk, outcome="overturn", answer="right", code=code_for(other), actor=other, at=at
    )


def _handover(service: Callable[..., object], role: Role, **given: Any) -> Step:
    def step(world: World, case: Case, at: datetime) -> object:
        actor = world.actor(role)
        with acting(world.actor(Role.PROSECUTION_ADVISER), at=at):
            handover = Handover.objects.get(case=case)
        extra = {key: code_for(actor) if value == "CODE" else value for key, value in given.items()}
        return service(handover_id=handover.pk, version=handover.version, actor=actor, at=at, **extra)

    return step


ALL_ITEMS = [services.Supplied(code=code, not_applicable=True) for code in HANDOVER_CHECKLIST]
ACTS: dict[str, Step] = {
    "hand_in": _on_nomination(services.hand_in, Role.POLICE_RCCB),
    "send_back": _on_nomination(services.send_back, Role.PROSECUTION_ADVISER),
    "complete": _on_nomination(services.complete_nomination, Role.PROSECUTION_ADVISER, assessment="yes"),
    "assess": _assess,
    "sign": _on_nomination(services.sign_nomination, Role.CHIEF_PROSECUTOR, code="CODE"),
    "assign": _assign,
    "prepare": _on_nomination(
        services.prepare_judgement, Role.CASE_MANAGER, proposal="accept", information_used="intake"
    ),
    "accept": _on_nomination(services.judge, Role.DECIDER, outcome="accept", reasons="clear", code="CODE"),
    "reject": _on_nomination(services.judge, Role.DECIDER, outcome="reject", reasons="not clear", code="CODE"),
    "answer": _answer,
    "escalate": _escalate,
    "overturn": _overturn,
    "withdraw": _on_nomination(services.withdraw_nomination, Role.CHIEF_PROSECUTOR, reason="new facts"),
    "urgent_local": _urgent("patrol", role=Role.POLICE_RCCB),
    "urgent_person": _urgent("close_protection", role=Role.DUTY_OFFICER),
    "ratify": _ratify,
    "supply": _handover(services.supply, Role.PROSECUTION_ADVISER, items=ALL_ITEMS),
    "offer": _handover(services.offer, Role.CHIEF_PROSECUTOR, code="CODE"),
    "return": _handover(services.return_file, Role.CASE_MANAGER, reason="incomplete"),
    "accept_file": _handover(services.accept_file, Role.CASE_MANAGER, code="CODE"),
}
LIKELY = ["hand_in", "assess", "complete", "sign", "assign", "prepare", "accept", "supply", "offer", "accept_file"]


@SETTINGS
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=6), st.integers(0, len(LIKELY)))
def test_r049_no_sequence_of_acts_breaks_authority_or_ends_a_measure(
    world: World, detours: list[str], straight: int
) -> None:
    walk = Walk(world)
    walk.opened(name=f"Persoon {next(serial)}", birth_date="")
    case, at = walk.case, walk.at
    ordered: set[str] = set()

    for name in [*LIKELY[:straight], *detours, *LIKELY[straight:]]:
        at += timedelta(minutes=7)
        with suppress(DomainError, ObjectDoesNotExist):  # refused: nothing changed
            ACTS[name](world, case, at)
        now_check()
        with acting(world.actor(Role.POLICE_RCCB), at=at):
            assert all(unbroken(periods) for periods in spans(case).values())
            measures = Measure.objects.filter(case=case)
            in_force = {str(measure.pk) for measure in measures.in_force()}
            assert ordered <= in_force  # none of these acts ends a measure
            ordered = in_force


# --- the way out ----------------------------------------------------------------------------------------------------


def _end(*kinds: str, role: Role) -> Step:
    def step(world: World, case: Case, at: datetime) -> object:
        wayout.end(Walk(world, at=at - timedelta(hours=1)), case.pk, *kinds, by=role)
        return None

    return step


def _out(way: Callable[[Walk, UUID], object]) -> Step:
    return lambda world, case, at: way(Walk(world, at=at - timedelta(hours=1)), case.pk)


def _confirm(walk: Walk, case_id: UUID) -> object:
    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        returned = AuthorityReturn.objects.filter(case_id=case_id).latest("decided_at")
    return wayout.confirm(walk, returned)


def _leave(walk: Walk, case_id: UUID) -> object:
    elsewhere = services.Elsewhere("other", walk.world.organisations["nctv"].pk, "They know him.")
    by = walk.actor(Role.DECIDER if wayout.seen(walk, case_id).state == "scheme" else Role.CHIEF_PROSECUTOR)
    return services.demarcate(case_id=case_id, elsewhere=elsewhere, actor=by, at=walk.tick())


def _elsewhere(service: Callable[..., object], role: Role, **given: Any) -> Step:
    def step(world: World, case: Case, at: datetime) -> object:
        actor = world.actor(role)
        with acting(actor, at=at):
            row = Demarcation.objects.filter(case=case).latest("decided_at")
        return service(demarcation_id=row.pk, actor=actor, at=at, **given)

    return step


def _merge(world: World, case: Case, at: datetime) -> object:
    """Into the newest other case that the office has."""
    adviser = world.actor(Role.PROSECUTION_ADVISER)
    with acting(adviser, at=at):
        leading = Case.objects.exclude(pk=case.pk).latest("opened_at", "number")
    row = services.propose_merge(case_id=case.pk, leading_id=leading.pk, reason="one face", actor=adviser, at=at)
    return services.confirm_merge(merge_id=row.pk, actor=world.actor(Role.CHIEF_PROSECUTOR), at=at)


def _undo(world: World, case: Case, at: datetime) -> object:
    chief = world.actor(Role.CHIEF_PROSECUTOR)
    with acting(chief, at=at):
        row = CaseMerge.objects.get(case=case, state="merged")
    return services.undo_merge(merge_id=row.pk, reason="two faces", actor=chief, at=at)


OUT: dict[str, Step] = {
    "merge": _merge,
    "undo": _undo,
    "leave": _out(_leave),
    "take_over": _elsewhere(services.take_over, Role.PROSECUTION_ADVISER, reference="A-1"),
    "hand_back": _elsewhere(services.hand_back, Role.PROSECUTION_ADVISER, reason="It grew."),
    "receive": _elsewhere(services.receive_back, Role.CHIEF_PROSECUTOR),
    "urgent_person": ACTS["urgent_person"],
    "urgent_local": ACTS["urgent_local"],
    "end_central": _end("close_protection", role=Role.DECIDER),
    "give_back": _out(wayout.give_back),
    "confirm": _out(_confirm),
    "tell": _out(wayout.tell_everybody),
    "end_local": _end(role=Role.CHIEF_PROSECUTOR),
    "close": _out(wayout.close),
    "reopen": _out(wayout.reopen),
}
ENDS = {"end_central", "end_local"}
OUTWARDS = [
    "urgent_local",
    "urgent_person",
    "end_central",
    "give_back",
    "confirm",
    "tell",
    "end_local",
    "leave",
    "take_over",
    "hand_back",
    "receive",
    "merge",
    "undo",
    "close",
    "reopen",
]


def closures(case: Case) -> list[Span]:
    found = CaseClosure.objects.filter(case=case)
    return [Span(Authority.CHIEF_PROSECUTOR, one.closed_at, one.reopened_at) for one in found]


@settings(parent=SETTINGS, max_examples=8)
@given(st.lists(st.sampled_from(sorted(OUT)), max_size=6), st.integers(0, len(OUTWARDS)))
def test_r116_no_way_out_breaks_authority_or_ends_a_measure_that_nobody_ended(
    world: World, detours: list[str], straight: int
) -> None:
    """Nobody has authority while the case is closed, and one authority at every other instant."""
    walk = Walk(world)
    walk.opened(name=f"Persoon {next(serial)}", birth_date="")
    case, at = walk.assigned(), walk.at
    other = Walk(world, at=at)
    other.opened(name=f"Persoon {next(serial)}", birth_date="", relations=(HUSBAND,))
    other.handed_in()
    ordered: set[str] = set()

    for name in [*OUTWARDS[:straight], *detours, *OUTWARDS[straight:]]:
        at += timedelta(minutes=7)
        with suppress(DomainError, ObjectDoesNotExist):  # refused: nothing changed
            OUT[name](world, case, at)
        now_check()
        with acting(world.actor(Role.CHIEF_PROSECUTOR), at=at):
            shut = closures(case)
            assert all(unbroken([*periods, *shut]) for periods in spans(case).values())
            measures = Measure.objects.filter(case=case)
            in_force = {str(measure.pk) for measure in measures.in_force()}
            assert ordered <= in_force or name in ENDS
            now = Case.objects.get(pk=case.pk)
            assert (now.state, now.demarcation) in (
                ("local", "none"),
                ("triage", "none"),
                ("scheme", "none"),
            ) or not in_force
            ordered = in_force
