"""The frozen facts of a picture may be of one that was made elsewhere: maker, number and day, and no score."""

import stelsel.kernel.models.secrets
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="adoptedpicture",
            name="kept_at",
            field=stelsel.kernel.models.secrets.SealedTextField(default=b""),
        ),
        migrations.AddField(
            model_name="adoptedpicture",
            name="made_on",
            field=models.DateField(null=True, verbose_name="made on"),
        ),
        migrations.AddField(
            model_name="adoptedpicture",
            name="maker",
            field=models.CharField(blank=True, max_length=150, verbose_name="made by"),
        ),
        migrations.AddField(
            model_name="adoptedpicture",
            name="maker_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="number of the maker"),
        ),
        migrations.AlterField(
            model_name="adoptedpicture",
            name="coverage",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="adoptedpicture",
            name="high",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="adoptedpicture",
            name="index",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="adoptedpicture",
            name="low",
            field=models.FloatField(null=True),
        ),
        migrations.AlterField(
            model_name="adoptedpicture",
            name="method_version",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddConstraint(
            model_name="adoptedpicture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kept_at", b""),
                        ("made_on", None),
                        ("maker", ""),
                        ("maker_number", ""),
                        models.Q(("method_version", ""), _negated=True),
                        ("coverage__isnull", False),
                        ("high__isnull", False),
                        ("index__isnull", False),
                        ("low__isnull", False),
                    ),
                    models.Q(
                        models.Q(("maker", ""), _negated=True),
                        models.Q(("maker_number", ""), _negated=True),
                        models.Q(("kept_at", b""), _negated=True),
                        ("coverage", None),
                        ("high", None),
                        ("index", None),
                        ("low", None),
                        ("made_on__isnull", False),
                        ("method_version", ""),
                    ),
                    _connector="OR",
                ),
                name="picture_scored_here_or_made_elsewhere",
            ),
        ),
    ]
