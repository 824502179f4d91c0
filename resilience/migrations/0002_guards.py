"""What the database guards: the file apart from threat and operation, talks that stand, phases that are only added."""

from django.db import migrations

SIGHT = """
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['resiliencefile', 'phasechange', 'talk', 'talkparticipant', 'supportoffer'] LOOP
        CALL cases_protect(('resilience_' || part)::regclass, 'cases_sees(case_id)',
                           ARRAY['resilience_expert', 'buddy_coordinator']);
    END LOOP;
END $$;
CALL kernel_track('resilience_phasenorm', 'phase');
CALL kernel_track('resilience_supportitem');

-- All that the case manager sees of a resilience file. SECURITY DEFINER: it reads past the policy, and gives no more than
-- these columns, to these roles, of a case they see.
CREATE FUNCTION resilience_status(wanted uuid)
RETURNS TABLE (person_id uuid, phase text, contact_current boolean, next_talk date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.person_id, f.phase::text, f.talk_due_at >= kernel_at(),
           (SELECT (min(t.planned_for) AT TIME ZONE 'Europe/Amsterdam')::date FROM resilience_talk t
            WHERE t.file_id = f.id AND t.state = 'planned' AND t.planned_for >= kernel_at())
    FROM resilience_resiliencefile f
    WHERE f.case_id = wanted AND f.closed_at IS NULL
      AND kernel_role() IN ('case_manager', 'resilience_expert', 'buddy_coordinator') AND cases_sees(wanted)
    ORDER BY f.relation_id IS NOT NULL, f.opened_at, f.id
$$;
REVOKE EXECUTE ON FUNCTION resilience_status FROM PUBLIC;
GRANT EXECUTE ON FUNCTION resilience_status TO stelsel_web, stelsel_worker;
"""

FINAL = """
CALL kernel_add_only('resilience_phasechange');
CALL kernel_add_only('resilience_talkparticipant');

-- A talk that was held, missed, refused or cancelled stands; that its follow-up was done may still be written.
CREATE FUNCTION resilience_talk_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE after_it text[] := ARRAY['follow_up_done_at', 'follow_up_done_by_id'];
BEGIN
    IF OLD.state <> 'planned' AND (to_jsonb(NEW) - after_it <> to_jsonb(OLD) - after_it OR OLD.follow_up_done_at IS NOT NULL) THEN
        RAISE EXCEPTION 'UPDATE on resilience_talk is refused: what was recorded of a talk stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON resilience_talk FOR EACH ROW EXECUTE FUNCTION resilience_talk_stands();

-- Everything of a file belongs to the file's own case: sight of one case never opens a row of another.
CREATE FUNCTION resilience_same_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM resilience_resiliencefile f WHERE f.id = NEW.file_id AND f.case_id = NEW.case_id) THEN
        RAISE EXCEPTION '% on % is refused: the file is of another case', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER same_case BEFORE INSERT OR UPDATE OF case_id, file_id ON resilience_phasechange
    FOR EACH ROW EXECUTE FUNCTION resilience_same_case();
CREATE TRIGGER same_case BEFORE INSERT OR UPDATE OF case_id, file_id ON resilience_talk
    FOR EACH ROW EXECUTE FUNCTION resilience_same_case();
CREATE TRIGGER same_case BEFORE INSERT OR UPDATE OF case_id, file_id ON resilience_talkparticipant
    FOR EACH ROW EXECUTE FUNCTION resilience_same_case();
CREATE TRIGGER same_case BEFORE INSERT OR UPDATE OF case_id, file_id ON resilience_supportoffer
    FOR EACH ROW EXECUTE FUNCTION resilience_same_case();

-- Who took part is written with the talk, before it is recorded as held.
CREATE FUNCTION resilience_takes_part() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM resilience_talk t WHERE t.id = NEW.talk_id AND t.case_id = NEW.case_id AND t.state = 'planned') THEN
        RAISE EXCEPTION 'INSERT on resilience_talkparticipant is refused: what was recorded of a talk stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER takes_part BEFORE INSERT ON resilience_talkparticipant
    FOR EACH ROW EXECUTE FUNCTION resilience_takes_part();
"""


class Migration(migrations.Migration):
    dependencies = [("resilience", "0001_initial"), ("cases", "0002_guards"), ("kernel", "0003_system")]
    operations = [
        migrations.RunSQL(SIGHT, migrations.RunSQL.noop),
        migrations.RunSQL(FINAL, migrations.RunSQL.noop),
    ]
