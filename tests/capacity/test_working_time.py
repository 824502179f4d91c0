"""Each rule at its border, plus and minus one minute; nights of 23 and 25 hours; what was worked before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from capacity.working_time import RULE_SETS, Rule, Span, judge, rule_set

LAR = rule_set("LAR", on=date(2026, 3, 23))
MONDAY = datetime(2026, 3, 23, 6, tzinfo=UTC)


def span(begin: float, hours: float) -> Span:
    return Span(MONDAY + timedelta(hours=begin), MONDAY + timedelta(hours=begin + hours))


def broken(*planned: Span, worked: tuple[Span, ...] = (), until: datetime | None = None) -> list[tuple[Rule, int]]:
    return [(b.rule, b.minutes) for b in judge(LAR, "m", worked=worked, planned=planned, until=until)]


MINUTE = 1 / 60


def test_a_shift_lasts_at_most_twelve_hours_however_it_is_cut() -> None:
    assert broken(span(0, 6), span(6, 6)) == []
    assert broken(span(0, 6), span(7, 6 + MINUTE)) == [(Rule.SHIFT_LENGTH, 1)]


def test_eleven_hours_of_rest_between_two_shifts() -> None:
    assert broken(span(0, 8), span(8 + 11, 8), span(8 + 11 + 8 + 11, 8)) == []
    assert broken(span(0, 8), span(8 + 11 - MINUTE, 8), span(8 + 11 + 8 + 10, 8)) == [(Rule.SHORT_REST, 59)]


def test_the_rest_may_be_eight_hours_once_in_seven_days() -> None:
    tight = (span(0, 8), span(16, 8))
    assert broken(*tight, span(24 * 7, 8), span(24 * 7 + 16, 8)) == []
    early = (span(24 * 7 - MINUTE, 8), span(24 * 7 + 16 - MINUTE, 8))
    assert (Rule.SHORT_REST, 180) in broken(*tight, *early)


def test_the_rest_lies_in_the_day_that_begins_with_the_shift() -> None:
    assert broken(span(0, 4), span(11, 4 + MINUTE)) == []  # one shortened rest: it may
    assert broken(span(0, 4), span(11, 5 + MINUTE)) == [(Rule.DAILY_REST, 181)]


def test_thirty_six_hours_of_rest_in_each_week_from_its_first_shift() -> None:
    days = [span(24 * day, 8) for day in range(6)]
    assert broken(*days, span(5 * 24 + 8 + 36, 8)) == []
    assert (Rule.WEEKLY_REST, 1) in broken(*days, span(5 * 24 + 8 + 36 - MINUTE, 8), until=MONDAY + timedelta(days=8))


def test_seventy_two_hours_in_a_fortnight_also_do() -> None:
    fortnight = [span(24 * day, 8) for day in (*range(7), *range(10, 14))]
    assert broken(*fortnight, until=MONDAY + timedelta(days=14)) == []
    shorter = [span(24 * day, 8) for day in (*range(7), *range(9, 14))]
    assert Rule.WEEKLY_REST in dict(broken(*shorter, until=MONDAY + timedelta(days=14)))


def test_sixty_hours_in_every_seven_days_wherever_they_begin() -> None:
    days = [span(24 * day, 10) for day in range(6)]
    assert broken(*days) == []
    assert broken(*days[:-1], span(24 * 5, 10 + MINUTE)) == [(Rule.WEEK_HOURS, 1)] * 2


def test_worked_time_counts_and_a_past_breach_is_not_the_plans() -> None:
    past = tuple(span(24 * day, 11) for day in range(-6, 0))
    assert broken(worked=past) == []
    assert Rule.WEEK_HOURS in dict(broken(span(2, 1), worked=past))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 11), ("2026-10-24", 13)])
def test_a_clock_change_counts_the_hours_a_night_really_has(day: str, hours: int) -> None:
    """From 19:00 to 07:00 on the wall is 11 hours in March and 13 in October."""
    begin = datetime.fromisoformat(f"{day}T19:00:00+01:00" if hours == 11 else f"{day}T19:00:00+02:00")
    end = (begin + timedelta(days=1)).replace(hour=7).date().isoformat()
    night = Span(begin, datetime.fromisoformat(f"{end}T07:00:00+02:00" if hours == 11 else f"{end}T07:00:00+01:00"))

    found = judge(LAR, "m", worked=(), planned=[night])

    assert [breach.rule for breach in found] == ([] if hours == 11 else [Rule.SHIFT_LENGTH])


def test_each_rule_names_its_article_in_each_rule_set() -> None:
    assert {rules.code for rules in RULE_SETS} == {"ATW", "LAR", "DEFENCE", "PRIVATE"}
    assert all(set(rules.article) == set(Rule) for rules in RULE_SETS)


def test_a_rule_set_that_does_not_hold_yet_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        rule_set("LAR", on=date(2010, 1, 1))
