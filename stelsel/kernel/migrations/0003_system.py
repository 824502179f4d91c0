"""The system's own user: scheduled jobs act as it. It cannot log in."""

from uuid import UUID

from django.db import migrations


def add_system(apps, schema_editor):
    apps.get_model("kernel", "User").objects.create(
        id=UUID(int=1),
        username="stelsel",
        full_name="Stelsel",
        password="!",
        is_active=False,
        is_service=True,
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_trail")]
    operations = [migrations.RunPython(add_system, migrations.RunPython.noop)]
