"""A case as it was known at an instant: views of one transaction over the row history (docs/decisions/0016-then.md)."""

from django.db import migrations

LOOK_BACK = """
-- Makes temporary views named like the tables `names`: each row of the case as its history had it at `until`, where the
-- table's own policy shows the row to who looks back. Nothing of a row recorded later is in them. They are made from the
-- columns of today, so that a later migration need not know of them, and go with the savepoint they were made in.
-- `shared` are tables about no person of a case; they stay as they are.
CREATE FUNCTION cases_look_back(wanted uuid, until timestamptz, names text[], shared text[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text;
    policy text;
    belongs text;
BEGIN
    IF wanted IS NULL OR until IS NULL OR NOT cases_sees(wanted) THEN
        RAISE EXCEPTION 'this case is not seen' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOREACH part IN ARRAY names LOOP
        SELECT pg_get_expr(polqual, polrelid) INTO policy
        FROM pg_policy WHERE polrelid = to_regclass('public.' || quote_ident(part)) AND polname = 'seen';
        -- Who asks is written out: inside the views' search path the functions that tell it are not found.
        policy := replace(policy, 'kernel_role()', format('%L::text', kernel_role()));
        policy := replace(policy, 'kernel_actor()', format('%L::uuid', kernel_actor()));
        policy := replace(policy, 'kernel_group()', format('%L::integer', kernel_group()));
        belongs := CASE
            WHEN part = 'cases_case' THEN 'id'
            WHEN part IN ('cases_caseusergrant', 'cases_casegroupgrant') THEN 'content_object_id'
            WHEN EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('public.' || quote_ident(part))
                AND attname = 'case_id' AND NOT attisdropped) THEN 'case_id' END;
        belongs := CASE
            WHEN part = 'cases_person' THEN format('id IN (SELECT person_id FROM public.cases_case WHERE id = %1$L
                UNION SELECT person_id FROM public.cases_closerelation WHERE case_id = %1$L)', wanted)
            ELSE format('%I = %L', belongs, wanted) END;
        IF policy IS NULL OR belongs IS NULL THEN
            RAISE EXCEPTION '% is no table of a case', part USING ERRCODE = 'insufficient_privilege';
        END IF;
        EXECUTE format('CREATE TEMPORARY VIEW %1$I WITH (security_barrier) AS SELECT was.*
            FROM (SELECT id FROM public.%1$I WHERE (%2$s) AND (%3$s)) kept
            CROSS JOIN LATERAL (SELECT data, operation FROM public.kernel_historyentry
                WHERE table_name = %1$L AND row_id = kept.id::text AND recorded_at <= %4$L ORDER BY id DESC LIMIT 1) entry
            CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I, entry.data) was
            WHERE entry.operation <> ''DELETE''', part, belongs, policy, until);
        EXECUTE format('GRANT SELECT ON pg_temp.%I TO stelsel_web', part);
    END LOOP;
    FOREACH part IN ARRAY shared LOOP
        IF part NOT IN ('kernel_user', 'kernel_organisation', 'auth_group', 'kernel_normvalue', 'kernel_codevalue',
                'cases_catalogueentry', 'legal_legalground') THEN
            RAISE EXCEPTION '% is not shared', part USING ERRCODE = 'insufficient_privilege';
        END IF;
        EXECUTE format('CREATE TEMPORARY VIEW %1$I WITH (security_barrier) AS SELECT * FROM public.%1$I', part);
        EXECUTE format('GRANT SELECT ON pg_temp.%I TO stelsel_web', part);
    END LOOP;
    -- The acts on this case that had been recorded by then.
    EXECUTE format('CREATE TEMPORARY VIEW kernel_auditentry WITH (security_barrier) AS SELECT * FROM public.kernel_auditentry
        WHERE scope_id = %1$L AND recorded_at <= %2$L AND public.cases_sees(%1$L)', wanted, until);
    GRANT SELECT ON pg_temp.kernel_auditentry TO stelsel_web;
END $$;
REVOKE EXECUTE ON FUNCTION cases_look_back FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_look_back TO stelsel_web;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_limitative_list")]
    operations = [
        migrations.RunSQL(LOOK_BACK, "DROP FUNCTION cases_look_back(uuid, timestamptz, text[], text[])"),
    ]
