"""The planning problem prepared for search: who may serve what (rule 2), and what is fixed (rules 4 and 5).

Lines that the same teams may serve at the same time in the same region form a group; the model counts teams
per group, so
that lines which differ in name alone do not multiply the search.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from capacity.priority.problem import BARRED_KINDS, NCTV, Line, Period, Problem, Service, Team
from capacity.working_time import DAY, HOUR, RuleSet, lawful, merged, rule_set, shifts

HISTORY = 16 * DAY
"""Work that ended longer before the horizon touches no rule that is judged (the longest looks back 14 days)."""

NEVER = 10**6
"""Hours of rest that no fortnight holds."""

Seconds = tuple[int, int]


@dataclass(frozen=True)
class Group:
    """Lines with the same time, region and eligible teams. Times in seconds since the epoch."""

    number: int
    start: int
    end: int
    region: str
    lines: tuple[str, ...]
    teams: tuple[str, ...]


class Field:
    """A problem with its derived facts; nothing in it changes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.until = int(problem.horizon.end.timestamp())
        self.span = {line.id: (_second(line.start), _second(line.end)) for line in problem.lines}
        self._exclusions: dict[tuple[str, object], str | None] = {}

    @cached_property
    def fixed(self) -> dict[str, frozenset[str]]:
        """Teams that must serve a line: pinned, frozen and not thawed, or present on another authority's line."""
        found: dict[str, set[str]] = {}
        for service in self._fixed_services():
            found.setdefault(service.line, set()).add(service.team)
        return {line: frozenset(teams) for line, teams in found.items()}

    def _fixed_services(self) -> Iterable[Service]:
        thawed = set(self.problem.thawed)
        for pin in self.problem.pins:
            if pin.must:
                yield Service(pin.line, pin.team)
        for service in self.problem.present:
            line = self.problem.line[service.line]
            frozen = line.start < self.problem.frozen_until and line.id not in thawed
            if frozen or line.id in self.closed:
                yield service

    @cached_property
    def closed(self) -> frozenset[str]:
        """Lines of another authority without a recorded agreement: they keep exactly their present teams (rule 5)."""
        return frozenset(line.id for line in self.problem.lines if self._is_closed(line))

    def _is_closed(self, line: Line) -> bool:
        assignment = self.problem.assignment[line.assignment]
        return assignment.authority != NCTV and not assignment.agreed

    @cached_property
    def barred(self) -> frozenset[Service]:
        """Services that a pin forbids."""
        return frozenset(Service(pin.line, pin.team) for pin in self.problem.pins if not pin.must)

    def exclusion(self, line: Line, team: Team) -> str | None:
        """The name of the rule that keeps a team from a line, whatever else the team does; None if nothing does."""
        if Service(line.id, team.id) in self.barred:
            return "pin"
        if line.id in self.closed and team.id not in self.fixed.get(line.id, ()):
            return "other-authority"
        key = (team.id, _needs(line))
        if key not in self._exclusions:
            self._exclusions[key] = unfit(line, team)
        return self._exclusions[key]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All lines, grouped; in order of time."""
        barred: dict[str, set[str]] = {}
        for service in self.barred:
            barred.setdefault(service.line, set()).add(service.team)
        lines: dict[object, list[Line]] = {}
        for line in self.problem.lines:
            own = line.id if line.id in self.closed else ""
            key = (*_needs(line), line.region, own, tuple(sorted(barred.get(line.id, ()))))
            lines.setdefault(key, []).append(line)
        ordered = sorted(lines.values(), key=lambda rows: (rows[0].start, rows[0].end, rows[0].id))
        return tuple(self._group(number, rows) for number, rows in enumerate(ordered))

    def _group(self, number: int, rows: list[Line]) -> Group:
        start, end = self.span[rows[0].id]
        teams = [team.id for team in self.problem.teams if self.exclusion(rows[0], team) is None]
        return Group(number, start, end, rows[0].region, tuple(sorted(line.id for line in rows)), tuple(sorted(teams)))

    @cached_property
    def group_of(self) -> dict[str, Group]:
        """The group of each line."""
        return {line: group for group in self.groups for line in group.lines}

    @cached_property
    def rules(self) -> dict[str, RuleSet]:
        """Working-time rules per team, as they hold on the first day of the horizon."""
        day = self.problem.horizon.start.date()
        return {team.id: rule_set(team.rule_set, on=day) for team in self.problem.teams}

    @cached_property
    def histories(self) -> dict[str, tuple[tuple[Seconds, ...], ...]]:
        """The different recent pasts among the members of each team."""
        since = _second(self.problem.horizon.start) - HISTORY
        return {
            team.id: tuple(sorted({self._recent(member.worked, since) for member in team.members}))
            for team in self.problem.teams
        }

    def _recent(self, worked: Iterable[Period], since: int) -> tuple[Seconds, ...]:
        spans = [(_second(row.start), _second(row.end)) for row in worked]
        return tuple(span for span in merged(spans) if span[1] > since)

    @cached_property
    def ready(self) -> dict[str, int]:
        """From when each team may begin new work, for the weekly rest that its members are owed."""
        return {
            team: max(weekly_debt(self.rules[team], past, self.until) for past in pasts)
            for team, pasts in self.histories.items()
        }

    def fixed_team(self, team: str) -> bool:
        """Whether a team has fixed lines."""
        return any(team in teams for teams in self.fixed.values())

    def obeys_time(self, team: str, planned: Sequence[Seconds]) -> bool:
        """Whether planned spans are lawful for every member, with each weekly rest planned as 36 hours in one piece."""
        rules = self.rules[team]
        strict = replace(rules, split_rest=NEVER)
        return all(
            lawful(form, past=past, planned=planned, until=self.until)
            for form in (rules, strict)
            for past in self.histories[team]
        )

    def too_close(self, first: str, second: str) -> bool:
        """Whether one team cannot serve both lines: they overlap, or travel takes longer than the time between them."""
        if self.span[first] > self.span[second]:
            first, second = second, first
        gap = self.span[second][0] - self.span[first][1]
        lines = self.problem.line
        return gap < 60 * self.problem.minutes_between(lines[first].region, lines[second].region)


def unfit(line: Line, team: Team) -> str | None:
    """Which part of rule 2 a team does not meet over the whole line: the first, in this order, or None."""
    if line.kind in BARRED_KINDS.get(team.organisation, ()):
        return "organisation"
    if not set(line.legal_bases) & set(team.legal_bases):
        return "legal-basis"
    if not any(held.code == line.competence and _holds(line, held.since, held.until) for held in team.competences):
        return "competence"
    if not _holds(line, team.operational_from, team.operational_to):
        return "operational-period"
    start, end = _second(line.start), _second(line.end)
    periods = merged((_second(period.start), _second(period.end)) for period in team.available)
    if not any(since <= start and end <= until for since, until in periods):
        return "availability"
    return None


def _holds(line: Line, since: datetime, until: datetime | None) -> bool:
    return since <= line.start and (until is None or line.end <= until)


def _needs(line: Line) -> tuple[object, ...]:
    return line.start, line.end, line.competence, line.kind, tuple(sorted(set(line.legal_bases)))


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def weekly_debt(rules: RuleSet, past: Sequence[Seconds], until: int) -> int:
    """From when a member whose past week lacks its rest may work again, so that the fortnight makes up for it.

    Art. 5:5(2)(b): what the 72 hours still lack is taken in one further piece. Zero where nothing is owed,
    or no rest can make up for it any more.
    """
    runs, ready = shifts(rules, past), 0
    part, whole = rules.split_rest_part * HOUR, rules.split_rest * HOUR
    for place, run in enumerate(runs):
        week, fortnight = run.start + rules.weekly_rest_days * DAY, run.start + rules.split_rest_days * DAY
        later = runs[place:]
        gaps = [(early.end, late.start) for early, late in pairwise(later)]
        gaps.append((runs[-1].end, max(week, runs[-1].end)))
        if any(min(end, week) - since >= rules.weekly_rest * HOUR for since, end in gaps):
            continue
        lengths = [min(end, fortnight, until) - since for since, end in gaps[:-1]]
        had = sum(length for length in lengths if length >= part)
        owed = max(part, whole - had)
        if had < whole and runs[-1].end + owed <= min(fortnight, until):
            ready = max(ready, runs[-1].end + owed)
    return ready
