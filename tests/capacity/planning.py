"""A run for the tests: requested by the coordinator, solved by its job, decided about, at the instants of a walk."""

from datetime import timedelta
from typing import Any

import time_machine

from capacity import services, tasks
from capacity.lifecycle import local_day
from capacity.models import Displacement, Run, Team
from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import OutboxMessage
from tests.capacity.supply import teams
from tests.cases.walk import Walk
from tests.world import code_for

assert tasks.LEASE  # importing it registers the jobs
STATEMENT = {
    "statement": "The risk of one team at night was weighed.",
    "assistance": "Asked of the KMar on 2 March; none before the weekend.",
    "duty_of_care": "Necessary, known to the person, reviewed daily.",
}
DECISION = {
    "reasons": "No team is left this week.",
    "alternatives": "Another concept; employer; moving the activity.",
    "residual_risk": "Higher at night; patrols added.",
}


def coordinator(walk: Walk) -> Actor:
    return walk.actor(Role.LCC_COORDINATOR)


def solved(walk: Walk, run: Run) -> Run:
    """Let the job of the run do its work, at the instant of the walk."""
    message = OutboxMessage.objects.get(key=f"capacity.solve_run:{run.pk}")
    with time_machine.travel(walk.tick(), tick=False):
        assert jobs.run(message.pk)
    with acting(coordinator(walk), at=walk.at):
        return Run.objects.get(pk=run.pk)


def proposed(walk: Walk, *, days: int = 2) -> Run:
    run = services.request_run(actor=coordinator(walk), at=walk.tick(), days=days)
    return solved(walk, run)


def ample(walk: Walk) -> list[Team]:
    """Enough for two teams round the clock."""
    return teams(walk.world, 10, at=walk.at)


def displacement(walk: Walk, run: Run) -> Displacement:
    with acting(coordinator(walk), at=walk.at):
        return Displacement.objects.get(run=run)


def stated(walk: Walk, row: Displacement, actor: Actor | None = None) -> Displacement:
    decider = actor or walk.actor(Role.DECIDER)
    return services.state_risk(
        displacement_id=row.pk, **STATEMENT, code=code_for(decider), actor=decider, at=walk.tick()
    )


def decided(walk: Walk, row: Displacement, actor: Actor | None = None, **changes: Any) -> Displacement:
    decider = actor or walk.actor(Role.DECIDER)
    given = {**DECISION, "ends_on": local_day(walk.at) + timedelta(days=1), **changes}
    return services.decide_displacement(
        displacement_id=row.pk, **given, code=code_for(decider), actor=decider, at=walk.tick()
    )
