"""Teams, rosters and groups: the employer's own, and never shown to a role of the NCTV."""

from datetime import date, datetime, timedelta

import pytest

from capacity import services
from capacity.lifecycle import joined, without
from capacity.models import Team, TeamMember, TrainingGroup, WorkedShift
from capacity.services import NewTeam
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Forbidden, IllegalMove, Invalid, Stale
from tests.capacity.supply import a_team
from tests.world import NOON, World

HOUR = timedelta(hours=1)


@pytest.fixture
def planner(world: World) -> Actor:
    return world.actor(Role.UNIT_PLANNER, of="kmar")


@pytest.fixture
def group(planner: Actor) -> TrainingGroup:
    announced = services.announce_group(
        code="KMAR-G6",
        kind="KMAR",
        size=10,
        competence="escort",
        region="noord",
        starts_on=date(2026, 1, 5),
        expected_on=date(2026, 6, 1),
        actor=planner,
        at=NOON,
    )
    return services.update_group(
        group_id=announced.pk,
        left=0,
        expected_on=announced.expected_on,
        reason="",
        step="start",
        version=announced.version,
        actor=planner,
        at=NOON,
    )


def new_team(code: str, *staff: str) -> NewTeam:
    return NewTeam(
        code=code,
        kind="KMAR",
        rule_set="DEFENCE",
        region="noord",
        legal_bases=["pw57"],
        competences=["escort"],
        staff=staff,
    )


@pytest.mark.parametrize(
    ("role", "of", "sees"),
    [
        (Role.UNIT_PLANNER, "lx", 4),
        (Role.UNIT_PLANNER, "kmar", 0),
        (Role.LCC_COORDINATOR, "lcc", 4),
        (Role.LCC_ADVISER, "lcc", 0),
        (Role.LCC_LIAISON, "lcc", 0),
        (Role.DECIDER, "nctv", 0),
        (Role.CASE_MANAGER, "nctv", 0),
        (Role.THREAT_ANALYST, "nctv", 0),
        (Role.ADMINISTRATOR, "nctv", 0),
    ],
)
def test_staff_ids_are_the_employers_in_service_and_in_database(world: World, role: Role, of: str, sees: int) -> None:
    a_team(world, "LX-1", at=NOON)
    reader = world.actor(role, of=of)

    with acting(reader, at=NOON):
        found = TeamMember.objects.count(), TeamMember.objects.visible_to(reader).count()

    assert found == (sees, sees)


@pytest.mark.parametrize(("role", "members"), [(Role.DECIDER, None), (Role.LCC_COORDINATOR, 4)])
def test_teams_are_listed_with_members_for_those_alone_who_plan(world: World, role: Role, members: int | None) -> None:
    a_team(world, "LX-1", at=NOON)
    reader = world.actor(role)

    with acting(reader, at=NOON):
        (row,) = services.teams_now(actor=reader, at=NOON)

    assert (row.code, row.available, row.members) == ("LX-1", True, members)


def test_an_absence_makes_a_team_unavailable(world: World) -> None:
    team = a_team(world, "LX-1", at=NOON)
    coordinator = world.actor(Role.LCC_COORDINATOR)

    services.report_absence(
        team_id=team.pk, start=NOON, end=NOON + 8 * HOUR, reason="illness", actor=coordinator, at=NOON
    )

    with acting(coordinator, at=NOON):
        (row,) = services.teams_now(actor=coordinator, at=NOON)
    assert (row.available, row.free[0][0]) == (False, NOON + 8 * HOUR)


def test_an_absence_needs_a_reason(world: World) -> None:
    team = a_team(world, "LX-1", at=NOON)

    with pytest.raises(Invalid):
        services.report_absence(
            team_id=team.pk, start=NOON, end=NOON + HOUR, reason="", actor=world.actor(Role.LCC_COORDINATOR), at=NOON
        )


@pytest.mark.parametrize("role", [Role.DECIDER, Role.CASE_MANAGER, Role.LCC_COORDINATOR])
def test_only_a_planner_puts_a_team_on_the_roster(world: World, role: Role) -> None:
    team = a_team(world, "LX-1", at=NOON)

    with pytest.raises(Forbidden):
        services.record_availability(
            team_id=team.pk, start=NOON + 99 * 24 * HOUR, end=NOON + 100 * 24 * HOUR, actor=world.actor(role), at=NOON
        )


def test_a_planner_keeps_the_own_unit_only(world: World, planner: Actor) -> None:
    team = a_team(world, "LX-1", at=NOON)

    with pytest.raises(Forbidden) as refused:
        services.record_availability(team_id=team.pk, start=NOON, end=NOON + HOUR, actor=planner, at=NOON)

    assert refused.value.code == "other_unit"


def test_somebody_who_sees_no_cover_finds_no_team(world: World) -> None:
    team = a_team(world, "LX-1", at=NOON)

    with pytest.raises(Team.DoesNotExist):
        services.report_absence(
            team_id=team.pk,
            start=NOON,
            end=NOON + HOUR,
            reason="illness",
            actor=world.actor(Role.THREAT_ANALYST),
            at=NOON,
        )


def test_worked_hours_are_recorded_by_the_planner(world: World) -> None:
    team = a_team(world, "LX-1", at=NOON)
    lx = world.actor(Role.UNIT_PLANNER, of="lx")

    services.record_worked(
        team_id=team.pk, staff_id="LX-1-0", start=NOON - 8 * HOUR, end=NOON, actor=lx, at=NOON, exception="2:5"
    )

    with acting(lx, at=NOON):
        assert WorkedShift.objects.get().exception == "2:5"


@pytest.mark.parametrize(
    ("staff", "hours", "refusal"),
    [("LX-1-0", 1, Invalid), ("somebody-else", 0, TeamMember.DoesNotExist)],
    ids=["work that lies ahead", "no member of the team"],
)
def test_only_done_work_of_members_is_recorded(world: World, staff: str, hours: int, refusal: type[Exception]) -> None:
    team = a_team(world, "LX-1", at=NOON)

    with pytest.raises(refusal):
        services.record_worked(
            team_id=team.pk,
            staff_id=staff,
            start=NOON - 8 * HOUR,
            end=NOON + hours * HOUR,
            actor=world.actor(Role.UNIT_PLANNER, of="lx"),
            at=NOON,
        )


def test_r086_a_group_becomes_teams_by_an_act(planner: Actor, group: TrainingGroup) -> None:
    made = services.become_operational(
        group_id=group.pk,
        teams=[new_team("KMAR-31", "K1", "K2"), new_team("KMAR-32", "K3")],
        version=group.version,
        actor=planner,
        at=NOON,
    )

    group.refresh_from_db()
    assert (group.stage, group.operational_at) == ("operational", NOON)
    assert {team.operational.lower for team in Team.objects.filter(pk__in=[team.pk for team in made])} == {NOON}
    with acting(planner, at=NOON):
        assert TeamMember.objects.count() == 3


@pytest.mark.parametrize(
    "staff", [("K1", "K1"), tuple(f"K{number}" for number in range(11)), ()], ids=["twice", "too many", "nobody"]
)
def test_r086_nobody_is_counted_twice(planner: Actor, group: TrainingGroup, staff: tuple[str, ...]) -> None:
    with pytest.raises(Invalid):
        services.become_operational(
            group_id=group.pk, teams=[new_team("KMAR-31", *staff)], version=group.version, actor=planner, at=NOON
        )


def test_r086_a_date_that_slips_needs_a_reason(planner: Actor, group: TrainingGroup) -> None:
    with pytest.raises(Invalid) as refused:
        services.update_group(
            group_id=group.pk,
            left=1,
            expected_on=date(2026, 9, 1),
            reason=" ",
            version=group.version,
            actor=planner,
            at=NOON,
        )

    assert [fault.field for fault in refused.value.faults] == ["reason"]


def test_r086_an_operational_group_does_not_go_back(planner: Actor, group: TrainingGroup) -> None:
    services.become_operational(
        group_id=group.pk, teams=[new_team("KMAR-31", "K1")], version=group.version, actor=planner, at=NOON
    )

    with pytest.raises(IllegalMove):
        services.update_group(
            group_id=group.pk,
            left=0,
            expected_on=group.expected_on,
            reason="",
            step="start",
            version=group.version + 1,
            actor=planner,
            at=NOON,
        )


def test_a_group_that_somebody_changed_meanwhile_is_not_overwritten(planner: Actor, group: TrainingGroup) -> None:
    with pytest.raises(Stale) as refused:
        services.update_group(
            group_id=group.pk, left=2, expected_on=group.expected_on, reason="", version=1, actor=planner, at=NOON
        )

    assert refused.value.version == group.version


@pytest.mark.parametrize("role", [Role.DECIDER, Role.LCC_COORDINATOR])
def test_only_a_planner_announces_a_group(world: World, role: Role) -> None:
    with pytest.raises(Forbidden):
        services.announce_group(
            code="G",
            kind="KMAR",
            size=1,
            competence="escort",
            region="noord",
            starts_on=date(2026, 1, 5),
            expected_on=date(2026, 6, 1),
            actor=world.actor(role),
            at=NOON,
        )


def test_absence_cuts_availability_exactly() -> None:
    def span(start: int, end: int) -> tuple[datetime, datetime]:
        return NOON + start * HOUR, NOON + end * HOUR

    assert joined([span(0, 4), span(4, 8), span(10, 12)]) == [span(0, 8), span(10, 12)]
    assert without([span(0, 8)], [span(2, 3), span(7, 9)]) == [span(0, 2), span(3, 7)]
