"""`manage.py outbox_relay`: hands waiting jobs to the broker, which rings the worker."""

import functools
from argparse import ArgumentParser

from celery import Celery
from django.core.management.base import BaseCommand
from django.utils import timezone
from kombu.exceptions import OperationalError

from stelsel.kernel import jobs
from stelsel.kernel.checks import require_sound
from stelsel.kernel.management.loop import every

PAUSE = 0.5  # seconds between two looks


class Command(BaseCommand):
    """The truth stays in the database: a message that the broker loses is rung again when its lease ends."""

    help = "Ring the worker for every job that is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="ring for what is due now, and stop")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        require_sound()
        app = Celery("relay")
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.autodiscover_tasks(force=True)  # the jobs of every app, for their leases
        if once:
            self.stdout.write(str(ring(app)))
            return
        every(PAUSE, functools.partial(ring, app), name="relay")


def ring(app: Celery) -> int:
    """Ring for what is due; how many the broker took.

    Raises:
        OperationalError: the broker is away; what it did not take is due again at once.
    """
    at = timezone.now()
    waiting = jobs.due_messages(at=at)
    for position, message_id in enumerate(waiting):
        try:
            app.send_task("kernel.run", args=[str(message_id)], retry_policy={"max_retries": 1})
        except OperationalError:
            for left in waiting[position:]:
                jobs.not_rung(left, at=at)
            raise
    return len(waiting)
