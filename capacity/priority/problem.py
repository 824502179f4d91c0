"""The frozen planning problem (docs/prioritisation.md): its types, its canonical form and its hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

NCTV = "NCTV"
"""The authority whose own lines the solver may move; every other authority has to agree first (rule 5)."""

KINDS = ("person", "object", "service")
ORGANISATIONS = ("LX", "KMAR", "BE", "PRIVATE")
BARRED_KINDS: Mapping[str, frozenset[str]] = {"BE": frozenset({"person"})}
"""Work that an organisation never does, whatever legal basis is named: regional guard units protect no persons."""

UNNAMED_TRAVEL_MINUTES = 60
MAX_LINE_HOURS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """One protection assignment; `concepts` in order of preference, each approved by the authority."""

    id: str
    person: str
    authority: str
    agreed: bool
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One shift of a concept that asks for `required` teams, of which `floor` may not be missed for safety's sake."""

    id: str
    assignment: str
    concept: str
    start: datetime
    end: datetime
    competence: str
    required: int
    floor: int
    tier: int
    region: str
    kind: str
    legal_bases: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """Length in minutes (at most 720)."""
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Competence:
    """What a team may do, and when; `until` None is open."""

    code: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A pseudonymous member with the work of the past 16 weeks."""

    id: str
    worked: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """An operational unit (inzetteam)."""

    id: str
    unit: str
    organisation: str
    rule_set: str
    region: str
    operational_from: datetime
    operational_to: datetime | None
    legal_bases: tuple[str, ...]
    competences: tuple[Competence, ...]
    available: tuple[Period, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Travel:
    """Minutes from one region to another; the way back is named apart."""

    origin: str
    destination: str
    minutes: int


@dataclass(frozen=True, slots=True, order=True)
class Service:
    """A team on a line."""

    line: str
    team: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A manual exception with a second signature: the team must, or must not, serve the line."""

    line: str
    team: str
    must: bool


@dataclass(frozen=True, slots=True)
class Borne:
    """Floor-short hours that a person bore over the past 28 days."""

    person: str
    hours: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Deterministic limits. `work`: checkpoints of the solver per plan; `cost_norm`: floor-hours."""

    work: int
    seed: int
    cost_norm: float


@dataclass(frozen=True)
class Problem:
    """One frozen planning problem; made by `read_problem` alone, so whatever holds one may rely on its rules."""

    horizon: Period
    frozen_until: datetime
    zone: str
    assignments: tuple[Assignment, ...]
    lines: tuple[Line, ...]
    teams: tuple[Team, ...]
    travel: tuple[Travel, ...]
    present: tuple[Service, ...]
    thawed: tuple[str, ...]
    pins: tuple[Pin, ...]
    borne: tuple[Borne, ...]
    limits: Limits

    @cached_property
    def line(self) -> dict[str, Line]:
        """Lines by id."""
        return {line.id: line for line in self.lines}

    @cached_property
    def team(self) -> dict[str, Team]:
        """Teams by id."""
        return {team.id: team for team in self.teams}

    @cached_property
    def assignment(self) -> dict[str, Assignment]:
        """Assignments by id."""
        return {assignment.id: assignment for assignment in self.assignments}

    @cached_property
    def travel_minutes(self) -> dict[tuple[str, str], int]:
        """Named travel times by (from, to)."""
        return {(way.origin, way.destination): way.minutes for way in self.travel}

    def minutes_between(self, origin: str, destination: str) -> int:
        """Travel time; zero within a region and 60 minutes between regions where nothing is named."""
        unnamed = 0 if origin == destination else UNNAMED_TRAVEL_MINUTES
        return self.travel_minutes.get((origin, destination), unnamed)

    def person_of(self, line: Line) -> str:
        """The protected person (pseudonymous id) whom a line serves."""
        return self.assignment[line.assignment].person

    @cached_property
    def borne_minutes(self) -> dict[str, int]:
        """Floor-short minutes already borne, per person, summed and rounded to a whole minute."""
        total: dict[str, float] = {}
        for borne in self.borne:
            total[borne.person] = total.get(borne.person, 0.0) + borne.hours * 60
        return {person: round(minutes) for person, minutes in total.items()}

    @cached_property
    def present_by_line(self) -> dict[str, frozenset[str]]:
        """Teams on each line in the present plan; a line that nobody serves is absent."""
        teams: dict[str, set[str]] = {}
        for service in self.present:
            teams.setdefault(service.line, set()).add(service.team)
        return {line: frozenset(found) for line, found in teams.items()}


def canonical(document: Json) -> str:
    """Canonical JSON: UTF-8, sorted keys, no spaces."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(document: Json) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def instant(moment: datetime) -> str:
    """An instant as the documents write it: `2026-03-29T01:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def problem_document(problem: Problem) -> dict[str, Json]:
    """The problem as a document with all keys; reading it again gives an equal problem."""
    return {
        "horizon": _period(problem.horizon),
        "frozenUntil": instant(problem.frozen_until),
        "zone": problem.zone,
        "assignments": [
            {
                "id": assignment.id,
                "person": assignment.person,
                "authority": assignment.authority,
                "agreed": assignment.agreed,
                "concepts": list(assignment.concepts),
            }
            for assignment in problem.assignments
        ],
        "lines": [_line(line) for line in problem.lines],
        "teams": [_team(team) for team in problem.teams],
        "travel": [{"from": way.origin, "to": way.destination, "minutes": way.minutes} for way in problem.travel],
        "present": [{"line": service.line, "team": service.team} for service in problem.present],
        "thawed": list(problem.thawed),
        "pins": [{"line": pin.line, "team": pin.team, "must": pin.must} for pin in problem.pins],
        "borne": [{"person": borne.person, "hours": borne.hours} for borne in problem.borne],
        "limits": {
            "work": problem.limits.work,
            "seed": problem.limits.seed,
            "costNorm": problem.limits.cost_norm,
        },
    }


def input_hash(problem: Problem) -> str:
    """The SHA-256 that a plan names as the input it was computed from."""
    return digest(problem_document(problem))


def _period(period: Period) -> dict[str, Json]:
    return {"start": instant(period.start), "end": instant(period.end)}


def _line(line: Line) -> dict[str, Json]:
    return {
        "id": line.id,
        "assignment": line.assignment,
        "concept": line.concept,
        "start": instant(line.start),
        "end": instant(line.end),
        "competence": line.competence,
        "required": line.required,
        "floor": line.floor,
        "tier": line.tier,
        "region": line.region,
        "kind": line.kind,
        "legalBases": list(line.legal_bases),
    }


def _team(team: Team) -> dict[str, Json]:
    return {
        "id": team.id,
        "unit": team.unit,
        "organisation": team.organisation,
        "ruleSet": team.rule_set,
        "region": team.region,
        "operationalFrom": instant(team.operational_from),
        "operationalTo": None if team.operational_to is None else instant(team.operational_to),
        "legalBases": list(team.legal_bases),
        "competences": [
            {
                "code": held.code,
                "from": instant(held.since),
                "to": None if held.until is None else instant(held.until),
            }
            for held in team.competences
        ],
        "available": [_period(period) for period in team.available],
        "members": [
            {"id": member.id, "worked": [_period(period) for period in member.worked]} for member in team.members
        ],
    }
