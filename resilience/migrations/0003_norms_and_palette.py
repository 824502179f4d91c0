"""The first house norms of each phase, and the first palette of support. Both are changed in administration."""

from datetime import date

from django.db import migrations
from django.utils.translation import gettext_noop as _
from psycopg2.extras import DateRange

SINCE = date(2026, 1, 1)

NORMS = (  # phase, criteria, first talk, next talk, first offer (days)
    ("impact", _("The first time after the threat became known: much is new and uncertain."), 7, 14, 14),
    ("consolidation", _("Living with measures for a longer time: a rhythm has been found."), 21, 42, 42),
    ("end", _("Measures are being built down or have ended: going on without them."), 14, 42, 28),
)

PALETTE = (  # code, name, kind, ages (none: every age)
    ("what-to-expect", _("Leaflet: what being protected means"), "information", ()),
    ("stress-course", _("Short course: how stress works and what helps"), "education", ("adult", "16_17")),
    ("online-safety", _("Check of online traces together"), "education", ("adult", "16_17", "12_15")),
    ("telling-others", _("Practice in what to tell others"), "education", ()),
    ("peer-evening", _("Evening with others who were protected"), "peer", ("adult",)),
    ("school-contact", _("Contact with the school or employer"), "practical", ()),
    ("household-help", _("Practical help at home"), "practical", ("adult",)),
    ("family-talk", _("Talk with the whole household"), "family", ()),
    ("children-box", _("Story box for children"), "family", ("0_11", "12_15")),
    ("family-doctor", _("Referral to the family doctor"), "referral", ()),
    ("victim-support", _("Referral to victim support"), "referral", ()),
)


def add_first(apps, schema_editor):
    norms = apps.get_model("resilience", "PhaseNorm")
    for phase, criteria, first_talk, next_talk, first_offer in NORMS:
        norms.objects.create(
            phase=phase,
            criteria=criteria,
            first_talk_days=first_talk,
            next_talk_days=next_talk,
            first_offer_days=first_offer,
        )
    items = apps.get_model("resilience", "SupportItem")
    for code, name, kind, ages in PALETTE:
        items.objects.create(
            code=code, name=name, kind=kind, age_bands=list(ages), in_force=DateRange(SINCE, None), languages=["nl"]
        )


class Migration(migrations.Migration):
    dependencies = [("resilience", "0002_guards")]
    operations = [migrations.RunPython(add_first, migrations.RunPython.noop)]
