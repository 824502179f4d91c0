"""What goes with a return of authority, and entries of the limitative list to whoever acts on them."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)
GROUND = (
    "politiewet-16-1",
    "Aanwijzing van objecten en diensten; het bevoegd gezag voert uit",
    "Politiewet 2012 art. 16(1), 17",
)
ROWS = (
    ("handover_file", "nctv", "prosecution", "circulaire-2026"),
    ("list_entry", "nctv", "prosecution", "politiewet-16-1"),
    ("list_entry", "nctv", "municipality", "politiewet-16-1"),
    ("list_entry", "nctv", "lcc", "politiewet-16-1"),
)


def fill(apps, schema_editor):
    ground, provision = apps.get_model("legal", "LegalGround"), apps.get_model("legal", "Provision")
    code, name, article = GROUND
    ground.objects.create(code=code, name=name, article=article, verified=True, in_force=DateRange(SINCE, None))
    for information, provider, receiver, by in ROWS:
        provision.objects.create(
            information=information,
            provider=provider,
            receiver=receiver,
            ground_id=by,
            in_force=DateRange(SINCE, None),
        )


class Migration(migrations.Migration):
    dependencies = [("legal", "0010_list_entry"), ("kernel", "0003_system")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
