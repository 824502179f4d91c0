"""What a decision anew does to demand: no gap, no double, nobody who stands there is lost."""

from dataclasses import replace

import pytest
from psycopg2.extras import DateTimeTZRange

from capacity import services
from capacity.models import Assignment, DemandLine, Shift
from cases import services as case_services
from cases.models import Package
from cases.services import Planned
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.capacity.planning import ample, proposed
from tests.cases.deciding import decide, ends, standing, submit, written
from tests.cases.walk import Walk
from tests.world import World


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def raise_demand(walk: Walk, package: Package) -> list[Assignment]:
    return services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())


def anew(walk: Walk, first: Package, *planned: Planned, less: bool = False) -> list[Assignment]:
    package = decide(walk, submit(walk, written(walk, first.level_id, *planned)), less=less)
    return raise_demand(walk, package)


def lines(walk: Walk) -> list[DemandLine]:
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        return list(DemandLine.objects.filter(withdrawn_at=None).order_by("starts_at"))


def served(walk: Walk, line: DemandLine) -> Shift:
    """A published shift on this line."""
    (team, *_), run = ample(walk), proposed(walk)
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        return Shift.objects.create(
            case_id=line.case_id,
            line=line,
            team=team,
            period=DateTimeTZRange(line.starts_at, line.ends_at),
            run=run,
            published_at=walk.at,
        )


def test_the_same_numbers_keep_their_assignment(walk: Walk) -> None:
    first = walk.decided()
    (before,) = raise_demand(walk, first)

    (after,) = anew(walk, first, *standing(walk).values())

    assert after == before
    assert {line.assignment_id for line in lines(walk)} == {before.pk}


def test_other_numbers_give_other_lines_without_gap_or_double(walk: Walk) -> None:
    first = walk.decided()
    raise_demand(walk, first)
    before = [line.starts_at for line in lines(walk)]
    now = standing(walk)

    anew(walk, first, now["camera"], replace(now["close_protection"], required=3))

    after = lines(walk)
    assert [line.starts_at for line in after] == before
    assert {line.required for line in after} == {3}


def test_who_would_stand_there_stands_there_still(walk: Walk) -> None:
    first = walk.decided()
    raise_demand(walk, first)
    shift = served(walk, lines(walk)[3])
    now = standing(walk)

    anew(walk, first, now["camera"], replace(now["close_protection"], required=3))

    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        (kept,) = Shift.objects.filter(withdrawn_at=None).select_related("line")
    assert (kept.team_id, kept.period, kept.line.required) == (shift.team_id, shift.period, 3)
    assert kept.line_id != shift.line_id


def test_r049_what_ends_asks_for_nothing_from_then_on(walk: Walk) -> None:
    first = walk.decided()
    raise_demand(walk, first)
    now = standing(walk)

    assert anew(walk, first, now["camera"], ends(now["close_protection"]), less=True) == []

    assert lines(walk) == []


def test_r050_what_was_ordered_by_telephone_asks_for_teams_once_a_decision_lets_it_go_on(walk: Walk) -> None:
    first = walk.decided()
    raise_demand(walk, first)
    case_services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="The desk",
        note="Seen at the door.",
        kinds=["patrol"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )

    raised = anew(walk, first, *standing(walk).values())

    assert {one.concept for one in raised} == {"close_protection", "patrol"}
    services.extend_demand(actor=walk.actor(Role.DECIDER), at=walk.tick())
    assert {line.assignment_id for line in lines(walk)} == {one.pk for one in raised}
