"""Demarcation: its table, and that nothing new is written of who is under another regime."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_demarcation', 'cases_sees(case_id)');
CALL kernel_freeze('cases_demarcation', 'state', 'declined', 'received');

-- What the case says is what the demarcation says that was taken over.
CREATE FUNCTION cases_regime_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted uuid := CASE WHEN TG_TABLE_NAME = 'cases_case' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'case_id')::uuid END;
BEGIN
    IF (SELECT demarcation FROM cases_case WHERE id = wanted) <> COALESCE(
        (SELECT regime FROM cases_demarcation WHERE case_id = wanted AND state = 'taken_over'), 'none') THEN
        RAISE EXCEPTION 'the case is under the regime that took it over, and no other'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER regime_holds AFTER INSERT OR UPDATE ON cases_demarcation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_regime_holds();
CREATE CONSTRAINT TRIGGER regime_holds AFTER INSERT OR UPDATE OF demarcation ON cases_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_regime_holds();

-- The lock keeps a taking over that is under way from missing what is being added here.
CREATE FUNCTION cases_not_elsewhere() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE regime text;
BEGIN
    SELECT demarcation INTO regime FROM cases_case WHERE id = NEW.case_id FOR SHARE;
    IF regime <> 'none' THEN
        RAISE EXCEPTION 'other_regime' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE PROCEDURE cases_keep_elsewhere(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER a_not_elsewhere BEFORE INSERT OR UPDATE ON %s FOR EACH ROW
                    EXECUTE FUNCTION cases_not_elsewhere()', target);
END $$;
-- Not the way back, the end of authority and the case, and that somebody looked in an emergency.
DO $$
DECLARE part text;
BEGIN
    FOR part IN SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name LIKE 'cases\\_%' AND column_name = 'case_id'
            AND table_name NOT IN ('cases_demarcation', 'cases_authorityperiod', 'cases_caseclosure', 'cases_emergencyaccess')
        ORDER BY 1 LOOP
        CALL cases_keep_elsewhere(part::regclass);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_looking_back"),
        ("kernel", "0012_duty_telephone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="demarcation",
            field=models.CharField(
                choices=[
                    ("none", "None"),
                    ("witness_protection", "Witness protection"),
                    ("basic_police_care", "Basic police care"),
                    ("other", "Another regime"),
                ],
                default="none",
                max_length=20,
                verbose_name="other regime",
            ),
        ),
        migrations.CreateModel(
            name="Demarcation",
            fields=[
                (
                    "marking",
                    models.CharField(
                        choices=[
                            ("NONE", "No marking"),
                            ("DEP_V", "Departementaal VERTROUWELIJK"),
                            ("STG_C", "Stg. CONFIDENTIEEL"),
                            ("STG_G", "Stg. GEHEIM"),
                            ("STG_ZG", "Stg. ZEER GEHEIM"),
                        ],
                        default="DEP_V",
                        max_length=10,
                        verbose_name="marking",
                    ),
                ),
                ("marked_until", models.DateField(blank=True, null=True, verbose_name="marking ends on")),
                (
                    "data_regime",
                    models.CharField(
                        choices=[("avg", "AVG (GDPR)"), ("wpg", "Wpg (police data)")],
                        default="avg",
                        max_length=5,
                        verbose_name="data regime",
                    ),
                ),
                ("provenance", models.CharField(blank=True, max_length=150, verbose_name="provenance")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("witness_protection", "Witness protection"),
                            ("basic_police_care", "Basic police care"),
                            ("other", "Another regime"),
                        ],
                        max_length=20,
                        verbose_name="regime",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not taken over yet"),
                            ("declined", "Not taken over: nothing changed"),
                            ("taken_over", "Taken over"),
                            ("back", "Handed back, not in hand yet"),
                            ("received", "Back, in hand"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("decided_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="their reference")),
                ("review_on", models.DateField(null=True, verbose_name="review on")),
                ("answered_at", models.DateTimeField(null=True)),
                ("back_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("back_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="demarcations", to="cases.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.organisation",
                        verbose_name="contact point",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["back", "taken_over", "waiting"])),
                        fields=("case",),
                        name="demarcation_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("regime", "none"), _negated=True), name="demarcation_names_a_regime"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("regime", "witness_protection"), _negated=True),
                            models.Q(("back_reason", b""), ("reason", b""), ("reference", "")),
                            _connector="OR",
                        ),
                        name="demarcation_block_without_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="demarcation_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("back_at__isnull", False), ("state__in", ["back", "received"])),
                            models.Q(models.Q(("state__in", ["back", "received"]), _negated=True), ("back_at", None)),
                            _connector="OR",
                        ),
                        name="demarcation_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="demarcation_answered_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
