"""Teams lent under an agreement: never outside it, and never more than was agreed."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL kernel_track('capacity_teamloan');

-- Within the days of the version under which it is lent, a team of who lends. The line is locked: two at once are counted.
CREATE FUNCTION capacity_loan_is_agreed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    agreed daterange;
    lender uuid;
    most integer;
    lent integer;
BEGIN
    SELECT line.lender_id, line.teams, daterange(version.starts_on,
            LEAST(version.ends_on + 1, version.replaced_on, agreement.ended_on + 1))
        INTO lender, most, agreed
    FROM legal_lentcapacity line JOIN legal_agreementversion version ON version.id = line.version_id
        JOIN legal_interagencyagreement agreement ON agreement.id = version.agreement_id
    WHERE line.id = NEW.line_id AND version.agreed_at IS NOT NULL FOR UPDATE OF line;
    IF agreed IS NULL OR lender <> (SELECT unit_id FROM capacity_team WHERE id = NEW.team_id) OR NOT NEW.days <@ agreed THEN
        RAISE EXCEPTION 'no agreement carries this loan' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT max(at_once) INTO lent FROM (
        SELECT count(*) AS at_once FROM capacity_teamloan one JOIN capacity_teamloan other
            ON other.line_id = one.line_id AND other.id <> NEW.id AND other.days @> GREATEST(lower(one.days), lower(NEW.days))
        WHERE one.line_id = NEW.line_id AND one.id <> NEW.id AND one.days && NEW.days
        GROUP BY one.id) counted;
    IF COALESCE(lent, 0) >= most THEN
        RAISE EXCEPTION 'more teams than agreed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed BEFORE INSERT ON capacity_teamloan FOR EACH ROW EXECUTE FUNCTION capacity_loan_is_agreed();

-- Afterwards a loan only becomes shorter at its end.
CREATE FUNCTION capacity_loan_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'days') <> (to_jsonb(OLD) - 'days')
        OR lower(NEW.days) <> lower(OLD.days) OR NOT NEW.days <@ OLD.days THEN
        RAISE EXCEPTION 'a loan is only ever ended earlier' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON capacity_teamloan FOR EACH ROW EXECUTE FUNCTION capacity_loan_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("capacity", "0006_authority_of_defence"),
        ("legal", "0012_agreements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamLoan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("days", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="from and to")),
                ("recorded_at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="legal.lentcapacity"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="loans", to="capacity.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("team", "="), ("days", "&&")], name="team_lent_once_at_a_time"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
