"""The schedules of Celery beat. An administrator may change their interval; each tick writes work to the outbox."""

import json

from django.db import migrations

SCHEDULES = (  # job, seconds
    ("cases.watch", 60),
    ("threat.watch", 60),
    ("resilience.watch", 300),
    ("capacity.extend_demand", 3600),
)


def add_schedules(apps, schema_editor):
    every = apps.get_model("django_celery_beat", "IntervalSchedule")
    scheduled = apps.get_model("django_celery_beat", "PeriodicTask")
    for job, seconds in SCHEDULES:
        interval, _ = every.objects.get_or_create(every=seconds, period="seconds")
        scheduled.objects.create(
            name=job, task="kernel.tick", args=json.dumps([job, seconds]), interval=interval, expire_seconds=seconds
        )


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0004_outbox_ringing"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(add_schedules, migrations.RunPython.noop)]
