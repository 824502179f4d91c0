"""The trail's functions and guards: settings of the unit of work, row history, leaf hashes, append-only tables."""

from django.db import migrations

SETTINGS = """
CREATE FUNCTION kernel_setting(name text) RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('stelsel.' || name, true), '') $$;
CREATE FUNCTION kernel_actor() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT kernel_setting('actor')::uuid $$;
CREATE FUNCTION kernel_role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT kernel_setting('role') $$;
CREATE FUNCTION kernel_group() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT kernel_setting('group')::integer $$;
CREATE FUNCTION kernel_organisation() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT kernel_setting('organisation')::uuid $$;
CREATE FUNCTION kernel_at() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT COALESCE(kernel_setting('at')::timestamptz, now()) $$;
"""

# kernel_epoch is added to the transaction's number. Putting a backup back into another cluster, whose count is lower,
# redefines it, so that numbers in the trail never go back (docs/decisions/0004-trail.md).
# UTC whatever the session says, because the time zone is part of the text that is hashed.
# to_jsonb without nulls: a column added later, still empty, leaves old hashes true.
LEAVES = """
CREATE FUNCTION kernel_leaf_hash(leaf jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT sha256(convert_to((jsonb_strip_nulls(leaf) - 'leaf_hash')::text, 'UTF8')) $$;

CREATE FUNCTION kernel_epoch() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 0::bigint $$;

CREATE FUNCTION kernel_leaf() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    NEW.txid := kernel_epoch() + pg_current_xact_id()::text::bigint;
    NEW.leaf_hash := kernel_leaf_hash(to_jsonb(NEW));
    RETURN NEW;
END $$;

CREATE FUNCTION kernel_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: rows are only added', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- TG_ARGV[0] is the key's column; the columns TG_ARGV[1..] are secrets and stay out of the history.
CREATE FUNCTION kernel_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE image jsonb;
BEGIN
    image := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END - TG_ARGV[1:];
    INSERT INTO kernel_historyentry (table_name, row_id, operation, actor_id, data)
    VALUES (TG_TABLE_NAME, image ->> TG_ARGV[0], TG_OP, kernel_actor(), image);
    RETURN NULL;
END $$;

-- Refuses every change of a row whose column TG_ARGV[0] holds one of the values TG_ARGV[1..].
CREATE FUNCTION kernel_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) ->> TG_ARGV[0] = ANY (TG_ARGV[1:]) THEN
        RAISE EXCEPTION '% on % is refused: the record is final', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Installed by each app's migrations on each of its tables.
CREATE PROCEDURE kernel_track(target regclass, key text DEFAULT 'id', VARIADIC secret text[] DEFAULT '{}')
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW
                    EXECUTE FUNCTION kernel_history(%s)', target,
                   (SELECT string_agg(quote_literal(part), ', ') FROM unnest(key || secret) AS part));
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT
                    EXECUTE FUNCTION kernel_append_only()', target);
    EXECUTE format('REVOKE DELETE, TRUNCATE ON %s FROM stelsel_web, stelsel_worker', target);
END $$;

CREATE PROCEDURE kernel_add_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW
                    EXECUTE FUNCTION kernel_append_only()', target);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM stelsel_web, stelsel_worker', target);
END $$;

CREATE PROCEDURE kernel_freeze(target regclass, field text, VARIADIC states text[]) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON %s FOR EACH ROW
                    EXECUTE FUNCTION kernel_frozen(%L, %s)', target, field,
                   (SELECT string_agg(quote_literal(state), ', ') FROM unnest(states) AS state));
END $$;
"""

TRAIL = """
DO $$
DECLARE trail text;
BEGIN
    FOREACH trail IN ARRAY ARRAY['kernel_auditentry', 'kernel_readentry', 'kernel_historyentry'] LOOP
        EXECUTE format('CREATE TRIGGER leaf BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION kernel_leaf()', trail);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW
                        EXECUTE FUNCTION kernel_append_only()', trail);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT
                        EXECUTE FUNCTION kernel_append_only()', trail);
        EXECUTE format('REVOKE ALL ON %I FROM stelsel_web, stelsel_worker', trail);
        EXECUTE format('GRANT SELECT ON %I TO stelsel_sealer, stelsel_verifier', trail);
    END LOOP;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON kernel_seal FOR EACH ROW EXECUTE FUNCTION kernel_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON kernel_seal FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only();
REVOKE ALL ON kernel_seal FROM stelsel_web, stelsel_worker;
GRANT SELECT, INSERT ON kernel_seal TO stelsel_sealer;
GRANT SELECT ON kernel_seal TO stelsel_verifier, stelsel_web;

-- What a process may see of the trail: its own actor's acts and reads, and everything for the roles that check the trail.
-- Cases adds a policy for the acts on a case its reader sees.
GRANT SELECT ON kernel_auditentry, kernel_readentry TO stelsel_web, stelsel_worker;
ALTER TABLE kernel_auditentry ENABLE ROW LEVEL SECURITY;
ALTER TABLE kernel_readentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY checked ON kernel_auditentry FOR SELECT TO stelsel_web, stelsel_worker USING (
    actor_id = (SELECT kernel_actor()) OR (SELECT kernel_role()) IN ('controller', 'security_officer'));
CREATE POLICY checked ON kernel_readentry FOR SELECT TO stelsel_web, stelsel_worker USING (
    (SELECT kernel_role()) IN ('controller', 'security_officer'));
CREATE POLICY sealing ON kernel_auditentry FOR SELECT TO stelsel_sealer, stelsel_verifier USING (true);
CREATE POLICY sealing ON kernel_readentry FOR SELECT TO stelsel_sealer, stelsel_verifier USING (true);

CREATE FUNCTION kernel_record_act(
    at timestamptz, verb text, target text, target_id text, scope_id uuid, reason text, detail jsonb, outcome text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO kernel_auditentry (at, actor_id, role, organisation_id, verb, target, target_id, scope_id, reason, detail, outcome)
    VALUES (at, kernel_actor(), COALESCE(kernel_role(), ''), kernel_organisation(), verb, target, target_id, scope_id,
            NULLIF(reason, ''), detail, outcome)
$$;

-- A second look at the same person through the same route within a minute is the same read.
CREATE FUNCTION kernel_record_reads(
    at timestamptz, subjects uuid[], scopes uuid[], route text, purpose text, kind text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO kernel_readentry (at, actor_id, role, organisation_id, subject_id, scope_id, route, purpose, kind)
    SELECT $1, kernel_actor(), COALESCE(kernel_role(), ''), kernel_organisation(), seen.subject, seen.scope, $4, $5, $6
    FROM unnest($2, $3) AS seen (subject, scope)
    WHERE NOT EXISTS (
        SELECT 1 FROM kernel_readentry earlier
        WHERE earlier.actor_id = kernel_actor() AND earlier.subject_id = seen.subject AND earlier.route = $4
          AND earlier.role = COALESCE(kernel_role(), '') AND earlier.kind = $6
          AND earlier.recorded_at > clock_timestamp() - interval '1 minute')
$$;
REVOKE EXECUTE ON FUNCTION kernel_record_act, kernel_record_reads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kernel_record_act, kernel_record_reads TO stelsel_web, stelsel_worker;
"""

TABLES = """
CALL kernel_track('kernel_user', 'id', 'password');
CALL kernel_track('kernel_organisation');
CALL kernel_track('kernel_membership');
CALL kernel_track('kernel_workitem');
CALL kernel_track('kernel_personkey', 'id', 'wrapped');
CALL kernel_track('kernel_signature');
CALL kernel_add_only('kernel_signature');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON kernel_outboxmessage FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only();
REVOKE DELETE ON kernel_outboxmessage FROM stelsel_web, stelsel_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(SETTINGS, migrations.RunSQL.noop),
        migrations.RunSQL(LEAVES, migrations.RunSQL.noop),
        migrations.RunSQL(TRAIL, migrations.RunSQL.noop),
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
    ]
