"""What the database guards: the wall between analysis and decision, that between suppliers, and adopted pictures."""

from django.db import migrations

SIGHT = """
-- Drafts, evidence, scores and signals: analysts alone, of cases they were asked for.
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['signal', 'picture', 'threatline', 'evidenceitem', 'picturescore'] LOOP
        CALL cases_protect(('threat_' || part)::regclass, 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
    END LOOP;
END $$;

-- Requests and products: also the case manager (facts, not text), and the supplier's own organisation without the case.
CALL cases_protect('threat_informationrequest',
    '((SELECT kernel_role()) IN (''threat_analyst'', ''head_of_analysis'', ''case_manager'') AND cases_sees(case_id))
     OR ((SELECT kernel_role()) = ''product_supplier'' AND supplier_id = (SELECT kernel_organisation()))');
CALL cases_protect('threat_product',
    '((SELECT kernel_role()) IN (''threat_analyst'', ''head_of_analysis'', ''case_manager'') AND cases_sees(case_id))
     OR ((SELECT kernel_role()) = ''product_supplier'' AND supplier_id = (SELECT kernel_organisation()))');
CALL cases_protect('threat_productcontent',
    '((SELECT kernel_role()) IN (''threat_analyst'', ''head_of_analysis'') AND cases_sees(case_id))
     OR ((SELECT kernel_role()) = ''product_supplier'' AND supplier_id = (SELECT kernel_organisation()))');

CREATE SEQUENCE threat_request_number;
GRANT USAGE ON SEQUENCE threat_request_number TO stelsel_web, stelsel_worker;
"""

FINAL = """
CALL kernel_add_only('threat_productcontent');
CALL kernel_freeze('threat_picture', 'state', 'adopted', 'abandoned');

-- Refuses a change of any column that is not named in the trigger's arguments.
CREATE FUNCTION threat_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV THEN
        RAISE EXCEPTION 'UPDATE on % is refused: what was delivered stands', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON threat_product FOR EACH ROW
    EXECUTE FUNCTION threat_stands('withdrawn_at', 'withdrawn_by_id', 'withdrawal_reason');
CREATE TRIGGER stands BEFORE UPDATE ON threat_signal FOR EACH ROW
    EXECUTE FUNCTION threat_stands('disposition', 'reason', 'disposed_by_id', 'disposed_at');
CREATE TRIGGER stands BEFORE UPDATE ON threat_picturescore FOR EACH ROW
    EXECUTE FUNCTION threat_stands('result', 'scored_at');
CREATE TRIGGER stands BEFORE UPDATE ON threat_informationrequest FOR EACH ROW
    EXECUTE FUNCTION threat_stands('state', 'due_at', 'answered_at', 'refusal_ground', 'refusal_note', 'review_due',
                                   'refused_by_id', 'refused_at', 'silent_at', 'version');

CREATE FUNCTION threat_scored_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result IS NOT NULL OR EXISTS (
        SELECT 1 FROM threat_picture WHERE id = OLD.picture_id AND state IN ('adopted', 'abandoned')) THEN
        RAISE EXCEPTION 'UPDATE on threat_picturescore is refused: a score is written once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scored_once BEFORE UPDATE ON threat_picturescore FOR EACH ROW EXECUTE FUNCTION threat_scored_once();

-- Lines and evidence stand still from the proposal on. SECURITY DEFINER: it reads the picture past its own policy.
CREATE FUNCTION threat_part_of_picture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_state text;
BEGIN
    SELECT state INTO found_state FROM threat_picture WHERE id = COALESCE(NEW.picture_id, OLD.picture_id) FOR SHARE;
    IF found_state NOT IN ('draft', 'scored') OR (TG_OP = 'UPDATE' AND NEW.picture_id <> OLD.picture_id) THEN
        RAISE EXCEPTION '% on % is refused: the picture is %', TG_OP, TG_TABLE_NAME, found_state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER part_of_picture BEFORE INSERT OR UPDATE OR DELETE ON threat_threatline
    FOR EACH ROW EXECUTE FUNCTION threat_part_of_picture();
CREATE TRIGGER part_of_picture BEFORE INSERT OR UPDATE OR DELETE ON threat_evidenceitem
    FOR EACH ROW EXECUTE FUNCTION threat_part_of_picture();

-- A proposed picture changes by being returned, seconded, adopted or abandoned; its content stands still.
CREATE FUNCTION threat_proposal_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moves text[] := ARRAY['state', 'seconded_by_id', 'seconded_at', 'adopted_by_id', 'adopted_at', 'content_hash',
                              'return_reason', 'proposed_by_id', 'proposed_at'];
BEGIN
    IF OLD.state = 'proposed' AND to_jsonb(NEW) - moves <> to_jsonb(OLD) - moves THEN
        RAISE EXCEPTION 'UPDATE on threat_picture is refused: the proposal stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'adopted' AND OLD.state <> 'proposed' THEN
        RAISE EXCEPTION 'UPDATE on threat_picture is refused: only a proposal is adopted'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposal_stands BEFORE UPDATE ON threat_picture FOR EACH ROW EXECUTE FUNCTION threat_proposal_stands();
CREATE FUNCTION threat_picture_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'INSERT on threat_picture is refused: a picture begins as a draft'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER begins BEFORE INSERT ON threat_picture FOR EACH ROW EXECUTE FUNCTION threat_picture_begins();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("threat", "0001_initial"),
        ("cases", "0002_guards"),
        ("legal", "0001_initial"),
        ("kernel", "0003_system"),
    ]
    operations = [
        migrations.RunSQL(SIGHT, migrations.RunSQL.noop),
        migrations.RunSQL(FINAL, migrations.RunSQL.noop),
    ]
