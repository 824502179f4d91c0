"""Looking along shielded investigations: the outcome for its supplier and the head, the day for the analysts."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('threat_shieldedcheck',
    '((SELECT kernel_role()) = ''head_of_analysis'' AND cases_sees(case_id))
     OR ((SELECT kernel_role()) = ''product_supplier'' AND supplier_id = (SELECT kernel_organisation()))');
CALL cases_keep_elsewhere('threat_shieldedcheck');
CALL kernel_add_only('threat_shieldedcheck');

-- Per case and supplier of these kinds that was asked: the first day of that, and the day of the last look or NULL. SECURITY DEFINER: the day passes
-- to the analysts of the case, the outcome does not.
CREATE FUNCTION threat_shielded_looks(about uuid[], kinds text[])
    RETURNS TABLE (case_id uuid, supplier_id uuid, supplier varchar, asked_on date, checked_on date) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT asked.case_id, asked.supplier_id, organisation.name, asked.asked_on, max(looked.checked_on)
    FROM (SELECT request.case_id, request.supplier_id, min(request.asked_at)::date AS asked_on
        FROM threat_informationrequest request WHERE request.case_id = ANY (about)
        GROUP BY request.case_id, request.supplier_id) asked
    JOIN kernel_organisation organisation ON organisation.id = asked.supplier_id AND organisation.kind = ANY (kinds)
    LEFT JOIN threat_shieldedcheck looked ON looked.case_id = asked.case_id AND looked.supplier_id = asked.supplier_id
    WHERE kernel_role() = 'system'
        OR kernel_role() IN ('threat_analyst', 'head_of_analysis') AND cases_sees(asked.case_id)
    GROUP BY asked.case_id, asked.supplier_id, organisation.name, asked.asked_on
$$;
REVOKE EXECUTE ON FUNCTION threat_shielded_looks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION threat_shielded_looks TO stelsel_web, stelsel_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("kernel", "0013_deputies"),
        ("threat", "0007_told_by_the_police"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShieldedCheck",
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
                        choices=[
                            ("nothing", "Nothing for protection"),
                            ("shares", "Something: a product follows"),
                            ("cannot_share", "Something that cannot be shared"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("checked_on", models.DateField(verbose_name="looked on")),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shielded_checks", to="cases.case"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shielded_checks",
                        to="threat.informationrequest",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "supplier", "-checked_on"], name="shielded_check_latest")],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
