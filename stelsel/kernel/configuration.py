"""What can be set without a release, as its owner defines it: house norms with their range, lists of codes."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stelsel.kernel.errors import Fault, gettext_noop


class Unit(StrEnum):
    """What the value of a norm counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    PEOPLE = "people"
    FLOOR_HOURS = "floor_hours"  # hours of one team below the safety floor; no length of time


LENGTHS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class HouseNorm:
    """A number that nobody prescribes, so that the house sets it (huisnorm).

    `code` begins with the app that owns it. `default` holds until another value was approved; a value is a whole number
    of `unit` from `smallest` up to and including `largest`.

    Raises:
        ValueError: the default is not in the range.
    """

    code: str
    label: str
    unit: Unit
    default: int
    smallest: int
    largest: int

    def __post_init__(self) -> None:
        if not 0 < self.smallest <= self.default <= self.largest:
            raise ValueError(f"{self.code}: the default must lie in the range")

    def faults(self, value: int) -> tuple[Fault, ...]:
        """Why `value` cannot be the norm; empty when it can."""
        if self.smallest <= value <= self.largest:
            return ()
        return (Fault("value", "out_of_range", OUT_OF_RANGE),)

    def length(self, value: int) -> timedelta:
        """How long `value` is.

        Raises:
            TypeError: this norm is no length of time.
        """
        if self.unit not in LENGTHS:
            raise TypeError(f"{self.code} is no length of time")
        return value * LENGTHS[self.unit]


OUT_OF_RANGE = gettext_noop("This value is outside the range in which the norm makes sense.")


@dataclass(frozen=True, slots=True)
class Code:
    """A code and its names over time: (first day, name), oldest first. The code itself never changes."""

    code: str
    names: tuple[tuple[date, str], ...]

    def name(self, *, on: date) -> tuple[date, str]:
        """The name on a day and since when; before the first day it is the first name."""
        return next((dated for dated in reversed(self.names) if dated[0] <= on), self.names[0])


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes for people to choose from, as the system comes with it (codelijst).

    A list that is `open` takes new codes and can stop offering one. A closed list has codes that rules know of, so
    only their names change.
    """

    name: str
    label: str
    codes: tuple[Code, ...]
    open: bool = False

    @property
    def by_code(self) -> dict[str, Code]:
        return {each.code: each for each in self.codes}

    def faults(self, code: str, *, offered: bool) -> tuple[Fault, ...]:
        """Why this cannot be proposed of `code`; empty when it can."""
        if not SLUG.fullmatch(code):
            return (Fault("code", "invalid", gettext_noop("A code is small letters, digits and underscores.")),)
        if self.open or (code in self.by_code and offered):
            return ()
        return (
            Fault(
                "code",
                "closed_list",
                gettext_noop("Rules of the system know the codes of this list: only their names can change."),
            ),
        )


SLUG = re.compile(r"[a-z][a-z0-9_]{1,19}")
SINCE = date(2026, 1, 1)


def named(code: str, name: str, *, before: str = "") -> Code:
    """A code with its name since 2026, and the one `before`."""
    earlier = ((date.min, before),) if before else ()
    return Code(code, (*earlier, (SINCE if before else date.min, name)))
