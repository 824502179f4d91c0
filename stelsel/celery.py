"""The Celery application. JSON only, late acknowledgement; the truth about work is in PostgreSQL (kernel.jobs)."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stelsel.settings.dev")

app = Celery("stelsel")


@worker_init.connect  # Celery's own way to run something before a worker or beat starts
@beat_init.connect
def refuse_unsound(**_: object) -> None:
    """End at once when the connection would make the database's guards inert; Celery swallows other exceptions."""
    from stelsel.kernel.checks import require_sound  # noqa: PLC0415  # the apps are loaded by now

    try:
        require_sound()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
