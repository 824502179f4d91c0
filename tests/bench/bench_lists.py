"""How the list of cases grows with the number of cases (`make bench`): ratios in one run against 1,000 cases."""

import sys
import time
from datetime import UTC, datetime
from statistics import median

from cases.models import Case
from stelsel.kernel.access import acting, actor_for, page
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import User
from stelsel.oversight.services import demo

SIZES = (1_000, 30_000)
ROUNDS = 15


def bench_first_page_of_the_list(worker_database: None) -> None:
    """One who sees 40 % of the cases, and one who sees three: the first page of fifty."""
    at = datetime.now(UTC)
    demo.load(demo.Wanted("a password of this measurement", size=0.1), at=at)
    took: dict[tuple[str, int], float] = {}
    present = 0
    for size in SIZES:
        demo.multiply(size - present, seed=1, at=at)
        present = size
        for name in ("mirthe", "selma"):
            took[name, size] = median(_first_page(name, at=at) for _ in range(ROUNDS))
    for name in ("mirthe", "selma"):
        baseline = took[name, SIZES[0]]
        for size in SIZES:
            ratio = took[name, size] / baseline
            sys.stdout.write(f"{name}, {size} cases: {took[name, size] * 1000:.1f} ms, {ratio:.2f} of the baseline\n")


def _first_page(name: str, *, at: datetime) -> float:
    user = User.objects.get(username=name)
    actor = actor_for(user, at=at)
    assert actor is not None
    assert actor.role is Role.CASE_MANAGER
    with acting(actor, at=at):
        began = time.perf_counter()
        page(Case, to=actor, at=at)
        return time.perf_counter() - began
