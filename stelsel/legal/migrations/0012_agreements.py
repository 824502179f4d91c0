"""Agreements between organisations: what was signed stands, and holds only when every party signed."""

import json

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CREATE SEQUENCE legal_agreement_number;
GRANT USAGE ON SEQUENCE legal_agreement_number TO stelsel_web, stelsel_worker;
CALL kernel_track('legal_interagencyagreement');
CALL kernel_track('legal_interagencyagreement_parties');
CALL kernel_track('legal_agreementversion');
CALL kernel_track('legal_agreementsignature');
CALL kernel_track('legal_lentcapacity');
CALL kernel_track('legal_agreementconflict');
CALL kernel_add_only('legal_interagencyagreement_parties');
CALL kernel_add_only('legal_agreementsignature');
CALL kernel_add_only('legal_lentcapacity');

-- Who agreed about what stands; a version holds when every party signed it, and changes no more but for its end and review.
CREATE FUNCTION legal_agreement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.title, NEW.kind, NEW.subject) IS DISTINCT FROM (OLD.number, OLD.title, OLD.kind, OLD.subject)
        OR OLD.ended_on IS NOT NULL THEN
        RAISE EXCEPTION 'an agreement stands: only its end is added' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON legal_interagencyagreement FOR EACH ROW EXECUTE FUNCTION legal_agreement_stands();

CREATE FUNCTION legal_version_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (to_jsonb(NEW) - 'agreed_at' - 'replaced_on' - 'review_on') <> (to_jsonb(OLD) - 'agreed_at' - 'replaced_on' - 'review_on')
        OR (OLD.agreed_at IS NOT NULL AND NEW.agreed_at IS DISTINCT FROM OLD.agreed_at)
        OR (OLD.replaced_on IS NOT NULL AND NEW.replaced_on IS DISTINCT FROM OLD.replaced_on) THEN
        RAISE EXCEPTION 'a version of an agreement stands as it was written' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.agreed_at IS NOT NULL AND EXISTS (
        SELECT organisation_id FROM legal_interagencyagreement_parties WHERE interagencyagreement_id = NEW.agreement_id
        EXCEPT SELECT organisation_id FROM legal_agreementsignature WHERE version_id = NEW.id) THEN
        RAISE EXCEPTION 'not every party signed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON legal_agreementversion FOR EACH ROW EXECUTE FUNCTION legal_version_stands();

CREATE FUNCTION legal_conflict_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.settled_at IS NOT NULL THEN
        RAISE EXCEPTION 'a conflict is settled once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON legal_agreementconflict FOR EACH ROW EXECUTE FUNCTION legal_conflict_stands();
"""
HOURLY = 3600


def add_schedule(apps, schema_editor):
    every = apps.get_model("django_celery_beat", "IntervalSchedule")
    interval, _ = every.objects.get_or_create(every=HOURLY, period="seconds")
    apps.get_model("django_celery_beat", "PeriodicTask").objects.create(
        name="legal.watch",
        task="kernel.tick",
        args=json.dumps(["legal.watch", HOURLY]),
        interval=interval,
        expire_seconds=HOURLY,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("kernel", "0012_duty_telephone"),
        ("legal", "0011_return_and_list"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InteragencyAgreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tasks", "Demarcation of tasks"),
                            ("capacity", "Capacity"),
                            ("information", "Information"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("persons", "Persons"),
                            ("objects", "Objects"),
                            ("services", "Services"),
                            ("escort", "Escort"),
                            ("military", "Military persons"),
                            ("abroad", "Abroad"),
                            ("events", "Events"),
                            ("analysis", "Threat analysis"),
                            ("resilience", "Resilience"),
                        ],
                        max_length=12,
                        verbose_name="subject",
                    ),
                ),
                ("ended_on", models.DateField(null=True, verbose_name="last day")),
                ("ended_reason", models.CharField(blank=True, max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("parties", models.ManyToManyField(related_name="+", to="kernel.organisation", verbose_name="parties")),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="AgreementVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=20000, verbose_name="what was agreed")),
                ("effect", models.TextField(max_length=4000, verbose_name="what it changes in practice")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("review_on", models.DateField(verbose_name="look again on")),
                ("written_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                ("replaced_on", models.DateField(null=True)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="legal.interagencyagreement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgreementConflict",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("found_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="legal.agreementversion"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="legal.agreementversion"
                    ),
                ),
                (
                    "prevails",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="legal.interagencyagreement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LentCapacity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("teams", models.PositiveSmallIntegerField(verbose_name="teams")),
                ("purpose", models.CharField(max_length=150, verbose_name="for what")),
                (
                    "borrower",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.organisation",
                        verbose_name="to whom",
                    ),
                ),
                (
                    "lender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.organisation",
                        verbose_name="who lends",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lent", to="legal.agreementversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgreementSignature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("signatory", models.CharField(max_length=120, verbose_name="who signed")),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("recorded_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="legal.agreementversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "organisation"), name="agreement_signed_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="interagencyagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_by", None), ("ended_on", None), ("ended_reason", "")),
                    models.Q(
                        models.Q(("ended_reason", ""), _negated=True),
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agreement_ended_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("agreement", "number"), name="agreement_version_once"),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed_at", None)), fields=("agreement",), name="agreement_one_version_to_sign"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="agreement_version_lasts",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementconflict",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="agreement_conflict_once"),
        ),
        migrations.AddConstraint(
            model_name="agreementconflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True), name="agreement_conflict_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementconflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("prevails", None), ("reason", ""), ("settled_at", None), ("settled_by", None)),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        ("prevails__isnull", False),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agreement_conflict_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="lentcapacity",
            constraint=models.CheckConstraint(
                condition=models.Q(("lender", models.F("borrower")), _negated=True), name="lent_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="lentcapacity",
            constraint=models.CheckConstraint(condition=models.Q(("teams__gte", 1)), name="lent_some_teams"),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunPython(add_schedule, migrations.RunPython.noop),
    ]
