"""A unit planner sees the assignments that the own teams serve, as the shifts and lines of them: no case, no name."""

from django.db import migrations

SIGHT = """
CREATE FUNCTION capacity_own_assignments() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT assignment_id FROM capacity_demandline WHERE id IN (SELECT capacity_own_lines())
$$;
CREATE POLICY planned ON capacity_assignment FOR SELECT TO stelsel_web, stelsel_worker
    USING ((SELECT kernel_role()) = 'unit_planner' AND id IN (SELECT capacity_own_assignments()));
"""


class Migration(migrations.Migration):
    dependencies = [("capacity", "0002_guards")]
    operations = [
        migrations.RunSQL(
            SIGHT, "DROP POLICY planned ON capacity_assignment; DROP FUNCTION capacity_own_assignments();"
        )
    ]
