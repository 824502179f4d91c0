"""The catalogue of needs for information, changed by two of the method board; what was decided is final."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL kernel_track('threat_informationneed');
CALL kernel_freeze('threat_informationneed', 'state', 'approved', 'refused');
ALTER TABLE threat_informationneed
    ADD CONSTRAINT informationneed_has_a_factor CHECK (factor IN ('F1', 'F2', 'F3', 'F4', 'F5', 'F6') AND code LIKE factor || '.%'),
    ADD CONSTRAINT informationneed_priority CHECK (priority BETWEEN 1 AND 3),
    ADD CONSTRAINT informationneed_in_two_languages CHECK (text_nl <> '' AND text_en <> '');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0013_deputies"),
        ("threat", "0017_product_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InformationNeed",
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
                ("factor", models.CharField(max_length=2, verbose_name="factor")),
                ("priority", models.PositiveSmallIntegerField(verbose_name="priority")),
                ("text_nl", models.CharField(max_length=200, verbose_name="Dutch text")),
                ("text_en", models.CharField(max_length=200, verbose_name="English text")),
                ("offered", models.BooleanField(default=True, verbose_name="is asked")),
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
                "verbose_name": "need for information",
                "verbose_name_plural": "needs for information",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="informationneed_reasoned"
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
                        name="informationneed_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="informationneed_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("starts_at__gte", models.F("decided_at")),
                            _connector="OR",
                        ),
                        name="informationneed_not_in_the_past",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")), fields=("code",), name="informationneed_one_proposal"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("code", "starts_at"),
                        name="informationneed_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
