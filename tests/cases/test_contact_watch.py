"""What time causes around contact and moments, on the worker's own database role: nothing ends in silence."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from cases import services
from cases import tasks as _jobs  # noqa: F401  # registers the jobs
from cases.lifecycle import GateState
from cases.models import RaisedRiskMoment
from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import Membership, OutboxMessage
from tests.cases.conftest import Scheduled
from tests.cases.test_contact_plan import log, open_work, plan_of
from tests.cases.test_moments import answer, now, report, rows, seen_by_owner, waits
from tests.cases.walk import Walk
from tests.world import NOON, World


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:  # commits
    walk = Walk(world)
    with transaction.atomic():
        walk.designated()
    return walk


def watch(walk: Walk, as_worker: Scheduled, **later: int) -> None:
    """Twice: the second run opens nothing new."""
    walk.at += timedelta(**later)
    found = as_worker(lambda: services.watch(actor=system_actor(), at=walk.at))
    assert as_worker(lambda: services.watch(actor=system_actor(), at=walk.at)) == found


def test_r007_overdue_contact_comes_to_the_contact_and_then_to_the_duty_officer(
    walk: Walk, as_worker: Scheduled
) -> None:
    walk.at = plan_of(walk).next_due - timedelta(hours=1)
    watch(walk, as_worker)
    first = (open_work(walk), open_work(walk, Role.DUTY_OFFICER))
    watch(walk, as_worker, hours=26)

    assert "contact.due" in first[0]
    assert "contact.overdue" not in first[1]
    assert "contact.overdue" in open_work(walk, Role.DUTY_OFFICER)
    log(walk)
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        partner = walk.case.relations.get(core_household=True).person_id
    log(walk, person_id=partner)
    assert "contact.due" not in open_work(walk)
    assert "contact.overdue" not in open_work(walk, Role.DUTY_OFFICER)


def test_r007_a_contact_who_left_is_missed_at_once(walk: Walk, as_worker: Scheduled) -> None:
    manager = walk.actor(Role.CASE_MANAGER)
    Membership.objects.filter(user_id=manager.user_id).update(period=(NOON - timedelta(days=60), walk.at))

    watch(walk, as_worker, minutes=1)

    assert "contact.missing" in open_work(walk, Role.DUTY_OFFICER)


def test_a_moment_that_comes_near_without_ready_alarms_owner_authority_and_duty_officer(
    walk: Walk, as_worker: Scheduled
) -> None:
    moment = report(walk, days=5)
    watch(walk, as_worker, days=1)
    early = waits(walk, Role.DUTY_OFFICER)
    watch(walk, as_worker, days=2)

    assert "moment.not_ready" not in early
    assert "moment.not_ready" in waits(walk, Role.DUTY_OFFICER)
    assert "moment.not_ready" in waits(walk, Role.DECIDER)
    assert "event.not_ready" in waits(walk, Role.CHIEF_PROSECUTOR)
    watch(walk, as_worker, days=3)
    assert "moment.evaluate" in waits(walk, Role.CASE_MANAGER)
    services.evaluate_moment(
        moment_id=moment.pk,
        outcome="as_planned",
        evaluation="Quiet.",
        version=now(walk, moment).version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )
    assert not waits(walk, Role.CASE_MANAGER) & {"moment.evaluate", "moment.not_ready"}
    with (
        acting(walk.actor(Role.CASE_MANAGER), at=walk.at),
        pytest.raises(DatabaseError, match="the record is final"),
        transaction.atomic(),
    ):
        RaisedRiskMoment.objects.filter(pk=moment.pk).update(outcome="incident")


def test_the_owner_is_asked_to_postpone_and_moves_the_event_without_seeing_the_case(
    walk: Walk, as_worker: Scheduled
) -> None:
    walk.at = datetime.now(UTC) - timedelta(hours=5)  # the job reads the clock
    moment = report(walk)
    answer(walk, rows(walk, moment)[0], "not_ready", "No team.")
    services.ask_postponement(
        moment_id=moment.pk, version=now(walk, moment).version, actor=walk.actor(Role.DECIDER), at=walk.tick()
    )
    asked = waits(walk, Role.CHIEF_PROSECUTOR)
    owned = seen_by_owner(walk)
    services.reply_as_owner(
        event_id=owned.pk,
        reply="moved",
        starts_at=owned.starts_at + timedelta(days=7),
        ends_at=owned.ends_at + timedelta(days=7),
        actor=walk.actor(Role.CHIEF_PROSECUTOR),
        at=walk.tick(),
    )

    assert owned.state == GateState.POSTPONE
    assert "event.postpone" in asked
    message = OutboxMessage.objects.get(task="cases.event_reply").pk
    assert as_worker(lambda: jobs.run(message))
    moved = now(walk, moment)
    assert (moved.starts_at, moved.round) == (owned.starts_at + timedelta(days=7), 2)
