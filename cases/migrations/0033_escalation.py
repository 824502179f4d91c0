"""Escalation of a rejected nomination: its table, and who may answer it and judge anew."""

import cases.escalation
import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_escalation', 'cases_sees(case_id)');
CALL kernel_freeze('cases_escalation', 'state', 'upheld', 'overturned', 'withdrawn', 'overtaken');
CALL cases_keep_closed('cases_escalation');
CALL cases_keep_elsewhere('cases_escalation');

-- What is escalated was rejected, and is answered by nobody who prepared or decided that.
CREATE FUNCTION cases_escalation_by_others() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_nomination WHERE id = NEW.nomination_id AND case_id = NEW.case_id AND state = 'rejected') THEN
        RAISE EXCEPTION 'only a rejected nomination of the same case is escalated' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.rung = 2 AND NOT EXISTS (SELECT 1 FROM cases_escalation
        WHERE nomination_id = NEW.nomination_id AND rung = 1 AND state = 'upheld') THEN
        RAISE EXCEPTION 'the second rung follows the first' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state IN ('upheld', 'overturned') AND EXISTS (SELECT 1 FROM cases_judgement WHERE nomination_id = NEW.nomination_id
        AND NEW.settled_by_id IN (prepared_by_id, decided_by_id)) THEN
        RAISE EXCEPTION 'who judged does not answer the escalation' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_others BEFORE INSERT OR UPDATE ON cases_escalation
    FOR EACH ROW EXECUTE FUNCTION cases_escalation_by_others();

-- What an escalation put back is prepared and decided by others than before.
CREATE FUNCTION cases_judged_by_others() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_escalation e JOIN cases_judgement j ON j.nomination_id = e.nomination_id
        WHERE e.opened_id = NEW.nomination_id
        AND (NEW.prepared_by_id IN (j.prepared_by_id, j.decided_by_id) OR NEW.decided_by_id IN (j.prepared_by_id, j.decided_by_id))) THEN
        RAISE EXCEPTION 'who rejected does not judge anew' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_others BEFORE INSERT OR UPDATE ON cases_judgement FOR EACH ROW EXECUTE FUNCTION cases_judged_by_others();

-- While an escalation is open the chief prosecutor is the authority: the case is in the local domain.
CREATE FUNCTION cases_escalation_is_local() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted uuid := CASE WHEN TG_TABLE_NAME = 'cases_case' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'case_id')::uuid END;
BEGIN
    IF EXISTS (SELECT 1 FROM cases_escalation e JOIN cases_case c ON c.id = e.case_id
        WHERE c.id = wanted AND e.state = 'raised' AND c.state <> 'local') THEN
        RAISE EXCEPTION 'an open escalation keeps the case in the local domain' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER escalation_is_local AFTER INSERT OR UPDATE ON cases_escalation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_escalation_is_local();
CREATE CONSTRAINT TRIGGER escalation_is_local AFTER UPDATE OF state ON cases_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_escalation_is_local();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0032_recusals"),
        ("kernel", "0012_duty_telephone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "marking",
                    models.CharField(
                        choices=[
                            ("NONE", "No marking"),
                            ("DEP_V", "Departementaal VERTROUWELIJK"),
                            ("STG_C", "Stg. CONFIDENTIEEL"),
                            ("STG_G", "Stg. GEHEIM"),
                            ("STG_ZG", "Stg. ZEER GEHEIM"),
                        ],
                        default="DEP_V",
                        max_length=10,
                        verbose_name="marking",
                    ),
                ),
                ("marked_until", models.DateField(blank=True, null=True, verbose_name="marking ends on")),
                (
                    "data_regime",
                    models.CharField(
                        choices=[("avg", "AVG (GDPR)"), ("wpg", "Wpg (police data)")],
                        default="avg",
                        max_length=5,
                        verbose_name="data regime",
                    ),
                ),
                ("provenance", models.CharField(blank=True, max_length=150, verbose_name="provenance")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "rung",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "First rung: national coordinating chief prosecutor and director of the NCTV"),
                            (2, "Second rung: portfolio procurator general and the NCTV"),
                        ],
                        verbose_name="rung",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Waits for the answer of the NCTV"),
                            ("upheld", "The rejection stands"),
                            ("overturned", "To be judged anew, by others"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "Overtaken by an urgent designation"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reasons", stelsel.kernel.models.secrets.SealedTextField()),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answer", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="cases.case"
                    ),
                ),
                (
                    "nomination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="cases.nomination"
                    ),
                ),
                (
                    "opened",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalated_from",
                        to="cases.nomination",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.signature"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", cases.escalation.EscalationState["RAISED"])),
                        fields=("case",),
                        name="escalation_one_open",
                    ),
                    models.UniqueConstraint(fields=("nomination", "rung"), name="escalation_each_rung_once"),
                    models.CheckConstraint(condition=models.Q(("rung__in", [1, 2])), name="escalation_rung"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at", None),
                                ("settled_by", None),
                                ("state", cases.escalation.EscalationState["RAISED"]),
                            ),
                            models.Q(
                                models.Q(("state", cases.escalation.EscalationState["RAISED"]), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="escalation_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        cases.escalation.EscalationState["UPHELD"],
                                        cases.escalation.EscalationState["OVERTURNED"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                models.Q(("settled_by", models.F("raised_by")), _negated=True),
                                ("signature__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="escalation_answered_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("opened__isnull", False), ("state", cases.escalation.EscalationState["OVERTURNED"])
                            ),
                            models.Q(
                                models.Q(("state", cases.escalation.EscalationState["OVERTURNED"]), _negated=True),
                                ("opened", None),
                            ),
                            _connector="OR",
                        ),
                        name="escalation_opens_when_overturned",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
