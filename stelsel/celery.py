"""The Celery application: JSON only, late acknowledgement; the truth about work is in PostgreSQL (stelsel.kernel.jobs)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stelsel.settings.dev")

app = Celery("stelsel")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
