"""Versions of the method and the decisions about their use: what was published or decided is final."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL kernel_track('threat_methodversion');
CALL kernel_add_only('threat_methodversion');
REVOKE INSERT ON threat_methodversion FROM stelsel_web, stelsel_worker;
CALL kernel_track('threat_methoduse');
CALL kernel_freeze('threat_methoduse', 'state', 'approved', 'refused');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("threat", "0003_products_known"),
    ]

    operations = [
        migrations.CreateModel(
            name="MethodVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="version")),
                ("method_hash", models.CharField(max_length=64, verbose_name="hash of the method")),
                ("document_hash", models.CharField(max_length=64, verbose_name="hash of the document")),
                ("from_the_start", models.BooleanField(default=False, verbose_name="in use from the start")),
            ],
            options={
                "verbose_name": "method version",
                "verbose_name_plural": "method versions",
            },
        ),
        migrations.CreateModel(
            name="MethodUse",
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
                ("usable", models.BooleanField(verbose_name="may be used")),
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
                "verbose_name": "decision about a method version",
                "verbose_name_plural": "decisions about method versions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="methoduse_reasoned"
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
                        name="methoduse_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="methoduse_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("starts_at__gte", models.F("decided_at")),
                            _connector="OR",
                        ),
                        name="methoduse_not_in_the_past",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("code",), name="methoduse_one_proposal"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("code", "starts_at"),
                        name="methoduse_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
