"""Grounds on which entities may be matched over cases: proposed, so with an empty period. Nothing matches by them."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)
KINDS = ("match_vehicle", "match_phone", "match_address", "match_account")
GROUNDS = (
    (
        "match-wpg",
        "Vergelijken van politiegegevens over casussen heen (voorstel)",
        "Wpg art. 16, 18; nog vast te stellen",
        ("police_region", "police_lx", "kmar"),
    ),
    (
        "match-wiv",
        "Vergelijken van gegevens van de diensten over casussen heen (voorstel)",
        "Wiv 2017 art. 62; nog vast te stellen",
        ("aivd", "mivd"),
    ),
    (
        "match-avg",
        "Vergelijken van signalen over casussen heen (voorstel)",
        "AVG art. 6(1)(e); nog vast te stellen",
        ("nctv", "employer"),
    ),
)


def fill(apps, schema_editor):
    ground, provision = apps.get_model("legal", "LegalGround"), apps.get_model("legal", "Provision")
    for code, name, article, providers in GROUNDS:
        ground.objects.create(code=code, name=name, article=article, verified=False, in_force=DateRange(empty=True))
        for provider in providers:
            for information in KINDS:
                provision.objects.create(
                    information=information,
                    provider=provider,
                    receiver="nctv",
                    ground_id=code,
                    in_force=DateRange(SINCE, None),
                )


class Migration(migrations.Migration):
    dependencies = [("legal", "0013_matching"), ("kernel", "0003_system")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
