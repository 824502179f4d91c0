"""Reading a planning problem: refused with every fault named at once, never repaired.

The reader walks the document once for its form (keys, types, instants with a zone) and, where the form
holds, once for
its meaning (known ids, floor within required, lines of at most twelve hours, availability without overlap).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from capacity.priority.problem import (
    KINDS,
    MAX_LINE_HOURS,
    ORGANISATIONS,
    Assignment,
    Borne,
    Competence,
    Json,
    Limits,
    Line,
    Member,
    Period,
    Pin,
    Problem,
    Service,
    Team,
    Travel,
)
from stelsel.kernel.errors import Fault, Invalid, gettext_noop

ZONE = "Europe/Amsterdam"
TIERS = (1, 2, 3, 4)
FREEZE = timedelta(hours=24)
MOST_TEAMS = 1000


T = TypeVar("T")


class Form:
    """Collects what is wrong while it reads; each reader returns a harmless value where it finds a fault."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, code: str, message: str) -> None:
        self.faults.append(Fault(place, code, message))

    def keys(self, value: Json, place: str, known: str, optional: str = "") -> Mapping[str, Json]:
        if not isinstance(value, Mapping):
            self.fault(place, "object", "This must be an object.")
            return {}
        allowed = {*known.split(), *optional.split()}
        for key in value:
            if key not in allowed:
                self.fault(f"{place}.{key}", "unknown_key", "This key is not known.")
        for key in known.split():
            if key not in value:
                self.fault(f"{place}.{key}", "missing_key", "This key is missing.")
        return value

    def rows(self, value: Json, place: str, read: Callable[[Json, str], T]) -> tuple[T, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            if value is not None or not self._reported(place):
                self.fault(place, "list", "This must be a list.")
            return ()
        return tuple(read(row, f"{place}[{number}]") for number, row in enumerate(value))

    def text(self, value: Json, place: str) -> str:
        if isinstance(value, str) and value and value == value.strip():
            return value
        if value is not None or not self._reported(place):
            self.fault(place, "text", "This must be a text that is not empty.")
        return ""

    def number(self, value: Json, place: str, *, least: int = 0, most: int = MOST_TEAMS) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None or not self._reported(place):
            self.fault(place, "number", f"This must be a whole number from {least} to {most}.")
        return least

    def hours(self, value: Json, place: str) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_TEAMS:
            return value
        if value is not None or not self._reported(place):
            self.fault(place, "number", f"This must be a number from 0 to {MOST_TEAMS}.")
        return 0

    def flag(self, value: Json, place: str) -> bool:
        if isinstance(value, bool):
            return value
        if value is not None or not self._reported(place):
            self.fault(place, "flag", "This must be true or false.")
        return False

    def instant(self, value: Json, place: str) -> datetime:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None:
            if value is not None or not self._reported(place):
                self.fault(place, "instant", "This must be an instant such as 2026-03-29T01:00:00Z.")
        elif moment.tzinfo is None:
            self.fault(place, "zone", "An instant needs a zone.")
        elif moment.microsecond:
            self.fault(place, "instant", "An instant has whole seconds.")
        else:
            return moment.astimezone(UTC)
        return datetime(1970, 1, 1, tzinfo=UTC)

    def maybe_instant(self, value: Json, place: str) -> datetime | None:
        return None if value is None else self.instant(value, place)

    def choice(self, value: Json, place: str, known: Iterable[str]) -> str:
        text = self.text(value, place)
        if text and text not in known:
            self.fault(place, "unknown_code", f"This must be one of: {', '.join(sorted(known))}.")
        return text

    def _reported(self, place: str) -> bool:
        return any(fault.field == place for fault in self.faults[-20:])

    def period(self, value: Json, place: str) -> Period:
        row = self.keys(value, place, "start end")
        period = Period(self.instant(row.get("start"), f"{place}.start"), self.instant(row.get("end"), f"{place}.end"))
        if not self._reported(f"{place}.start") and not self._reported(f"{place}.end") and period.start >= period.end:
            self.fault(place, "period", "The end must come after the start.")
        return period


def read_problem(document: Json, *, rule_sets: Iterable[str]) -> Problem:
    """The planning problem that a document holds. `rule_sets` are the known codes of working-time rules.

    Raises:
        Invalid: code `planning_problem`, with one fault per place that is wrong.
    """
    form = Form()
    problem = _problem(form, document, frozenset(rule_sets))
    if not form.faults:
        form.faults.extend(_meaning(problem))
    if form.faults:
        raise Invalid(
            "planning_problem",
            gettext_noop("The planning problem holds faults. Nothing was computed."),
            faults=form.faults,
        )
    return problem


def _problem(form: Form, document: Json, rule_sets: frozenset[str]) -> Problem:
    row = form.keys(
        document,
        "problem",
        "horizon zone assignments lines teams travel present thawed pins borne limits",
        optional="frozenUntil",
    )
    horizon = form.period(row.get("horizon"), "horizon")
    frozen = form.maybe_instant(row.get("frozenUntil"), "frozenUntil")
    limits = form.keys(row.get("limits"), "limits", "work seed costNorm")
    if row.get("zone") is not None and row.get("zone") != ZONE:
        form.fault("zone", "unknown_code", f"This must be {ZONE}.")
    return Problem(
        horizon=horizon,
        frozen_until=frozen or horizon.start + FREEZE,
        zone=ZONE,
        assignments=form.rows(row.get("assignments"), "assignments", lambda value, at: _assignment(form, value, at)),
        lines=form.rows(row.get("lines"), "lines", lambda value, at: _line(form, value, at)),
        teams=form.rows(row.get("teams"), "teams", lambda value, at: _team(form, value, at, rule_sets)),
        travel=form.rows(row.get("travel"), "travel", lambda value, at: _travel(form, value, at)),
        present=form.rows(row.get("present"), "present", lambda value, at: _service(form, value, at)),
        thawed=form.rows(row.get("thawed"), "thawed", form.text),
        pins=form.rows(row.get("pins"), "pins", lambda value, at: _pin(form, value, at)),
        borne=form.rows(row.get("borne"), "borne", lambda value, at: _borne(form, value, at)),
        limits=Limits(
            form.number(limits.get("work"), "limits.work", least=1, most=10**9),
            form.number(limits.get("seed"), "limits.seed", most=2**31 - 1),
            form.hours(limits.get("costNorm"), "limits.costNorm"),
        ),
    )


def _assignment(form: Form, value: Json, place: str) -> Assignment:
    row = form.keys(value, place, "id person authority agreed concepts")
    return Assignment(
        form.text(row.get("id"), f"{place}.id"),
        form.text(row.get("person"), f"{place}.person"),
        form.text(row.get("authority"), f"{place}.authority"),
        form.flag(row.get("agreed"), f"{place}.agreed"),
        form.rows(row.get("concepts"), f"{place}.concepts", form.text),
    )


def _line(form: Form, value: Json, place: str) -> Line:
    row = form.keys(
        value, place, "id assignment concept start end competence required floor tier region kind legalBases"
    )
    period = form.period({"start": row.get("start"), "end": row.get("end")}, place)
    return Line(
        id=form.text(row.get("id"), f"{place}.id"),
        assignment=form.text(row.get("assignment"), f"{place}.assignment"),
        concept=form.text(row.get("concept"), f"{place}.concept"),
        start=period.start,
        end=period.end,
        competence=form.text(row.get("competence"), f"{place}.competence"),
        required=form.number(row.get("required"), f"{place}.required"),
        floor=form.number(row.get("floor"), f"{place}.floor"),
        tier=form.number(row.get("tier"), f"{place}.tier", least=1, most=4),
        region=form.text(row.get("region"), f"{place}.region"),
        kind=form.choice(row.get("kind"), f"{place}.kind", KINDS),
        legal_bases=form.rows(row.get("legalBases"), f"{place}.legalBases", form.text),
    )


def _team(form: Form, value: Json, place: str, rule_sets: frozenset[str]) -> Team:
    row = form.keys(
        value,
        place,
        "id unit organisation ruleSet region operationalFrom operationalTo legalBases competences available members",
    )
    return Team(
        id=form.text(row.get("id"), f"{place}.id"),
        unit=form.text(row.get("unit"), f"{place}.unit"),
        organisation=form.choice(row.get("organisation"), f"{place}.organisation", ORGANISATIONS),
        rule_set=form.choice(row.get("ruleSet"), f"{place}.ruleSet", rule_sets),
        region=form.text(row.get("region"), f"{place}.region"),
        operational_from=form.instant(row.get("operationalFrom"), f"{place}.operationalFrom"),
        operational_to=form.maybe_instant(row.get("operationalTo"), f"{place}.operationalTo"),
        legal_bases=form.rows(row.get("legalBases"), f"{place}.legalBases", form.text),
        competences=form.rows(
            row.get("competences"), f"{place}.competences", lambda inner, at: _competence(form, inner, at)
        ),
        available=form.rows(row.get("available"), f"{place}.available", form.period),
        members=form.rows(row.get("members"), f"{place}.members", lambda inner, at: _member(form, inner, at)),
    )


def _competence(form: Form, value: Json, place: str) -> Competence:
    row = form.keys(value, place, "code from to")
    return Competence(
        form.text(row.get("code"), f"{place}.code"),
        form.instant(row.get("from"), f"{place}.from"),
        form.maybe_instant(row.get("to"), f"{place}.to"),
    )


def _member(form: Form, value: Json, place: str) -> Member:
    row = form.keys(value, place, "id worked")
    return Member(form.text(row.get("id"), f"{place}.id"), form.rows(row.get("worked"), f"{place}.worked", form.period))


def _travel(form: Form, value: Json, place: str) -> Travel:
    row = form.keys(value, place, "from to minutes")
    return Travel(
        form.text(row.get("from"), f"{place}.from"),
        form.text(row.get("to"), f"{place}.to"),
        form.number(row.get("minutes"), f"{place}.minutes", most=10_080),
    )


def _service(form: Form, value: Json, place: str) -> Service:
    row = form.keys(value, place, "line team")
    return Service(form.text(row.get("line"), f"{place}.line"), form.text(row.get("team"), f"{place}.team"))


def _pin(form: Form, value: Json, place: str) -> Pin:
    row = form.keys(value, place, "line team must")
    return Pin(
        form.text(row.get("line"), f"{place}.line"),
        form.text(row.get("team"), f"{place}.team"),
        form.flag(row.get("must"), f"{place}.must"),
    )


def _borne(form: Form, value: Json, place: str) -> Borne:
    row = form.keys(value, place, "person hours")
    return Borne(form.text(row.get("person"), f"{place}.person"), form.hours(row.get("hours"), f"{place}.hours"))


def _meaning(problem: Problem) -> Iterable[Fault]:
    yield from _twice("assignments", (row.id for row in problem.assignments))
    yield from _twice("lines", (row.id for row in problem.lines))
    yield from _twice("teams", (row.id for row in problem.teams))
    yield from _twice("teams.members", (member.id for team in problem.teams for member in team.members))
    yield from _twice("travel", (f"{way.origin} to {way.destination}" for way in problem.travel))
    yield from _twice("present", (f"{row.team} on {row.line}" for row in problem.present))
    yield from _wrong_assignments(problem)
    for number, line in enumerate(problem.lines):
        yield from _wrong_line(problem, line, f"lines[{number}]")
    for number, team in enumerate(problem.teams):
        yield from _wrong_team(team, f"teams[{number}]")
    yield from _unknown_ids(problem)


def _twice(place: str, names: Iterable[str]) -> Iterable[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(place, "twice", f"{name} stands here {times} times.")


def _wrong_assignments(problem: Problem) -> Iterable[Fault]:
    served = {(line.assignment, line.concept) for line in problem.lines}
    for number, assignment in enumerate(problem.assignments):
        place = f"assignments[{number}].concepts"
        if not assignment.concepts:
            yield Fault(place, "empty", "An assignment needs at least one concept.")
        yield from _twice(place, assignment.concepts)
        empty = [concept for concept in assignment.concepts if (assignment.id, concept) not in served]
        if empty and len(empty) < len(assignment.concepts):
            yield Fault(place, "no_lines", f"No line of {', '.join(empty)}: its choice would hide the need.")


def _wrong_line(problem: Problem, line: Line, place: str) -> Iterable[Fault]:
    assignment = problem.assignment.get(line.assignment)
    if assignment is None:
        yield Fault(f"{place}.assignment", "unknown_id", f"There is no assignment {line.assignment}.")
    elif line.concept not in assignment.concepts:
        yield Fault(f"{place}.concept", "unknown_id", f"{line.assignment} has no concept {line.concept}.")
    if line.floor > line.required:
        yield Fault(f"{place}.floor", "floor", "The floor is above what is required.")
    if line.end - line.start > timedelta(hours=MAX_LINE_HOURS):
        yield Fault(place, "too_long", f"A line lasts at most {MAX_LINE_HOURS} hours.")
    if not problem.horizon.start <= line.start < problem.horizon.end:
        yield Fault(place, "horizon", "The line does not begin within the horizon.")


def _wrong_team(team: Team, place: str) -> Iterable[Fault]:
    yield from _reversed(team.operational_from, team.operational_to, f"{place}.operationalTo")
    for number, held in enumerate(team.competences):
        yield from _reversed(held.since, held.until, f"{place}.competences[{number}].to")
    if _overlap(team.available):
        yield Fault(f"{place}.available", "overlap", "Two periods of availability overlap.")
    if not team.members:
        yield Fault(f"{place}.members", "empty", "A team needs at least one member.")
    for number, member in enumerate(team.members):
        if _overlap(member.worked):
            yield Fault(f"{place}.members[{number}].worked", "overlap", "Two periods of work overlap.")


def _reversed(start: datetime, end: datetime | None, place: str) -> Iterable[Fault]:
    if end is not None and end <= start:
        yield Fault(place, "period", "The end must come after the start.")


def _overlap(periods: Sequence[Period]) -> bool:
    ordered = sorted(periods, key=lambda period: period.start)
    return any(later.start < earlier.end for earlier, later in pairwise(ordered))


def _unknown_ids(problem: Problem) -> Iterable[Fault]:
    pairs = [("present", row.line, row.team) for row in problem.present]
    pairs += [("pins", row.line, row.team) for row in problem.pins]
    for place, line, team in pairs:
        if line not in problem.line:
            yield Fault(place, "unknown_id", f"There is no line {line}.")
        if team not in problem.team:
            yield Fault(place, "unknown_id", f"There is no team {team}.")
    for line in problem.thawed:
        if line not in problem.line:
            yield Fault("thawed", "unknown_id", f"There is no line {line}.")
    persons = {assignment.person for assignment in problem.assignments}
    for borne in problem.borne:
        if borne.person not in persons:
            yield Fault("borne", "unknown_id", f"No assignment serves {borne.person}.")
