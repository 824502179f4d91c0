"""Versions of the template of the picture, and from which one a picture is written: both final."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL kernel_track('threat_picturetemplate');
CALL kernel_freeze('threat_picturetemplate', 'state', 'approved', 'refused');
CALL cases_protect('threat_templateuse', 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
CALL cases_keep_elsewhere('threat_templateuse');
CALL kernel_add_only('threat_templateuse');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("threat", "0010_local_levels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PictureTemplate",
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
                ("text", models.TextField(verbose_name="text")),
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
                "verbose_name": "template of the picture",
                "verbose_name_plural": "templates of the picture",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TemplateUse",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "picture",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="template_use", to="threat.picture"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threat.picturetemplate"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="picturetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="picturetemplate_reasoned"
            ),
        ),
        migrations.AddConstraint(
            model_name="picturetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="picturetemplate_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="picturetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="picturetemplate_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="picturetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("starts_at__gte", models.F("decided_at")),
                    _connector="OR",
                ),
                name="picturetemplate_not_in_the_past",
            ),
        ),
        migrations.AddConstraint(
            model_name="picturetemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("code",), name="picturetemplate_one_proposal"
            ),
        ),
        migrations.AddConstraint(
            model_name="picturetemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "approved")),
                fields=("code", "starts_at"),
                name="picturetemplate_one_at_a_time",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
