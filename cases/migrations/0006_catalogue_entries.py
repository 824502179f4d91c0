"""The kinds that come with the system: the six supervision types (circular 2013, annex 4) and measures at person and home.

Norms in hours and days are house norms.
"""

from datetime import date

from django.db import migrations
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)
PERSON = {"directed": "person", "legal_bases": ["pw42-1c", "pw4-1d", "pw57"], "executors": ["police_lx", "kmar"]}
OBJECT = {
    "directed": "location",
    "legal_bases": ["pw3", "pw4-1d", "pw57"],
    "executors": ["police_region", "police_lx", "kmar"],
    "competence": "object",
}
TECHNICAL = {"directed": "location", "executors": ["police_region", "police_lx", "private"], "technical": True}
QUALIFIED, VRT = "Gekwalificeerde politieambtenaren", "Herkenbaar gepantserd VRT-voertuig"

ENTRIES = (
    ("close_protection", "Persoonsbeveiliging", PERSON, {"competence": "close_protection", "armed": "always",
        "team_hours_per_day": 24, "resistance": 5, "verify_days": 30}),
    ("escort", "Persoonsbegeleiding", PERSON, {"competence": "escort", "armed": "always",
        "team_hours_per_day": 24, "resistance": 4, "verify_days": 30}),
    ("safe_house", "Veilig onderkomen", PERSON, {"resistance": 4, "verify_days": 30}),
    ("static_b", "Permanent toezicht B", OBJECT, {"static_minutes": 60, "staff": QUALIFIED, "vehicle": "Gepantserd",
        "armed": "always", "team_hours_per_day": 24, "resistance": 5, "verify_days": 30}),
    ("static_a", "Permanent toezicht A", OBJECT, {"static_minutes": 60, "staff": QUALIFIED,
        "vehicle": "Gepantserd, rijdend of staand", "armed": "optional", "team_hours_per_day": 24, "resistance": 4,
        "verify_days": 30}),
    ("combined", "Combitoezicht", OBJECT, {"visits": 2, "visits_per": "hour", "static_minutes": 10,
        "staff": QUALIFIED, "vehicle": VRT, "armed": "optional", "team_hours_per_day": 24, "resistance": 3}),
    ("patrol", "Verscherpt rijdend toezicht", OBJECT, {"visits": 2, "visits_per": "hour", "staff": QUALIFIED,
        "vehicle": VRT, "armed": "optional", "team_hours_per_day": 24, "resistance": 3}),
    ("dynamic", "Dynamisch toezicht", OBJECT, {"visits": 1, "visits_per": "hour", "staff": "Gekwalificeerde ambtenaar",
        "vehicle": "Te voet of politievoertuig", "armed": "optional", "team_hours_per_day": 24, "resistance": 2}),
    ("attention", "Aandacht politie", OBJECT, {"competence": "", "visits": 4, "visits_per": "year",
        "staff": "Liaison", "resistance": 1, "in_place_hours": 48, "verify_days": 120}),
    ("camera", "Cameratoezicht", TECHNICAL, {"resistance": 2, "in_place_hours": 24, "verify_days": 90}),
    ("alarm", "Alarm met directe lijn", TECHNICAL, {"resistance": 2, "in_place_hours": 24, "verify_days": 90}),
)  # fmt: skip


def fill(apps, schema_editor):
    entry = apps.get_model("cases", "CatalogueEntry")
    for code, name, group, own in ENTRIES:
        entry.objects.create(code=code, name=name, in_force=DateRange(SINCE, None), **{**group, **own})


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_catalogue")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
