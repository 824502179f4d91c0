"""The planning problem as a linear model in whole numbers.

Teams on groups of lines, cover per line, concepts, objective.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import gcd

from capacity.optimiser.baseline import roster
from capacity.optimiser.field import Field, Group, Seconds
from capacity.optimiser.matrix import Matrix, Terms, minus, ones, total
from capacity.optimiser.path import Path
from capacity.optimiser.values import ALL_TIERS, Aim
from capacity.priority.displacement import cover as cover_of
from capacity.priority.plan import Roster
from capacity.priority.problem import Line
from capacity.working_time import HOUR

HALF = 0.5
ONE_SHIFT = 8 * HOUR
"""Lines with less between them can only be served in one turn."""


@dataclass(frozen=True)
class Expression:
    """A constant and a sum of columns."""

    constant: float
    terms: Terms

    def times(self, factor: float) -> "Expression":
        """The expression multiplied."""
        return Expression(self.constant * factor, {column: f * factor for column, f in self.terms.items()})


def added(expressions: Iterable[Expression]) -> Expression:
    """The sum of expressions."""
    found = list(expressions)
    return Expression(sum(e.constant for e in found), total(t for e in found for t in e.terms.items()))


class Model:
    """Columns and rows for a field, and what each level of the objective sums."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.matrix = Matrix()
        self.serves: dict[tuple[str, int], int] = {}
        self.cover: dict[str, int] = {}
        self.chosen: dict[tuple[str, str], int] = {}
        self.uncovered: dict[str, Expression] = {}
        self.floor: dict[str, Expression] = {}
        self.required: dict[str, Expression] = {}
        self._concepts()
        for line in field.problem.lines:
            self._line(line)
        for group in field.groups:
            self._group(group)
        for team in field.problem.teams:
            self._team(team.id)
        self.hardest = self._fairness()

    def _concepts(self) -> None:
        """One concept per assignment; what is fixed fixes its concept."""
        fixed = {
            (self.field.problem.line[line].assignment, self.field.problem.line[line].concept)
            for line in self.field.fixed
        }
        for assignment in self.field.problem.assignments:
            if len(assignment.concepts) > 1:
                keys = [(assignment.id, concept) for concept in assignment.concepts]
                for key in keys:
                    self.chosen[key] = self.matrix.column(int(key in fixed), 1, whole=True)
                self.matrix.row(ones(self.chosen[key] for key in keys), lower=1, upper=1)

    def _if_chosen(self, line: Line) -> Expression:
        column = self.chosen.get((line.assignment, line.concept))
        return Expression(1, {}) if column is None else Expression(0, {column: 1})

    def _line(self, line: Line) -> None:
        fixed = len(self.field.fixed.get(line.id, ()))
        most = fixed if line.id in self.field.closed else max(line.required, fixed)
        cover = self.cover[line.id] = self.matrix.column(fixed, most, whole=True)
        chosen = self._if_chosen(line)
        if chosen.terms:
            self.matrix.at_least(chosen.times(most).terms, {cover: 1})
        self.required[line.id] = self._missing(line, line.required, most)
        self.floor[line.id] = self._missing(line, line.floor, most)
        if line.floor:
            self.uncovered[line.id] = self._missing(line, 1, most)

    def _missing(self, line: Line, wanted: int, most: int) -> Expression:
        """How many teams a line of a chosen concept misses; a column only where it may also have too many."""
        chosen = self._if_chosen(line).times(wanted)
        cover = self.cover[line.id]
        if wanted >= most:
            return Expression(chosen.constant, minus(chosen.terms, {cover: 1}))
        if wanted == 0:
            return Expression(0, {})
        column = self.matrix.column(0, wanted)
        self.matrix.row(minus({column: 1, cover: 1}, chosen.terms), lower=chosen.constant)
        return Expression(0, {column: 1})

    def _group(self, group: Group) -> None:
        fixed = {team for line in group.lines for team in self.field.fixed.get(line, ())}
        for team in group.teams:
            if team in fixed or self._may_help(group):
                self.serves[team, group.number] = self.matrix.column(int(team in fixed), 1, whole=True)
        teams = [self.serves[team, group.number] for team in group.teams if (team, group.number) in self.serves]
        self.matrix.equal(ones(self.cover[line] for line in group.lines), ones(teams))

    def _may_help(self, group: Group) -> bool:
        return any(self.matrix.upper[self.cover[line]] > 0 for line in group.lines) and any(
            line not in self.field.closed for line in group.lines
        )

    def _team(self, team: str) -> None:
        groups = [group for group in self.field.groups if (team, group.number) in self.serves]
        by_slot: dict[Seconds, list[Group]] = {}
        for group in groups:
            by_slot.setdefault((group.start, group.end), []).append(group)
        slots = sorted(by_slot)
        path = Path(
            self.matrix,
            self.field.rules[team],
            slots,
            self.field.histories[team],
            until=self.field.until,
            ready=0 if self.field.fixed_team(team) else self.field.ready[team],
        )
        for slot, working in zip(slots, path.worked, strict=True):
            self.matrix.equal(ones(self.serves[team, group.number] for group in by_slot[slot]), working)
        together = {pair for turn in path.turns for pair in combinations(turn.slots, 2)}
        self._travel(team, slots, by_slot, together)

    def _travel(
        self,
        team: str,
        slots: list[Seconds],
        by_slot: Mapping[Seconds, list[Group]],
        together: Container[tuple[int, int]],
    ) -> None:
        """No two lines with less time between them than the journey takes; the path itself keeps overlaps out."""
        longest = 60 * max([60, *(way.minutes for way in self.field.problem.travel)])
        for early, late in combinations(range(len(slots)), 2):
            gap = slots[late][0] - slots[early][1]
            if 0 <= gap < longest and (gap >= ONE_SHIFT or (early, late) in together):
                self._journeys(team, by_slot[slots[early]], by_slot[slots[late]], gap)

    def _journeys(self, team: str, early: list[Group], late: list[Group], gap: int) -> None:
        minutes = self.field.problem.minutes_between
        for origin in sorted({group.region for group in early}):
            far = [group for group in late if gap < 60 * minutes(origin, group.region)]
            if far:
                here = [group for group in early if group.region == origin]
                columns = [self.serves[team, group.number] for group in [*here, *far]]
                self.matrix.row(ones(columns), upper=1)

    def _fairness(self) -> int:
        """A column at least as high as what any person misses of the floor, borne time included. Minutes."""
        problem = self.field.problem
        borne = problem.borne_minutes
        hardest = self.matrix.column(max(borne.values(), default=0), float("inf"))
        persons: dict[str, list[Expression]] = {}
        for line in problem.lines:
            persons.setdefault(problem.person_of(line), []).append(self.floor[line.id].times(line.minutes))
        for person, short in persons.items():
            whole = added(short)
            self.matrix.row(minus({hardest: 1}, whole.terms), lower=whole.constant + borne.get(person, 0))
        return hardest

    def objective(self, aim: Aim) -> tuple[Expression, int]:
        """What a level sums, in units so that its values are whole numbers; and the unit (lines, or minutes)."""
        problem = self.field.problem
        mine = [line for line in problem.lines if aim.tier in {ALL_TIERS, line.tier}]
        if aim.name == "fairness":
            return Expression(0, {self.hardest: 1}), 1
        if aim.name == "concept":
            return self._preference(), 1
        if aim.name == "uncovered":
            return added(self.uncovered[line.id] for line in mine if line.id in self.uncovered), 1
        unit = gcd(*(line.minutes for line in mine)) or 1
        short = self.floor if aim.name == "floor" else self.required
        return added(short[line.id].times(line.minutes // unit) for line in mine), unit

    def _preference(self) -> Expression:
        return Expression(
            0,
            total(
                (self.chosen[assignment.id, concept], float(place))
                for assignment in self.field.problem.assignments
                for place, concept in enumerate(assignment.concepts)
                if (assignment.id, concept) in self.chosen
            ),
        )

    def start(self, plan: Roster) -> dict[int, float]:
        """Values of the deciding columns for a plan, from which the solver completes a solution."""
        covered = cover_of(plan.services)
        found = {column: float(covered.get(line, 0)) for line, column in self.cover.items()}
        found |= dict.fromkeys(self.serves.values(), 0.0)
        for service in plan.services:
            group = self.field.group_of[service.line]
            found[self.serves[service.team, group.number]] = 1.0
        concepts = set(plan.concepts)
        return found | {column: float(key in concepts) for key, column in self.chosen.items()}

    def plan(self, value: Callable[[int], float]) -> Roster:
        """The plan that a solution stands for; within a group, teams stay with lines and persons they served."""
        cover: dict[str, set[str]] = {}
        met: dict[tuple[str, str], int] = {}
        for group in self.field.groups:
            teams = {team for team in group.teams if value(self.serves.get((team, group.number), -1)) > HALF}
            wanted = {line: round(value(self.cover[line])) for line in group.lines}
            cover.update(self._share(group, teams, wanted, met))
        return roster(cover, self._chosen_concepts(value))

    def _chosen_concepts(self, value: Callable[[int], float]) -> dict[str, str]:
        return {
            assignment.id: next(
                (c for c in assignment.concepts if value(self.chosen.get((assignment.id, c), -1)) > HALF),
                assignment.concepts[0],
            )
            for assignment in self.field.problem.assignments
        }

    def _share(
        self, group: Group, teams: set[str], wanted: Mapping[str, int], met: dict[tuple[str, str], int]
    ) -> dict[str, set[str]]:
        problem = self.field.problem
        cover = {line: set(self.field.fixed.get(line, ())) for line in group.lines}
        free = teams - {team for found in cover.values() for team in found}
        for line in group.lines:
            stay = sorted(free & problem.present_by_line.get(line, frozenset()))
            stay = stay[: max(0, wanted[line] - len(cover[line]))]
            cover[line] |= set(stay)
            free -= set(stay)
        for line in group.lines:
            person = problem.person_of(problem.line[line])
            known = sorted(free, key=lambda team: (-met.get((team, person), 0), team))
            more = known[: max(0, wanted[line] - len(cover[line]))]
            cover[line] |= set(more)
            free -= set(more)
            for team in cover[line]:
                met[team, person] = met.get((team, person), 0) + 1
        return cover
