"""Grounds for what is withheld from a person, for moments of raised risk, for telling a mayor, and for a meeting."""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)

GROUNDS = (
    ("withhold-investigation", "Interest of detection and prosecution", "AVG art. 23(1)(d); UAVG art. 41", False),
    ("withhold-intelligence", "Interest of the intelligence and security services", "Wiv 2017 art. 23", False),
    ("withhold-safety", "Safety of another person", "AVG art. 23(1)(i); UAVG art. 41", False),
    ("withhold-unreachable", "The person could not be reached", "Circulaire 2026 par. 2.5", False),
    ("gemeentewet-172", "Maintaining public order", "Gemeentewet art. 172", True),
    ("politiewet-13", "Consultation on the deployment of the police", "Politiewet 2012 art. 13", True),
)
ROWS = (
    ("risk_moment", "nctv", "lcc", "politiewet-42-1c"),
    ("risk_moment", "prosecution", "lcc", "politiewet-1-2"),
    ("risk_moment", "police_region", "lcc", "politiewet-1-2"),
    ("risk_moment", "lcc", "nctv", "politiewet-42-1c"),
    ("risk_moment", "lcc", "prosecution", "politiewet-1-2"),
    ("risk_moment", "nctv", "prosecution", "circulaire-2026"),
    ("risk_moment", "nctv", "police_region", "circulaire-2026"),
    ("risk_moment", "prosecution", "police_region", "circulaire-2026"),
    ("risk_moment", "police_region", "prosecution", "circulaire-2026"),
    ("mayor_notice", "nctv", "municipality", "gemeentewet-172"),
    ("mayor_notice", "nctv", "prosecution", "gemeentewet-172"),
    ("meeting", "nctv", "municipality", "politiewet-13"),
    ("meeting", "nctv", "prosecution", "politiewet-13"),
    ("meeting", "nctv", "police_region", "politiewet-13"),
    ("meeting", "nctv", "lcc", "politiewet-13"),
    ("meeting", "nctv", "kmar", "politiewet-13"),
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
    dependencies = [("legal", "0007_contact_information")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
