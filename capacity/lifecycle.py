"""Legal steps of a run and of a training group, and the shifts of a day. Plain Python: no Django, no clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from stelsel.kernel.configuration import HouseNorm, Unit
from stelsel.kernel.errors import gettext_noop
from stelsel.kernel.lifecycle import Lifecycle, Move

ZONE = ZoneInfo("Europe/Amsterdam")
PLANNED_DAYS = 14
"""How far ahead demand is raised and plans reach (house norm)."""

STARTS = {"D": time(7), "E": time(15), "N": time(23)}
ENDS = {"D": time(15), "E": time(23), "N": time(7)}


class RunState(StrEnum):
    """A prioritisation run. A proposal changes nothing; only publishing does."""

    QUEUED = "queued"
    SOLVING = "solving"
    PROPOSED = "proposed"
    FAILED = "failed"  # stopped, or what is fixed breaks a rule
    SUPERSEDED = "superseded"  # the need or the supply changed
    PUBLISHED = "published"


OPEN_RUN = frozenset({RunState.QUEUED, RunState.SOLVING, RunState.PROPOSED})
RUN_LIFECYCLE = Lifecycle(
    initial=RunState.QUEUED,
    moves=(
        Move("start", {RunState.QUEUED, RunState.SOLVING}, RunState.SOLVING),  # again, when the worker was lost
        Move("propose", {RunState.QUEUED, RunState.SOLVING}, RunState.PROPOSED),
        Move("fail", {RunState.QUEUED, RunState.SOLVING}, RunState.FAILED),
        Move("supersede", set(OPEN_RUN), RunState.SUPERSEDED),
        Move("publish", {RunState.PROPOSED}, RunState.PUBLISHED),
    ),
)


class GroupStage(StrEnum):
    """A group in training (groep in opleiding) on its way to teams."""

    ANNOUNCED = "announced"
    TRAINING = "training"
    PRACTICE = "practice"  # beside experienced colleagues
    OPERATIONAL = "operational"  # it became teams
    STOPPED = "stopped"


GROUP_LIFECYCLE = Lifecycle(
    initial=GroupStage.ANNOUNCED,
    moves=(
        Move("start", {GroupStage.ANNOUNCED}, GroupStage.TRAINING),
        Move("practise", {GroupStage.TRAINING}, GroupStage.PRACTICE),
        Move("become_operational", {GroupStage.TRAINING, GroupStage.PRACTICE}, GroupStage.OPERATIONAL),
        Move("stop", {GroupStage.ANNOUNCED, GroupStage.TRAINING, GroupStage.PRACTICE}, GroupStage.STOPPED),
    ),
)


class DisplacementState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"


DISPLACEMENT_LIFECYCLE = Lifecycle(
    initial=DisplacementState.OPEN,
    moves=(Move("decide", {DisplacementState.OPEN}, DisplacementState.DECIDED),),
)


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """One shift as people know it: the day it begins on, its letter, its instants in UTC."""

    start: datetime
    end: datetime
    day: date
    letter: str


def turns(letters: str, *, first: date, days: int) -> Iterator[Turn]:
    """The shifts D 07-15, E 15-23 and N 23-07 of some days, in local time: a night of clock change has 7 or 9 hours."""
    for number in range(days):
        day = first + timedelta(days=number)
        for letter in STARTS:
            if letter in letters:
                yield Turn(*_instants(day, letter), day, letter)


def _instants(day: date, letter: str) -> tuple[datetime, datetime]:
    last = day + timedelta(days=1) if ENDS[letter] <= STARTS[letter] else day
    start = datetime.combine(day, STARTS[letter], tzinfo=ZONE)
    return start.astimezone(UTC), datetime.combine(last, ENDS[letter], tzinfo=ZONE).astimezone(UTC)


def local_day(at: datetime) -> date:
    """The day on the wall at `at`."""
    return at.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """The first instant of a day in Amsterdam, in UTC."""
    return datetime.combine(day, time(0), tzinfo=ZONE).astimezone(UTC)


Span = tuple[datetime, datetime]
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Where a period without a begin or an end begins and ends."""


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order; spans that touch become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """What is left of `spans` (availability) when `holes` (absence) are taken out."""
    left = joined(spans)
    for gap_start, gap_end in joined(holes):
        left = [
            part
            for start, end in left
            for part in ((start, min(end, gap_start)), (max(start, gap_end), end))
            if part[0] < part[1]
        ]
    return left


# Nobody prescribes these. What the law on working hours or the published method says stands there.
NORMS = (
    HouseNorm("capacity.decide", gettext_noop("Decide about displacement, publish the plan"), Unit.HOURS, 24, 1, 72),
    HouseNorm(
        "capacity.cost",
        gettext_noop("What one floor-hour of a tier may cost below it before a run says so"),
        Unit.FLOOR_HOURS,
        3,
        1,
        20,
    ),
)
