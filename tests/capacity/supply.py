"""Teams for the tests: registered by the planners of their own units, on the roster, with members."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from capacity import services
from capacity.models import Team
from capacity.services import NewTeam
from stelsel.kernel.authorisation import Role
from tests.world import LONG_AGO, World

GROUNDS = {"LX": ("pw42-1c", "pw3"), "KMAR": ("pw4-1d", "pw57"), "BE": ("pw3",)}
UNIT = {"LX": "lx", "KMAR": "kmar", "BE": "politie-noord"}
RULES = {"LX": "LAR", "KMAR": "DEFENCE", "BE": "LAR"}


def a_team(
    world: World,
    code: str,
    *,
    at: datetime,
    kind: str = "LX",
    competences: Sequence[str] = ("close_protection", "escort"),
    days: int = 30,
) -> Team:
    """A team of four, available round the clock from now on."""
    planner = world.actor(Role.UNIT_PLANNER, of=UNIT[kind])
    team = services.register_team(
        team=NewTeam(
            code=code,
            kind=kind,
            rule_set=RULES[kind],
            region="noord",
            legal_bases=GROUNDS[kind],
            competences=competences,
            staff=[f"{code}-{number}" for number in range(4)],
        ),
        start=LONG_AGO,
        actor=planner,
        at=at,
    )
    services.record_availability(team_id=team.pk, start=at, end=at + timedelta(days=days), actor=planner, at=at)
    return team


def teams(world: World, number: int, *, at: datetime, kind: str = "LX") -> list[Team]:
    return [a_team(world, f"{kind}-{place:02}", at=at, kind=kind) for place in range(number)]
