"""What may be expected of each side, questions about it, and measures of the employer."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_expectation', 'cases_sees(case_id)', ARRAY['case_manager', 'decider']);
CALL cases_protect('cases_expectationquestion', 'cases_sees(case_id)', ARRAY['case_manager', 'decider']);
CALL cases_protect('cases_employermeasure', 'cases_sees(case_id)', ARRAY['case_manager', 'decider']);
CALL kernel_freeze('cases_expectation', 'answer', 'acknowledged', 'refused');
CALL kernel_freeze('cases_employermeasure', 'state', 'lapsed');
CALL cases_keep_closed('cases_expectation');
CALL cases_keep_closed('cases_expectationquestion');
CALL cases_keep_closed('cases_employermeasure');
CALL cases_keep_elsewhere('cases_expectation');
CALL cases_keep_elsewhere('cases_expectationquestion');
CALL cases_keep_elsewhere('cases_employermeasure');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_demarcation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExpectationQuestion",
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
                    "side",
                    models.CharField(
                        choices=[("person", "The person"), ("employer", "The employer"), ("government", "Government")],
                        max_length=10,
                        verbose_name="asked by",
                    ),
                ),
                ("question", stelsel.kernel.models.secrets.SealedTextField()),
                ("asked_on", models.DateField(verbose_name="asked on")),
                ("due_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expectation_questions",
                        to="cases.case",
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EmployerMeasure",
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
                ("employer", stelsel.kernel.models.secrets.SealedTextField()),
                ("what", stelsel.kernel.models.secrets.SealedTextField()),
                (
                    "cost_bearer",
                    models.CharField(
                        choices=[
                            ("person", "The person"),
                            ("employer", "The employer"),
                            ("local", "Local authority"),
                            ("nctv", "NCTV"),
                        ],
                        max_length=10,
                        verbose_name="bears the cost",
                    ),
                ),
                ("deadline", models.DateField(verbose_name="ready on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("agreed", "Agreed, not looked at yet"),
                            ("in_place", "In place, looked at"),
                            ("lapsed", "Fell away"),
                        ],
                        default="agreed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("agreed_at", models.DateTimeField()),
                ("looked_on", models.DateField(null=True)),
                ("note", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                (
                    "agreed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="employer_measures", to="cases.case"
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "agreed"),
                            models.Q(("looked_by__isnull", False), ("looked_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="employer_measure_looked_at",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Expectation",
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
                    "side",
                    models.CharField(
                        choices=[("person", "The person"), ("employer", "The employer"), ("government", "Government")],
                        max_length=10,
                        verbose_name="of whom",
                    ),
                ),
                ("name", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("text", stelsel.kernel.models.secrets.SealedTextField()),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("written_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("acknowledged", "Acknowledged"), ("refused", "Refused")],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                ("answered_on", models.DateField(null=True, verbose_name="answered on")),
                ("said", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expectations", to="cases.case"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="cases.expectation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_on", None), ("recorded_by", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_on__isnull", False),
                                ("recorded_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="expectation_answered",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
