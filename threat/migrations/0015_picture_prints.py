"""Numbered copies of a picture on paper: who printed which, and when."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('threat_pictureprint', 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
CALL cases_keep_elsewhere('threat_pictureprint');
CALL kernel_add_only('threat_pictureprint');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("threat", "0014_assumptions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PicturePrint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="copy")),
                ("printed_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prints", to="threat.picture"
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("picture", "number"), name="print_number_once")],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
