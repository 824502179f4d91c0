"""Versions registered by their text, shadow runs and daily ageing: readings are only added, and the board adds no coded version."""

import json

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['shadowreading', 'agedreading'] LOOP
        CALL cases_protect(('threat_' || part)::regclass, 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
        CALL cases_keep_elsewhere(('threat_' || part)::regclass);
        CALL kernel_add_only(('threat_' || part)::regclass);
    END LOOP;
END $$;
CALL kernel_track('threat_shadowrun');
REVOKE UPDATE ON threat_shadowrun FROM stelsel_web;

GRANT INSERT ON threat_methodversion TO stelsel_web, stelsel_worker;
CREATE FUNCTION threat_registered_by_its_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user IN ('stelsel_web', 'stelsel_worker') AND NEW.definition = '' THEN
        RAISE EXCEPTION 'a version without its text comes with a release' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registered BEFORE INSERT ON threat_methodversion FOR EACH ROW
    EXECUTE FUNCTION threat_registered_by_its_text();
"""
DAILY = 86400


def add_schedule(apps, schema_editor):
    every = apps.get_model("django_celery_beat", "IntervalSchedule")
    interval, _ = every.objects.get_or_create(every=DAILY, period="seconds")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.create(
        name="threat.age",
        task="kernel.tick",
        args=json.dumps(["threat.age", DAILY]),
        interval=interval,
        expire_seconds=DAILY,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("cases", "0035_passed_reports"),
        ("threat", "0012_double_run"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgedReading",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("as_of", models.DateField(verbose_name="on")),
                ("level", models.PositiveSmallIntegerField(null=True)),
                ("outcome", models.CharField(max_length=12)),
                ("index", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("coverage", models.FloatField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ShadowReading",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("before", models.PositiveSmallIntegerField(null=True)),
                ("after", models.PositiveSmallIntegerField(null=True)),
                ("index_before", models.FloatField()),
                ("index_after", models.FloatField()),
                (
                    "shift",
                    models.CharField(
                        choices=[
                            ("up", "Higher"),
                            ("down", "Lower"),
                            ("unchanged", "Unchanged"),
                            ("lost", "Now insufficient information"),
                            ("gained", "Now a level"),
                        ],
                        max_length=10,
                        verbose_name="movement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShadowRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("candidate", models.CharField(max_length=20, verbose_name="version that is tried")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("finished", "Finished")], max_length=10, verbose_name="state"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("parts", models.PositiveIntegerField(default=0)),
                ("parts_done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name="methodversion",
            name="definition",
            field=models.TextField(blank=True, verbose_name="definition"),
        ),
        migrations.AddField(
            model_name="methodversion",
            name="document",
            field=models.TextField(blank=True, verbose_name="document"),
        ),
        migrations.AddField(
            model_name="methodversion",
            name="registered_at",
            field=models.DateTimeField(null=True, verbose_name="registered"),
        ),
        migrations.AddField(
            model_name="methodversion",
            name="registered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="registered by",
            ),
        ),
        migrations.AddConstraint(
            model_name="methodversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("definition", ""), ("document", ""), ("registered_at", None), ("registered_by", None)),
                    models.Q(
                        models.Q(("definition", ""), _negated=True),
                        models.Q(("document", ""), _negated=True),
                        ("from_the_start", False),
                        ("registered_at__isnull", False),
                        ("registered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="methodversion_coded_or_registered",
            ),
        ),
        migrations.AddField(
            model_name="agedreading",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddField(
            model_name="agedreading",
            name="picture",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="aged", to="threat.picture"
            ),
        ),
        migrations.AddField(
            model_name="shadowreading",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddField(
            model_name="shadowreading",
            name="picture",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threat.picture"),
        ),
        migrations.AddField(
            model_name="shadowrun",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="started by",
            ),
        ),
        migrations.AddField(
            model_name="shadowreading",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="threat.shadowrun"
            ),
        ),
        migrations.AddConstraint(
            model_name="agedreading",
            constraint=models.UniqueConstraint(fields=("picture", "as_of"), name="aged_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="shadowrun",
            index=models.Index(fields=["candidate", "-started_at"], name="shadow_run_of_version"),
        ),
        migrations.AddConstraint(
            model_name="shadowrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("candidate",),
                name="shadow_run_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="shadowrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at", None), ("state", "running")),
                    models.Q(("finished_at__isnull", False), ("state", "finished")),
                    _connector="OR",
                ),
                name="shadow_run_finished_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="shadowrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="shadow_run_reasoned"
            ),
        ),
        migrations.AddIndex(
            model_name="shadowreading",
            index=models.Index(fields=["run", "shift"], name="shadow_reading_by_shift"),
        ),
        migrations.AddConstraint(
            model_name="shadowreading",
            constraint=models.UniqueConstraint(fields=("run", "picture"), name="shadow_reading_once"),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunPython(add_schedule, migrations.RunPython.noop),
    ]
