"""Statutory terms: holidays by the law's list, weekends, suspension, extension, notice of default."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.legal.terms import (
    RequestTerm,
    Suspension,
    complaint_until,
    easter,
    holidays,
    is_working_day,
    next_working_day,
    objection_until,
    weeks_after,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2000, date(2000, 4, 23)),
        (2008, date(2008, 3, 23)),
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_falls_where_the_almanac_says(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_the_general_holidays_of_2026_are_those_of_the_law() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),  # Ascension Day
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_the_kings_birthday_is_celebrated_a_day_earlier_when_it_is_a_sunday() -> None:
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)


@given(DAYS)
def test_a_term_ends_on_the_first_working_day_from_its_last_day_on(day: date) -> None:
    ends = next_working_day(day)

    assert is_working_day(ends)
    assert all(not is_working_day(day + timedelta(days=n)) for n in range((ends - day).days))


@given(DAYS, st.integers(1, 30))
def test_terms_of_more_than_twelve_weeks_are_not_extended(day: date, weeks: int) -> None:
    ends = weeks_after(day, weeks)

    assert (ends == day + timedelta(weeks=weeks)) or (weeks <= 12 and is_working_day(ends))


def test_a_request_is_decided_within_eight_weeks_and_past_a_holiday() -> None:
    assert RequestTerm(date(2026, 3, 2)).last_day == date(2026, 4, 28)  # Monday 27 April is King's Day


def test_a_suspension_runs_from_the_day_after_asking_until_the_day_it_came() -> None:
    asked = Suspension(asked_on=date(2026, 9, 1), until=date(2026, 9, 30), came_on=date(2026, 9, 11))

    assert RequestTerm(date(2026, 8, 3), (asked,)).suspended_days == 9
    assert RequestTerm(date(2026, 8, 3), (asked,)).last_day == date(2026, 10, 7)


def test_what_came_too_late_suspends_until_the_day_that_was_given() -> None:
    late = Suspension(asked_on=date(2026, 9, 1), until=date(2026, 9, 14), came_on=date(2026, 10, 20))
    never = Suspension(asked_on=date(2026, 9, 1), until=date(2026, 9, 14))

    assert RequestTerm(date(2026, 8, 3), (late,)).suspended_days == 13
    assert RequestTerm(date(2026, 8, 3), (late,)).last_day == RequestTerm(date(2026, 8, 3), (never,)).last_day


@given(DAYS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40), st.one_of(st.none(), st.integers(0, 60)))))
def test_a_suspension_never_makes_the_term_shorter_and_days_count_once(
    received: date, told: list[tuple[int, int, int | None]]
) -> None:
    one_by_one = [
        Suspension(
            asked_on=received + timedelta(days=start),
            until=received + timedelta(days=start + length),
            came_on=None if came is None else received + timedelta(days=start + came),
        )
        for start, length, came in told
    ]
    term = RequestTerm(received, one_by_one)

    assert term.last_day >= RequestTerm(received).last_day
    assert term.suspended_days <= sum(max(0, (one.last_day - one.asked_on).days) for one in one_by_one)
    assert RequestTerm(received, [*one_by_one, *one_by_one]).last_day == term.last_day


def test_an_extension_holds_and_never_shortens() -> None:
    assert RequestTerm(date(2026, 8, 3), extended_to=date(2026, 11, 2)).last_day == date(2026, 11, 2)
    assert RequestTerm(date(2026, 8, 3), extended_to=date(2026, 8, 4)).last_day == date(2026, 9, 28)


def test_a_penalty_begins_two_weeks_after_a_notice_that_came_after_the_term() -> None:
    term = RequestTerm(date(2026, 8, 3))

    assert term.penalty_from(date(2026, 10, 1)) == date(2026, 10, 16)
    assert term.penalty_from(term.last_day) is None
    assert term.penalty_from(None) is None


def test_objecting_is_possible_for_six_weeks_from_the_day_after_notification() -> None:
    assert objection_until(date(2026, 11, 2)) == date(2026, 12, 14)
    assert objection_until(date(2026, 11, 13)) == date(2026, 12, 28)  # 25 December, and the weekend after it


def test_a_complaint_is_settled_in_six_weeks_ten_with_a_committee_and_four_more_once() -> None:
    came = date(2026, 8, 3)

    assert complaint_until(came, committee=False, postponed=False) == date(2026, 9, 14)
    assert complaint_until(came, committee=True, postponed=False) == date(2026, 10, 12)
    assert complaint_until(came, committee=False, postponed=True) == date(2026, 10, 12)
    assert complaint_until(came, committee=True, postponed=True) == date(2026, 11, 9)
