"""Agreements between organisations (afspraken): when one holds, and when two conflict (R046, R024). Plain Python."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from stelsel.kernel.configuration import HouseNorm, Unit
from stelsel.kernel.errors import gettext_noop

NORMS = (HouseNorm("legal.agreement.review", gettext_noop("Look again at an agreement"), Unit.DAYS, 365, 30, 1095),)


class Kind(StrEnum):
    TASKS = "tasks"  # afbakening van taken
    CAPACITY = "capacity"  # capaciteit, ook over en weer geleend
    INFORMATION = "information"
    OTHER = "other"


class Subject(StrEnum):
    """What an agreement is about; two about the same subject can conflict."""

    PERSONS = "persons"
    OBJECTS = "objects"
    SERVICES = "services"
    ESCORT = "escort"
    MILITARY = "military"
    ABROAD = "abroad"
    EVENTS = "events"
    ANALYSIS = "analysis"
    RESILIENCE = "resilience"


@dataclass(frozen=True)
class Span:
    """Whole days; `end` is the last one, None is open."""

    start: date
    end: date | None = None

    def contains(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on <= self.end)

    def overlaps(self, other: "Span") -> bool:
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)

    def within(self, other: "Span") -> bool:
        return other.start <= self.start and (other.end is None or (self.end is not None and self.end <= other.end))


@dataclass(frozen=True)
class Agreed:
    """What counts of an agreement that every party signed."""

    kind: str
    subject: str
    parties: AbstractSet[UUID]
    span: Span


def conflict(one: Agreed, other: Agreed) -> bool:
    """Whether both bind the same two organisations, or more, on the same subject on one day."""
    same = (one.kind, one.subject) == (other.kind, other.subject)
    return same and len(one.parties & other.parties) > 1 and one.span.overlaps(other.span)


def last_day(*ends: date | None) -> date | None:
    """The first of these last days, None where nothing ends it."""
    return min((end for end in ends if end is not None), default=None)
