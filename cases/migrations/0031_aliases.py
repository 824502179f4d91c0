"""Other names of a person: found as the name is, withdrawn and never deleted."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('cases_alias', 'cases_sees(case_id)');
CALL cases_keep_closed('cases_alias');
CALL cases_keep_elsewhere('cases_alias');

-- A name is a dated fact: only that it was withdrawn, and why, is added; once.
CREATE FUNCTION cases_alias_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL
        OR (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id' - 'withdrawn_reason')
            <> (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id' - 'withdrawn_reason') THEN
        RAISE EXCEPTION 'a name is only ever withdrawn' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON cases_alias FOR EACH ROW EXECUTE FUNCTION cases_alias_stands();

-- As before; with a birth date, another name of the person counts as the name does.
CREATE OR REPLACE FUNCTION cases_known(index bytea, with_birth_date boolean) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cases_person person JOIN cases_case c ON c.person_id = person.id
        WHERE c.state <> 'closed' AND CASE WHEN with_birth_date THEN person.born_index ELSE person.name_index END = index)
    OR (with_birth_date AND EXISTS (
        SELECT 1 FROM cases_alias alias JOIN cases_case c ON c.id = alias.case_id
        WHERE c.state <> 'closed' AND alias.withdrawn_at IS NULL AND alias.born_index = index))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0030_conditions"),
        ("kernel", "0012_duty_telephone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alias",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("alias", "Also known as"),
                            ("former", "Former name"),
                            ("changed", "New name after a change"),
                            ("spelling", "Other spelling"),
                        ],
                        max_length=10,
                        verbose_name="kind of name",
                    ),
                ),
                ("name", stelsel.kernel.models.secrets.SealedTextField()),
                ("name_index", models.BinaryField(max_length=32)),
                ("born_index", models.BinaryField(default=b"", max_length=32)),
                ("year_index", models.BinaryField(default=b"", max_length=32)),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
            ],
        ),
        migrations.AddField(
            model_name="person",
            name="year_index",
            field=models.BinaryField(default=b"", max_length=32),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("year_index", b""), _negated=True), fields=["year_index"], name="person_year_index"
            ),
        ),
        migrations.AddField(
            model_name="alias",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="alias",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="alias",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(fields=["name_index"], name="alias_name_index"),
        ),
        migrations.AddIndex(
            model_name="alias",
            index=models.Index(
                condition=models.Q(("year_index", b""), _negated=True), fields=["year_index"], name="alias_year_index"
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("case", "name_index"), name="alias_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="alias_withdrawn_by_somebody",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
