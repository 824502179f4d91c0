"""What changes the need or the supply overtakes every open run, and asks for a new one."""

from datetime import datetime, timedelta

from capacity.lifecycle import OPEN_RUN, RUN_LIFECYCLE
from capacity.models import Run
from capacity.policies import may_supersede
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.jobs import enqueue

GATHER = timedelta(minutes=1)
"""Changes within a minute give one new run."""


@act
def supersede_open_runs(*, why: str, actor: Actor, at: datetime) -> int:
    """Mark every open run as overtaken and queue a new one, as the system. Returns how many were overtaken.

    `why` is what changed, a code: decision, urgent, team, tier or newer_run.
    """
    require(may_supersede(actor))
    overtaken = overtake(why=why, at=at)
    slot = int(at.timestamp()) // int(GATHER.total_seconds())
    enqueue("capacity.renew_run", key=f"slot:{slot}", after=GATHER)
    return overtaken


def overtake(*, why: str, at: datetime, but: Run | None = None) -> int:
    """Mark the open runs as overtaken. Part of a service."""
    overtaken = Run.objects.select_for_update().filter(state__in=OPEN_RUN).exclude(pk=but.pk if but else None)
    for run in overtaken:
        run.state = RUN_LIFECYCLE.apply("supersede", state=run.state)
        run.superseded_at, run.superseded_by = at, why
        run.save(update_fields=["state", "superseded_at", "superseded_by"])
        work.close_items(run.pk, kind="plan.publish", verb="run.supersede")
        for displaced in run.displacements.all():
            work.close_items(displaced.pk, kind="displacement.decide", verb="run.supersede")
        audit.record("run.supersede", run, reason=why)
    return len(overtaken)
