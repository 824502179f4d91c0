"""Two cases that look alike: about two persons, or merged; the merged one is closed and can be opened again."""

import cases.merging
import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_casemerge', 'cases_sees(case_id) OR cases_sees(leading_id)');
CALL cases_keep_closed('cases_casemerge');
CALL cases_keep_elsewhere('cases_casemerge');
CALL kernel_freeze('cases_casemerge', 'state', 'declined', 'withdrawn', 'undone');
CALL cases_protect('cases_distinction', 'cases_sees(case_id) OR cases_sees(other_id)');
CALL cases_keep_closed('cases_distinction');
CALL cases_keep_elsewhere('cases_distinction');

-- What was said stands; only that it was withdrawn is added, once.
CREATE FUNCTION cases_distinction_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id')
        <> (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id') THEN
        RAISE EXCEPTION 'what was said of two cases is only ever withdrawn' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON cases_distinction FOR EACH ROW EXECUTE FUNCTION cases_distinction_stands();

-- A case rests as long as its merge stands, and a merge stands as long as its case rests: both or neither.
CREATE FUNCTION cases_merge_rests() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted uuid := CASE WHEN TG_TABLE_NAME = 'cases_casemerge' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'merge_id')::uuid END;
BEGIN
    IF wanted IS NOT NULL AND (SELECT state = 'merged' FROM cases_casemerge WHERE id = wanted) IS DISTINCT FROM EXISTS (
        SELECT 1 FROM cases_caseclosure closure JOIN cases_casemerge merge ON merge.id = closure.merge_id
        WHERE merge.id = wanted AND closure.case_id = merge.case_id AND closure.reopened_at IS NULL) THEN
        RAISE EXCEPTION 'a merge stands exactly as long as its case rests' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rests AFTER INSERT OR UPDATE ON cases_casemerge DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_merge_rests();
CREATE CONSTRAINT TRIGGER rests AFTER INSERT OR UPDATE ON cases_caseclosure DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_merge_rests();

-- A person goes on somewhere: in a case that is open, and what a case took in does not change.
CREATE FUNCTION cases_merge_leads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.case_id, OLD.leading_id, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
        IS DISTINCT FROM (NEW.case_id, NEW.leading_id, NEW.reason, NEW.proposed_by_id, NEW.proposed_at) THEN
        RAISE EXCEPTION 'a proposal to merge stands as it was made' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'merged' AND (SELECT state FROM cases_case WHERE id = NEW.leading_id FOR SHARE) = 'closed' THEN
        RAISE EXCEPTION 'case_closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER leads BEFORE UPDATE ON cases_casemerge FOR EACH ROW EXECUTE FUNCTION cases_merge_leads();

-- What is unfinished on a case, told as yes or no to who sees it: complaints and promises are no reading for everybody.
CREATE FUNCTION cases_unfinished(wanted uuid, instant timestamptz) RETURNS TABLE (moments_ahead boolean, asked boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_raisedriskmoment WHERE case_id = wanted AND ends_at > instant AND outcome = ''),
        EXISTS (SELECT 1 FROM cases_activityrequest WHERE case_id = wanted AND state = 'asked')
        OR EXISTS (SELECT 1 FROM cases_compensation WHERE case_id = wanted AND state <> 'decided')
        OR EXISTS (SELECT 1 FROM cases_complaint WHERE case_id = wanted AND state <> 'settled')
        OR EXISTS (SELECT 1 FROM cases_promise WHERE case_id = wanted AND settled_at IS NULL)
    WHERE cases_sees(wanted)
$$;
REVOKE EXECUTE ON FUNCTION cases_unfinished FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_unfinished TO stelsel_web, stelsel_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0033_escalation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseMerge",
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
                        choices=[
                            ("proposed", "Waits for the office of the case that would rest"),
                            ("merged", "Merged"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("undone", "Undone"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", stelsel.kernel.models.secrets.SealedTextField()),
                ("proposed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("answer", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("undone_at", models.DateTimeField(null=True)),
                ("undo_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="cases.case"
                    ),
                ),
                (
                    "leading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merged_here", to="cases.case"
                    ),
                ),
                (
                    "proposed_by",
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
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="alias",
            name="merge",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="cases.casemerge"
            ),
        ),
        migrations.AddField(
            model_name="caseclosure",
            name="merge",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="closure", to="cases.casemerge"
            ),
        ),
        migrations.CreateModel(
            name="Distinction",
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
                ("reason", stelsel.kernel.models.secrets.SealedTextField()),
                ("said_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="distinctions", to="cases.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="casemerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", (cases.merging.MergeState["PROPOSED"], cases.merging.MergeState["MERGED"]))
                ),
                fields=("case",),
                name="merge_one_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="casemerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("leading")), _negated=True), name="merge_of_two_cases"
            ),
        ),
        migrations.AddConstraint(
            model_name="casemerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at", None), ("settled_by", None), ("state", cases.merging.MergeState["PROPOSED"])
                    ),
                    models.Q(
                        models.Q(("state", cases.merging.MergeState["PROPOSED"]), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="merge_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="casemerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "state__in",
                            [
                                cases.merging.MergeState["MERGED"],
                                cases.merging.MergeState["UNDONE"],
                                cases.merging.MergeState["DECLINED"],
                            ],
                        ),
                        _negated=True,
                    ),
                    models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="merge_settled_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="casemerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", cases.merging.MergeState["UNDONE"]),
                        ("undone_at__isnull", False),
                        ("undone_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", cases.merging.MergeState["UNDONE"]), _negated=True),
                        ("undone_at", None),
                        ("undone_by", None),
                    ),
                    _connector="OR",
                ),
                name="merge_undone_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("case", "other"), name="distinction_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.CheckConstraint(
                condition=models.Q(("case", models.F("other")), _negated=True), name="distinction_of_two_cases"
            ),
        ),
        migrations.AddConstraint(
            model_name="distinction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="distinction_withdrawn_by_somebody",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
