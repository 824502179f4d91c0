"""Plans that need no solver: greedy, level by level, and the present plan carried on.

All obey every hard rule. They are the start and the yardstick of the solver, which never returns less.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping

from capacity.optimiser.field import Field, Seconds
from capacity.priority.plan import Roster
from capacity.priority.problem import Line, Service
from capacity.working_time import HOUR


class Draft:
    """A roster that grows by one lawful service at a time."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.serving: dict[str, list[tuple[Seconds, str]]] = {team.id: [] for team in field.problem.teams}
        self.cover: dict[str, set[str]] = {}
        self.concept: dict[str, str] = {}
        for line, teams in sorted(field.fixed.items()):
            for team in sorted(teams):
                self.put(line, team)

    def put(self, line: str, team: str) -> None:
        """Let a team serve a line, unasked: for what is fixed, or was found lawful."""
        insort(self.serving[team], (self.field.span[line], line))
        self.cover.setdefault(line, set()).add(team)
        row = self.field.problem.line[line]
        self.concept[row.assignment] = row.concept

    def may(self, line: Line, team: str) -> bool:
        """Whether a team may serve a line beside what it serves already."""
        if self.concept.get(line.assignment, line.concept) != line.concept:
            return False
        if self.field.exclusion(line, self.field.problem.team[team]) is not None:
            return False
        if not self.field.fixed_team(team) and self.field.span[line.id][0] < self.field.ready[team]:
            return False
        if team in self.cover.get(line.id, ()) or self._collides(line.id, team):
            return False
        spans = [span for span, _ in self.serving[team]] + [self.field.span[line.id]]
        return self.field.obeys_time(team, spans)

    def _collides(self, line: str, team: str) -> bool:
        serving = self.serving[team]
        start, end = self.field.span[line]
        for span, _ in serving[max(0, bisect_left(serving, ((start, end), "")) - 1) :]:
            if span[0] < end and start < span[1]:
                return True
            if span[0] >= end:
                break
        if any(self.field.too_close(line, other) for _, other in serving):
            return True
        nearest = [min(abs(span[0] - end), abs(start - span[1])) for span, _ in serving]
        work = sum(span[1] - span[0] for (span, _), near in zip(serving, nearest, strict=True) if near < 8 * HOUR)
        return work + end - start > self.field.rules[team].shift_hours * HOUR

    def fill(self, line: Line, teams: Iterable[str], wanted: int) -> None:
        """Add teams, first come first served, until the line has as many as wanted."""
        for team in teams:
            if len(self.cover.get(line.id, ())) >= wanted:
                return
            if self.may(line, team):
                self.put(line.id, team)

    def roster(self) -> Roster:
        """What was drafted, with a concept for every assignment: the one served, else the first."""
        concepts = {
            assignment.id: self.concept.get(assignment.id, assignment.concepts[0])
            for assignment in self.field.problem.assignments
        }
        return roster(self.cover, concepts)


def roster(cover: Mapping[str, Iterable[str]], concepts: Mapping[str, str]) -> Roster:
    """A roster in canonical order."""
    return Roster(
        tuple(sorted(Service(line, team) for line, teams in cover.items() for team in teams)),
        tuple(sorted(concepts.items())),
    )


def greedy(field: Field) -> Roster:
    """Lines of the most preferred concepts in order of tier, start and id; each takes the first teams it may have."""
    draft = Draft(field)
    for line in _preferred(draft):
        draft.fill(line, field.group_of[line.id].teams, line.required)
    return draft.roster()


def carried_on(field: Field) -> Roster:
    """The present plan as far as it is still lawful; nobody is added."""
    draft = Draft(field)
    present = field.problem.present_by_line
    for line in _in_order(draft):
        draft.fill(line, sorted(present.get(line.id, ())), line.required)
    return draft.roster()


def levelled(field: Field) -> Roster:
    """A better start than greedy.

    Level by level as the objective counts, each line to the team that worked least so far.
    """
    draft = Draft(field)
    for tier in (1, 2, 3, 4):
        lines = [line for line in _preferred(draft) if line.tier == tier]
        for line in lines:
            _add(draft, line, min(1, line.floor))
        for line in lines:
            _add(draft, line, line.floor)
    for line in _preferred(draft):
        _add(draft, line, line.required)
    return draft.roster()


def _add(draft: Draft, line: Line, wanted: int) -> None:
    if len(draft.cover.get(line.id, ())) < wanted:
        teams = sorted(draft.field.group_of[line.id].teams, key=lambda team: (len(draft.serving[team]), team))
        draft.fill(line, teams, wanted)


def _preferred(draft: Draft) -> list[Line]:
    """The lines of the concept that is served already, else of the first, in order of tier, start and id."""
    concepts = {a.id: draft.concept.get(a.id, a.concepts[0]) for a in draft.field.problem.assignments}
    return [line for line in _in_order(draft) if line.concept == concepts[line.assignment]]


def _in_order(draft: Draft) -> list[Line]:
    return sorted(draft.field.problem.lines, key=lambda line: (line.tier, line.start, line.id))
