"""Whether what is fixed (pins, frozen shifts, other authorities' lines) breaks a rule among itself.

Then no plan exists.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import combinations

from capacity.optimiser.field import Field
from capacity.priority.problem import Service
from capacity.working_time import Span, judge


def conflicts(field: Field) -> tuple[str, ...]:
    """One sentence per conflict, naming rule, team and lines; empty when a lawful plan exists."""
    return (*_barred(field), *_unfit(field), *_concepts(field), *_collisions(field), *_working_time(field))


def _services(field: Field) -> list[Service]:
    return sorted(Service(line, team) for line, teams in field.fixed.items() for team in teams)


def _barred(field: Field) -> Iterable[str]:
    for service in _services(field):
        if service in field.barred:
            yield f"pin: team {service.team} must and must not serve line {service.line}"


def _unfit(field: Field) -> Iterable[str]:
    for service in _services(field):
        line, team = field.problem.line[service.line], field.problem.team[service.team]
        rule = field.exclusion(line, team)
        if rule is not None and rule != "pin":
            yield f"{rule}: team {service.team} is fixed on line {service.line} but may not serve it"
        if line.id in field.closed and service.team not in field.problem.present_by_line.get(line.id, ()):
            yield f"other-authority: team {service.team} is pinned on line {line.id} without agreement"


def _concepts(field: Field) -> Iterable[str]:
    found: dict[str, dict[str, str]] = {}
    for service in _services(field):
        line = field.problem.line[service.line]
        found.setdefault(line.assignment, {}).setdefault(line.concept, line.id)
    for assignment, by_concept in sorted(found.items()):
        if len(by_concept) > 1:
            lines = ", ".join(sorted(by_concept.values()))
            yield f"concept: assignment {assignment} has fixed lines of different concepts: {lines}"


def _by_team(field: Field) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for service in _services(field):
        found.setdefault(service.team, []).append(service.line)
    return found


def _collisions(field: Field) -> Iterable[str]:
    for team, lines in sorted(_by_team(field).items()):
        for first, second in combinations(lines, 2):
            if field.too_close(first, second):
                yield f"one-line-at-a-time: team {team} is fixed on lines {first} and {second}, too close in time"


def _working_time(field: Field) -> Iterable[str]:
    for team, lines in sorted(_by_team(field).items()):
        planned = [_span(field.span[line]) for line in lines]
        for member in field.problem.team[team].members:
            worked = [Span(period.start, period.end) for period in member.worked]
            found = judge(field.rules[team], member.id, worked=worked, planned=planned, until=field.problem.horizon.end)
            for breach in found:
                yield (
                    f"{breach.rule}: team {team}, member {member.id}, by {breach.minutes} minutes from "
                    f"{breach.start.isoformat()} to {breach.end.isoformat()} ({breach.article}), "
                    f"fixed on lines {', '.join(lines)}"
                )


def _span(seconds: tuple[int, int]) -> Span:
    return Span(datetime.fromtimestamp(seconds[0], tz=UTC), datetime.fromtimestamp(seconds[1], tz=UTC))
