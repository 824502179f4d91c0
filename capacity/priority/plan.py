"""A plan: what the optimiser proposes for a planning problem, and its document (docs/prioritisation.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from capacity.priority.problem import Json, Problem, Service, digest, instant
from capacity.priority.reading import Form
from stelsel.kernel.errors import Invalid, gettext_noop


class Status(StrEnum):
    """`optimal`: levels 1 to 3 are proven; `feasible`: lawful, not proven; `refused`: what is fixed breaks a rule."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the objective, as reached. Values and bounds: lines, team-hours or hours; `tier` 0 is all tiers."""

    name: str
    tier: int
    value: float
    bound: float
    gap: float
    seconds: float
    proven: bool


@dataclass(frozen=True, slots=True)
class Excluded:
    """A team that may not serve a line, with the name of the rule that forbids it."""

    team: str
    rule: str


@dataclass(frozen=True, slots=True)
class SmallestExtra:
    """Extra supply that covers a line while no other line loses cover; `verified` by solving again."""

    competence: str
    region: str
    start: datetime
    end: datetime
    count: int
    verified: bool


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a line of the chosen concept misses teams. `held_by`: eligible teams on lines of an equal or higher tier."""

    line: str
    floor_missing: int
    required_missing: int
    eligible: tuple[str, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    held_by: tuple[Service, ...] = ()
    smallest_extra: SmallestExtra | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who serves which line, the chosen concept per assignment, and the levels this reaches."""

    services: tuple[Service, ...] = ()
    concepts: tuple[tuple[str, str], ...] = ()
    levels: tuple[Level, ...] = ()

    def teams_on(self) -> dict[str, list[str]]:
        """Teams per line, in order of id; a line that nobody serves is absent."""
        found: dict[str, list[str]] = {}
        for service in sorted(self.services):
            found.setdefault(service.line, []).append(service.team)
        return found


@dataclass(frozen=True, slots=True)
class Solver:
    """What computed the plan."""

    name: str
    version: str
    seed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposal; it changes nothing until an authority decides."""

    input_hash: str
    solver: Solver
    status: Status
    roster: Roster = field(default_factory=Roster)
    conflicts: tuple[str, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    even: Roster = field(default_factory=Roster)
    greedy: Roster = field(default_factory=Roster)

    @property
    def plan_hash(self) -> str:
        """SHA-256 of the plan without its running times: the same input gives the same hash on every machine."""
        timeless = replace(
            self, roster=_timeless(self.roster), even=_timeless(self.even), greedy=_timeless(self.greedy)
        )
        return digest(_document(timeless))


def plan_document(plan: Plan) -> dict[str, Json]:
    """The plan as a document with all keys."""
    return {**_document(plan), "planHash": plan.plan_hash}


def _timeless(roster: Roster) -> Roster:
    return replace(roster, levels=tuple(replace(level, seconds=0.0) for level in roster.levels))


def _document(plan: Plan) -> dict[str, Json]:
    return {
        "inputHash": plan.input_hash,
        "solver": {"name": plan.solver.name, "version": plan.solver.version, "seed": plan.solver.seed},
        "status": plan.status.value,
        "conflicts": list(plan.conflicts),
        "concepts": [{"assignment": name, "concept": concept} for name, concept in plan.roster.concepts],
        **_roster(plan.roster),
        "shortfalls": [_shortfall(row) for row in plan.shortfalls],
        "even": _roster(plan.even),
        "greedy": _roster(plan.greedy),
    }


def _roster(roster: Roster) -> dict[str, Json]:
    return {
        "assignments": [_service(service) for service in roster.services],
        "levels": [
            {
                "name": level.name,
                "tier": level.tier,
                "value": level.value,
                "bound": level.bound,
                "gap": level.gap,
                "seconds": level.seconds,
                "proven": level.proven,
            }
            for level in roster.levels
        ],
    }


def _service(service: Service) -> Mapping[str, Json]:
    return {"line": service.line, "team": service.team}


def _shortfall(row: Shortfall) -> Mapping[str, Json]:
    extra = row.smallest_extra
    return {
        "line": row.line,
        "floorMissing": row.floor_missing,
        "requiredMissing": row.required_missing,
        "eligible": list(row.eligible),
        "excluded": [{"team": out.team, "rule": out.rule} for out in row.excluded],
        "heldBy": [{"team": held.team, "line": held.line} for held in row.held_by],
        "smallestExtra": None
        if extra is None
        else {
            "competence": extra.competence,
            "region": extra.region,
            "start": instant(extra.start),
            "end": instant(extra.end),
            "count": extra.count,
            "verified": extra.verified,
        },
        "lawfulException": None,
    }


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a plan document claims, read for checking: nothing in it is taken as true yet."""

    input_hash: str
    plan_hash: str
    content_hash: str
    status: str
    concepts: tuple[tuple[str, str], ...]
    rosters: tuple[tuple[str, tuple[Service, ...]], ...]


_KEYS = "inputHash planHash solver status conflicts concepts assignments levels shortfalls even greedy"


def read_plan(document: Json) -> Claimed:
    """The claims of a plan document.

    Raises:
        Invalid: code `plan`, with one fault per place that is wrong.
    """
    form = Form()
    row = form.keys(document, "plan", _KEYS)
    concepts = form.rows(row.get("concepts"), "concepts", lambda value, at: _read_concept(form, value, at))
    rosters = [("plan", _read_services(form, row.get("assignments"), "assignments"))]
    for name in ("even", "greedy"):
        inner = form.keys(row.get(name), name, "assignments levels")
        rosters.append((name, _read_services(form, inner.get("assignments"), f"{name}.assignments")))
    claimed = Claimed(
        form.text(row.get("inputHash"), "inputHash"),
        form.text(row.get("planHash"), "planHash"),
        digest(_without_times(row)),
        form.choice(row.get("status"), "status", [status.value for status in Status]),
        concepts,
        tuple(rosters),
    )
    if form.faults:
        raise Invalid("plan", gettext_noop("The plan cannot be read. Nothing was checked."), faults=form.faults)
    return claimed


def _without_times(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {
            key: 0.0 if key == "seconds" else _without_times(inner) for key, inner in value.items() if key != "planHash"
        }
    if isinstance(value, list):
        return [_without_times(inner) for inner in value]
    return value


def _read_concept(form: Form, value: Json, place: str) -> tuple[str, str]:
    row = form.keys(value, place, "assignment concept")
    return form.text(row.get("assignment"), f"{place}.assignment"), form.text(row.get("concept"), f"{place}.concept")


def _read_services(form: Form, value: Json, place: str) -> tuple[Service, ...]:
    def service(inner: Json, at: str) -> Service:
        row = form.keys(inner, at, "line team")
        return Service(form.text(row.get("line"), f"{at}.line"), form.text(row.get("team"), f"{at}.team"))

    return form.rows(value, place, service)


def concepts_served(problem: Problem, services: Iterable[Service]) -> dict[str, set[str]]:
    """The concepts of each assignment of which some line is served."""
    found: dict[str, set[str]] = {}
    for service in services:
        line = problem.line[service.line]
        found.setdefault(line.assignment, set()).add(line.concept)
    return found
