"""Nobody acts in a case about a relative or a superior: kept out by what is written down, or by the household."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_recusal', 'cases_sees(case_id)', ARRAY['case_manager', 'decider', 'security_officer']);
CALL cases_keep_closed('cases_recusal');
CALL cases_keep_elsewhere('cases_recusal');

-- Written down once, ended once.
CREATE FUNCTION cases_recusal_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (NEW.case_id, NEW.user_id, NEW.ground, NEW.reason, NEW.recorded_by_id, NEW.recorded_at)
        IS DISTINCT FROM (OLD.case_id, OLD.user_id, OLD.ground, OLD.reason, OLD.recorded_by_id, OLD.recorded_at) THEN
        RAISE EXCEPTION 'a recusal stands as it was written down; only its end is added'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER history_stands BEFORE UPDATE ON cases_recusal FOR EACH ROW EXECUTE FUNCTION cases_recusal_history();

-- Whether who acts now is tied to somebody in the case: by rule (the family), or by what was written down.
CREATE FUNCTION cases_conflicted(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cases_recusal WHERE case_id = wanted AND user_id = kernel_actor() AND ended_at IS NULL
    ) OR EXISTS (
        SELECT 1 FROM cases_closerelation relation JOIN cases_person person ON person.id = relation.person_id
        WHERE relation.case_id = wanted AND person.user_id = kernel_actor()
    )
$$;

-- By every door, in every table that names the case.
CREATE OR REPLACE FUNCTION cases_not_elsewhere() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE regime text;
BEGIN
    SELECT demarcation INTO regime FROM cases_case WHERE id = NEW.case_id FOR SHARE;
    IF regime <> 'none' THEN
        RAISE EXCEPTION 'other_regime' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF cases_conflicted(NEW.case_id) THEN
        RAISE EXCEPTION 'conflict_of_interest' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0031_aliases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recusal",
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
                    "ground",
                    models.CharField(
                        choices=[
                            ("relative", "Relative of somebody in the case"),
                            ("superior", "Superior of somebody in the case, or the other way round"),
                            ("other", "Another tie"),
                        ],
                        max_length=10,
                        verbose_name="tie",
                    ),
                ),
                ("reason", stelsel.kernel.models.secrets.SealedTextField()),
                ("recorded_at", models.DateTimeField()),
                ("end_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="cases.case"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("case", "user"), name="recused_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recusal_ended_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_by", None), models.Q(("ended_by", models.F("user")), _negated=True), _connector="OR"
                        ),
                        name="nobody_ends_their_own_recusal",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
