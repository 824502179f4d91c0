"""Work of capacity: demand after a decision, the demand of the next day, solving a run, renewing an overtaken one."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from capacity import services
from capacity.optimiser import Cancelled, solve
from capacity.priority import read_problem
from capacity.services import Solved
from capacity.working_time import RULE_SET_CODES
from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.errors import Invalid
from stelsel.kernel.jobs import job

LEASE = timedelta(minutes=15)
SYSTEM = frozenset({Right.READ_CASES, Right.OPEN_WORK})


@job("capacity.raise_demand")
def raise_demand(*, actor: Actor, at: datetime, package_id: str) -> None:
    """Make the assignments and lines of a decided package, with the rights of the one who decided."""
    services.raise_demand(package_id=UUID(package_id), actor=actor, at=at)


@job("capacity.extend_demand", rights=SYSTEM)
def extend_demand(*, actor: Actor, at: datetime) -> None:
    """Raise the lines of the day that came into sight (scheduled, nightly)."""
    services.extend_demand(actor=actor, at=at)


@job("capacity.renew_run", rights=SYSTEM)
def renew_run(*, actor: Actor, at: datetime) -> None:
    """Ask for a new run after need or supply changed."""
    services.renew_run(actor=actor, at=at)


@job("capacity.need_changed", rights=SYSTEM)
def need_changed(*, actor: Actor, at: datetime, case_id: str, why: str) -> None:
    """Overtake the open run because of an act in a case. As the system: who acted there may have no part in plans."""
    services.overtake_for_case(case_id=UUID(case_id), why=why, actor=actor, at=at)


def compute_plan(*, actor: Actor, at: datetime, run_id: str) -> Solved:
    """Solve the frozen problem of a run, outside any transaction; the page follows it and may stop it."""
    document = services.begin_solving(run_id=UUID(run_id), actor=actor, at=at)
    if document is None:
        return Solved(failure="overtaken")
    try:
        problem = read_problem(json.loads(document), rule_sets=RULE_SET_CODES)
        plan = solve(
            problem,
            report=lambda progress: services.tell_progress(run_id, progress),
            cancelled=lambda: services.stop_asked(run_id),
        )
    except Cancelled:
        return Solved(failure="stopped")
    except Invalid:
        return Solved(failure="unreadable")
    return Solved(problem=problem, plan=plan)


@job("capacity.solve_run", compute=compute_plan, lease=LEASE)
def solve_run(*, actor: Actor, at: datetime, run_id: str, result: Solved) -> None:
    """Store the plan of a run that somebody requested."""
    services.store_plan(run_id=UUID(run_id), solved=result, actor=actor, at=at)


@job("capacity.solve_renewed_run", compute=compute_plan, lease=LEASE, rights=SYSTEM)
def solve_renewed_run(*, actor: Actor, at: datetime, run_id: str, result: Solved) -> None:
    """Store the plan of a run that a change asked for."""
    services.store_plan(run_id=UUID(run_id), solved=result, actor=actor, at=at)
