-- The roles of the database, and who owns what. Run by a superuser, once per database; running it again changes nothing.
--
-- stelsel_owner owns every table and cannot log in. Each process logs in as a role of its own, and none of them is
-- superuser, passes row-level security or can make databases or roles. Passwords are set apart, by whoever keeps them:
-- ALTER ROLE stelsel_web PASSWORD '...'.

DO $roles$
DECLARE
    log_in text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stelsel_owner') THEN
        CREATE ROLE stelsel_owner;
    END IF;
    ALTER ROLE stelsel_owner NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
    FOREACH log_in IN ARRAY ARRAY[
        'stelsel_migrator', 'stelsel_web', 'stelsel_worker', 'stelsel_sealer', 'stelsel_verifier'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = log_in) THEN
            EXECUTE format('CREATE ROLE %I', log_in);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT', log_in
        );
    END LOOP;
END
$roles$;

-- The migrator works as the owner from its first statement, so that everything it makes belongs to the owner.
GRANT stelsel_owner TO stelsel_migrator;
ALTER ROLE stelsel_migrator SET role = 'stelsel_owner';

DO $database$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO stelsel_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO stelsel_migrator, stelsel_web, stelsel_worker, stelsel_sealer, stelsel_verifier',
        current_database()
    );
END
$database$;

ALTER SCHEMA public OWNER TO stelsel_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO stelsel_web, stelsel_worker, stelsel_sealer, stelsel_verifier;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
