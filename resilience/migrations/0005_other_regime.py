"""Nothing new is written here of who is under another regime; see cases 0027."""

from django.db import migrations

GUARDS = """
DO $$
DECLARE part text;
BEGIN
    FOR part IN SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name LIKE 'resilience\\_%' AND column_name = 'case_id' ORDER BY 1 LOOP
        CALL cases_keep_elsewhere(part::regclass);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("resilience", "0004_norms_to_the_kernel"), ("cases", "0027_demarcation")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
