"""API clients, schedules and intervals of libraries under names of our own; no table is made."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("kernel", "0010_table_member"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiClient",
            fields=[],
            options={
                "verbose_name": "API client",
                "verbose_name_plural": "API clients",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("oauth2_provider.application",),
        ),
        migrations.CreateModel(
            name="Interval",
            fields=[],
            options={
                "verbose_name": "interval",
                "verbose_name_plural": "intervals",
                "ordering": ("period", "every"),
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("django_celery_beat.intervalschedule",),
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[],
            options={
                "verbose_name": "schedule",
                "verbose_name_plural": "schedules",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("django_celery_beat.periodictask",),
        ),
    ]
