"""The planner reads a list by index only while it knows how many grants somebody has.

After 20,000 bulk inserts with the statistics of before, it sorted 6,000 grants for a page of 50. So the tables that lists
are read from are analysed after each hundredth of change, and a bulk load asks for it at once.
"""

from django.db import migrations

TABLES = ("cases_caseusergrant", "cases_casegroupgrant", "kernel_workitem")
ANALYSE = """
CREATE FUNCTION cases_analyze() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE;
END $$;
REVOKE ALL ON FUNCTION cases_analyze FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_analyze TO stelsel_worker;
"""
SOONER = "".join(f"ALTER TABLE {table} SET (autovacuum_analyze_scale_factor = 0.01);" for table in TABLES)
USUAL = "".join(f"ALTER TABLE {table} RESET (autovacuum_analyze_scale_factor);" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_key_holders_and_bulk_handover")]
    operations = [migrations.RunSQL(ANALYSE + SOONER, USUAL + "DROP FUNCTION cases_analyze();")]
