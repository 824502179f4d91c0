"""The value of a roster on each level of the objective: counted from the roster alone, apart from the model.

Whole numbers: lines for `uncovered`, team-minutes for `floor` and `required`, minutes for `fairness`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capacity.priority.displacement import cover, floor_short_minutes
from capacity.priority.plan import Roster
from capacity.priority.problem import Line, Problem

ALL_TIERS = 0


@dataclass(frozen=True, slots=True)
class Aim:
    """One level of the objective: its name and tier, 0 for all tiers."""

    name: str
    tier: int

    @property
    def unit(self) -> int:
        """What the whole-number value is divided by for people: minutes become hours."""
        return 1 if self.name in {"uncovered", "concept"} else 60


def aims(*, even: bool = False) -> tuple[Aim, ...]:
    """Levels 1 to 3, then the concept part of level 4; `even` takes all tiers as one."""
    tiers = (ALL_TIERS,) if even else (1, 2, 3, 4)
    return (
        *(Aim(name, tier) for tier in tiers for name in ("uncovered", "floor")),
        Aim("fairness", ALL_TIERS),
        *(Aim("required", tier) for tier in tiers),
        Aim("concept", ALL_TIERS),
    )


def values(problem: Problem, roster: Roster, levels: Sequence[Aim]) -> tuple[int, ...]:
    """The values of a roster, in the order of the levels; less is better, and earlier counts first."""
    chosen = dict(roster.concepts)
    lines = [line for line in problem.lines if chosen[line.assignment] == line.concept]
    covered = cover(roster.services)
    return tuple(_value(problem, aim, lines, covered, chosen) for aim in levels)


def _value(
    problem: Problem, aim: Aim, lines: Sequence[Line], covered: Mapping[str, int], chosen: Mapping[str, str]
) -> int:
    mine = [line for line in lines if aim.tier in {ALL_TIERS, line.tier}]
    if aim.name == "uncovered":
        return sum(1 for line in mine if line.floor and not covered.get(line.id))
    if aim.name == "floor":
        return sum(floor_short_minutes(line, covered.get(line.id, 0)) for line in mine)
    if aim.name == "required":
        return sum(max(0, line.required - covered.get(line.id, 0)) * line.minutes for line in mine)
    if aim.name == "concept":
        return sum(assignment.concepts.index(chosen[assignment.id]) for assignment in problem.assignments)
    return _hardest_borne(problem, mine, covered)


def _hardest_borne(problem: Problem, lines: Sequence[Line], covered: Mapping[str, int]) -> int:
    short = dict(problem.borne_minutes)
    for line in lines:
        person = problem.person_of(line)
        short[person] = short.get(person, 0) + floor_short_minutes(line, covered.get(line.id, 0))
    return max(short.values(), default=0)
