"""What happens to those who guard is told to the authority over the person (R019)."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)
ROWS = [
    ("guard_incident", provider, receiver, ground)
    for receiver, ground in (("nctv", "politiewet-42-1c"), ("prosecution", "politiewet-1-2"))
    for provider in ("lcc", "police_lx", "police_region", "kmar")
]


def fill(apps, schema_editor):
    provision = apps.get_model("legal", "Provision")
    for information, provider, receiver, code in ROWS:
        provision.objects.create(
            information=information,
            provider=provider,
            receiver=receiver,
            ground_id=code,
            in_force=DateRange(SINCE, None),
        )


class Migration(migrations.Migration):
    dependencies = [("legal", "0003_guard_incident")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
