"""A report about somebody known: passed on without sight of the case, and answered."""

import cases.reporting
import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
-- Who reported sees their report; the office sees what came to it; at the NCTV who sees the case, once it was forwarded.
CALL cases_protect('cases_passedreport', $test$
    reported_by_id = (SELECT kernel_actor())
    OR office_id = (SELECT kernel_organisation())
        AND (SELECT kernel_role()) IN ('prosecution_adviser', 'chief_prosecutor')
    OR forwarded_at IS NOT NULL AND cases_sees(case_id) AND (SELECT kernel_role()) IN ('case_manager', 'duty_officer')
$test$);
CALL cases_keep_closed('cases_passedreport');
CALL cases_keep_elsewhere('cases_passedreport');

-- What was reported stands, and is answered once.
CREATE FUNCTION cases_report_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL
        OR (to_jsonb(NEW) - 'state' - 'forwarded_at' - 'answer' - 'answered_by_id' - 'answered_at')
            <> (to_jsonb(OLD) - 'state' - 'forwarded_at' - 'answer' - 'answered_by_id' - 'answered_at') THEN
        RAISE EXCEPTION 'a report stands as it was made, and is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON cases_passedreport FOR EACH ROW EXECUTE FUNCTION cases_report_stands();

-- Whether a report about the person of a case waits; a yes or no to who sees the case.
CREATE FUNCTION cases_report_waits(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT cases_sees(wanted)
        AND EXISTS (SELECT 1 FROM cases_passedreport WHERE case_id = wanted AND state IN ('waiting', 'forwarded'))
$$;
REVOKE EXECUTE ON FUNCTION cases_report_waits FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_report_waits TO stelsel_web, stelsel_worker;

-- Which office handles the open case about a person with this blind index, as cases_known finds it. Not which case, where
-- that takes nothing (another regime) or who asks is kept out of it: the answer is the same to who reports.
CREATE FUNCTION cases_handled_by(index bytea, with_birth_date boolean) RETURNS TABLE (case_id uuid, office_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN c.demarcation = 'none' AND NOT cases_conflicted(c.id) THEN c.id END, c.office_id
    FROM cases_case c JOIN cases_person person ON person.id = c.person_id
    WHERE c.state <> 'closed' AND (
        CASE WHEN with_birth_date THEN person.born_index ELSE person.name_index END = index
        OR with_birth_date AND EXISTS (SELECT 1 FROM cases_alias alias
            WHERE alias.case_id = c.id AND alias.withdrawn_at IS NULL AND alias.born_index = index))
    ORDER BY c.opened_at DESC, c.id LIMIT 1
$$;
REVOKE EXECUTE ON FUNCTION cases_handled_by FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_handled_by TO stelsel_web, stelsel_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0034_merge"),
        ("kernel", "0012_duty_telephone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="contactentry",
            name="informant",
            field=models.CharField(
                blank=True,
                choices=[
                    ("person", "The person"),
                    ("relation", "Somebody close"),
                    ("employer", "The employer"),
                    ("guard", "A guard"),
                    ("police", "The police"),
                ],
                max_length=10,
                verbose_name="told by",
            ),
        ),
        migrations.CreateModel(
            name="PassedReport",
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
                ("reference", models.CharField(max_length=20, unique=True)),
                ("name", stelsel.kernel.models.secrets.SealedTextField()),
                ("birth_date", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("reach", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("what_happened", stelsel.kernel.models.secrets.SealedTextField()),
                ("measures_now", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "With the prosecutor's office"),
                            ("forwarded", "With the NCTV"),
                            ("taken", "Taken up"),
                            ("different", "About another person"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reported_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("forwarded_at", models.DateTimeField(null=True)),
                ("answer", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("answered_at", models.DateTimeField(null=True)),
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
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_reports",
                        to="cases.case",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.personkey"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["reported_by", "-reported_at"], name="report_of_reporter")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None),
                                ("answered_by", None),
                                (
                                    "state__in",
                                    (cases.reporting.ReportState["WAITING"], cases.reporting.ReportState["FORWARDED"]),
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        (
                                            cases.reporting.ReportState["WAITING"],
                                            cases.reporting.ReportState["FORWARDED"],
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("reported_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="report_answered_by_another",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
