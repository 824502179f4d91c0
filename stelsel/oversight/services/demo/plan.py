"""Which cases the demonstration holds: how many end where, when each was reported and where. Pure, by seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stelsel.oversight.services.demo.names import REGIONS

HALF_HOUR = timedelta(minutes=30)


class Ending(StrEnum):
    """The last act of a case so far."""

    DRAFT = "draft"
    SENT_BACK = "sent_back"
    HANDED_IN = "handed_in"
    COMPLETED = "completed"
    SIGNED = "signed"
    ASSIGNED = "assigned"
    PREPARED = "prepared"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    URGENT_LOCAL = "urgent_local"
    CLOSED = "closed"
    BACK_IN_LOCAL = "back_in_local"
    RETURN_WAITS = "return_waits"
    CLOSED_AFTER_RETURN = "closed_after_return"
    REOPENED = "reopened"
    DESIGNATED = "designated"
    URGENT_WAITING = "urgent_waiting"
    URGENT_OVERDUE = "urgent_overdue"
    URGENT_RATIFIED = "urgent_ratified"
    PICTURED = "pictured"
    LEVELLED = "levelled"
    ADVISED = "advised"
    SUBMITTED = "submitted"
    PACKAGE_RETURNED = "package_returned"
    DECIDED = "decided"
    LEAVING = "leaving"
    POLICE_CARE = "police_care"
    BLOCKED = "blocked"
    HANDED_BACK = "handed_back"
    TWICE = "twice"
    RESTS = "rests"
    GOES_ON = "goes_on"
    HEARD_OF = "heard_of"
    ESCALATED = "escalated"
    JUDGED_ANEW = "judged_anew"


class File(StrEnum):
    """How far the handover file is."""

    INCOMPLETE = "incomplete"
    OFFERED = "offered"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Kind:
    """How many cases end here, and how many days ago such a case was reported (youngest, oldest)."""

    count: int
    days: tuple[float, float]


E = Ending
ELSEWHERE: Mapping[Ending, Kind] = {  # 70 in intake, triage, the local domain, or closed
    E.DRAFT: Kind(5, (0.1, 2)),
    E.SENT_BACK: Kind(2, (2, 4)),
    E.HANDED_IN: Kind(3, (0.3, 3)),
    E.TWICE: Kind(2, (2, 5)),
    E.COMPLETED: Kind(5, (1, 4)),
    E.SIGNED: Kind(4, (1.2, 3)),
    E.ASSIGNED: Kind(5, (2, 7)),
    E.PREPARED: Kind(5, (4, 8)),
    E.REJECTED: Kind(10, (12, 300)),
    E.ESCALATED: Kind(1, (9, 11)),
    E.JUDGED_ANEW: Kind(1, (12, 16)),
    E.WITHDRAWN: Kind(5, (10, 250)),
    E.URGENT_LOCAL: Kind(6, (0.2, 9)),
    E.CLOSED: Kind(8, (90, 310)),
    E.BACK_IN_LOCAL: Kind(4, (120, 310)),
    E.RETURN_WAITS: Kind(1, (40, 60)),
    E.CLOSED_AFTER_RETURN: Kind(2, (200, 310)),
    E.REOPENED: Kind(1, (90, 200)),
}
SCHEME: Mapping[Ending, Kind] = {  # 50 designated persons
    E.DESIGNATED: Kind(3, (6, 9)),
    E.URGENT_WAITING: Kind(1, (0.3, 0.6)),
    E.URGENT_OVERDUE: Kind(1, (1.6, 2.2)),
    E.URGENT_RATIFIED: Kind(2, (3, 20)),
    E.PICTURED: Kind(4, (11, 14)),
    E.LEVELLED: Kind(3, (12, 15)),
    E.ADVISED: Kind(3, (14, 17)),
    E.SUBMITTED: Kind(4, (16, 19)),
    E.PACKAGE_RETURNED: Kind(1, (18, 20)),
    E.DECIDED: Kind(28, (22, 320)),
}
BESIDE: Mapping[Ending, Kind] = {  # 5 whom another regime looks after, or is to
    E.LEAVING: Kind(1, (1.5, 2.5)),
    E.POLICE_CARE: Kind(2, (30, 200)),
    E.BLOCKED: Kind(1, (40, 200)),
    E.HANDED_BACK: Kind(1, (20, 60)),
}
MERGED: Mapping[Ending, Kind] = {  # who was reported twice: two cases of one person, or a report that was passed on
    E.RESTS: Kind(1, (60, 90)),
    E.GOES_ON: Kind(1, (6, 9)),
    E.HEARD_OF: Kind(2, (4, 7)),
}
KINDS = {**ELSEWHERE, **SCHEME, **BESIDE, **MERGED}
CASES = sum(kind.count for kind in KINDS.values())
PHENOMENA = ("organised_crime", "terrorism", "state_actors", "fixated_loners", "other")
FILES = (File.ACCEPTED, File.OFFERED, File.RETURNED, File.INCOMPLETE)


@dataclass(frozen=True)
class Story:
    """One case: where it ends, since when, where, and who has it."""

    ending: Ending
    opened_at: datetime
    region: str
    phenomenon: str
    manager: str
    decider: str
    file: File
    seed: int


def stories(chance: random.Random, *, now: datetime, since: datetime, size: float = 1) -> list[Story]:
    """All cases, oldest first. `size` makes a smaller world of the same kinds: at least one case of each.

    Nothing is older than `since`, the first day of the provision matrix.
    """
    made = [
        _story(ending, nth, kind, chance, now=now, since=since)
        for ending, kind in KINDS.items()
        for nth in range(max(1, round(kind.count * size)))
    ]
    return sorted(made, key=lambda story: (story.opened_at, story.seed))


def _story(ending: Ending, nth: int, kind: Kind, chance: random.Random, *, now: datetime, since: datetime) -> Story:
    youngest, oldest = kind.days
    opened = now - timedelta(days=chance.uniform(youngest, oldest))
    if opened < since:  # a run early in the year: the same stories in less time
        opened = since + (now - since) * chance.uniform(0, 0.5)
    first = nth == 0  # the first of each kind is in the hands of the people one meets first
    return Story(
        ending=ending,
        opened_at=opened.replace(second=0, microsecond=0),
        region="noord" if first or ending is E.TWICE else chance.choice((*REGIONS, "noord")),
        phenomenon=chance.choices(PHENOMENA, (60, 14, 6, 14, 6))[0],
        manager="mirthe" if first else chance.choices(("mirthe", "joren", "selma"), (5, 3, 2))[0],
        decider="aldert" if first else chance.choices(("aldert", "nienke"), (3, 2))[0],
        file=_file(ending, nth),
        seed=chance.getrandbits(48),
    )


def _file(ending: Ending, nth: int) -> File:
    """Files of young cases are in every state; most of those whose measures were decided long ago are accepted."""
    if ending is Ending.DECIDED and nth % 6:
        return File.ACCEPTED
    return FILES[(list(Ending).index(ending) + nth // (6 if ending is Ending.DECIDED else 1)) % len(FILES)]


@dataclass
class Clock:
    """The time in a story: goes on by about so many hours, and never reaches `end`."""

    at: datetime
    end: datetime
    chance: random.Random

    def after(self, hours: float) -> datetime:
        step = timedelta(hours=hours * self.chance.uniform(0.6, 1.5))
        left = self.end - self.at
        if left <= timedelta(0):
            raise RuntimeError("A story of the demonstration goes on after its end.")
        self.at += step if step < left / 2 else left * self.chance.uniform(0.1, 0.3)
        return self.at
