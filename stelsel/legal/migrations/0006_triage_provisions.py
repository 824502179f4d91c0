"""What goes to the parties at the triage table, and the ground on which it does."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)
RECEIVERS = ("nctv", "prosecution", "police_region", "kmar")


def fill(apps, schema_editor):
    for receiver in RECEIVERS:
        apps.get_model("legal", "Provision").objects.create(
            information="triage_file",
            provider="prosecution",
            receiver=receiver,
            ground_id="circulaire-2026",
            in_force=DateRange(SINCE, None),
        )


class Migration(migrations.Migration):
    dependencies = [("legal", "0005_triage_file")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
