"""The frozen planning problem of a run: what is asked for and what there is, as one canonical document."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db.models import Count, F, Q

from capacity.lifecycle import FIRST, LAST, Span, joined, without
from capacity.models import Availability, DemandLine, Shift, Team, TeamMember, WorkedShift
from capacity.optimiser.field import unfit
from capacity.priority import Problem, problem_document, read_problem
from capacity.priority.problem import NCTV, Json, instant
from capacity.working_time import RULE_SET_CODES
from cases.lifecycle import Authority
from stelsel.kernel import norms
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Conflict, gettext_noop

LOOK_BACK = timedelta(weeks=16)
BORNE_OVER = timedelta(days=28)
FREEZE = timedelta(hours=24)
WORK, SEED = 3000, 7
"""The solver's deterministic budget, in thousands of simplex iterations, and its seed."""

Row: TypeAlias = dict[str, Json]


def planning_problem(*, start: datetime, end: datetime, actor: Actor, at: datetime) -> Problem:
    """Everything `actor` may plan between `start` and `end`, checked and normalised.

    Raises:
        Conflict: nothing is asked for, or there is no team with members.
        Invalid: the records contradict each other; every fault by name.
    """
    lines = list(
        DemandLine.objects.visible_to(actor, at=at)
        .standing()
        .filter(starts_at__gte=start, starts_at__lt=end)
        .exclude(assignment__planned__measure__state="ended")
        .exclude(assignment__planned__standing__state="ended")
        .select_related("assignment")
        .order_by("starts_at", "pk")
    )
    teams = _teams(start=start, end=end, actor=actor)
    if not lines or not teams:
        raise Conflict("nothing_to_plan", gettext_noop("There is nothing to plan: no demand, or no team with members."))
    known = {row["id"] for row in teams}
    present = Shift.objects.visible_to(actor, at=at).standing().filter(line__in=[line.pk for line in lines])
    pairs = sorted((str(line), str(team)) for line, team in present.values_list("line_id", "team_id"))
    document: Row = {
        "horizon": {"start": instant(start), "end": instant(end)},
        "frozenUntil": instant(start + FREEZE),
        "zone": "Europe/Amsterdam",
        "assignments": _assignments(lines),
        "lines": [_line(line) for line in lines],
        "teams": teams,
        "travel": [],
        "present": [{"line": line, "team": team} for line, team in pairs if team in known],
        "thawed": [],
        "pins": [],
        "borne": _borne({str(line.assignment.person_id) for line in lines}, actor=actor, at=at),
        "limits": {"work": WORK, "seed": SEED, "costNorm": norms.number("capacity.cost", at=at)},
    }
    problem = read_problem(document, rule_sets=RULE_SET_CODES)
    return replace(problem, thawed=_thawed(problem))


def frozen(problem: Problem) -> dict[str, Json]:
    """The document that is stored and hashed."""
    return problem_document(problem)


def _thawed(problem: Problem) -> tuple[str, ...]:
    """A frozen shift whose team dropped out is thawed, so that another team can take it."""
    return tuple(
        sorted(
            {row.line for row in problem.present if unfit(problem.line[row.line], problem.team[row.team]) is not None}
        )
    )


def _assignments(lines: Iterable[DemandLine]) -> list[Row]:
    found = {line.assignment_id: line.assignment for line in lines}
    return [
        {
            "id": str(row.pk),
            "person": str(row.person_id),
            "authority": NCTV if row.authority == Authority.NCTV else row.authority,
            "agreed": False,
            "concepts": [row.concept],
        }
        for _, row in sorted(found.items(), key=lambda item: str(item[0]))
    ]


def _line(line: DemandLine) -> Row:
    return {
        "id": str(line.pk),
        "assignment": str(line.assignment_id),
        "concept": line.assignment.concept,
        "start": instant(line.starts_at),
        "end": instant(line.ends_at),
        "competence": line.competence,
        "required": line.required,
        "floor": line.floor,
        "tier": line.tier,
        "region": line.region,
        "kind": line.kind,
        "legalBases": list(line.legal_bases),
    }


def _teams(*, start: datetime, end: datetime, actor: Actor) -> list[Row]:
    """Teams that can be deployed within the horizon and have members; a team without members protects nobody."""
    within = (start, end)
    teams = list(
        Team.objects.visible_to(actor)
        .filter(operational__overlap=within)
        .select_related("unit")
        .prefetch_related("competences")
        .order_by("code")
    )
    ids = [team.pk for team in teams]
    members: dict[UUID, list[str]] = defaultdict(list)
    for team, staff in (
        TeamMember.objects.visible_to(actor)
        .filter(team__in=ids, period__contains=start)
        .order_by("staff_id")
        .values_list("team_id", "staff_id")
    ):
        members[team].append(staff)
    worked = _worked(members, start=start, actor=actor)
    free = _available(ids, within)
    return [
        {
            "id": str(team.pk),
            "unit": team.unit.code,
            "organisation": team.kind,
            "ruleSet": team.rule_set,
            "region": team.region,
            "operationalFrom": instant(team.operational.lower),
            "operationalTo": instant(team.operational.upper) if team.operational.upper else None,
            "legalBases": list(team.legal_bases),
            "competences": [
                {
                    "code": held.code,
                    "from": instant(held.period.lower),
                    "to": instant(held.period.upper) if held.period.upper else None,
                }
                for held in sorted(team.competences.all(), key=lambda held: (held.code, held.period.lower))
            ],
            "available": _periods(free[team.pk]),
            "members": [{"id": staff, "worked": _periods(worked[staff])} for staff in members[team.pk]],
        }
        for team in teams
        if members[team.pk]
    ]


def _worked(members: dict[UUID, list[str]], *, start: datetime, actor: Actor) -> dict[str, list[Span]]:
    """What each member worked in the past 16 weeks: as recorded, and as published until the horizon begins."""
    found: dict[str, list[Span]] = defaultdict(list)
    since = start - LOOK_BACK
    staff = [one for team in members.values() for one in team]
    for one, period in (
        WorkedShift.objects.visible_to(actor)
        .filter(staff_id__in=staff, period__overlap=(since, start))
        .values_list("staff_id", "period")
    ):
        found[one].append((period.lower, period.upper))
    planned = Shift.objects.filter(team__in=list(members), withdrawn_at=None, line__starts_at__gte=since)
    for team, period in planned.filter(line__starts_at__lt=start).values_list("team_id", "period"):
        for one in members[team]:
            found[one].append((period.lower, period.upper))
    return defaultdict(list, {one: joined(spans) for one, spans in found.items()})


def _available(teams: Sequence[UUID], within: Span) -> dict[UUID, list[Span]]:
    free: dict[UUID, list[Span]] = defaultdict(list)
    gone: dict[UUID, list[Span]] = defaultdict(list)
    rows = Availability.objects.filter(team__in=teams, period__overlap=within).order_by("pk")
    for team, period, absent in rows.values_list("team_id", "period", "absent"):
        (gone if absent else free)[team].append((period.lower or FIRST, period.upper or LAST))
    return defaultdict(list, {team: without(spans, gone[team]) for team, spans in free.items()})


def _periods(spans: Iterable[Span]) -> list[Row]:
    return [{"start": instant(start), "end": instant(end)} for start, end in spans]


def _borne(persons: set[str], *, actor: Actor, at: datetime) -> list[Row]:
    """Floor-short team-hours per person over the past 28 days, of shifts that are over."""
    rows = (
        DemandLine.objects.visible_to(actor, at=at)
        .filter(withdrawn_at=None, floor__gt=0, ends_at__lte=at, starts_at__gte=at - BORNE_OVER)
        .annotate(teams=Count("shifts", filter=Q(shifts__withdrawn_at=None)))
        .filter(teams__lt=F("floor"))
        .values_list("assignment__person_id", "floor", "teams", "starts_at", "ends_at")
    )
    hours: dict[str, float] = defaultdict(float)
    for person, floor, teams, starts_at, ends_at in rows:
        hours[str(person)] += (floor - teams) * (ends_at - starts_at).total_seconds() / 3600
    return [{"person": person, "hours": round(hours[person], 2)} for person in sorted(persons & set(hours))]
