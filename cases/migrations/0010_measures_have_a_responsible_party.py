"""Measures ordered before: the authority that ordered them is responsible and bears the cost, until it is settled."""

from django.db import migrations

FILL = """
INSERT INTO cases_responsibility (id, case_id, measure_id, party, cost_bearer, period, reason)
SELECT gen_random_uuid(), case_id, id, party, party, tstzrange(ordered_at, NULL), ''::bytea
FROM (SELECT *, CASE ordered_under WHEN 'nctv' THEN 'nctv' ELSE 'local' END AS party FROM cases_measure) AS measure;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_care_decisions")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
