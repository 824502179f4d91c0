"""Return of authority, closing and opening again: their tables, and that a closed case is read-only."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_authorityreturn', 'cases_sees(case_id)');
CALL cases_protect('cases_returnedmeasure', 'cases_sees(case_id)');
CALL cases_protect('cases_caseclosure', 'cases_sees(case_id)');
CALL kernel_freeze('cases_authorityreturn', 'state', 'confirmed');
CALL kernel_add_only('cases_returnedmeasure');

-- A closure that ended stands; one that lasts can only be ended.
CREATE FUNCTION cases_closure_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reopened_at IS NOT NULL
        OR (to_jsonb(NEW) - 'reopened_at' - 'reopened_by_id' - 'reopen_reason')
            <> (to_jsonb(OLD) - 'reopened_at' - 'reopened_by_id' - 'reopen_reason') THEN
        RAISE EXCEPTION 'a closure is a dated fact: only its end may be set' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON cases_caseclosure FOR EACH ROW EXECUTE FUNCTION cases_closure_stands();

-- A closed case is read-only. The lock keeps a closing that is under way from missing what is being added here.
CREATE FUNCTION cases_still_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE state text;
BEGIN
    SELECT c.state INTO state FROM cases_case c WHERE id = COALESCE(NEW.case_id, OLD.case_id) FOR SHARE;
    IF state = 'closed' THEN
        RAISE EXCEPTION 'case_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE PROCEDURE cases_keep_closed(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER a_still_open BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW
                    EXECUTE FUNCTION cases_still_open()', target);
END $$;
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['closerelation', 'nomination', 'judgement', 'urgentrequest', 'designation', 'designated',
        'handover', 'handoveritem', 'adoptedpicture', 'leveldecision', 'measureadvice', 'package', 'plannedmeasure', 'measure',
        'measurereport', 'informduty', 'contactentry', 'raisedriskmoment', 'attachment', 'authorityreturn', 'returnedmeasure',
        'caseclosure', 'letter', 'dutyanswers', 'agreement', 'breach', 'responsibility', 'keyholder'] LOOP
        CALL cases_keep_closed(('cases_' || part)::regclass);
    END LOOP;
END $$;

-- The case itself: closing and opening again are all that changes it.
CREATE FUNCTION cases_closed_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'closed' AND NEW.state = 'closed' THEN
        RAISE EXCEPTION 'case_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'closed' AND EXISTS (SELECT 1 FROM cases_measure WHERE case_id = NEW.id AND state <> 'ended') THEN
        RAISE EXCEPTION 'a measure is in force: the case cannot be closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'closed' AND EXISTS (SELECT 1 FROM cases_informduty WHERE case_id = NEW.id AND settled_at IS NULL) THEN
        RAISE EXCEPTION 'a duty is open: the case cannot be closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_stands BEFORE UPDATE ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_closed_stands();
"""

UNBROKEN = """
-- As before; what the case was closed for is no gap, and a closed case has nobody in authority.
CREATE OR REPLACE FUNCTION cases_authority_unbroken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    covered tstzmultirange;
    first timestamptz;
    is_closed boolean;
BEGIN
    PERFORM 1 FROM cases_person WHERE id = NEW.person_id FOR UPDATE;
    SELECT min(lower(period)) INTO first FROM cases_authorityperiod
    WHERE person_id = NEW.person_id AND scope = NEW.scope AND case_id = NEW.case_id;
    SELECT range_agg(span) INTO covered FROM (
        SELECT period AS span FROM cases_authorityperiod
        WHERE person_id = NEW.person_id AND scope = NEW.scope AND case_id = NEW.case_id
        UNION ALL
        SELECT tstzrange(closed_at, reopened_at) FROM cases_caseclosure
        WHERE case_id = NEW.case_id AND reopened_at IS NOT NULL AND closed_at >= first
    ) spans;
    SELECT state = 'closed' INTO is_closed FROM cases_case WHERE id = NEW.case_id;
    IF (SELECT count(*) FROM unnest(covered)) <> 1 OR upper_inf(covered) = is_closed THEN
        RAISE EXCEPTION 'authority over this person would have a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION cases_somebody_has_authority() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := CASE WHEN TG_TABLE_NAME = 'cases_case' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'case_id')::uuid END;
    held boolean := EXISTS (
        SELECT 1 FROM cases_authorityperiod
        WHERE case_id = wanted AND person_id = NEW.person_id AND scope = 'person_directed' AND upper_inf(period));
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND state = 'closed') THEN
        IF EXISTS (SELECT 1 FROM cases_authorityperiod WHERE case_id = wanted AND upper_inf(period)) THEN
            RAISE EXCEPTION 'a closed case has nobody in authority' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NOT held AND (TG_TABLE_NAME = 'cases_case' OR (to_jsonb(NEW) ->> 'core_household')::boolean) THEN
        RAISE EXCEPTION 'nobody would have authority over this person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0023_relative_designation"),
        ("kernel", "0005_schedules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="authorityperiod",
            name="rule",
            field=models.CharField(default="", max_length=40, verbose_name="rule"),
        ),
        migrations.AddField(
            model_name="case",
            name="post",
            field=models.CharField(
                choices=[
                    ("none", "None that would have authority here"),
                    ("mayor", "Mayor"),
                    ("police_chief", "Chief of police"),
                    ("chief_prosecutor", "Chief prosecutor"),
                    ("prosecution_staff", "Other staff of the prosecution service"),
                ],
                default="none",
                max_length=20,
                verbose_name="post of the person",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="post_in_district",
            field=models.BooleanField(default=False, verbose_name="lives and works in the district of the post"),
        ),
        migrations.AlterField(
            model_name="authorityperiod",
            name="authority",
            field=models.CharField(
                choices=[
                    ("nctv", "NCTV"),
                    ("chief_prosecutor", "Chief prosecutor"),
                    ("mayor", "Mayor"),
                    ("defence", "Minister of Defence"),
                ],
                max_length=20,
                verbose_name="authority",
            ),
        ),
        migrations.AlterField(
            model_name="informduty",
            name="about",
            field=models.CharField(
                choices=[
                    ("designation", "Designation"),
                    ("decision", "Decision on measures"),
                    ("displacement", "Choice when capacity falls short"),
                    ("rejection", "Rejection"),
                    ("return", "Return to the chief prosecutor"),
                ],
                max_length=20,
                verbose_name="about",
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="ordered_under",
            field=models.CharField(
                choices=[
                    ("nctv", "nctv"),
                    ("chief_prosecutor", "chief_prosecutor"),
                    ("mayor", "mayor"),
                    ("defence", "defence"),
                ],
                max_length=20,
                verbose_name="ordered by",
            ),
        ),
        migrations.CreateModel(
            name="AuthorityReturn",
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
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waits for the confirmation"), ("confirmed", "Confirmed")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reasons", stelsel.kernel.models.secrets.SealedTextField()),
                ("decided_at", models.DateTimeField()),
                ("confirm_due", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="cases.case"
                    ),
                ),
                (
                    "confirm_signature",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.signature"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "designation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returned", to="cases.designation"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirm_signature", None),
                                ("confirmed_at", None),
                                ("confirmed_by", None),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("confirm_signature__isnull", False),
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("state", "confirmed"),
                            ),
                            _connector="OR",
                        ),
                        name="return_confirmed_by_a_signature",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="return_confirmed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseClosure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("closed_at", models.DateTimeField()),
                ("reason", stelsel.kernel.models.secrets.SealedTextField()),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopen_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="cases.case"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at", None)), fields=("case",), name="closure_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reopened_at", None), ("reopened_by", None)),
                            models.Q(("reopened_at__gt", models.F("closed_at")), ("reopened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="closure_reopened_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnedMeasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("continues", "Continues under the chief prosecutor"),
                            ("reordered", "Ordered anew by the chief prosecutor"),
                            ("ended_before", "Ended before by its own decision"),
                        ],
                        max_length=15,
                        verbose_name="what becomes of it",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.measure"
                    ),
                ),
                (
                    "returned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="cases.authorityreturn"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("returned", "measure"), name="returned_once")],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(UNBROKEN, migrations.RunSQL.noop),
    ]
