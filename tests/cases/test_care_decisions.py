"""Article 2 ECHR, responsibility for measures, and agreements that were not kept (R106, R109, R111)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import services
from cases.models import Breach, DutyAnswers, Measure, Responsibility
from cases.services.care.responsibility import unsettled
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.cases.caring import a_breach, decided, submitted, talked, warned
from tests.cases.test_authority import now_check, serial
from tests.cases.walk import AN_ANSWER, Walk
from tests.world import World, code_for


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def one_measure(walk: Walk) -> Measure:
    walk.decided()
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        return Measure.objects.get(kind="camera")


def end(walk: Walk, measure: Measure) -> Measure:
    decider = walk.actor(Role.DECIDER)
    return services.end_measure(
        measure_id=measure.pk, reason="x", version=measure.version, actor=decider, at=walk.tick()
    )


def work_open(walk: Walk, kind: str, role: Role) -> int:
    with acting(walk.actor(role), at=walk.at):
        return WorkItem.objects.filter(kind=kind, owner_role=role, closed_at=None).count()


# --- article 2 ECHR --------------------------------------------------------------------------------------------------


def test_r106_nothing_is_rejected_before_the_four_questions_were_answered_and_signed(walk: Walk) -> None:
    walk.prepared()
    decider = walk.actor(Role.DECIDER)

    def reject() -> object:
        return services.judge(
            nomination_id=walk.nomination.pk,
            version=walk.nomination.version,
            outcome="reject",
            reasons="Not aimed at life.",
            code=code_for(decider),
            actor=decider,
            at=walk.tick(),
        )

    with pytest.raises(Conflict) as refusal:
        reject()
    walk.answered("rejection", walk.nomination.pk)
    reject()

    assert refusal.value.code == "duty_of_care"


def test_r106_a_departure_needs_answers_that_rest_on_the_newest_picture(walk: Walk) -> None:
    old = walk.pictured()
    walk.answered("level", old.pk)
    newer = walk.adopt_picture(version=2)
    given: dict[str, Any] = {"severity": 4, "likelihood": 3, "resistance": 3, "reasons": "x"}

    def depart() -> object:
        return services.decide_level(
            picture_id=newer.pk,
            departure="newer_information",
            actor=walk.actor(Role.DECIDER),
            at=walk.tick(),
            **given,
        )

    with pytest.raises(Conflict):
        depart()
    walk.answered("level", newer.pk)
    depart()


def test_r106_answers_older_than_the_newest_picture_do_not_carry_a_decision(walk: Walk) -> None:
    measure = one_measure(walk)
    walk.answered("ending", measure.pk)
    walk.adopt_picture(version=2)

    with pytest.raises(Conflict) as refusal:
        end(walk, measure)

    assert refusal.value.code == "duty_of_care_older"


def test_r106_what_lay_there_is_kept_beside_the_answers_by_number_alone(walk: Walk) -> None:
    picture = walk.pictured()
    manager = walk.actor(Role.CASE_MANAGER)
    services.log_contact(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        text="A car waited.",
        is_signal=True,
        actor=manager,
        at=walk.tick(),
    )
    signalled = walk.at

    answered = walk.answered("other", walk.case.pk)

    assert answered.picture_id == picture.pk
    assert answered.evidence["picture"]["version"] == 1
    assert answered.evidence["signals"] == [signalled.isoformat()]
    assert "car" not in str(answered.evidence)


def test_r106_signed_answers_are_final_and_a_new_version_follows_them(walk: Walk) -> None:
    walk.pictured()
    case = walk.case
    first = walk.answered("other", case.pk)

    with (
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
        acting(walk.actor(Role.DECIDER), at=walk.at),
    ):
        DutyAnswers.objects.filter(pk=first.pk).update(risk="no")
    assert walk.answered("other", case.pk).number == 2


def test_r106_an_answer_that_is_missing_is_named(walk: Walk) -> None:
    walk.designated()

    with pytest.raises(Invalid) as refusal:
        services.write_answers(
            case_id=walk.case.pk,
            occasion="other",
            subject_id=walk.case.pk,
            answers=services.Answers(known="", risk="yes", risk_reasons="x", available=" ", choice="x"),
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )

    assert [fault.field for fault in refusal.value.faults] == ["known", "available"]


def test_r106_whoever_wrote_the_answers_does_not_sign_the_end_of_a_measure(walk: Walk) -> None:
    measure, decider = one_measure(walk), walk.actor(Role.DECIDER)
    own = services.write_answers(
        case_id=walk.case.pk,
        occasion="ending",
        subject_id=measure.pk,
        answers=AN_ANSWER,
        actor=decider,
        at=walk.tick(),
    )

    with pytest.raises(Forbidden) as refusal:
        services.sign_answers(
            answers_id=own.pk, version=own.version, code=code_for(decider), actor=decider, at=walk.tick()
        )

    assert refusal.value.code == "four_eyes"


def test_r111_the_database_ends_no_measure_without_a_signed_decision(walk: Walk) -> None:
    measure = one_measure(walk)

    def by_hand() -> None:
        with transaction.atomic(), acting(walk.actor(Role.DECIDER), at=walk.at):
            Measure.objects.filter(pk=measure.pk).update(state="ended", ended_at=walk.at)

    with pytest.raises(IntegrityError, match="signed decision alone"):
        by_hand()
    walk.answered("ending", measure.pk)
    by_hand()


# --- responsibility --------------------------------------------------------------------------------------------------


def settle(walk: Walk, measure: Measure, **changes: Any) -> Responsibility:
    told = {"party": "employer", "cost_bearer": "employer", "reason": "It is at the office.", **changes}
    return services.settle_responsibility(
        measure_id=measure.pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.tick(), **told
    )


def test_r109_a_measure_has_a_responsible_party_from_its_order_on_and_settling_it_is_work(walk: Walk) -> None:
    measure = one_measure(walk)
    now_check()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.tick()):
        unsettled()
        first = Responsibility.objects.get(measure=measure)
    before = work_open(walk, "care.responsibility", Role.CASE_MANAGER)

    settle(walk, measure)

    now_check()
    assert (first.party, first.cost_bearer, first.period.lower) == ("nctv", "nctv", measure.ordered_at)
    assert work_open(walk, "care.responsibility", Role.CASE_MANAGER) == before - 1


def test_r109_two_parties_at_once_are_refused_by_the_database(walk: Walk) -> None:
    measure = one_measure(walk)

    with (
        pytest.raises(IntegrityError, match="one_responsible_party"),
        transaction.atomic(),
        acting(walk.actor(Role.CASE_MANAGER), at=walk.at),
    ):
        Responsibility.objects.create(
            case=measure.case, measure=measure, party="person", cost_bearer="local", period=(walk.at, None)
        )


def test_r109_an_instant_at_which_nobody_is_responsible_is_refused_at_commit(walk: Walk) -> None:
    measure = one_measure(walk)

    with (
        pytest.raises(IntegrityError, match="nobody would be responsible"),
        transaction.atomic(),
        acting(walk.actor(Role.CASE_MANAGER), at=walk.at),
    ):
        row = Responsibility.objects.get(measure=measure)
        row.period = (row.period.lower, walk.tick())
        row.save()
        now_check()


def test_r109_who_was_responsible_is_not_rewritten(walk: Walk) -> None:
    measure = one_measure(walk)

    with (
        pytest.raises(IntegrityError, match="dated fact"),
        transaction.atomic(),
        acting(walk.actor(Role.CASE_MANAGER), at=walk.at),
    ):
        Responsibility.objects.filter(measure=measure).update(party="person")


# --- agreements not kept ---------------------------------------------------------------------------------------------


def test_r111_from_a_breach_over_conversation_and_letter_to_a_decision_anew(walk: Walk) -> None:
    walk.decided()
    breach = a_breach(walk)

    for step, kind, role in (
        (talked, "care.talk", Role.CASE_MANAGER),
        (warned, "care.letter", Role.CASE_MANAGER),
        (submitted, "care.letter", Role.CASE_MANAGER),
        (decided, "care.decide", Role.DECIDER),
    ):
        assert work_open(walk, kind, role) == 1
        breach = step(walk, breach)

    assert (breach.state, breach.outcome) == ("decided", "unchanged")
    assert work_open(walk, "care.decide", Role.DECIDER) == 0


def test_r111_a_refused_measure_goes_to_the_decider_and_leaves_the_case_open(walk: Walk) -> None:
    walk.decided()
    breach = a_breach(walk, kind="measure_refused", facts="The person wants no close protection.")

    breach = decided(walk, submitted(walk, talked(walk, breach)), outcome="other_measures")

    assert work_open(walk, "package.prepare", Role.CASE_MANAGER) == 1
    assert walk.case.state == "scheme"


def test_r111_whoever_laid_it_before_the_decider_does_not_decide_it(walk: Walk) -> None:
    walk.decided()
    breach = submitted(walk, talked(walk, a_breach(walk)))

    with pytest.raises(Forbidden):
        decided(walk, breach, role=Role.CASE_MANAGER)
    with (
        pytest.raises(IntegrityError, match="breach_four_eyes"),
        transaction.atomic(),
        acting(walk.actor(Role.DECIDER), at=walk.at),
    ):
        Breach.objects.filter(pk=breach.pk).update(decided_by=breach.submitted_by)


def test_r111_what_has_not_happened_yet_is_no_breach(walk: Walk) -> None:
    walk.designated()

    with pytest.raises(Invalid):
        a_breach(walk, occurred_on=(walk.at + timedelta(days=2)).date())


STEPS: dict[str, Callable[[Walk, Breach], Breach]] = {
    "talk": talked,
    "warn": warned,
    "submit": submitted,
    "unchanged": decided,
    "other": lambda walk, breach: decided(walk, breach, outcome="other_measures"),
    "fewer": lambda walk, breach: decided(walk, breach, outcome="fewer_measures"),
    "again": lambda walk, _breach: a_breach(walk, kind="measure_refused"),
}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=8))
def test_r111_no_sequence_of_steps_ends_or_reduces_a_measure(world: World, steps: list[str]) -> None:
    walk = Walk(world, reasons=f"Considered. {uuid4()} {uuid4()}")
    walk.opened(name=f"Persoon {next(serial)}", birth_date="")
    walk.decided()
    breach = a_breach(walk)
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        before = list(Measure.objects.filter(case=walk.case).order_by("pk").values())

    for name in ["talk", "submit", *steps]:
        with suppress(DomainError):  # refused: nothing changed
            breach = STEPS[name](walk, breach)

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert list(Measure.objects.filter(case=walk.case).order_by("pk").values()) == before
    assert walk.case.state == "scheme"
