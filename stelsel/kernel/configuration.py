"""What can be set without a release, as its owner defines it: a house norm with its unit, default and range."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from stelsel.kernel.errors import Fault, gettext_noop


class Unit(StrEnum):
    """What the value of a norm counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
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
