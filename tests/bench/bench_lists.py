"""How lists grow with the number of cases (`make bench`): medians, and ratios against the smallest size of the run.

`STELSEL_BENCH=1000,100000 make bench` measures at other sizes.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from cases.models import Case
from cases.services import reading
from cases.services.reading import Wanted
from stelsel.kernel import work
from stelsel.kernel.access import acting, actor_for, page
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import User
from stelsel.oversight.services import demo

SIZES = tuple(int(size) for size in os.environ.get("STELSEL_BENCH", "1000,30000").split(","))
WARM, ROUNDS = 5, 41
PEOPLE = {"mirthe": "sees 40 %", "selma": "sees three", "tygo": "sees all, by group"}

Read = Callable[[Actor, datetime], object]
READS: dict[str, Read] = {
    "first page of 50": lambda actor, at: page(Case, to=actor, at=at),
    "of one kind": lambda actor, at: page(Case, to=actor, at=at, filters={"state": "closed"}),
    "page with its rows, 25": lambda actor, at: reading.list_cases(filters={}, actor=actor, at=at),
    "by authority, within 1,000": lambda actor, at: reading.list_cases(
        filters={}, wanted=Wanted(sort="authority"), actor=actor, at=at
    ),
    "what waits, first 50": lambda actor, _: work.page(actor, size=50),
}


def bench_lists(worker_database: None) -> None:
    """Somebody who sees 40 % of the cases, one who sees three, and one who sees all."""
    at = datetime.now(UTC)
    demo.load(demo.Wanted("a password of this measurement", size=0.1), at=at)
    took: dict[tuple[str, str, int], float] = {}
    present = 0
    for size in SIZES:
        began = time.perf_counter()
        demo.multiply(size - present, seed=1, at=at)
        say(f"{size} cases, after {time.perf_counter() - began:.0f} s of inserting")
        present = size
        for name in PEOPLE:
            for what, read in READS.items():
                took[name, what, size] = measured(name, read, at=at)
    say(f"baseline: {SIZES[0]} cases; medians of {ROUNDS}")
    for name, sight in PEOPLE.items():
        for what in READS:
            told = (
                f"{took[name, what, size] * 1000:.1f} ms ({took[name, what, size] / took[name, what, SIZES[0]]:.2f})"
                for size in SIZES
            )
            say(f"{name}, {sight}: {what}: {', '.join(told)}")


def measured(name: str, read: Read, *, at: datetime) -> float:
    actor = actor_for(User.objects.get(username=name), at=at)
    assert actor is not None
    times = []
    for _ in range(WARM + ROUNDS):
        with acting(actor, at=at):
            began = time.perf_counter()
            read(actor, at)
            times.append(time.perf_counter() - began)
    return median(times[WARM:])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
