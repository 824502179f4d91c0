"""Demand follows a decision: once, whole, exact in local time, and only for those who may know."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection

from capacity import services, tasks
from capacity.lifecycle import turns
from capacity.models import Assignment, DemandLine
from cases.models import Package
from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import OutboxMessage, WorkItem
from stelsel.legal.models import Sharing
from tests.cases.walk import Walk
from tests.world import World

LINES = 13 * 3


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


assert tasks.LEASE  # importing it registers the jobs


def raised(walk: Walk) -> list[Assignment]:
    package = walk.decided()
    return services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())


def test_a_decided_package_gives_an_assignment_and_its_shifts(walk: Walk) -> None:
    (assignment,) = raised(walk)

    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        lines = list(DemandLine.objects.order_by("starts_at"))
        assert assignment.concept == "close_protection"  # a camera asks for no team
        assert Package.objects.get().assigned_at == walk.at
        assert {sharing.receiver for sharing in Sharing.objects.filter(information="assignment")} == {"lcc"}
    assert len(lines) == LINES  # from 4 March, within the fortnight that began on 3 March
    assert lines[0].starts_at == datetime(2026, 3, 4, 6, tzinfo=UTC)  # 07:00 in Amsterdam
    assert {(line.required, line.floor, line.tier) for line in lines} == {(2, 1, 2)}


def test_raising_demand_a_second_time_changes_nothing(walk: Walk) -> None:
    (first,) = raised(walk)

    (again,) = services.raise_demand(package_id=first.package_id, actor=walk.actor(Role.DECIDER), at=walk.tick())

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert again == first
        assert DemandLine.objects.count() == LINES
        assert Sharing.objects.filter(information="assignment").count() == 1


def test_the_job_raises_demand_with_the_rights_of_the_decider(walk: Walk) -> None:
    walk.decided()
    message = OutboxMessage.objects.get(task="capacity.raise_demand")

    with time_machine.travel(walk.tick(), tick=False):
        done = jobs.run(message.pk), jobs.run(message.pk)

    assert done == (True, False)
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert Assignment.objects.count() == 1


def test_a_package_that_is_not_decided_gives_no_demand(walk: Walk) -> None:
    package = walk.submitted()

    with pytest.raises(Conflict):
        services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.LCC_COORDINATOR])
def test_only_the_decision_itself_raises_demand(walk: Walk, role: Role) -> None:
    package = walk.decided()

    with pytest.raises(Forbidden):
        services.raise_demand(package_id=package.pk, actor=walk.actor(role), at=walk.tick())


def test_a_stranger_finds_no_package_to_raise_demand_from(walk: Walk) -> None:
    package = walk.decided()
    stranger = walk.world.actor(Role.DECIDER, nth=2)

    with pytest.raises(Package.DoesNotExist):
        services.raise_demand(package_id=package.pk, actor=stranger, at=walk.tick())


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.LCC_COORDINATOR, LINES),
        (Role.CASE_MANAGER, LINES),
        (Role.DECIDER, LINES),
        (Role.LCC_ADVISER, LINES),
        (Role.THREAT_ANALYST, 0),
        (Role.CHIEF_PROSECUTOR, 0),
        (Role.UNIT_PLANNER, 0),
        (Role.RESILIENCE_EXPERT, 0),
    ],
)
def test_the_database_shows_demand_to_protection_alone(walk: Walk, role: Role, sees: int) -> None:
    raised(walk)

    with acting(walk.actor(role), at=walk.at):
        rows = DemandLine.objects.count()
        through_the_service = DemandLine.objects.visible_to(walk.actor(role), at=walk.at).count()

    assert (rows, through_the_service) == (sees, sees)


def test_the_need_is_never_lowered_in_the_database(walk: Walk) -> None:
    raised(walk)

    with (
        acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at),
        pytest.raises(Exception, match="only its end may be set"),
    ):
        DemandLine.objects.update(required=0, floor=0)


def test_r082_what_cannot_be_carried_out_comes_back_to_the_case_manager(walk: Walk) -> None:
    (assignment,) = raised(walk)

    services.judge_feasibility(
        assignment_id=assignment.pk,
        feasible="no",
        reasons="No team of this competence in the north.",
        guard_safety="Not at night alone.",
        actor=walk.actor(Role.LCC_ADVISER),
        at=walk.tick(),
    )

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        assert WorkItem.objects.filter(kind="assignment.infeasible", closed_at=None).count() == 1
        assert DemandLine.objects.count() == LINES  # the need stands


def test_r019_feasibility_says_what_it_means_for_the_guards(walk: Walk) -> None:
    (assignment,) = raised(walk)

    with pytest.raises(Invalid) as refused:
        services.judge_feasibility(
            assignment_id=assignment.pk,
            feasible="yes",
            reasons="Fits.",
            guard_safety=" ",
            actor=walk.actor(Role.LCC_ADVISER),
            at=walk.tick(),
        )

    assert [fault.field for fault in refused.value.faults] == ["guard_safety"]


def test_only_the_adviser_judges_feasibility(walk: Walk) -> None:
    (assignment,) = raised(walk)

    with pytest.raises(Forbidden):
        services.judge_feasibility(
            assignment_id=assignment.pk,
            feasible="yes",
            reasons="Fits.",
            guard_safety="Safe.",
            actor=walk.actor(Role.DECIDER),
            at=walk.tick(),
        )


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 3, 2), 8)],
    ids=["clocks forward", "clocks back", "an ordinary night"],
)
def test_a_night_lasts_as_long_as_the_clock_says(day: date, hours: int) -> None:
    (night,) = turns("N", first=day, days=1)

    assert night.end - night.start == timedelta(hours=hours)


def test_shifts_follow_each_other_without_gap_over_the_change_of_clocks() -> None:
    found = list(turns("DEN", first=date(2026, 3, 27), days=4))

    assert all(before.end == after.start for before, after in pairwise(found))


def test_the_tables_refuse_a_line_over_twelve_hours(walk: Walk) -> None:
    raised(walk)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'capacity_demandline'::regclass AND contype = 'c'"
        )
        names = {name for (name,) in cursor.fetchall()}

    assert {"demand_at_most_twelve_hours", "demand_floor"} <= names
