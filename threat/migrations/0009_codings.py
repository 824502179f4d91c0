"""Blind codings: the packet for its coder alone, the codes for the head of analysis once everybody answered."""

import django.core.validators
import django.db.models.deletion
import stelsel.kernel.models.secrets
import threat.lifecycle
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
-- Past their own policies, each for exactly what it answers.
CREATE FUNCTION threat_all_in(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM threat_coding WHERE comparison_id = wanted AND state = 'asked')
$$;
CREATE FUNCTION threat_codings_of(wanted uuid) RETURNS TABLE (name varchar, state varchar) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT coder.full_name, coding.state FROM threat_coding coding JOIN kernel_user coder ON coder.id = coding.coder_id
    WHERE coding.comparison_id = wanted AND kernel_role() = 'head_of_analysis' AND cases_sees(coding.case_id)
    ORDER BY coder.full_name, coding.id
$$;
CREATE FUNCTION threat_coded_person(wanted uuid) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.person_id FROM threat_coding coding JOIN cases_case c ON c.id = coding.case_id
    WHERE coding.id = wanted AND coding.coder_id = kernel_actor()
$$;
CREATE FUNCTION threat_coded_input(wanted uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT score.input FROM threat_coding coding JOIN threat_comparison comparison ON comparison.id = coding.comparison_id
        JOIN threat_picturescore score ON score.id = comparison.score_id
    WHERE coding.id = wanted AND coding.coder_id = kernel_actor()
$$;
-- Whether one of these users sees the case now in any role, by name or by what their memberships open.
CREATE FUNCTION threat_any_sees(wanted uuid, users uuid[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_caseusergrant
        WHERE content_object_id = wanted AND user_id = ANY (users) AND period @> kernel_at())
    OR EXISTS (SELECT 1 FROM cases_casegroupgrant given JOIN kernel_membership held ON held.group_id = given.group_id
        WHERE given.content_object_id = wanted AND held.user_id = ANY (users)
            AND given.period @> kernel_at() AND held.period @> kernel_at())
$$;
CREATE FUNCTION threat_withdraw_codings(wanted uuid) RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    UPDATE threat_coding SET state = 'withdrawn', answered_at = kernel_at()
    WHERE comparison_id = wanted AND state = 'asked' AND kernel_role() = 'head_of_analysis' AND cases_sees(case_id)
    RETURNING id
$$;
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['all_in(uuid)', 'codings_of(uuid)', 'coded_person(uuid)', 'coded_input(uuid)',
        'any_sees(uuid, uuid[])', 'withdraw_codings(uuid)'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION threat_%s FROM PUBLIC', part);
        EXECUTE format('GRANT EXECUTE ON FUNCTION threat_%s TO stelsel_web, stelsel_worker', part);
    END LOOP;
END $$;

CALL cases_protect('threat_comparison', 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
CALL cases_keep_elsewhere('threat_comparison');
CALL kernel_freeze('threat_comparison', 'state', 'settled', 'withdrawn');
CALL cases_protect('threat_coding',
    '((SELECT kernel_role()) = ''threat_analyst'' AND coder_id = (SELECT kernel_actor()))
     OR ((SELECT kernel_role()) = ''head_of_analysis'' AND cases_sees(case_id) AND threat_all_in(comparison_id))');
CALL cases_keep_elsewhere('threat_coding');
CALL kernel_freeze('threat_coding', 'state', 'handed_in', 'declined', 'withdrawn');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("kernel", "0013_deputies"),
        ("threat", "0008_shielded_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comparison",
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
                        choices=[("open", "Being coded"), ("settled", "Settled"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("met_on", models.DateField(null=True, verbose_name="meeting held on")),
                (
                    "agreed_level",
                    models.PositiveSmallIntegerField(
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="agreed level",
                    ),
                ),
                ("consensus", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comparisons", to="cases.case"
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comparisons", to="threat.picture"
                    ),
                ),
                (
                    "score",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comparisons",
                        to="threat.picturescore",
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
            ],
        ),
        migrations.CreateModel(
            name="Coding",
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
                ("reference", models.CharField(max_length=20, unique=True)),
                ("packet", stelsel.kernel.models.secrets.SealedTextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("handed_in", "Handed in"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("codes", models.JSONField(null=True)),
                ("result", models.JSONField(null=True)),
                ("declined_because", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.personkey"
                    ),
                ),
                (
                    "comparison",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codings", to="threat.comparison"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", threat.lifecycle.ComparisonState["OPEN"])),
                fields=("picture",),
                name="comparison_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", threat.lifecycle.ComparisonState["OPEN"])),
                    models.Q(
                        ("settled_at__isnull", False),
                        (
                            "state__in",
                            [
                                threat.lifecycle.ComparisonState["SETTLED"],
                                threat.lifecycle.ComparisonState["WITHDRAWN"],
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="comparison_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.UniqueConstraint(fields=("comparison", "coder"), name="coding_once_each"),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", threat.lifecycle.CodingState["HANDED_IN"]), _negated=True),
                    models.Q(("answered_at__isnull", False), ("codes__isnull", False), ("result__isnull", False)),
                    _connector="OR",
                ),
                name="coding_whole",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
