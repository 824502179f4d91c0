"""What these codes are called stands in dated code lists; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_letters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="phenomenon",
            field=models.CharField(max_length=20, verbose_name="phenomenon"),
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(max_length=10, verbose_name="state"),
        ),
        migrations.AlterField(
            model_name="informduty",
            name="channel",
            field=models.CharField(blank=True, max_length=20, verbose_name="how"),
        ),
        migrations.AlterField(
            model_name="informduty",
            name="withheld_ground",
            field=models.CharField(blank=True, max_length=30, verbose_name="ground to withhold"),
        ),
    ]
