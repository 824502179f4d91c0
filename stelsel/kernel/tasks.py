"""The doors of the worker: run one piece of work, tick a schedule."""

from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from django.utils import timezone

from stelsel.kernel import jobs

log = structlog.get_logger(__name__)


@shared_task(name="kernel.run")
def run(message_id: str) -> None:
    """Do the work of one outbox message."""
    jobs.run(UUID(message_id))


@shared_task(name="kernel.tick")
def tick(task: str, seconds: int) -> None:
    """Write the work of one tick of a schedule (called by Celery beat). An unknown task is left out."""
    if task not in jobs.JOBS:
        log.warning("schedule.unknown_task", task=task)
        return
    jobs.tick(task, at=timezone.now(), every=timedelta(seconds=seconds))
