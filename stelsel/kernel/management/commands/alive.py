"""`manage.py alive`: whether this process makes progress, for a health check. A process that exists may still hang."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from stelsel.kernel.jobs import IN_FLIGHT
from stelsel.kernel.models import OutboxMessage
from stelsel.kernel.models.jobs import JobState

PATIENCE = timedelta(minutes=5)  # longer than the one minute between two ticks of a schedule
UNSEALED = """
WITH last AS (SELECT coalesce(max(to_txid), 0) AS sealed FROM kernel_seal)
SELECT EXISTS (SELECT FROM kernel_auditentry, last WHERE txid >= sealed AND recorded_at < %(since)s)
    OR EXISTS (SELECT FROM kernel_readentry, last WHERE txid >= sealed AND recorded_at < %(since)s)
    OR EXISTS (SELECT FROM kernel_historyentry, last WHERE txid >= sealed AND recorded_at < %(since)s)
"""


class Command(BaseCommand):
    """Ends with 1 and the reason when work of this process (STELSEL_PROCESS) has waited longer than PATIENCE."""

    requires_system_checks = ()  # asked every minute: the process itself was checked at its start
    help = "Ends with 1 when the worker, beat, relay or sealer makes no progress."

    def handle(self, *args: object, **options: object) -> None:
        look = PROGRESS.get(settings.PROCESS)
        if look is None:
            raise CommandError(f"Nothing is known of the progress of {settings.PROCESS!r}.")
        stands_still = look(timezone.now() - PATIENCE)
        if stands_still:
            raise CommandError(stands_still)
        self.stdout.write("alive")


def _worker(since: datetime) -> str:
    """Work was rung for, and nothing at all was finished or tried anew since."""
    waiting = OutboxMessage.objects.filter(state=JobState.QUEUED, ringing=True, created_at__lt=since)
    moved = OutboxMessage.objects.filter(finished_at__gte=since)
    return "work waits, and none was finished" if waiting.exists() and not moved.exists() else ""


def _beat(since: datetime) -> str:
    """No schedule ticked. Beat writes when each ran last at most three minutes late."""
    schedules = PeriodicTask.objects.filter(enabled=True)
    ran = schedules.exclude(last_run_at=None)
    return "no schedule ticked" if ran.exists() and not ran.filter(last_run_at__gte=since).exists() else ""


def _relay(since: datetime) -> str:
    """Work is due, and nobody rang for it although the worker has room."""
    queued = OutboxMessage.objects.filter(state=JobState.QUEUED)
    full = queued.filter(ringing=True).count() >= IN_FLIGHT
    return "work is due and not rung for" if not full and queued.filter(available_at__lt=since).exists() else ""


def _sealer(since: datetime) -> str:
    """Rows of the trail were written and not sealed."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED, {"since": since})
        (unsealed,) = cursor.fetchone()
    return "rows of the trail wait for their seal" if unsealed else ""


PROGRESS: dict[str, Callable[[datetime], str]] = {
    "worker": _worker,
    "beat": _beat,
    "relay": _relay,
    "sealer": _sealer,
}
