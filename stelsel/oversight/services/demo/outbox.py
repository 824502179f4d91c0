"""The work that acts of the demonstration asked for, done at the instant of the act, as the worker would have."""

from datetime import datetime
from typing import Any

from django.utils.module_loading import autodiscover_modules

from stelsel.kernel.access import acting, actor_for
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.jobs import JOBS, system_actor
from stelsel.kernel.models import OutboxMessage, User
from stelsel.kernel.models.jobs import JobState

LATER = frozenset({"capacity.renew_run"})
"""Plans of days that are over are not made any more; the worker finds such work waiting, as after any night."""


def know_jobs() -> None:
    """Let every app register its jobs."""
    autodiscover_modules("tasks")


def work_off(*, at: datetime) -> int:
    """Do what waits, with the effects as of `at`; work of a kind that is not known waits for the worker."""
    waiting = OutboxMessage.objects.filter(state=JobState.QUEUED, task__in=JOBS.keys() - LATER).order_by("created_at")
    done = 0
    for message in waiting:
        _do(message, at=at)
        done += 1
    return done


def _do(message: OutboxMessage, *, at: datetime) -> None:
    known = JOBS[message.task]
    actor = system_actor() if known.rights else _asker(message, at=at)
    ids: dict[str, Any] = dict(message.ids)
    if known.compute is not None:
        ids["result"] = known.compute(actor=actor, at=at, **ids)
    with acting(actor, at=at, route=f"job:{message.task}", purpose="job"):
        known.effect(actor=actor, at=at, **ids)
        message.state, message.attempts, message.finished_at = JobState.DONE, 1, at
        message.save(update_fields=["state", "attempts", "finished_at"])


def _asker(message: OutboxMessage, *, at: datetime) -> Actor:
    user = User.objects.get(pk=message.actor["user"])
    actor = actor_for(user, at=at, membership_id=message.actor["membership"])
    if actor is None:
        raise RuntimeError(f"{user.username} holds no role at {at}")
    return actor
