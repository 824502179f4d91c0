"""Levels of the local domain as they were written, for analysts alone, and the tables that map them: both final."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('threat_locallevel', 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
CALL cases_keep_elsewhere('threat_locallevel');
CALL kernel_add_only('threat_locallevel');
CALL kernel_track('threat_localmapping');
CALL kernel_freeze('threat_localmapping', 'state', 'approved', 'refused');
ALTER TABLE threat_localmapping ADD CONSTRAINT localmapping_to_the_scheme CHECK (
    jsonb_typeof(levels) = 'object' AND levels <> '{}'
    AND NOT jsonb_path_exists(levels, 'strict $.* ? (@.type() != "number" || @ < 1 || @ > 5 || (@ % 1) != 0)'));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("threat", "0009_codings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LocalLevel",
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
                ("scale", models.CharField(max_length=20, verbose_name="local scale")),
                ("original", models.CharField(max_length=60, verbose_name="level or state as written")),
                ("recorded_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="local_levels", to="cases.case"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="local_levels", to="threat.product"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["product", "-recorded_at"], name="local_level_of_product")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("original", ""), _negated=True), name="local_level_as_written"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalMapping",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=80, verbose_name="code")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("refused", "Refused")],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("levels", models.JSONField(verbose_name="levels")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of a local scale",
                "verbose_name_plural": "mappings of local scales",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="localmapping_reasoned"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="localmapping_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="localmapping_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("starts_at__gte", models.F("decided_at")),
                            _connector="OR",
                        ),
                        name="localmapping_not_in_the_past",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("code",), name="localmapping_one_proposal"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("code", "starts_at"),
                        name="localmapping_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
