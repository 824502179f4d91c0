"""Why a line of the chosen concept misses teams.

Who could serve it, who may not and why, and who holds those who could.
"""

from collections.abc import Iterable

from capacity.optimiser.field import Field
from capacity.priority.displacement import cover
from capacity.priority.plan import Excluded, Roster, Shortfall, SmallestExtra
from capacity.priority.problem import Line, Service


def explain(field: Field, plan: Roster) -> tuple[Shortfall, ...]:
    """One explanation per line in shortfall, in order of tier, start and id."""
    covered, chosen = cover(plan.services), dict(plan.concepts)
    serving: dict[str, list[str]] = {}
    for service in plan.services:
        serving.setdefault(service.team, []).append(service.line)
    found = []
    for line in sorted(field.problem.lines, key=lambda line: (line.tier, line.start, line.id)):
        teams = covered.get(line.id, 0)
        if chosen[line.assignment] == line.concept and teams < line.required:
            found.append(_shortfall(field, line, teams, serving))
    return tuple(found)


def _shortfall(field: Field, line: Line, teams: int, serving: dict[str, list[str]]) -> Shortfall:
    eligible, excluded = [], []
    for team in sorted(field.problem.teams, key=lambda team: team.id):
        rule = field.exclusion(line, team)
        if rule is None:
            eligible.append(team.id)
        else:
            excluded.append(Excluded(team.id, rule))
    return Shortfall(
        line=line.id,
        floor_missing=max(0, line.floor - teams),
        required_missing=line.required - teams,
        eligible=tuple(eligible),
        excluded=tuple(excluded),
        held_by=tuple(_held(field, line, eligible, serving)),
        smallest_extra=SmallestExtra(
            line.competence, line.region, line.start, line.end, line.required - teams, verified=False
        ),
    )


def _held(field: Field, line: Line, eligible: Iterable[str], serving: dict[str, list[str]]) -> Iterable[Service]:
    """Lines of an equal or higher tier that keep an eligible team from this one, by time or by rest."""
    for team in eligible:
        lines = sorted(serving.get(team, ()))
        if line.id in lines:
            continue
        for other in lines:
            if field.problem.line[other].tier <= line.tier and _keeps(field, team, line, other, lines):
                yield Service(other, team)


def _keeps(field: Field, team: str, line: Line, other: str, lines: Iterable[str]) -> bool:
    """Whether letting go of a line would make room for this one, or the two cannot go together at all."""
    if field.too_close(line.id, other):
        return True
    span = field.span
    if not field.obeys_time(team, [span[line.id], span[other]]):
        return True
    rest = [span[name] for name in lines if name != other]
    return not field.obeys_time(team, [span[line.id], span[other], *rest]) and field.obeys_time(
        team, [span[line.id], *rest]
    )
