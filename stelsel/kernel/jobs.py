"""Work for Celery: an outbox row in the business transaction, a relay after commit, one effect.

A job names its task and carries ids only. The worker does the effect and marks the row done in one
transaction, so a lost broker loses nothing and a message delivered twice does nothing twice
(docs/decisions/0006-outbox.md).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from stelsel.kernel import audit
from stelsel.kernel.access import acting, actor_for, current
from stelsel.kernel.authorisation import Actor, Right, Role
from stelsel.kernel.errors import DomainError
from stelsel.kernel.models import OutboxMessage, User
from stelsel.kernel.models.jobs import JobState

log = structlog.get_logger(__name__)

SYSTEM_USER = UUID(int=1)
MAX_ATTEMPTS = 8
IN_FLIGHT = 100
FIRST_LEASE = timedelta(minutes=2)
NAMESPACE = UUID("5e0e3f0c-5b0f-4b0a-9d5c-6a1d2f0f7d11")

Effect = Callable[..., object]


@dataclass(frozen=True)
class Job:
    """A task by name: what it computes outside a transaction (slow, changes nothing), and its stored effect.

    `rights` is what the job may do as the system; empty means it acts with the rights of the person who
    asked.
    """

    name: str
    effect: Effect
    compute: Effect | None
    lease: timedelta
    rights: frozenset[Right]


JOBS: dict[str, Job] = {}


def job(
    name: str,
    *,
    compute: Effect | None = None,
    lease: timedelta = FIRST_LEASE,
    rights: frozenset[Right] = frozenset(),
) -> Callable[[Effect], Effect]:
    """Register the effect of the job `name`.

    Called with `actor`, `at`, the ids, and `result` when it computes first.
    """

    def register(effect: Effect) -> Effect:
        JOBS[name] = Job(name=name, effect=effect, compute=compute, lease=lease, rights=rights)
        return effect

    return register


def system_actor() -> Actor:
    """The actor of scheduled jobs. It has no log-in; only the worker's database role lets it see cases."""
    return Actor(user_id=SYSTEM_USER, name="Stelsel", role=Role.SYSTEM)


def enqueue(task: str, *, key: str = "", after: timedelta = timedelta(0), **ids: UUID | str | int) -> OutboxMessage:
    """Write work for Celery in this transaction.

    The same `key` a second time returns the work that was written first.
    """
    unit = current()
    if unit is None:
        raise RuntimeError("work needs a unit of work")
    actor = unit.actor
    asked = {"user": str(actor.user_id), "membership": str(actor.membership_id or "")} if actor else {}
    unique = f"{task}:{key}" if key else f"{task}:{uuid.uuid4()}"
    message, _ = OutboxMessage.objects.get_or_create(
        key=unique,
        defaults={
            "id": uuid.uuid5(NAMESPACE, unique),
            "task": task,
            "ids": {name: str(value) for name, value in ids.items()},
            "actor": asked,
            "available_at": unit.at + after,
            "created_at": unit.at,
        },
    )
    return message


def due_messages(*, at: datetime) -> list[UUID]:
    """Take the messages to ring for now, oldest first, leased so that another relay leaves them alone."""
    with transaction.atomic():
        ringing = OutboxMessage.objects.filter(state=JobState.QUEUED, available_at__gt=at, ringing=True).count()
        waiting = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(state=JobState.QUEUED, available_at__lte=at)
            .order_by("available_at", "pk")[: max(IN_FLIGHT - ringing, 0)]
        )
        taken = list(waiting)
        for message in taken:
            message.available_at, message.ringing = at + _lease(message), True
        OutboxMessage.objects.bulk_update(taken, ["available_at", "ringing"])
    return [message.pk for message in taken]


def not_rung(message_id: UUID, *, at: datetime) -> None:
    """The broker did not take the message: ring again as soon as it is back."""
    OutboxMessage.objects.filter(pk=message_id, state=JobState.QUEUED).update(available_at=at, ringing=False)


def _lease(message: OutboxMessage) -> timedelta:
    """How long the message is left alone: it doubles with each attempt, for work that takes longer than thought."""
    known = JOBS.get(message.task)
    first = known.lease if known else FIRST_LEASE
    return first * (1 << min(message.attempts, 5))


def run(message_id: UUID) -> bool:
    """Do one piece of work.

    True when its effect is there now; False when it was done already, is taken, or failed.
    """
    message = _claim(message_id)
    if message is None:
        return False
    known = JOBS.get(message.task)
    if known is None:
        _failed(message, code="unknown_task")
        return False
    try:
        _perform(message, known)
    except DomainError as refusal:
        _failed(message, code=refusal.code)
        return False
    except Exception as error:
        log.exception("job.failed", job=str(message.pk), task=message.task)
        _failed(message, code=type(error).__name__)
        return False
    return True


def _claim(message_id: UUID) -> OutboxMessage | None:
    """Count the attempt first, so that a job that kills its worker is given up in the end."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(pk=message_id, state=JobState.QUEUED)
            .first()
        )
        if message is None:
            return None
        if message.attempts >= MAX_ATTEMPTS:
            message.error = message.error or "attempts"
            _give_up(message, at=timezone.now())
            message.save(update_fields=["state", "error"])
            return None
        message.attempts += 1
        message.save(update_fields=["attempts"])
        return message


def _perform(message: OutboxMessage, known: Job) -> None:
    at = timezone.now()
    actor = _actor_of(message, known, at=at)
    ids: dict[str, Any] = dict(message.ids)
    if known.compute is not None:
        ids["result"] = known.compute(actor=actor, at=at, **ids)
        at = timezone.now()  # computing takes time, in which the role of who asked may end
        actor = _actor_of(message, known, at=at)
    with acting(actor, at=at, route=f"job:{message.task}", purpose="job"):
        held = OutboxMessage.objects.select_for_update().filter(pk=message.pk, state=JobState.QUEUED).first()
        if held is None:
            return
        known.effect(actor=actor, at=at, **ids)
        held.state, held.finished_at, held.error = JobState.DONE, at, ""
        held.save(update_fields=["state", "finished_at", "error"])


def _actor_of(message: OutboxMessage, known: Job, *, at: datetime) -> Actor:
    return system_actor() if known.rights else _asker(message, at=at)


def _asker(message: OutboxMessage, *, at: datetime) -> Actor:
    """The person who asked, with the rights they have now: a role that ended since opens nothing."""
    user = User.objects.get(pk=message.actor["user"])
    actor = actor_for(user, at=at, membership_id=message.actor["membership"])
    if actor is None or str(actor.membership_id or "") != message.actor["membership"]:
        raise DomainError("role_ended", "The role of the person who asked for this has ended.")
    return actor


def _failed(message: OutboxMessage, *, code: str) -> None:
    at = timezone.now()
    with transaction.atomic():
        held = OutboxMessage.objects.select_for_update().get(pk=message.pk)
        if held.state != JobState.QUEUED:
            return
        held.error, held.ringing = code[:200], False
        if held.attempts >= MAX_ATTEMPTS:
            _give_up(held, at=at)
        held.available_at = at + timedelta(seconds=2) * (1 << min(held.attempts, 8))
        held.save(update_fields=["error", "state", "available_at", "ringing"])


def _give_up(message: OutboxMessage, *, at: datetime) -> None:
    """Nothing ends in silence: the trail says that this work was not done."""
    message.state = JobState.DEAD
    with acting(system_actor(), at=at, route=f"job:{message.task}", purpose="job"):
        audit.record_refusal(
            "job.give_up", target="kernel.outboxmessage", target_id=str(message.pk), code=message.error
        )


def resend(message: OutboxMessage) -> None:
    """Give a dead job another round; an administrator's act, in the trail."""
    unit = current()
    if unit is None:
        raise RuntimeError("resending needs a unit of work")
    message.state, message.attempts, message.available_at, message.ringing = JobState.QUEUED, 0, unit.at, False
    message.save(update_fields=["state", "attempts", "available_at", "ringing"])
    audit.record("job.resend", message, detail={"task": message.task})


def tick(task: str, *, at: datetime, every: timedelta) -> OutboxMessage:
    """Write the work of one tick of a schedule as the system.

    The slot in the key makes a second beat harmless.
    """
    seconds = int(every.total_seconds())
    slot = int(at.timestamp()) // seconds * seconds
    with acting(system_actor(), at=at):
        return enqueue(task, key=f"slot:{slot}")
