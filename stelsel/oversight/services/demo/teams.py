"""The demonstration's supply: sixty teams with members and rosters, and groups in training on their way to teams."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from capacity import services
from capacity.models import Team, TrainingGroup
from capacity.services import NewTeam
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.oversight.services.demo.names import REGIONS
from stelsel.oversight.services.demo.people import Field

PERSON, OBJECT = ("close_protection", "escort"), ("object",)


@dataclass(frozen=True)
class Unit:
    """A unit with teams: how many, what kind, by which rules and on which grounds they serve, what they can do."""

    organisation: str
    kind: str
    rule_set: str
    count: int
    grounds: tuple[str, ...]
    competences: tuple[str, ...]


UNITS = (
    Unit("lx", "LX", "LAR", 30, ("pw42-1c", "pw3"), PERSON),
    Unit("kmar", "KMAR", "DEFENCE", 14, ("pw4-1d", "pw57"), (*PERSON, *OBJECT)),
    Unit("politie-noord", "BE", "LAR", 8, ("pw3",), OBJECT),
    Unit("politie-west", "BE", "LAR", 6, ("pw3",), OBJECT),
)
TRAINED = 2  # teams that the group in training became
DAYS_ON, DAYS_OFF = 10, 4


def make_teams(field: Field, chance: random.Random, *, at: datetime, size: float) -> None:
    """Teams since long, a group that became teams last week, one in training and one announced; rosters; absence."""
    for unit in UNITS:
        planner = field.of(Role.UNIT_PLANNER, unit.organisation)
        for nth in range(1, max(1, round(unit.count * size)) + 1):
            services.register_team(
                team=_team(unit, chance, code=f"{unit.organisation}-{nth:02d}"),
                start=at - timedelta(days=200),
                actor=planner,
                at=at - timedelta(days=200),
            )
    _train(field, chance, at=at)
    for unit in UNITS:
        _roster(field.of(Role.UNIT_PLANNER, unit.organisation), chance, at=at)


def _team(unit: Unit, chance: random.Random, *, code: str) -> NewTeam:
    return NewTeam(
        code=code,
        kind=unit.kind,
        rule_set=unit.rule_set,
        region=unit.organisation.removeprefix("politie-") if unit.kind == "BE" else chance.choice(REGIONS),
        legal_bases=unit.grounds,
        competences=unit.competences,
        staff=[f"{code}-{letter}" for letter in "ab"],
    )


def _train(field: Field, chance: random.Random, *, at: datetime) -> None:
    planner = field.of(Role.UNIT_PLANNER, "lx")
    _group("lx-klas-1", planner, at=at - timedelta(days=160), expected=at - timedelta(days=20))
    first = _group("lx-klas-2", planner, at=at - timedelta(days=150), expected=at - timedelta(days=15))
    for step, left, days in (("start", 0, 120), ("practise", 1, 40)):
        first = services.update_group(
            group_id=first.pk,
            left=left,
            expected_on=first.expected_on,
            reason="",
            step=step,
            version=first.version,
            actor=planner,
            at=at - timedelta(days=days),
        )
    services.become_operational(
        group_id=first.pk,
        teams=[_team(UNITS[0], chance, code=f"lx-nieuw-{nth}") for nth in range(1, TRAINED + 1)],
        version=first.version,
        actor=planner,
        at=at - timedelta(days=9),
    )
    marechaussee = field.of(Role.UNIT_PLANNER, "kmar")
    _group("kmar-klas-1", marechaussee, at=at - timedelta(days=12), expected=at + timedelta(days=120))


def _group(code: str, planner: Actor, *, at: datetime, expected: datetime) -> TrainingGroup:
    return services.announce_group(
        code=code,
        kind="KMAR" if code.startswith("kmar") else "LX",
        size=6,
        competence="close_protection",
        region="noord",
        starts_on=(at + timedelta(days=20)).date(),
        expected_on=expected.date(),
        actor=planner,
        at=at,
    )


def _roster(planner: Actor, chance: random.Random, *, at: datetime) -> None:
    """Ten days on and four off, each team at its own point of the round; now and then somebody is ill."""
    with acting(planner, at=at):
        own = list(Team.objects.visible_to(planner).filter(unit=planner.organisation_id).order_by("code"))
    first = at - timedelta(days=4)
    for team in own:
        start = first - timedelta(days=chance.randint(0, DAYS_ON + DAYS_OFF - 1))
        while start < at + timedelta(days=14):
            end = start + timedelta(days=DAYS_ON)
            services.record_availability(
                team_id=team.pk, start=max(start, team.operational.lower or start), end=end, actor=planner, at=first
            )
            start = end + timedelta(days=DAYS_OFF)
        if chance.random() < 0.06:  # noqa: PLR2004  # a share
            services.report_absence(
                team_id=team.pk, start=at, end=at + timedelta(days=2), reason="illness", actor=planner, at=first
            )
