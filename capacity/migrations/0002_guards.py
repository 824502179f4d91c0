"""Who sees demand, cover, rosters and plans, whatever the code above forgets; and what never changes."""

from django.db import migrations

SIGHT = """
-- The cases that the actor of this transaction may see, as a set: for lists of shifts, asked once per statement.
CREATE FUNCTION capacity_cases() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT content_object_id FROM cases_caseusergrant
    WHERE user_id = kernel_actor() AND role = kernel_role() AND period @> kernel_at()
    UNION
    SELECT content_object_id FROM cases_casegroupgrant
    WHERE group_id = kernel_group() AND role = kernel_role() AND period @> kernel_at()
$$;

-- The lines that teams of the actor's own unit serve: all that a unit planner sees of a case.
CREATE FUNCTION capacity_own_lines() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT shift.line_id FROM capacity_shift shift JOIN capacity_team team ON team.id = shift.team_id
    WHERE team.unit_id = kernel_organisation() AND shift.withdrawn_at IS NULL
$$;
CREATE FUNCTION capacity_own_teams() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM capacity_team WHERE unit_id = kernel_organisation()
$$;

DO $$
DECLARE
    -- Analysts and resilience are not among them: the wall stands in the database too.
    protection text[] := ARRAY['lcc_coordinator', 'lcc_adviser', 'lcc_liaison', 'decider', 'case_manager', 'duty_officer'];
    seen text := format('(SELECT kernel_role()) = ANY (%L::text[]) AND case_id IN (SELECT capacity_cases())', protection);
    planner text := '(SELECT kernel_role()) = ''unit_planner''';
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['assignment', 'feasibility', 'displacement'] LOOP
        CALL cases_protect(('capacity_' || part)::regclass, seen);
    END LOOP;
    CALL cases_protect('capacity_demandline', format('(%s) OR (%s AND id IN (SELECT capacity_own_lines()))', seen, planner));
    CALL cases_protect('capacity_shift', format('(%s) OR (%s AND team_id IN (SELECT capacity_own_teams()))', seen, planner));
    -- Rosters: data of the korpschef and the KMar commander. The NCTV sees cover, not staff.
    FOREACH part IN ARRAY ARRAY['teammember', 'workedshift'] LOOP
        CALL cases_protect(('capacity_' || part)::regclass, format(
            '(SELECT kernel_role()) = ''lcc_coordinator'' OR (%s AND team_id IN (SELECT capacity_own_teams()))', planner));
    END LOOP;
    -- A run holds totals; its input and plan hold everybody's lines together.
    CALL cases_protect('capacity_run', format('(SELECT kernel_role()) = ANY (%L::text[])', array_append(protection, 'unit_planner')));
    CALL cases_protect('capacity_runinput', '(SELECT kernel_role()) = ''lcc_coordinator''');
    CALL cases_protect('capacity_planresult', '(SELECT kernel_role()) = ''lcc_coordinator''');
END $$;

CALL kernel_track('capacity_team');
CALL kernel_track('capacity_teamcompetence');
CALL kernel_track('capacity_availability');
CALL kernel_track('capacity_traininggroup');
"""

FINAL = """
CALL kernel_add_only('capacity_runinput');
CALL kernel_add_only('capacity_planresult');
CALL kernel_add_only('capacity_feasibility');
CALL kernel_add_only('capacity_availability');
CALL kernel_add_only('capacity_workedshift');
CALL kernel_freeze('capacity_run', 'state', 'published', 'superseded', 'failed');
CALL kernel_freeze('capacity_displacement', 'state', 'decided');

-- Need and published shifts stand: only the one end named by the trigger may be set, once.
CREATE FUNCTION capacity_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV[0] <> to_jsonb(OLD) - TG_ARGV[0] OR to_jsonb(OLD) ->> TG_ARGV[0] IS NOT NULL THEN
        RAISE EXCEPTION 'UPDATE on % is refused: only its end may be set', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_ends BEFORE UPDATE ON capacity_assignment FOR EACH ROW EXECUTE FUNCTION capacity_only_ends('ended_at');
CREATE TRIGGER only_ends BEFORE UPDATE ON capacity_demandline FOR EACH ROW EXECUTE FUNCTION capacity_only_ends('withdrawn_at');
CREATE TRIGGER only_ends BEFORE UPDATE ON capacity_shift FOR EACH ROW EXECUTE FUNCTION capacity_only_ends('withdrawn_at');
"""


class Migration(migrations.Migration):
    dependencies = [("capacity", "0001_initial"), ("cases", "0002_guards")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (SIGHT, FINAL)]
