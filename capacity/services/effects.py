"""What a plan takes from each person, in hours and shifts, without a word about any other person."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from capacity.priority import Displaced, Line, Plan, Problem, Shortfall
from capacity.priority.problem import Json, instant


@dataclass(frozen=True)
class Effect:
    """One person's loss in a plan, beside the even plan. Hours are team-hours over the horizon."""

    person: str
    assignment: str
    tier: int
    floor_hours: float
    required_hours: float
    even_floor_hours: float
    even_required_hours: float
    borne_hours: float
    worse: int
    lines: tuple[Mapping[str, Json], ...]

    def document(self) -> dict[str, Json]:
        """As stored with the displacement."""
        return {
            "floorHours": self.floor_hours,
            "requiredHours": self.required_hours,
            "evenFloorHours": self.even_floor_hours,
            "evenRequiredHours": self.even_required_hours,
            "borneHours": self.borne_hours,
            "worse": self.worse,
            "lines": list(self.lines),
        }


def effects(problem: Problem, plan: Plan, rows: Sequence[Displaced]) -> list[Effect]:
    """One effect per displaced person, most pressing tier first."""
    by_person: dict[str, list[Displaced]] = defaultdict(list)
    for row in rows:
        by_person[row.person].append(row)
    even = {line: len(teams) for line, teams in plan.even.teams_on().items()}
    reasons = {row.line: row for row in plan.shortfalls}
    found = [_effect(problem, person, lost, even, reasons) for person, lost in by_person.items()]
    return sorted(found, key=lambda effect: (effect.tier, -effect.floor_hours, effect.person))


def _effect(
    problem: Problem,
    person: str,
    lost: Sequence[Displaced],
    even: Mapping[str, int],
    reasons: Mapping[str, Shortfall],
) -> Effect:
    own = [line for line in problem.lines if problem.person_of(line) == person]
    return Effect(
        person=person,
        assignment=problem.line[lost[0].line].assignment,
        tier=min(row.tier for row in lost),
        floor_hours=_hours((problem.line[row.line], row.floor_missing) for row in lost),
        required_hours=_hours((problem.line[row.line], row.required_missing) for row in lost),
        even_floor_hours=_hours((line, max(0, line.floor - even.get(line.id, 0))) for line in own),
        even_required_hours=_hours((line, max(0, line.required - even.get(line.id, 0))) for line in own),
        borne_hours=round(problem.borne_minutes.get(person, 0) / 60, 2),
        worse=sum(1 for row in lost if row.worse),
        lines=tuple(_line(problem, row, even, reasons.get(row.line)) for row in sorted(lost, key=_moment(problem))),
    )


def _moment(problem: Problem) -> Callable[[Displaced], tuple[datetime, str]]:
    return lambda row: (problem.line[row.line].start, row.line)


def _hours(missing: Iterable[tuple[Line, int]]) -> float:
    return round(sum(line.minutes * teams for line, teams in missing) / 60, 2)


def _line(problem: Problem, row: Displaced, even: Mapping[str, int], reason: Shortfall | None) -> Mapping[str, Json]:
    line = problem.line[row.line]
    return {
        "line": row.line,
        "start": instant(line.start),
        "end": instant(line.end),
        "cover": row.cover,
        "present": row.present,
        "floor": row.floor,
        "required": row.required,
        "even": even.get(row.line, 0),
        "why": why(reason),
    }


def why(reason: Shortfall | None) -> Mapping[str, Json]:
    """Why a line is short, without naming whom its teams serve instead: {"eligible", "held", "rules", "extra"}."""
    if reason is None:
        return {"eligible": 0, "held": 0, "rules": {}, "extra": None}
    extra = reason.smallest_extra
    return {
        "eligible": len(reason.eligible),
        "held": len({held.team for held in reason.held_by}),
        "rules": dict(sorted(Counter(out.rule for out in reason.excluded).items())),
        "extra": None
        if extra is None
        else {
            "competence": extra.competence,
            "region": extra.region,
            "start": instant(extra.start),
            "end": instant(extra.end),
            "count": extra.count,
            "verified": extra.verified,
        },
    }
