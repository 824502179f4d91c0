"""Conditions of a decision with the day on which somebody looks, and decisions that several deciders sign."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_decisioncondition', 'cases_sees(case_id)', ARRAY['case_manager', 'decider']);
CALL cases_protect('cases_conditioncheck', 'cases_sees(case_id)', ARRAY['case_manager', 'decider']);
CALL cases_protect('cases_approval', 'cases_sees(case_id)', ARRAY['case_manager', 'decider']);
CALL kernel_add_only('cases_conditioncheck');
CALL cases_keep_closed('cases_decisioncondition');
CALL cases_keep_closed('cases_conditioncheck');
CALL cases_keep_closed('cases_approval');
CALL cases_keep_elsewhere('cases_decisioncondition');
CALL cases_keep_elsewhere('cases_conditioncheck');
CALL cases_keep_elsewhere('cases_approval');

-- As a planned measure: written while the package is a draft, and part of what is signed from then on.
CREATE TRIGGER part_of_decision BEFORE INSERT OR UPDATE OR DELETE ON cases_decisioncondition
    FOR EACH ROW EXECUTE FUNCTION cases_part_of_decision();
GRANT DELETE ON cases_decisioncondition TO stelsel_web, stelsel_worker;
CREATE POLICY removed ON cases_decisioncondition FOR DELETE TO stelsel_web, stelsel_worker USING (cases_sees(case_id));

-- Four eyes: who prepared a package approves nothing of it. Of an approval only the reminder is added, once.
CREATE FUNCTION cases_approval_four_eyes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'reminded_at' <> to_jsonb(OLD) - 'reminded_at' OR OLD.reminded_at IS NOT NULL THEN
            RAISE EXCEPTION 'an approval is final' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM cases_package WHERE id = NEW.package_id AND prepared_by_id = NEW.approved_by_id) THEN
        RAISE EXCEPTION 'who prepared a package does not approve it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER four_eyes BEFORE INSERT OR UPDATE ON cases_approval FOR EACH ROW EXECUTE FUNCTION cases_approval_four_eyes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0029_decided_anew"),
        ("kernel", "0012_duty_telephone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="decisionreview",
            name="cause",
            field=models.CharField(
                choices=[
                    ("newer_picture", "A newer threat picture was adopted"),
                    ("expired", "The threat picture it rests on is past its review date"),
                    ("withdrawn", "A product that the threat picture rests on was withdrawn"),
                    ("condition", "A condition of the decision is not met"),
                ],
                max_length=15,
                verbose_name="why",
            ),
        ),
        migrations.CreateModel(
            name="DecisionCondition",
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
                ("text", stelsel.kernel.models.secrets.SealedTextField()),
                ("check_on", models.DateField(verbose_name="look on")),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="cases.package"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Approval",
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
                ("package_version", models.PositiveIntegerField()),
                ("reasons", stelsel.kernel.models.secrets.SealedTextField()),
                ("approved_at", models.DateTimeField()),
                ("due", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="cases.package"
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.signature"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("package", "package_version", "approved_by"), name="approved_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ConditionCheck",
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
                    "outcome",
                    models.CharField(
                        choices=[("met", "Met"), ("not_met", "Not met"), ("later", "Look again later")],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("again_on", models.DateField(null=True, verbose_name="look again on")),
                ("note", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("checked_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="cases.decisioncondition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("again_on__isnull", False), ("outcome", "later")),
                            models.Q(models.Q(("outcome", "later"), _negated=True), ("again_on", None)),
                            _connector="OR",
                        ),
                        name="condition_later_has_a_day",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
