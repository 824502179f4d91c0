"""The terms of a phase are house norms of the kernel now, dated and approved; the phase keeps its criteria.

Not compatible with a release before it, of which there is none. The values that stood here are the defaults there.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("resilience", "0003_norms_and_palette")]
    operations = [
        migrations.AlterModelOptions(
            "phasenorm", {"ordering": ("phase",), "verbose_name": "phase", "verbose_name_plural": "phases"}
        ),
        migrations.RemoveField("phasenorm", "first_talk_days"),
        migrations.RemoveField("phasenorm", "next_talk_days"),
        migrations.RemoveField("phasenorm", "first_offer_days"),
    ]
