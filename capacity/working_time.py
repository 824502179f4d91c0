"""Working-time rules (Arbeidstijdenwet, ATW): an independent judge of what one member works.

The judge knows nothing of plans or solvers: it takes the spans a member worked and the spans a plan adds,
and names each
breach with its article. All instants carry a zone and are compared in UTC, so a night of 23 or 25 hours
counts as the
hours it really has. Windows roll: the day, the week and the fortnight of a rest rule begin where a shift
begins, as art.
5:3(3) ATW says for the day; the 60 hours of art. 5:7(2)(b) hold for every 7x24 hours wherever they begin.

Judged now: daily rest (5:3), weekly rest (5:5), hours per shift and per week (5:7(2)(a) and (b)). Breaks,
averages,
nights, Sundays and on-call duty are not judged yet; the rule sets say so in `not_judged`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

HOUR = 3600
DAY = 24 * HOUR


class Rule(StrEnum):
    """Name of a judged rule, as it stands in explanations and in the list of broken rules."""

    SHIFT_LENGTH = "shift-length"
    DAILY_REST = "daily-rest"
    SHORT_REST = "short-rest"
    WEEKLY_REST = "weekly-rest"
    WEEK_HOURS = "week-hours"


ARTICLES = {
    Rule.SHIFT_LENGTH: "ATW 5:7(2)(a)",
    Rule.DAILY_REST: "ATW 5:3(2)",
    Rule.SHORT_REST: "ATW 5:3(2)",
    Rule.WEEKLY_REST: "ATW 5:5(2)",
    Rule.WEEK_HOURS: "ATW 5:7(2)(b)",
}


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The limits of one employer from one day on. Durations in hours; `article` per rule.

    `to` is the first day it no longer holds.
    """

    code: str
    title: str
    valid_from: date
    valid_to: date | None = None
    between_shifts: int = 8  # art. 1:7(1)(c): a shift ends where at least this rest begins
    shift_hours: int = 12
    week_hours: int = 60
    daily_rest: int = 11
    short_rest: int = 8
    short_rest_days: int = 7
    weekly_rest: int = 36
    weekly_rest_days: int = 7
    split_rest: int = 72
    split_rest_days: int = 14
    split_rest_part: int = 32
    article: dict[Rule, str] = field(default_factory=lambda: dict(ARTICLES))
    not_judged: tuple[str, ...] = ("5:4", "5:6", "5:7(2)(c)", "5:7(3)", "5:8", "5:9")


_ATW = RuleSet("ATW", "Arbeidstijdenwet, basic rules", date(2007, 4, 1))
RULE_SETS: tuple[RuleSet, ...] = (
    _ATW,
    # The police regulation deviates on breaks, the four-week average and nights, none of which is judged yet.
    replace(_ATW, code="LAR", title="Landelijke arbeidstijdenregeling politie 2017", valid_from=date(2017, 10, 18)),
    replace(_ATW, code="DEFENCE", title="Arbeidstijdenwet as it binds the Ministry of Defence (art. 2:4)"),
    replace(_ATW, code="PRIVATE", title="Arbeidstijdenwet, private security"),
)
RULE_SET_CODES = frozenset(rules.code for rules in RULE_SETS)


def rule_set(code: str, *, on: date) -> RuleSet:
    """The rule set `code` as it holds on a day.

    Raises:
        LookupError: no such rule set holds on that day.
    """
    for rules in RULE_SETS:
        if rules.code == code and rules.valid_from <= on and (rules.valid_to is None or on < rules.valid_to):
            return rules
    raise LookupError(f"no rule set {code} on {on.isoformat()}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` up to, not including, `end`; both with a zone."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """One broken rule: over which time, and by how many minutes (too much work or too little rest)."""

    article: str
    rule: Rule
    member: str
    start: datetime
    end: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A run of work without a rest of eight hours (dienst, art. 1:7(1)(c)). Seconds since the epoch.

    `work` in seconds.
    """

    start: int
    end: int
    work: int


def judge(
    rules: RuleSet,
    member: str,
    *,
    worked: Iterable[Span],
    planned: Iterable[Span],
    until: datetime | None = None,
) -> tuple[Breach, ...]:
    """Every breach that the planned work causes or makes worse, given what was worked before.

    A breach that lies wholly in the past is not held against a plan: the plan can no longer undo it. Time
    after
    the last work counts as free, but a fortnight's rest (art. 5:5(2)(b)) only as far as it lies before
    `until`:
    a plan does not borrow rest from time that nobody has planned yet.
    """
    limit = None if until is None else int(until.timestamp())
    past = merged(_seconds(worked))
    known = set(_breaches(rules, past, limit))
    found = _breaches(rules, merged([*past, *_seconds(planned)]), limit)
    return tuple(
        Breach(rules.article[rule], rule, member, _instant(start), _instant(end), -(-lack // 60))
        for rule, start, end, lack in sorted(found)
        if (rule, start, end, lack) not in known
    )


def lawful(rules: RuleSet, *, past: Sequence[tuple[int, int]], planned: Sequence[tuple[int, int]], until: int) -> bool:
    """Whether planned work adds no breach; the quick form of `judge` on merged seconds, for use in a search."""
    found = _breaches(rules, merged([*past, *planned]), until)
    return not found or not (set(found) - set(_breaches(rules, past, until)))


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that touch or overlap joined: work counted twice is still worked once."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def shifts(rules: RuleSet, work: Sequence[tuple[int, int]]) -> list[Shift]:
    """The work grouped into shifts: a rest of at least `between_shifts` hours separates two of them."""
    found: list[Shift] = []
    for start, end in work:
        if found and start - found[-1].end < rules.between_shifts * HOUR:
            last = found.pop()
            found.append(Shift(last.start, end, last.work + end - start))
        else:
            found.append(Shift(start, end, end - start))
    return found


_Found = tuple[Rule, int, int, int]


def _breaches(rules: RuleSet, work: Sequence[tuple[int, int]], until: int | None) -> list[_Found]:
    runs = shifts(rules, work)
    return [
        *_too_long_shifts(rules, runs),
        *_short_rests(rules, runs),
        *_weeks_without_rest(rules, runs, until),
        *_too_full_weeks(rules, work),
    ]


def _too_long_shifts(rules: RuleSet, runs: Sequence[Shift]) -> list[_Found]:
    most = rules.shift_hours * HOUR
    return [(Rule.SHIFT_LENGTH, run.start, run.end, run.work - most) for run in runs if run.work > most]


def _short_rests(rules: RuleSet, runs: Sequence[Shift]) -> list[_Found]:
    """Art. 5:3(2) and (3): the rest counts inside the 24 hours that begin with the shift.

    A rest of at least 8 and under 11 hours is lawful once per 7x24 hours, measured from the end of work to
    the end of work.
    """
    found: list[_Found] = []
    last_short: int | None = None
    for place, run in enumerate(runs):
        day_end = run.start + DAY
        until = min(runs[place + 1].start, day_end) if place + 1 < len(runs) else day_end
        rest = until - run.end
        if rest >= rules.daily_rest * HOUR:
            continue
        if rest < rules.short_rest * HOUR:
            found.append((Rule.DAILY_REST, run.start, day_end, rules.daily_rest * HOUR - rest))
            continue
        if last_short is not None and run.end - last_short < rules.short_rest_days * DAY:
            found.append((Rule.SHORT_REST, last_short, until, rules.daily_rest * HOUR - rest))
        last_short = run.end
    return found


def _weeks_without_rest(rules: RuleSet, runs: Sequence[Shift], until: int | None) -> list[_Found]:
    """Art. 5:5(2): from each start of a shift, 36 h in one piece in 7x24 h.

    Or 72 h in pieces of at least 32 h in 14x24 h.
    """
    found: list[_Found] = []
    for place, run in enumerate(runs):
        week = run.start + rules.weekly_rest_days * DAY
        longest = max(_rests(runs, place, week), default=0)
        if longest >= rules.weekly_rest * HOUR:
            continue
        end = run.start + rules.split_rest_days * DAY
        fortnight = _rests(runs, place, end if until is None else min(end, until))
        if sum(rest for rest in fortnight if rest >= rules.split_rest_part * HOUR) < rules.split_rest * HOUR:
            found.append((Rule.WEEKLY_REST, run.start, week, rules.weekly_rest * HOUR - longest))
    return found


def _rests(runs: Sequence[Shift], place: int, until: int) -> list[int]:
    """The rests between the shift at `place` and `until`, in seconds; what lies beyond the last shift is free."""
    rests: list[int] = []
    for index in range(place, len(runs)):
        if runs[index].end >= until:
            break
        following = runs[index + 1].start if index + 1 < len(runs) else until
        rests.append(min(following, until) - runs[index].end)
    return rests


def _too_full_weeks(rules: RuleSet, work: Sequence[tuple[int, int]]) -> list[_Found]:
    """Art. 5:7(2)(b): at most 60 hours in every 7x24 hours. The fullest window begins with work or ends with work."""
    week, most = 7 * DAY, rules.week_hours * HOUR
    begins = sorted({start for start, _ in work} | {end - week for _, end in work})
    found: list[_Found] = []
    for begin in begins:
        hours = sum(
            min(end, begin + week) - max(start, begin) for start, end in work if start < begin + week and end > begin
        )
        if hours > most:
            found.append((Rule.WEEK_HOURS, begin, begin + week, hours - most))
    return found


def seconds(span: Span) -> tuple[int, int]:
    """The span in whole seconds since the epoch (UTC)."""
    return int(span.start.timestamp()), int(span.end.timestamp())


def _seconds(spans: Iterable[Span]) -> list[tuple[int, int]]:
    return [seconds(span) for span in spans]


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, tz=UTC)
