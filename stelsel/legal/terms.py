"""Statutory terms in days (termijnen). Plain Python: no Django, no clock, no database.

Algemene termijnenwet (Atw) art. 1, 3 and 4; Algemene wet bestuursrecht (Awb) art. 4:13-4:15, 4:17, 6:7, 6:8 and 9:11.
Days that a decree equates with a holiday (Atw art. 3(3)) differ by year and are left out: the term shown is then the
earlier one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
WEEKEND: Final = 5  # Saturday, as date.weekday() counts
EXTENDED_UP_TO: Final = 12  # weeks; longer terms are not extended (Atw art. 4)
REASONABLE: Final = 8  # weeks to decide on a request (Awb art. 4:13(2))
DEFAULT_GRACE: Final = 2  # weeks after notice of default, before a penalty begins to run (Awb art. 4:17(3))
OBJECTION: Final = 6  # weeks (Awb art. 6:7)
COMPLAINT: Final = 6  # weeks (Awb art. 9:11(1))
COMPLAINT_COMMITTEE: Final = 10  # weeks where a committee advises (Awb art. 9:11(1))
COMPLAINT_POSTPONED: Final = 4  # weeks more, once (Awb art. 9:11(2))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, Meeus/Jones/Butcher)."""
    golden, century, of_century = year % 19, *divmod(year, 100)
    leap_century, over_century = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_century - moon + 15) % 30
    leap, over = divmod(of_century, 4)
    weekday = (32 + 2 * over_century + 2 * leap - epact - over) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def kings_day(year: int) -> date:
    """The day on which the King's birthday is celebrated: 27 April, or the day before when that is a Sunday."""
    birthday = date(year, 4, 27)
    return birthday - DAY if birthday.isoweekday() == 7 else birthday  # noqa: PLR2004  # Sunday


def holidays(year: int) -> frozenset[date]:
    """The general holidays (algemeen erkende feestdagen), and Good Friday, which counts as one (Atw art. 3)."""
    sunday = easter(year)
    moving = (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension Day, Whit Monday
    fixed = ((1, 1), (5, 5), (12, 25), (12, 26))
    return frozenset(
        {*(sunday + days * DAY for days in moving), *(date(year, *each) for each in fixed), kings_day(year)}
    )


def is_working_day(day: date) -> bool:
    return day.weekday() < WEEKEND and day not in holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself, or the first day after it that is no Saturday, Sunday or general holiday (Atw art. 1)."""
    while not is_working_day(day):
        day += DAY
    return day


def weeks_after(day: date, weeks: int) -> date:
    """The last day of a term of so many weeks that begins on the day after `day`."""
    last = day + timedelta(weeks=weeks)
    return next_working_day(last) if weeks <= EXTENDED_UP_TO else last


@dataclass(frozen=True)
class Suspension:
    """The applicant was asked for more (Awb art. 4:15): from the day after, until it came or the time given ran out."""

    asked_on: date
    until: date  # the day given to the applicant
    came_on: date | None = None

    @property
    def last_day(self) -> date:
        return min(self.came_on - DAY, self.until) if self.came_on else self.until


@dataclass(frozen=True)
class RequestTerm:
    """The clock of a decision on a request (Awb art. 4:13-4:15, 4:17)."""

    received_on: date
    suspensions: Sequence[Suspension] = field(default=())
    extended_to: date | None = None  # told to the applicant, once (Awb art. 4:14)

    @property
    def suspended_days(self) -> int:
        """Days that do not count; a day in two suspensions is one day."""
        days = {
            one.asked_on + nth * DAY
            for one in self.suspensions
            for nth in range(1, (one.last_day - one.asked_on).days + 1)
        }
        return len(days)

    @property
    def last_day(self) -> date:
        """The last day on which the decision is in time."""
        last = self.received_on + timedelta(weeks=REASONABLE) + self.suspended_days * DAY
        return max(next_working_day(last), self.extended_to or date.min)

    def penalty_from(self, notice_on: date | None) -> date | None:
        """The first day of the penalty (dwangsom) after this notice of default; None without one, or one too early."""
        if notice_on is None or notice_on <= self.last_day:
            return None
        return weeks_after(notice_on, DEFAULT_GRACE) + DAY


def objection_until(notified_on: date) -> date:
    """The last day to object: six weeks from the day after notification (Awb art. 6:7, 6:8(1))."""
    return weeks_after(notified_on, OBJECTION)


def complaint_until(received_on: date, *, committee: bool, postponed: bool) -> date:
    """The last day to settle a complaint (Awb art. 9:11)."""
    weeks = COMPLAINT_COMMITTEE if committee else COMPLAINT
    last = weeks_after(received_on, weeks)
    return next_working_day(last + timedelta(weeks=COMPLAINT_POSTPONED)) if postponed else last
