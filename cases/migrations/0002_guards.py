"""What the database guards: row-level security, one authority without a gap, final records, the grants' sort keys."""

from django.db import migrations

SIGHT = """
-- Whether the actor of this transaction may see the case. SECURITY DEFINER: it reads grants past their own policy.
CREATE FUNCTION cases_sees(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cases_caseusergrant
        WHERE content_object_id = wanted AND user_id = kernel_actor() AND role = kernel_role() AND period @> kernel_at()
    ) OR EXISTS (
        SELECT 1 FROM cases_casegroupgrant
        WHERE content_object_id = wanted AND group_id = kernel_group() AND role = kernel_role() AND period @> kernel_at()
    )
$$;
CREATE FUNCTION cases_sees_person(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_case WHERE person_id = wanted AND cases_sees(id))
        OR EXISTS (SELECT 1 FROM cases_closerelation WHERE person_id = wanted AND cases_sees(case_id))
$$;

-- Whether an open case of anybody is about a person with this blind index: a yes or no, so that nobody is entered twice.
CREATE FUNCTION cases_known(index bytea, with_birth_date boolean) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cases_person person JOIN cases_case c ON c.person_id = person.id
        WHERE c.state <> 'closed' AND CASE WHEN with_birth_date THEN person.born_index ELSE person.name_index END = index)
$$;

-- Row-level security for a table that belongs to a case; with `roles`, for those roles alone.
CREATE PROCEDURE cases_protect(target regclass, test text, roles text[] DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE condition text := test;
BEGIN
    IF roles IS NOT NULL THEN
        condition := format('(%s) AND (SELECT kernel_role()) = ANY (%L::text[])', test, roles);
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY seen ON %s FOR SELECT TO stelsel_web, stelsel_worker USING (%s)', target, condition);
    EXECUTE format('CREATE POLICY changed ON %s FOR UPDATE TO stelsel_web, stelsel_worker USING (%s)', target, condition);
    EXECUTE format('CREATE POLICY added ON %s FOR INSERT TO stelsel_web, stelsel_worker WITH CHECK (true)', target);
    EXECUTE format('CREATE POLICY scheduled ON %s TO stelsel_worker USING ((SELECT kernel_role()) = ''system'')
                    WITH CHECK ((SELECT kernel_role()) = ''system'')', target);
    CALL kernel_track(target);
END $$;

CALL cases_protect('cases_case', 'cases_sees(id)');
CALL cases_protect('cases_person', 'cases_sees_person(id)');
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['closerelation', 'authorityperiod', 'nomination', 'judgement', 'urgentrequest',
        'designation', 'designated', 'handover', 'handoveritem', 'adoptedpicture', 'leveldecision', 'measureadvice',
        'package', 'plannedmeasure', 'measure', 'measurereport', 'informduty', 'contactentry', 'raisedriskmoment'] LOOP
        CALL cases_protect(('cases_' || part)::regclass, 'cases_sees(case_id)');
    END LOOP;
END $$;
CALL cases_protect('cases_caseusergrant', 'user_id = (SELECT kernel_actor()) OR cases_sees(content_object_id)');
CALL cases_protect('cases_casegroupgrant', 'group_id = (SELECT kernel_group()) OR cases_sees(content_object_id)');

-- Work and acts about a case are seen by those who see the case.
ALTER TABLE kernel_workitem ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON kernel_workitem TO stelsel_web, stelsel_worker
    USING (scope_id IS NULL OR cases_sees(scope_id)) WITH CHECK (true);
CREATE POLICY scheduled ON kernel_workitem TO stelsel_worker USING ((SELECT kernel_role()) = 'system');
CREATE POLICY on_a_case ON kernel_auditentry FOR SELECT TO stelsel_web, stelsel_worker
    USING (scope_id IS NOT NULL AND cases_sees(scope_id));
"""

FINAL = """
CALL kernel_add_only('cases_adoptedpicture');
CALL kernel_add_only('cases_leveldecision');
CALL kernel_add_only('cases_measureadvice');
CALL kernel_add_only('cases_measurereport');
CALL kernel_add_only('cases_designated');
CALL kernel_add_only('cases_urgentrequest');
CALL kernel_freeze('cases_nomination', 'state', 'accepted', 'rejected', 'withdrawn');
CALL kernel_freeze('cases_judgement', 'outcome', 'accept', 'reject');
CALL kernel_freeze('cases_handover', 'state', 'accepted');
CALL kernel_freeze('cases_measure', 'state', 'ended');

-- A decided package is final but for the instant at which assignments followed.
CREATE FUNCTION cases_package_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('decided', 'withdrawn')
        AND (to_jsonb(NEW) - 'assigned_at' <> to_jsonb(OLD) - 'assigned_at' OR OLD.assigned_at IS NOT NULL) THEN
        RAISE EXCEPTION 'UPDATE on cases_package is refused: the decision is final'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER final BEFORE UPDATE ON cases_package FOR EACH ROW EXECUTE FUNCTION cases_package_final();

CREATE FUNCTION cases_part_of_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_package WHERE id = COALESCE(NEW.package_id, OLD.package_id) AND state IN ('submitted', 'decided')) THEN
        RAISE EXCEPTION 'a measure of a submitted or decided package does not change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER part_of_decision BEFORE INSERT OR UPDATE OR DELETE ON cases_plannedmeasure
    FOR EACH ROW EXECUTE FUNCTION cases_part_of_decision();
GRANT DELETE ON cases_plannedmeasure TO stelsel_web, stelsel_worker;
CREATE POLICY removed ON cases_plannedmeasure FOR DELETE TO stelsel_web, stelsel_worker USING (cases_sees(case_id));

-- An authority that never held would hide a gap.
ALTER TABLE cases_authorityperiod ADD CONSTRAINT authority_holds_for_a_while CHECK (NOT isempty(period));

-- Authority once given is only ever ended, and its end once set does not move.
CREATE FUNCTION cases_authority_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'period' <> to_jsonb(OLD) - 'period' OR lower(NEW.period) <> lower(OLD.period)
        OR (NOT upper_inf(OLD.period) AND NEW.period <> OLD.period) THEN
        RAISE EXCEPTION 'authority is a dated fact: only its open end may be set'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER history_stands BEFORE UPDATE ON cases_authorityperiod FOR EACH ROW EXECUTE FUNCTION cases_authority_history();
"""

UNBROKEN = """
-- At commit: while the case is open, the person has exactly one authority from the first instant on, without a gap.
CREATE FUNCTION cases_authority_unbroken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE covered tstzmultirange;
BEGIN
    PERFORM 1 FROM cases_person WHERE id = NEW.person_id FOR UPDATE;
    SELECT range_agg(period ORDER BY period) INTO covered FROM cases_authorityperiod
    WHERE person_id = NEW.person_id AND scope = NEW.scope AND case_id = NEW.case_id;
    IF (SELECT count(*) FROM unnest(covered)) <> 1
        OR (NOT upper_inf(covered) AND EXISTS (SELECT 1 FROM cases_case WHERE id = NEW.case_id AND state <> 'closed')) THEN
        RAISE EXCEPTION 'authority over this person would have a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unbroken AFTER INSERT OR UPDATE ON cases_authorityperiod
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_authority_unbroken();

-- At commit: an open case has an authority over its person, and over every member of the core household.
CREATE FUNCTION cases_somebody_has_authority() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted uuid := CASE WHEN TG_TABLE_NAME = 'cases_case' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'case_id')::uuid END;
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND state <> 'closed') AND NOT EXISTS (
        SELECT 1 FROM cases_authorityperiod
        WHERE case_id = wanted AND person_id = NEW.person_id AND scope = 'person_directed' AND upper_inf(period)) 
        AND (TG_TABLE_NAME = 'cases_case' OR (to_jsonb(NEW) ->> 'core_household')::boolean) THEN
        RAISE EXCEPTION 'nobody would have authority over this person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER somebody AFTER INSERT OR UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_somebody_has_authority();
CREATE CONSTRAINT TRIGGER somebody AFTER INSERT OR UPDATE ON cases_closerelation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_somebody_has_authority();
"""

GRANTS = """
CREATE FUNCTION cases_grant_takes_keys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT sort_at, state, phenomenon INTO NEW.sort_at, NEW.state, NEW.kind FROM cases_case WHERE id = NEW.content_object_id;
    RETURN NEW;
END $$;
CREATE TRIGGER keys BEFORE INSERT ON cases_caseusergrant FOR EACH ROW EXECUTE FUNCTION cases_grant_takes_keys();
CREATE TRIGGER keys BEFORE INSERT ON cases_casegroupgrant FOR EACH ROW EXECUTE FUNCTION cases_grant_takes_keys();

CREATE FUNCTION cases_grants_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_caseusergrant SET sort_at = NEW.sort_at, state = NEW.state, kind = NEW.phenomenon WHERE content_object_id = NEW.id;
    UPDATE cases_casegroupgrant SET sort_at = NEW.sort_at, state = NEW.state, kind = NEW.phenomenon WHERE content_object_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_follow AFTER UPDATE OF sort_at, state, phenomenon ON cases_case FOR EACH ROW
    WHEN (OLD.sort_at <> NEW.sort_at OR OLD.state <> NEW.state OR OLD.phenomenon <> NEW.phenomenon)
    EXECUTE FUNCTION cases_grants_follow();

CREATE SEQUENCE cases_number;
GRANT USAGE ON SEQUENCE cases_number TO stelsel_web, stelsel_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("legal", "0001_initial"), ("kernel", "0003_system")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (SIGHT, FINAL, UNBROKEN, GRANTS)]
