"""Names of codes with their history: a decided row is final, and every change of a row leaves its history."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL kernel_track('kernel_codevalue');
CALL kernel_freeze('kernel_codevalue', 'state', 'approved', 'refused');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0006_norm_value"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeValue",
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
                ("name_nl", models.CharField(max_length=100, verbose_name="Dutch name")),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("offered", models.BooleanField(default=True, verbose_name="can be chosen")),
                ("replaced_by", models.CharField(blank=True, max_length=30, verbose_name="replaced by")),
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
                "verbose_name": "code list",
                "verbose_name_plural": "code lists",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="codevalue_reasoned"
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
                        name="codevalue_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="codevalue_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("starts_at__gte", models.F("decided_at")),
                            _connector="OR",
                        ),
                        name="codevalue_not_in_the_past",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("code",), name="codevalue_one_proposal"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("code", "starts_at"),
                        name="codevalue_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
