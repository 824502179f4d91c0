"""The number on which an organisation is reached at night."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0011_library_names")]
    operations = [
        migrations.AddField(
            model_name="organisation",
            name="duty_phone",
            field=models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="duty telephone"),
        ),
    ]
