"""What pages and the API read: demand beside cover, teams, the published plan. Plain values; each reader's own sight.

Functions that show persons write the reads to the trail before they return.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Value

from capacity.lifecycle import FIRST, LAST, local_day, midnight, without
from capacity.models import Availability, DemandLine, Displacement, Shift, Team, TeamMember
from capacity.policies import ROSTER_ROLES, may_see_case_cover, may_see_cover
from capacity.services.loans import Loan, loans_on
from cases.models.catalogue import kind_name
from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, Role, require

LETTERS = {7: "D", 15: "E", 23: "N"}


@dataclass(frozen=True)
class LineCover:
    """A demand line beside what is published for it: the codes of its teams. Counts in teams."""

    teams: tuple[str, ...]
    id: UUID
    case_id: UUID
    case_number: str
    person_id: UUID
    pseudonym: str
    assignment_id: UUID
    concept: str
    start: datetime
    end: datetime
    competence: str
    region: str
    tier: int
    required: int
    floor: int

    def get_concept_display(self) -> str:
        return str(kind_name(self.concept))

    @property
    def filled(self) -> int:
        return len(self.teams)

    @property
    def missing(self) -> int:
        return max(0, self.required - self.filled)

    @property
    def below_floor(self) -> bool:
        return self.filled < self.floor


@dataclass
class DayCover:
    """One day of the board: teams needed, filled and open over its shifts, and who fills them."""

    day: date
    lines: int = 0
    needed: int = 0
    filled: int = 0
    missing: int = 0
    below_floor: int = 0
    supply: int = 0
    by_unit: dict[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> int:
        """Filled of needed, in percent; a day without need is whole."""
        return 100 if not self.needed else round(100 * (self.needed - self.missing) / self.needed)


def cover_lines(
    *, start: datetime, end: datetime, actor: Actor, at: datetime, case_id: UUID | None = None
) -> list[LineCover]:
    """Every line that begins between `start` and `end` in the reader's sight, in order of time, with its teams."""
    require(may_see_cover(actor))
    lines = DemandLine.objects.visible_to(actor, at=at).standing().filter(starts_at__gte=start, starts_at__lt=end)
    if case_id is not None:
        lines = lines.filter(case_id=case_id)
    found = _with_teams(lines, actor=actor, at=at)
    audit.saw([(line.person_id, line.case_id) for line in found], kind="list")
    return found


def _with_teams(lines: "QuerySet[DemandLine]", *, actor: Actor, at: datetime) -> list[LineCover]:
    named = actor.role is not Role.UNIT_PLANNER  # a planner serves an assignment without knowing the case
    rows: list[tuple[Any, ...]] = list(  # the columns of LineCover after its teams
        lines.order_by("starts_at", "tier", "pk").values_list(
            "pk",
            "case_id",
            "case__number" if named else Value(""),
            "assignment__person_id",
            "assignment__person__pseudonym" if named else Value(""),
            "assignment_id",
            "assignment__concept",
            "starts_at",
            "ends_at",
            "competence",
            "region",
            "tier",
            "required",
            "floor",
        )
    )
    teams: dict[UUID, list[str]] = defaultdict(list)
    shifts = Shift.objects.visible_to(actor, at=at).standing().filter(line__in=[row[0] for row in rows])
    for line, code in shifts.order_by("team__code").values_list("line_id", "team__code"):
        teams[line].append(code)
    return [LineCover(tuple(teams[row[0]]), *row) for row in rows]


def cover_board(*, first: date, days: int, actor: Actor, at: datetime) -> list[DayCover]:
    """Needed, filled and open per day; no person is shown, so no read of one is written."""
    require(may_see_cover(actor))
    start, end = midnight(first), midnight(first + timedelta(days=days))
    board = {first + timedelta(days=number): DayCover(first + timedelta(days=number)) for number in range(days)}
    lines = DemandLine.objects.visible_to(actor, at=at).standing().filter(starts_at__gte=start, starts_at__lt=end)
    filled: dict[UUID, int] = defaultdict(int)
    shifts = Shift.objects.visible_to(actor, at=at).standing().filter(line__in=lines.values("pk"))
    for line, starts_at, unit in shifts.values_list("line_id", "line__starts_at", "team__unit__name"):
        filled[line] += 1
        by_unit = board[local_day(starts_at)].by_unit
        by_unit[unit] = by_unit.get(unit, 0) + 1
    for line, starts_at, required, floor in lines.values_list("pk", "starts_at", "required", "floor"):
        cover = board[local_day(starts_at)]
        cover.lines += 1
        cover.needed += required
        cover.filled += filled[line]
        cover.missing += max(0, required - filled[line])
        cover.below_floor += filled[line] < floor
    for day, number in _supply(board, actor=actor).items():
        board[day].supply = number
    return list(board.values())


def _supply(days: Iterable[date], *, actor: Actor) -> dict[date, int]:
    """Teams that can be deployed for at least eight hours of each day."""
    teams = list(Team.objects.visible_to(actor).values_list("pk", "operational"))
    free = availability([team for team, _ in teams])
    found = {}
    for day in days:
        start, end = midnight(day), midnight(day + timedelta(days=1))
        found[day] = sum(
            1
            for team, operational in teams
            if start in operational and _hours_within(free[team], start, end) >= 8  # noqa: PLR2004  # one shift
        )
    return found


def _hours_within(spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> float:
    inside = [(max(begin, start), min(until, end)) for begin, until in spans if begin < end and until > start]
    return sum((until - begin).total_seconds() for begin, until in inside) / 3600


def availability(teams: Sequence[UUID]) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """When each of these teams can be deployed: on the roster, and not absent after all."""
    free: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    gone: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Availability.objects.filter(team__in=teams).order_by("pk").values_list("team_id", "period", "absent")
    for team, period, absent in rows:
        (gone if absent else free)[team].append((period.lower or FIRST, period.upper or LAST))
    return defaultdict(list, {team: without(spans, gone[team]) for team, spans in free.items()})


@dataclass(frozen=True)
class Served:
    """A team on a line, and why it may: what it can do, on which ground, from where. No staff."""

    team: str
    unit: str
    competence_until: datetime | None
    grounds: tuple[str, ...]
    same_region: bool
    published_at: datetime
    run_id: UUID


@dataclass(frozen=True)
class Explained:
    """A line with who serves it and why, and what is known about why it is short."""

    line: LineCover
    served: tuple[Served, ...]
    short: dict[str, object] | None  # as in capacity.services.effects.why, of the newest plan that was short here


def explained_plan(*, case_id: UUID, first: date, days: int, actor: Actor, at: datetime) -> list[Explained]:
    """Who protects the person of a case, shift by shift: why this team, and why a shift is short (R095).

    Raises:
        Forbidden: a role that sees no cover of a case.
    """
    require(may_see_case_cover(actor))
    start, end = midnight(first), midnight(first + timedelta(days=days))
    lines = cover_lines(start=start, end=end, actor=actor, at=at, case_id=case_id)
    served: dict[UUID, list[Served]] = defaultdict(list)
    shifts = Shift.objects.visible_to(actor, at=at).standing().filter(case_id=case_id, line__in=[x.id for x in lines])
    for shift in (
        shifts.select_related("team__unit", "line").prefetch_related("team__competences").order_by("team__code")
    ):
        served[shift.line_id].append(_served(shift))
    short = _shortages(case_id, actor=actor, at=at)
    return [
        Explained(line, tuple(served[line.id]), short.get(str(line.id)) if line.missing else None) for line in lines
    ]


def _served(shift: Shift) -> Served:
    team, line = shift.team, shift.line
    held = next(
        (row for row in team.competences.all() if row.code == line.competence and line.starts_at in row.period), None
    )
    return Served(
        team=team.code,
        unit=team.unit.name,
        competence_until=held.period.upper if held else None,
        grounds=tuple(sorted(set(team.legal_bases) & set(line.legal_bases))),
        same_region=team.region == line.region,
        published_at=shift.published_at,
        run_id=shift.run_id,
    )


def _shortages(case_id: UUID, *, actor: Actor, at: datetime) -> dict[str, dict[str, object]]:
    """Per line: why the newest published plan left it short."""
    found: dict[str, dict[str, object]] = {}
    rows = Displacement.objects.visible_to(actor, at=at).filter(case_id=case_id, run__state="published")
    for effect in rows.order_by("run__published_at", "pk").values_list("effect", flat=True):
        for line in effect["lines"]:
            found[line["line"]] = line["why"]
    return found


@dataclass(frozen=True)
class TeamRow:
    """A team as everybody who sees cover may know it; `members` only for its planner and the coordinator."""

    id: UUID
    code: str
    unit_id: UUID
    unit: str
    kind: str
    region: str
    rule_set: str
    legal_bases: tuple[str, ...]
    competences: tuple[str, ...]
    operational: bool
    available: bool
    free: tuple[tuple[datetime, datetime], ...]
    members: int | None
    loan: Loan | None


def teams_now(*, actor: Actor, at: datetime) -> list[TeamRow]:
    """Every team, with whether it can be deployed at this instant."""
    require(may_see_cover(actor))
    rows = Team.objects.visible_to(actor)
    if actor.role is Role.UNIT_PLANNER:
        rows = rows.filter(unit_id=actor.organisation_id)
    teams = list(rows.select_related("unit").prefetch_related("competences").order_by("code"))
    free = availability([team.pk for team in teams])
    counts: dict[UUID, int] = defaultdict(int)
    for team_id in TeamMember.objects.visible_to(actor).filter(period__contains=at).values_list("team_id", flat=True):
        counts[team_id] += 1
    knows = actor.role in ROSTER_ROLES | {Role.UNIT_PLANNER}
    loans = loans_on(local_day(at), teams=[team.pk for team in teams])
    return [
        _team_row(team, free[team.pk], counts[team.pk] if knows else None, loan=loans.get(team.pk), at=at)
        for team in teams
    ]


def _team_row(
    team: Team, free: list[tuple[datetime, datetime]], members: int | None, *, loan: Loan | None, at: datetime
) -> TeamRow:
    return TeamRow(
        id=team.pk,
        code=team.code,
        unit_id=team.unit_id,
        unit=team.unit.name,
        kind=team.kind,
        region=team.region,
        rule_set=team.rule_set,
        legal_bases=tuple(team.legal_bases),
        competences=tuple(sorted(row.code for row in team.competences.all() if at in row.period)),
        operational=at in team.operational,
        available=any(start <= at < end for start, end in free),
        free=tuple(free),
        members=members,
        loan=loan,
    )
