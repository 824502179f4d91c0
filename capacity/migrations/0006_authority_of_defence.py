"""Authority may be the Minister of Defence, over military persons."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("capacity", "0005_one_open_run"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="authority",
            field=models.CharField(
                choices=[
                    ("nctv", "NCTV"),
                    ("chief_prosecutor", "Chief prosecutor"),
                    ("mayor", "Mayor"),
                    ("defence", "Minister of Defence"),
                ],
                max_length=20,
                verbose_name="authority",
            ),
        ),
    ]
