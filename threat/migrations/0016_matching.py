"""Matching: who reads what, that nothing is compared without a ground in force, and what stands."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import threat.lifecycle
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
-- Whether data of this kind of organisation may be matched today: a provision and its ground, both in force.
CREATE FUNCTION threat_may_match(what text, from_kind text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM legal_provision p JOIN legal_legalground g ON g.code = p.ground_id
        WHERE p.information = 'match_' || what AND p.provider = from_kind AND p.receiver = 'nctv'
            AND p.in_force @> (kernel_at() AT TIME ZONE 'Europe/Amsterdam')::date
            AND g.in_force @> (kernel_at() AT TIME ZONE 'Europe/Amsterdam')::date)
$$;
CREATE FUNCTION threat_ground_to_match() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE may boolean;
BEGIN
    IF TG_TABLE_NAME = 'threat_entity' THEN
        may := threat_may_match(NEW.kind, to_jsonb(NEW) ->> 'provider');
    ELSE
        SELECT count(*) = 2 AND bool_and(threat_may_match(NEW.kind, provider)) INTO may FROM threat_entity
        WHERE kind = NEW.kind AND id IN ((to_jsonb(NEW) ->> 'first_id')::uuid, (to_jsonb(NEW) ->> 'second_id')::uuid);
    END IF;
    IF NOT may THEN
        RAISE EXCEPTION 'no_ground_to_match' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE SEQUENCE threat_match_number;
GRANT USAGE ON SEQUENCE threat_match_number TO stelsel_web, stelsel_worker;

-- As cases_protect, but for what an insert checks, and for the history: value and index are in no row of it.
ALTER TABLE threat_entity ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON threat_entity FOR SELECT TO stelsel_web, stelsel_worker
    USING ((SELECT kernel_role()) = 'threat_analyst' AND cases_sees(case_id));
CREATE POLICY changed ON threat_entity FOR UPDATE TO stelsel_web, stelsel_worker
    USING ((SELECT kernel_role()) = 'threat_analyst' AND cases_sees(case_id));
CREATE POLICY added ON threat_entity FOR INSERT TO stelsel_web, stelsel_worker
    WITH CHECK (((SELECT kernel_role()) = 'threat_analyst' AND cases_sees(case_id))
        OR ((SELECT kernel_role()) = 'product_supplier' AND supplier_id = (SELECT kernel_organisation())));
CREATE POLICY scheduled ON threat_entity TO stelsel_worker USING ((SELECT kernel_role()) = 'system')
    WITH CHECK ((SELECT kernel_role()) = 'system');
CALL kernel_track('threat_entity', 'id', 'value', 'blind_index');
CALL cases_keep_elsewhere('threat_entity');
CREATE TRIGGER a_still_open BEFORE INSERT ON threat_entity FOR EACH ROW EXECUTE FUNCTION cases_still_open();
CREATE TRIGGER on_a_ground BEFORE INSERT ON threat_entity FOR EACH ROW EXECUTE FUNCTION threat_ground_to_match();
CREATE TRIGGER stands BEFORE UPDATE ON threat_entity FOR EACH ROW
    EXECUTE FUNCTION threat_stands('value', 'blind_index', 'removed_at', 'removed_by_id');

CALL cases_protect('threat_hit', 'cases_sees(first_case_id) AND cases_sees(second_case_id)',
    ARRAY['threat_analyst']);
CREATE TRIGGER on_a_ground BEFORE INSERT ON threat_hit FOR EACH ROW EXECUTE FUNCTION threat_ground_to_match();
CREATE TRIGGER stands BEFORE UPDATE ON threat_hit FOR EACH ROW EXECUTE FUNCTION threat_stands('taken_at', 'taken_by_id');

CALL cases_protect('threat_blindmatch', '(SELECT kernel_role()) = ''head_of_analysis''');
CALL kernel_freeze('threat_blindmatch', 'state', 'dismissed', 'followed_up', 'lapsed');
CREATE TRIGGER stands BEFORE UPDATE ON threat_blindmatch FOR EACH ROW
    EXECUTE FUNCTION threat_stands('state', 'reason', 'settled_by_id', 'settled_at');

CALL cases_protect('threat_matchquestion', '(SELECT kernel_role()) = ''head_of_analysis''
    OR ((SELECT kernel_role()) = ''product_supplier'' AND supplier_id = (SELECT kernel_organisation()))');
CALL kernel_freeze('threat_matchquestion', 'answer', 'may_share', 'may_not', 'nothing', 'lapsed');
CREATE TRIGGER stands BEFORE UPDATE ON threat_matchquestion FOR EACH ROW
    EXECUTE FUNCTION threat_stands('answer', 'answered_on', 'answered_by_id', 'answered_at');

-- Past their own policies, each for exactly what it answers.
-- The analysts who see both cases now, by name or by what their memberships open, and are kept out of neither.
CREATE FUNCTION threat_who_sees_both(one uuid, other uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    WITH held AS (
        SELECT user_id, group_id FROM kernel_membership WHERE role = 'threat_analyst' AND period @> kernel_at()
    ), sight AS (
        SELECT given.content_object_id AS case_id, given.user_id FROM cases_caseusergrant given JOIN held USING (user_id)
        WHERE given.role = 'threat_analyst' AND given.period @> kernel_at() AND given.content_object_id IN (one, other)
        UNION
        SELECT given.content_object_id, held.user_id FROM cases_casegroupgrant given JOIN held USING (group_id)
        WHERE given.role = 'threat_analyst' AND given.period @> kernel_at() AND given.content_object_id IN (one, other)
    )
    SELECT sight.user_id FROM sight JOIN kernel_user ON kernel_user.id = sight.user_id
    WHERE kernel_role() = 'system' AND NOT EXISTS (
        SELECT 1 FROM cases_recusal WHERE case_id IN (one, other) AND user_id = sight.user_id AND ended_at IS NULL)
    GROUP BY sight.user_id, kernel_user.full_name HAVING count(DISTINCT sight.case_id) = 2
    ORDER BY kernel_user.full_name, sight.user_id
$$;
-- The supplier's own product that it was asked about; the question itself names none.
CREATE FUNCTION threat_asked_product(wanted uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT entity.product_id FROM threat_matchquestion question
    JOIN threat_blindmatch blind ON blind.id = question.blind_id
    JOIN threat_hit hit ON hit.id = blind.hit_id
    JOIN threat_entity entity ON entity.id = CASE question.side WHEN 1 THEN hit.first_id ELSE hit.second_id END
    WHERE question.id = wanted AND kernel_role() = 'product_supplier' AND question.supplier_id = kernel_organisation()
        AND entity.supplier_id = question.supplier_id
$$;
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['may_match(text, text)', 'who_sees_both(uuid, uuid)', 'asked_product(uuid)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION threat_%s FROM PUBLIC', part);
        EXECUTE format('GRANT EXECUTE ON FUNCTION threat_%s TO stelsel_web, stelsel_worker', part);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("kernel", "0013_deputies"),
        ("threat", "0015_picture_prints"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entity",
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
                    "provider",
                    models.CharField(
                        choices=[
                            ("nctv", "NCTV"),
                            ("prosecution", "Public Prosecution Service (district)"),
                            ("police_lx", "Police, national unit LX"),
                            ("police_region", "Police, regional unit"),
                            ("kmar", "Royal Marechaussee (KMar)"),
                            ("aivd", "AIVD"),
                            ("mivd", "MIVD"),
                            ("lcc", "National Coordination Centre (LCC)"),
                            ("municipality", "Municipality"),
                            ("employer", "Employer's security officer"),
                            ("inspectorate", "Inspectorate of Justice and Security"),
                            ("advisory_body", "Advisory body"),
                            ("private", "Private security company"),
                            ("team", "Team of an organisation"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vehicle", "Vehicle (licence plate)"),
                            ("phone", "Telephone number"),
                            ("address", "Address"),
                            ("account", "Account (IBAN)"),
                        ],
                        max_length=10,
                        verbose_name="what it is",
                    ),
                ),
                ("value", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("blind_index", models.BinaryField(max_length=32)),
                ("recorded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entities", to="cases.case"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.personkey"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entities",
                        to="threat.product",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entities",
                        to="threat.signal",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hit",
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
                        choices=[
                            ("vehicle", "Vehicle (licence plate)"),
                            ("phone", "Telephone number"),
                            ("address", "Address"),
                            ("account", "Account (IBAN)"),
                        ],
                        max_length=10,
                        verbose_name="what it is",
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="found")),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threat.entity"
                    ),
                ),
                (
                    "first_case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threat.entity"
                    ),
                ),
                (
                    "second_case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BlindMatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vehicle", "Vehicle (licence plate)"),
                            ("phone", "Telephone number"),
                            ("address", "Address"),
                            ("account", "Account (IBAN)"),
                        ],
                        max_length=10,
                        verbose_name="what it is",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="found")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("dismissed", "Dismissed"),
                            ("followed_up", "Followed up"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("coincidence", "The same thing by coincidence"),
                            ("known", "Known already"),
                            ("not_shared", "The supplier may not share it"),
                            ("analyst_named", "An analyst is named on both cases"),
                            ("information_asked", "Information is asked of the supplier"),
                            ("suppliers_meet", "The suppliers consult each other"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "first_supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
                (
                    "second_supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
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
                    "hit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threat.hit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MatchQuestion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("side", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vehicle", "Vehicle (licence plate)"),
                            ("phone", "Telephone number"),
                            ("address", "Address"),
                            ("account", "Account (IBAN)"),
                        ],
                        max_length=10,
                        verbose_name="what it is",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("may_share", "It may be shared with the analysts of the other case"),
                            ("may_not", "It may not be shared"),
                            ("nothing", "We have nothing to add"),
                            ("lapsed", "No longer needed"),
                        ],
                        default=threat.lifecycle.MatchAnswer["ASKED"],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("answered_on", models.DateField(null=True, verbose_name="answered on")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "blind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="threat.blindmatch"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["kind", "blind_index"], name="entity_to_compare"
            ),
        ),
        migrations.AddConstraint(
            model_name="entity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("product", "kind", "blind_index"),
                name="entity_once_of_product",
            ),
        ),
        migrations.AddConstraint(
            model_name="entity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("signal", "kind", "blind_index"),
                name="entity_once_of_signal",
            ),
        ),
        migrations.AddConstraint(
            model_name="entity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("product", None), ("signal__isnull", False)),
                    models.Q(("product__isnull", False), ("signal", None)),
                    _connector="OR",
                ),
                name="entity_of_product_or_signal",
            ),
        ),
        migrations.AddConstraint(
            model_name="entity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("removed_at", None),
                        ("removed_by", None),
                        models.Q(("blind_index", b""), _negated=True),
                        models.Q(("value", b""), _negated=True),
                    ),
                    models.Q(
                        ("blind_index", b""),
                        ("removed_at__isnull", False),
                        ("removed_by__isnull", False),
                        ("value", b""),
                    ),
                    _connector="OR",
                ),
                name="entity_emptied_when_taken_out",
            ),
        ),
        migrations.AddIndex(
            model_name="hit",
            index=models.Index(fields=["first_case", "-found_at"], name="hit_of_first_case"),
        ),
        migrations.AddIndex(
            model_name="hit",
            index=models.Index(fields=["second_case", "-found_at"], name="hit_of_second_case"),
        ),
        migrations.AddConstraint(
            model_name="hit",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="hit_once"),
        ),
        migrations.AddConstraint(
            model_name="hit",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="hit_of_a_pair"
            ),
        ),
        migrations.AddConstraint(
            model_name="blindmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reason", ""),
                        ("settled_at", None),
                        ("settled_by", None),
                        ("state", threat.lifecycle.BlindState["OPEN"]),
                    ),
                    models.Q(
                        ("reason", ""),
                        ("settled_at__isnull", False),
                        ("settled_by", None),
                        ("state", threat.lifecycle.BlindState["LAPSED"]),
                    ),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        (
                            "state__in",
                            [threat.lifecycle.BlindState["DISMISSED"], threat.lifecycle.BlindState["FOLLOWED_UP"]],
                        ),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="blind_match_settled_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchquestion",
            constraint=models.UniqueConstraint(fields=("blind", "side"), name="match_question_once_a_side"),
        ),
        migrations.AddConstraint(
            model_name="matchquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", (1, 2))), name="match_question_of_a_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="matchquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", threat.lifecycle.MatchAnswer["ASKED"]),
                        ("answered_at", None),
                        ("answered_by", None),
                        ("answered_on", None),
                    ),
                    models.Q(
                        ("answer", threat.lifecycle.MatchAnswer["LAPSED"]),
                        ("answered_at__isnull", False),
                        ("answered_by", None),
                        ("answered_on", None),
                    ),
                    models.Q(
                        (
                            "answer__in",
                            [
                                threat.lifecycle.MatchAnswer["MAY_SHARE"],
                                threat.lifecycle.MatchAnswer["MAY_NOT"],
                                threat.lifecycle.MatchAnswer["NOTHING"],
                            ],
                        ),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("answered_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="match_question_answered_by_somebody",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
