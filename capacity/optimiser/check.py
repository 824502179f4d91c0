"""The checker: whether a plan obeys every hard rule, written apart from the model.

It shares only the problem's types and recomputes everything from the problem and the services; nothing that the
optimiser derived is used.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from capacity.priority.plan import Claimed, Roster, Status, concepts_served
from capacity.priority.problem import BARRED_KINDS, NCTV, Line, Problem, Service, Team, input_hash
from capacity.working_time import Span, judge, rule_set


@dataclass(frozen=True, slots=True, order=True)
class BrokenRule:
    """One hard rule (1 to 5) that a plan breaks: its name, the team and lines concerned, and a sentence."""

    number: int
    rule: str
    team: str
    lines: tuple[str, ...]
    message: str


def check(problem: Problem, roster: Roster) -> tuple[BrokenRule, ...]:
    """Every hard rule that a plan breaks; an empty answer means that it is lawful."""
    unknown = _unknown(problem, roster)
    if unknown:
        return tuple(unknown)
    by_team: dict[str, list[Line]] = {}
    for service in roster.services:
        by_team.setdefault(service.team, []).append(problem.line[service.line])
    for lines in by_team.values():
        lines.sort(key=lambda line: (line.start, line.end, line.id))
    found: list[BrokenRule] = []
    for team, lines in sorted(by_team.items()):
        found.extend(_one_at_a_time(problem, team, lines))
        found.extend(_may_serve(problem.team[team], lines))
        found.extend(_working_time(problem, problem.team[team], lines))
    found.extend(_pins(problem, roster))
    found.extend(_frozen(problem, roster))
    found.extend(_other_authorities(problem, roster))
    found.extend(_concepts(problem, roster))
    return tuple(sorted(found))


def _unknown(problem: Problem, roster: Roster) -> list[BrokenRule]:
    found = [
        BrokenRule(0, "unknown", service.team, (service.line,), "The problem holds no such line or team.")
        for service in roster.services
        if service.line not in problem.line or service.team not in problem.team
    ]
    if len(set(roster.services)) < len(roster.services):
        found.append(BrokenRule(0, "twice", "", (), "A team stands twice on one line."))
    concepts = dict(roster.concepts)
    if len(concepts) < len(roster.concepts) or set(concepts) != set(problem.assignment):
        found.append(BrokenRule(0, "concept", "", (), "Not every assignment has exactly one concept."))
    return found


def _one_at_a_time(problem: Problem, team: str, lines: Sequence[Line]) -> Iterable[BrokenRule]:
    for early, late in combinations(lines, 2):
        journey = timedelta(minutes=problem.minutes_between(early.region, late.region))
        if late.start < early.end + journey:
            rule = "one-line-at-a-time" if late.start < early.end else "travel"
            yield BrokenRule(
                1, rule, team, (early.id, late.id), f"From {early.end} to {late.start} is less than {journey}."
            )


def _may_serve(team: Team, lines: Sequence[Line]) -> Iterable[BrokenRule]:
    for line in lines:
        for rule, holds in (
            ("organisation", line.kind not in BARRED_KINDS.get(team.organisation, ())),
            ("legal-basis", bool(set(line.legal_bases).intersection(team.legal_bases))),
            ("competence", _competent(team, line)),
            ("operational-period", _within(line, team.operational_from, team.operational_to)),
            ("availability", _available(team, line)),
        ):
            if not holds:
                yield BrokenRule(2, rule, team.id, (line.id,), f"{team.id} may not serve {line.id}.")


def _competent(team: Team, line: Line) -> bool:
    return any(_within(line, held.since, held.until) for held in team.competences if held.code == line.competence)


def _within(line: Line, since: datetime, until: datetime | None) -> bool:
    return line.start >= since and (until is None or line.end <= until)


def _available(team: Team, line: Line) -> bool:
    """Periods that follow on each other without a gap are as good as one."""
    reached = line.start
    for period in sorted(team.available, key=lambda period: period.start):
        if period.start <= reached < period.end:
            reached = period.end
    return reached >= line.end


def _working_time(problem: Problem, team: Team, lines: Sequence[Line]) -> Iterable[BrokenRule]:
    rules = rule_set(team.rule_set, on=problem.horizon.start.date())
    planned = [Span(line.start, line.end) for line in lines]
    for member in team.members:
        worked = [Span(period.start, period.end) for period in member.worked]
        for breach in judge(rules, member.id, worked=worked, planned=planned, until=problem.horizon.end):
            near = tuple(line.id for line in lines if line.start < breach.end and breach.start < line.end)
            yield BrokenRule(
                3,
                breach.rule.value,
                team.id,
                near,
                f"{member.id}: {breach.minutes} minutes, {breach.start} to {breach.end} ({breach.article}).",
            )


def _pins(problem: Problem, roster: Roster) -> Iterable[BrokenRule]:
    served = {(service.line, service.team) for service in roster.services}
    for pin in problem.pins:
        if ((pin.line, pin.team) in served) is not pin.must:
            wanted = "must" if pin.must else "must not"
            yield BrokenRule(4, "pin", pin.team, (pin.line,), f"{pin.team} {wanted} serve {pin.line}.")


def _frozen(problem: Problem, roster: Roster) -> Iterable[BrokenRule]:
    served = {(service.line, service.team) for service in roster.services}
    for service in problem.present:
        line = problem.line[service.line]
        if line.start >= problem.frozen_until or line.id in problem.thawed:
            continue
        if (service.line, service.team) not in served:
            yield BrokenRule(4, "frozen", service.team, (line.id,), f"{service.team} on {line.id} is frozen.")


def _other_authorities(problem: Problem, roster: Roster) -> Iterable[BrokenRule]:
    teams = roster.teams_on()
    for line in problem.lines:
        assignment = problem.assignment[line.assignment]
        if assignment.authority == NCTV or assignment.agreed:
            continue
        if set(teams.get(line.id, ())) != problem.present_by_line.get(line.id, frozenset()):
            message = f"{line.id} is a line of {assignment.authority}, who has not agreed to a change."
            yield BrokenRule(5, "other-authority", "", (line.id,), message)


def _concepts(problem: Problem, roster: Roster) -> Iterable[BrokenRule]:
    chosen: Mapping[str, str] = dict(roster.concepts)
    for assignment in problem.assignments:
        if chosen[assignment.id] not in assignment.concepts:
            yield BrokenRule(0, "concept", "", (), f"{assignment.id} has no concept {chosen[assignment.id]}.")
    for service in roster.services:
        line = problem.line[service.line]
        if chosen[line.assignment] != line.concept:
            message = f"{line.id} belongs to another concept than the one chosen for {line.assignment}."
            yield BrokenRule(0, "concept", service.team, (line.id,), message)


def check_document(problem: Problem, plan: Claimed) -> tuple[str, ...]:
    """One sentence per broken rule of the plan, of the even plan and of the greedy plan, and per hash that is wrong."""
    found = []
    if plan.input_hash != input_hash(problem):
        found.append("inputHash: the plan was computed from another problem.")
    if plan.plan_hash != plan.content_hash:
        found.append("planHash: the plan was changed after it was computed.")
    if plan.status == Status.REFUSED:
        return tuple(found)
    for name, services in plan.rosters:
        concepts = plan.concepts if name == "plan" else _concepts_of(problem, services)
        found.extend(
            f"{name}: rule {broken.number} ({broken.rule}) {broken.team} {' '.join(broken.lines)}: {broken.message}"
            for broken in check(problem, Roster(services, tuple(concepts)))
        )
    return tuple(found)


def _concepts_of(problem: Problem, services: Sequence[Service]) -> tuple[tuple[str, str], ...]:
    """The concepts that a plan serves; where it serves several of one assignment, the check finds the others out."""
    known = [s for s in services if s.line in problem.line]
    served = concepts_served(problem, known)
    return tuple((a.id, min(served.get(a.id, {a.concepts[0]}))) for a in problem.assignments)
