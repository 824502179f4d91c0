"""How somebody wants a list: rows per page, columns and kept searches."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_code_value")]
    operations = [
        migrations.CreateModel(
            name="ListPreference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("list_name", models.CharField(max_length=40)),
                ("size", models.PositiveSmallIntegerField(default=25)),
                ("columns", models.JSONField(default=list)),
                ("searches", models.JSONField(default=list)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "list_name"), name="list_preference_once")],
            },
        ),
        migrations.RunSQL("CALL kernel_track('kernel_listpreference')", migrations.RunSQL.noop),
    ]
