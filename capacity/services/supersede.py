"""What changes the need or the supply overtakes the open run, and asks for a new one."""

from datetime import datetime, timedelta
from uuid import UUID

from capacity.lifecycle import OPEN_RUN, RUN_LIFECYCLE
from capacity.models import Assignment, Run
from capacity.policies import may_supersede
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.jobs import enqueue

GATHER = timedelta(minutes=1)
"""Changes within a minute give one new run."""
ALWAYS = frozenset({"urgent"})
"""What overtakes the open run even where nobody was asked for in that case yet."""


@act
def overtake_for_case(*, case_id: UUID, why: str, actor: Actor, at: datetime) -> int:
    """An act in a case changed what must be protected. Returns how many runs were overtaken.

    A case that asks for no team changes no plan, so only urgent measures count there.
    """
    require(may_supersede(actor))
    asks = Assignment.objects.visible_to(actor, at=at).filter(case_id=case_id, ended_at=None)
    if why not in ALWAYS and not asks.exists():
        return 0
    return supersede_open_runs(why=why, actor=actor, at=at)


@act
def supersede_open_runs(*, why: str, actor: Actor, at: datetime) -> int:
    """Mark every open run as overtaken and queue a new one, as the system. Returns how many were overtaken.

    `why` is what changed, a code: decision, urgent, picture, level, measure_ended, measure_fell_away or team. A run is
    renewed once, however many changes overtake it; changes that find nothing open gather by the minute.
    """
    require(may_supersede(actor))
    overtaken = overtake(why=why, at=at)
    slot = int(at.timestamp()) // int(GATHER.total_seconds())
    key = f"run:{overtaken[0].pk}" if overtaken else f"slot:{slot}"
    enqueue("capacity.renew_run", key=key, after=GATHER)
    return len(overtaken)


def overtake(*, why: str, at: datetime, but: Run | None = None) -> list[Run]:
    """Mark the open runs as overtaken. Part of a service."""
    open_runs = Run.objects.select_for_update().filter(state__in=OPEN_RUN)
    overtaken = list(open_runs.exclude(pk=but.pk if but else None).order_by("pk"))
    for run in overtaken:
        run.state = RUN_LIFECYCLE.apply("supersede", state=run.state)
        run.superseded_at, run.superseded_by = at, why
        run.save(update_fields=["state", "superseded_at", "superseded_by"])
        work.close_items(run.pk, kind="plan.publish", verb="run.supersede")
        for displaced in run.displacements.all():
            work.close_items(displaced.pk, kind="displacement.decide", verb="run.supersede")
        audit.record("run.supersede", run, reason=why)
    return overtaken
