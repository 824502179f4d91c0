"""The limitative list: entries, holders, measures and advice, with their guards; authority over entries."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
-- Whether the actor of this transaction may see the entry; as for cases.
CREATE FUNCTION cases_sees_entry(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cases_listentryusergrant
        WHERE content_object_id = wanted AND user_id = kernel_actor() AND role = kernel_role() AND period @> kernel_at()
    ) OR EXISTS (
        SELECT 1 FROM cases_listentrygroupgrant
        WHERE content_object_id = wanted AND group_id = kernel_group() AND role = kernel_role() AND period @> kernel_at()
    )
$$;
CALL cases_protect('cases_listentry', 'cases_sees_entry(id)');
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['entryholder', 'entrymeasure', 'entrymeasurereport', 'entryadvice'] LOOP
        CALL cases_protect(('cases_' || part)::regclass, 'cases_sees_entry(entry_id)');
    END LOOP;
END $$;
CALL cases_protect('cases_listentryusergrant', 'user_id = (SELECT kernel_actor()) OR cases_sees_entry(content_object_id)');
CALL cases_protect('cases_listentrygroupgrant', 'group_id = (SELECT kernel_group()) OR cases_sees_entry(content_object_id)');
CALL kernel_track('cases_authorityruling');
CALL kernel_add_only('cases_entrymeasurereport');
CALL kernel_freeze('cases_listentry', 'state', 'rejected', 'ended');
CALL kernel_freeze('cases_entrymeasure', 'state', 'ended');
CALL kernel_freeze('cases_entryadvice', 'followed', 'yes', 'partly', 'no');
CREATE POLICY on_an_entry ON kernel_auditentry FOR SELECT TO stelsel_web, stelsel_worker
    USING (scope_id IS NOT NULL AND cases_sees_entry(scope_id));

-- A holder is a person, seen by whoever sees the entry.
CREATE OR REPLACE FUNCTION cases_sees_person(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_case WHERE person_id = wanted AND cases_sees(id))
        OR EXISTS (SELECT 1 FROM cases_closerelation WHERE person_id = wanted AND cases_sees(case_id))
        OR EXISTS (SELECT 1 FROM cases_entryholder WHERE person_id = wanted AND cases_sees_entry(entry_id))
$$;

-- Authority over an entry is seen by whoever sees the entry.
DROP POLICY seen ON cases_authorityperiod;
DROP POLICY changed ON cases_authorityperiod;
CREATE POLICY seen ON cases_authorityperiod FOR SELECT TO stelsel_web, stelsel_worker
    USING (CASE WHEN entry_id IS NULL THEN cases_sees(case_id) ELSE cases_sees_entry(entry_id) END);
CREATE POLICY changed ON cases_authorityperiod FOR UPDATE TO stelsel_web, stelsel_worker
    USING (CASE WHEN entry_id IS NULL THEN cases_sees(case_id) ELSE cases_sees_entry(entry_id) END);

-- What an entry is does not change, and only a function has holders: an object is never put among persons.
CREATE FUNCTION cases_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind, NEW.number, NEW.key_id) <> (OLD.kind, OLD.number, OLD.key_id) THEN
        RAISE EXCEPTION 'an entry stays what it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'ended' AND OLD.state <> 'ended' AND EXISTS (
        SELECT 1 FROM cases_entrymeasure WHERE entry_id = NEW.id AND state <> 'ended') THEN
        RAISE EXCEPTION 'a measure is in force: the entry cannot end' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON cases_listentry FOR EACH ROW EXECUTE FUNCTION cases_entry_stays();
CREATE FUNCTION cases_holder_is_a_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_listentry WHERE id = NEW.entry_id AND kind = 'person') THEN
        RAISE EXCEPTION 'an object or service has no holder' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.person_id <> OLD.person_id OR NEW.entry_id <> OLD.entry_id
        OR lower(NEW.period) <> lower(OLD.period) OR (NOT upper_inf(OLD.period) AND NEW.period <> OLD.period)) THEN
        RAISE EXCEPTION 'a holder is a dated fact: only the open end may be set' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_person BEFORE INSERT OR UPDATE ON cases_entryholder FOR EACH ROW EXECUTE FUNCTION cases_holder_is_a_person();

-- At commit: from its designation until its end an entry has exactly one authority, without a gap.
CREATE FUNCTION cases_entry_unbroken() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted uuid := CASE WHEN TG_TABLE_NAME = 'cases_listentry' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'entry_id')::uuid END;
    entry cases_listentry;
    covered tstzmultirange;
BEGIN
    IF wanted IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO entry FROM cases_listentry WHERE id = wanted FOR UPDATE;
    SELECT range_agg(period) INTO covered FROM cases_authorityperiod WHERE entry_id = wanted;
    IF entry.state IN ('proposed', 'rejected') AND covered IS NULL THEN
        RETURN NULL;
    END IF;
    IF covered IS NULL OR covered <> tstzmultirange(tstzrange(entry.decided_at, entry.ended_at))
        OR entry.state NOT IN ('designated', 'ended') THEN
        RAISE EXCEPTION 'authority over this entry would have a gap' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unbroken_entry AFTER INSERT OR UPDATE ON cases_authorityperiod
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_entry_unbroken();
CREATE CONSTRAINT TRIGGER unbroken AFTER INSERT OR UPDATE ON cases_listentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_entry_unbroken();
-- The trigger on persons speaks of persons alone.
DROP TRIGGER unbroken ON cases_authorityperiod;
CREATE CONSTRAINT TRIGGER unbroken AFTER INSERT OR UPDATE ON cases_authorityperiod
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.entry_id IS NULL) EXECUTE FUNCTION cases_authority_unbroken();

CREATE FUNCTION cases_entry_grant_takes_keys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT sort_at, state, kind INTO NEW.sort_at, NEW.state, NEW.kind FROM cases_listentry WHERE id = NEW.content_object_id;
    RETURN NEW;
END $$;
CREATE TRIGGER keys BEFORE INSERT ON cases_listentryusergrant FOR EACH ROW EXECUTE FUNCTION cases_entry_grant_takes_keys();
CREATE TRIGGER keys BEFORE INSERT ON cases_listentrygroupgrant FOR EACH ROW EXECUTE FUNCTION cases_entry_grant_takes_keys();
CREATE FUNCTION cases_entry_grants_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_listentryusergrant SET sort_at = NEW.sort_at, state = NEW.state WHERE content_object_id = NEW.id;
    UPDATE cases_listentrygroupgrant SET sort_at = NEW.sort_at, state = NEW.state WHERE content_object_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_follow AFTER UPDATE OF sort_at, state ON cases_listentry FOR EACH ROW
    WHEN (OLD.sort_at <> NEW.sort_at OR OLD.state <> NEW.state) EXECUTE FUNCTION cases_entry_grants_follow();

CREATE SEQUENCE cases_entry_number;
GRANT USAGE ON SEQUENCE cases_entry_number TO stelsel_web, stelsel_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0024_return_and_closing"),
        ("kernel", "0006_norm_value"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListEntryGroupGrant",
            fields=[
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_manager", "Case manager"),
                            ("decider", "Decider"),
                            ("duty_officer", "Duty officer"),
                            ("threat_analyst", "Threat analyst"),
                            ("head_of_analysis", "Head of threat analysis"),
                            ("product_supplier", "Product supplier"),
                            ("police_rccb", "Police RCCB"),
                            ("prosecution_adviser", "Adviser BB&C"),
                            ("chief_prosecutor", "Chief prosecutor"),
                            ("table_member", "Member of the triage table"),
                            ("lcc_coordinator", "LCC coordinator"),
                            ("lcc_adviser", "LCC adviser"),
                            ("lcc_liaison", "LCC liaison"),
                            ("unit_planner", "Unit planner"),
                            ("resilience_expert", "Resilience expert"),
                            ("buddy_coordinator", "Buddy coordinator"),
                            ("quality_manager", "Quality manager"),
                            ("method_board", "Method board"),
                            ("advisory_body", "Advisory body"),
                            ("inspector", "Inspector"),
                            ("legal_officer", "Legal officer"),
                            ("security_officer", "Security officer"),
                            ("controller", "Controller"),
                            ("policy_officer", "Policy officer"),
                            ("mayors_contact", "Mayor's contact"),
                            ("administrator", "Administrator"),
                            ("system", "System"),
                        ],
                        max_length=30,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("ground", models.CharField(max_length=80)),
                ("mine", models.BooleanField(default=False)),
                ("sort_at", models.DateTimeField()),
                ("state", models.CharField(max_length=30)),
                ("kind", models.CharField(max_length=30)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="listentrygroupgrant_reasoned"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListEntryUserGrant",
            fields=[
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_manager", "Case manager"),
                            ("decider", "Decider"),
                            ("duty_officer", "Duty officer"),
                            ("threat_analyst", "Threat analyst"),
                            ("head_of_analysis", "Head of threat analysis"),
                            ("product_supplier", "Product supplier"),
                            ("police_rccb", "Police RCCB"),
                            ("prosecution_adviser", "Adviser BB&C"),
                            ("chief_prosecutor", "Chief prosecutor"),
                            ("table_member", "Member of the triage table"),
                            ("lcc_coordinator", "LCC coordinator"),
                            ("lcc_adviser", "LCC adviser"),
                            ("lcc_liaison", "LCC liaison"),
                            ("unit_planner", "Unit planner"),
                            ("resilience_expert", "Resilience expert"),
                            ("buddy_coordinator", "Buddy coordinator"),
                            ("quality_manager", "Quality manager"),
                            ("method_board", "Method board"),
                            ("advisory_body", "Advisory body"),
                            ("inspector", "Inspector"),
                            ("legal_officer", "Legal officer"),
                            ("security_officer", "Security officer"),
                            ("controller", "Controller"),
                            ("policy_officer", "Policy officer"),
                            ("mayors_contact", "Mayor's contact"),
                            ("administrator", "Administrator"),
                            ("system", "System"),
                        ],
                        max_length=30,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("ground", models.CharField(max_length=80)),
                ("mine", models.BooleanField(default=False)),
                ("sort_at", models.DateTimeField()),
                ("state", models.CharField(max_length=30)),
                ("kind", models.CharField(max_length=30)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="listentryusergrant_reasoned"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="authorityperiod",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authority_periods",
                to="cases.case",
            ),
        ),
        migrations.AlterField(
            model_name="authorityperiod",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authority_periods",
                to="cases.person",
            ),
        ),
        migrations.CreateModel(
            name="AuthorityRuling",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("rule", models.SlugField(max_length=40, verbose_name="rule")),
                (
                    "gives",
                    models.CharField(
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
                ("article", models.CharField(max_length=150, verbose_name="decision it rests on")),
                ("in_force", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="in force")),
            ],
            options={
                "verbose_name": "ruling on authority",
                "verbose_name_plural": "rulings on authority",
                "ordering": ("rule", "in_force"),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("rule", "="), ("in_force", "&&")], name="one_ruling_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryMeasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30, verbose_name="supervision")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("person_directed", "Person-directed"),
                            ("public_order", "Public order"),
                            ("criminal_enforcement", "Criminal enforcement"),
                        ],
                        max_length=25,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "Ordered"),
                            ("accepted", "Accepted"),
                            ("in_place", "In place"),
                            ("verified", "Verified"),
                            ("ended", "Ended"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "ordered_under",
                    models.CharField(
                        choices=[
                            ("nctv", "NCTV"),
                            ("chief_prosecutor", "Chief prosecutor"),
                            ("mayor", "Mayor"),
                            ("defence", "Minister of Defence"),
                        ],
                        max_length=20,
                        verbose_name="ordered by",
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("in_place_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("review_due", models.DateField(verbose_name="review due")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state", "ended")),
                            models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at", None)),
                            _connector="OR",
                        ),
                        name="entry_measure_ended_by_an_act",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListEntry",
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
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("object", "Object"), ("service", "Service")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="function, object or service")),
                (
                    "category",
                    models.CharField(
                        choices=[("1", "Category I"), ("2", "Category II")], max_length=1, verbose_name="category"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for the decision"),
                            ("designated", "On the list"),
                            ("rejected", "Not placed"),
                            ("ended", "Ended"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("ordinary", "Ordinary"), ("royal", "Royal House"), ("military", "Military person")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("state_safety", models.BooleanField(default=False, verbose_name="safety of the State")),
                ("foreign_relations", models.BooleanField(default=False, verbose_name="relations with other powers")),
                ("society", models.BooleanField(default=False, verbose_name="weighty interests of society")),
                ("kmar_object", models.BooleanField(default=False, verbose_name="guarded by the Royal Marechaussee")),
                (
                    "several_municipalities",
                    models.BooleanField(default=False, verbose_name="lies in several municipalities"),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("person_directed", "Person-directed"),
                            ("public_order", "Public order"),
                            ("criminal_enforcement", "Criminal enforcement"),
                        ],
                        max_length=25,
                        verbose_name="purpose",
                    ),
                ),
                ("address", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("motivation", stelsel.kernel.models.secrets.SealedTextField()),
                ("prepared_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reasons", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="temporary, until and including")),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("sort_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.personkey"
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.organisation",
                        verbose_name="municipality",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.organisation",
                        verbose_name="office",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                            ("kind", "person"),
                            ("state_safety", True),
                            ("foreign_relations", True),
                            ("society", True),
                            _connector="OR",
                        ),
                        name="entry_has_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="entry_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "proposed"),
                            models.Q(("decided_at__isnull", False), ("signature__isnull", False)),
                            _connector="OR",
                        ),
                        name="entry_decided_with_a_signature",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False), ("state", "ended")),
                            models.Q(
                                models.Q(("state", "ended"), _negated=True), ("ended_at", None), ("ended_by", None)
                            ),
                            _connector="OR",
                        ),
                        name="entry_ended_by_an_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "person"), ("purpose", "person_directed")),
                            models.Q(
                                models.Q(("kind", "person"), _negated=True),
                                models.Q(("purpose", "person_directed"), _negated=True),
                                ("status", "ordinary"),
                            ),
                            _connector="OR",
                        ),
                        name="entry_purpose_fits_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "object"), ("kmar_object", False), _connector="OR"),
                            models.Q(("kind", "service"), ("several_municipalities", False), _connector="OR"),
                        ),
                        name="entry_marks_fit_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "person"),
                            models.Q(("municipality__isnull", False), ("office__isnull", False)),
                            _connector="OR",
                        ),
                        name="entry_lies_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryMeasureReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("step", models.CharField(max_length=15)),
                ("reported_at", models.DateTimeField()),
                ("note", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="cases.entrymeasure"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.listentry"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="entrymeasure",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="cases.listentry"
            ),
        ),
        migrations.CreateModel(
            name="EntryHolder",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="from and to")),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holders", to="cases.listentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("entry", "="), ("period", "&&")], name="one_holder_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryAdvice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="severity",
                    ),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                ("advice", stelsel.kernel.models.secrets.SealedTextField()),
                ("given_at", models.DateTimeField()),
                (
                    "followed",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Followed"), ("partly", "Followed in part"), ("no", "Not followed")],
                        max_length=10,
                        verbose_name="followed",
                    ),
                ),
                ("follow_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("followed_at", models.DateTimeField(null=True)),
                (
                    "followed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="advice", to="cases.listentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("followed", ""), ("followed_at", None), ("followed_by", None)),
                            models.Q(
                                models.Q(("followed", ""), _negated=True),
                                ("followed_at__isnull", False),
                                ("followed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="advice_settled_by_somebody",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="authorityperiod",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="authority_periods",
                to="cases.listentry",
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityperiod",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("entry", "="), ("period", "&&")], name="one_authority_over_an_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="authorityperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case__isnull", False), ("entry", None), ("person__isnull", False)),
                    models.Q(("case", None), ("entry__isnull", False), ("person", None)),
                    _connector="OR",
                ),
                name="authority_over_one_subject",
            ),
        ),
        migrations.AddField(
            model_name="listentrygroupgrant",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="group_grants", to="cases.listentry"
            ),
        ),
        migrations.AddField(
            model_name="listentrygroupgrant",
            name="granted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="listentrygroupgrant",
            name="group",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
        ),
        migrations.AddField(
            model_name="listentrygroupgrant",
            name="permission",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
        ),
        migrations.AddField(
            model_name="listentryusergrant",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="user_grants", to="cases.listentry"
            ),
        ),
        migrations.AddField(
            model_name="listentryusergrant",
            name="granted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="listentryusergrant",
            name="permission",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
        ),
        migrations.AddField(
            model_name="listentryusergrant",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name="listentrygroupgrant",
            index=models.Index(fields=["group", "role", "-sort_at"], name="entry_group_grant_list"),
        ),
        migrations.AddConstraint(
            model_name="listentrygroupgrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("group", "="),
                    ("permission", "="),
                    ("content_object", "="),
                    ("role", "="),
                    ("period", "&&"),
                ],
                name="listentrygroupgrant_once_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="listentryusergrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("permission", "="),
                    ("content_object", "="),
                    ("role", "="),
                    ("period", "&&"),
                ],
                name="listentryusergrant_once_user",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
