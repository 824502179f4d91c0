"""Sharings are only added; the first grounds and the provision matrix: small, real and dated."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)

GUARDS = """
CALL kernel_track('legal_legalground', 'code');
CALL kernel_track('legal_provision');
CALL kernel_track('legal_sharing');
CALL kernel_add_only('legal_sharing');
GRANT DELETE ON legal_provision TO stelsel_web;
"""

GROUNDS = (
    (
        "politiewet-42-1c",
        "Watching over and protecting designated persons",
        "Politiewet 2012 art. 42(1)(c)",
        True,
    ),
    (
        "politiewet-1-2",
        "Watching over the safety of persons (criminal enforcement)",
        "Politiewet 2012 art. 1(2)",
        True,
    ),
    (
        "wpg-16-bpg-4-4",
        "Police data to the Minister for threat evaluation and protection orders",
        "Wpg art. 16, 18; Besluit politiegegevens art. 4:4",
        True,
    ),
    ("wpg-15", "Police data within the police and the Royal Marechaussee", "Wpg art. 15", False),
    ("wiv-62", "Products of the services to the coordinator", "Wiv 2017 art. 8(2)(e), 10(2)(f), 62", False),
    ("avg-6-1e", "Task carried out in the public interest", "AVG art. 6(1)(e)", True),
    ("circulaire-2026", "Working agreements of the field", "Circulaire 2026 par. 2.3.3, 3.2, 4.1", True),
)

ROWS = (
    ("intake", "police_region", "prosecution", "wpg-16-bpg-4-4"),
    ("intake", "police_lx", "prosecution", "wpg-16-bpg-4-4"),
    ("intake", "prosecution", "nctv", "circulaire-2026"),
    ("handover_file", "prosecution", "nctv", "circulaire-2026"),
    ("threat_product", "police_region", "nctv", "wpg-16-bpg-4-4"),
    ("threat_product", "police_lx", "nctv", "wpg-16-bpg-4-4"),
    ("threat_product", "kmar", "nctv", "wpg-16-bpg-4-4"),
    ("threat_product", "aivd", "nctv", "wiv-62"),
    ("threat_product", "mivd", "nctv", "wiv-62"),
    ("signal", "nctv", "nctv", "avg-6-1e"),
    ("signal", "employer", "nctv", "avg-6-1e"),
    ("adopted_picture", "nctv", "lcc", "politiewet-42-1c"),
    ("measure_advice", "lcc", "nctv", "politiewet-42-1c"),
    ("assignment", "nctv", "lcc", "politiewet-42-1c"),
    ("assignment", "prosecution", "lcc", "politiewet-1-2"),
    ("plan", "lcc", "police_lx", "politiewet-42-1c"),
    ("plan", "lcc", "kmar", "politiewet-42-1c"),
    ("plan", "lcc", "police_region", "politiewet-42-1c"),
    ("plan", "lcc", "nctv", "politiewet-42-1c"),
    ("identity", "nctv", "lcc", "politiewet-42-1c"),
)


def fill(apps, schema_editor):
    ground, provision = apps.get_model("legal", "LegalGround"), apps.get_model("legal", "Provision")
    for code, name, article, verified in GROUNDS:
        ground.objects.create(code=code, name=name, article=article, verified=verified, in_force=DateRange(SINCE, None))
    for information, provider, receiver, code in ROWS:
        provision.objects.create(
            information=information,
            provider=provider,
            receiver=receiver,
            ground_id=code,
            in_force=DateRange(SINCE, None),
        )


class Migration(migrations.Migration):
    dependencies = [("legal", "0001_initial"), ("kernel", "0003_system")]
    operations = [
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
