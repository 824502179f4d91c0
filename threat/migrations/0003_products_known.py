"""Which products lay there about a case, by number alone, for whoever sees the case: what was known, article 2 ECHR."""

from django.db import migrations

KNOWN = """
-- SECURITY DEFINER: numbers pass the wall between analysis and decision, content does not.
CREATE FUNCTION threat_products_known(about uuid, until timestamptz) RETURNS TABLE (number varchar) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT number FROM threat_product
    WHERE case_id = about AND cases_sees(about) AND delivered_at <= until AND (withdrawn_at IS NULL OR withdrawn_at > until)
    ORDER BY delivered_at, number
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("threat", "0002_guards"), ("cases", "0004_attachment")]
    operations = [migrations.RunSQL(KNOWN, "DROP FUNCTION threat_products_known(uuid, timestamptz);")]
