"""One run is open at a time: two that renew at the same moment make one."""

from django.db import migrations

ONE_OPEN = """
CREATE UNIQUE INDEX run_one_open ON capacity_run ((true)) WHERE state IN ('queued', 'solving', 'proposed');
"""


class Migration(migrations.Migration):
    dependencies = [("capacity", "0004_concept_of_catalogue")]
    operations = [migrations.RunSQL(ONE_OPEN, "DROP INDEX run_one_open;")]
