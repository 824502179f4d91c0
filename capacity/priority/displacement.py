"""Displacement (verdringing).

Which lines a plan leaves worse off, whom it concerns, and whether an authority must decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from capacity.priority.problem import Line, Problem, Service


@dataclass(frozen=True, slots=True)
class Displaced:
    """A line whose cover is lower than in the present plan, or below required. All counts in teams."""

    line: str
    person: str
    tier: int
    cover: int
    present: int
    floor: int
    required: int

    @property
    def worse(self) -> bool:
        """Lower than now."""
        return self.cover < self.present

    @property
    def floor_missing(self) -> int:
        """Teams missing against the safety floor."""
        return max(0, self.floor - self.cover)

    @property
    def required_missing(self) -> int:
        """Teams missing against what is required."""
        return max(0, self.required - self.cover)


@dataclass(frozen=True, slots=True)
class Cost:
    """What the order of tiers costs: floor-hours won for tiers up to `tier`, against floor-hours lost below it."""

    tier: int
    won: float
    lost: float

    def exceeds(self, norm: float) -> bool:
        """Whether one floor-hour won costs more than `norm` floor-hours below it."""
        return self.won > 0 and self.lost > norm * self.won


def cover(services: Iterable[Service]) -> dict[str, int]:
    """Teams per line."""
    teams: dict[str, set[str]] = {}
    for service in services:
        teams.setdefault(service.line, set()).add(service.team)
    return {line: len(found) for line, found in teams.items()}


def displaced(problem: Problem, services: Iterable[Service], concepts: Mapping[str, str]) -> tuple[Displaced, ...]:
    """Every displaced line of the chosen concepts, in order of tier, start and id.

    Where another concept is chosen than the one that is served now, the lines of the former are not worse
    off: the
    authority approved both. What the chosen concept misses still counts.
    """
    covered = cover(services)
    found = []
    for line in sorted(problem.lines, key=lambda line: (line.tier, line.start, line.id)):
        if concepts.get(line.assignment) != line.concept:
            continue
        now, then = len(problem.present_by_line.get(line.id, ())), covered.get(line.id, 0)
        if then < now or then < line.required:
            found.append(Displaced(line.id, problem.person_of(line), line.tier, then, now, line.floor, line.required))
    return tuple(found)


def needs_authority(rows: Iterable[Displaced]) -> bool:
    """Whether the authority has to decide.

    Without displacement the LCC coordinator publishes under standing mandate.
    """
    return any(True for _ in rows)


def floor_hours_missing(problem: Problem, services: Iterable[Service], concepts: Mapping[str, str]) -> dict[int, float]:
    """Uncovered floor in team-hours per tier, over the lines of the chosen concepts."""
    covered = cover(services)
    missing = dict.fromkeys((1, 2, 3, 4), 0.0)
    for line in problem.lines:
        if concepts.get(line.assignment) == line.concept:
            missing[line.tier] += floor_short_minutes(line, covered.get(line.id, 0)) / 60
    return missing


def floor_short_minutes(line: Line, teams: int) -> int:
    """Team-minutes that a line stays below its floor with so many teams."""
    return max(0, line.floor - teams) * line.minutes


def cost_of_order(plan: Mapping[int, float], even: Mapping[int, float]) -> tuple[Cost, ...]:
    """For each tier but the last, what the order of tiers wins up to it and loses below it, against the even plan.

    Both arguments: uncovered floor in team-hours per tier (`floor_hours_missing`).
    """
    costs = []
    for tier in (1, 2, 3):
        won = sum(even[upper] - plan[upper] for upper in range(1, tier + 1))
        lost = sum(plan[lower] - even[lower] for lower in range(tier + 1, 5))
        costs.append(Cost(tier, won, lost))
    return tuple(costs)
