from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_system")]
    operations = [
        migrations.AddField("outboxmessage", "ringing", models.BooleanField(default=False)),
    ]
