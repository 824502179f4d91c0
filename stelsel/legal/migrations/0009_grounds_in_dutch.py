"""The names of the legal grounds are data that administrators keep, so they are in the language of the house."""

from django.db import migrations

NAMES = {
    "politiewet-42-1c": "Waken over en beveiligen van aangewezen personen",
    "politiewet-1-2": "Waken over de veiligheid van personen (strafrechtelijke handhaving)",
    "wpg-16-bpg-4-4": "Politiegegevens aan de minister voor dreigingsevaluatie en beveiligingsopdrachten",
    "wpg-15": "Politiegegevens binnen de politie en de Koninklijke Marechaussee",
    "wiv-62": "Producten van de diensten aan de coördinator",
    "avg-6-1e": "Taak van algemeen belang",
    "circulaire-2026": "Werkafspraken van het veld",
    "withhold-investigation": "Belang van opsporing en vervolging",
    "withhold-intelligence": "Belang van de inlichtingen- en veiligheidsdiensten",
    "withhold-safety": "Veiligheid van een ander",
    "withhold-unreachable": "De persoon was niet te bereiken",
    "gemeentewet-172": "Handhaving van de openbare orde",
    "politiewet-13": "Overleg over de inzet van de politie",
}


def rename(apps, schema_editor):
    for code, name in NAMES.items():
        apps.get_model("legal", "LegalGround").objects.filter(code=code).update(name=name)


class Migration(migrations.Migration):
    dependencies = [("legal", "0008_contact_grounds")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
