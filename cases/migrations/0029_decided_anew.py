"""A decision says of every measure in force whether it goes on or ends; what remains as a risk is written down."""

import cases.lifecycle
import django.db.models.deletion
import stelsel.kernel.models.secrets
from django.db import migrations, models


ENDS = """
-- The answers on article 2 ECHR are signed about this measure, or about a signed decision that ends it.
CREATE OR REPLACE FUNCTION cases_measure_ends_by_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_dutyanswers
        WHERE case_id = NEW.case_id AND state = 'signed' AND (
            (occasion = 'ending' AND subject_id = NEW.id)
            OR (occasion = 'reduction' AND subject_id IN (
                SELECT package.id FROM cases_plannedmeasure line JOIN cases_package package ON package.id = line.package_id
                WHERE line.standing_id = NEW.id AND line.step = 'end' AND package.state = 'decided')))) THEN
        RAISE EXCEPTION 'a measure ends by a signed decision alone' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0028_expectations"),
    ]

    operations = [
        migrations.AddField(
            model_name="package",
            name="residual_risk",
            field=stelsel.kernel.models.secrets.SealedTextField(default=b""),
        ),
        migrations.AddField(
            model_name="plannedmeasure",
            name="standing",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decided_anew", to="cases.measure"
            ),
        ),
        migrations.AddField(
            model_name="plannedmeasure",
            name="step",
            field=models.CharField(
                choices=[("order", "Ordered"), ("continue", "Goes on"), ("end", "Ends")],
                default=cases.lifecycle.PlannedStep["ORDER"],
                max_length=10,
                verbose_name="what becomes of it",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("standing", None), ("step", cases.lifecycle.PlannedStep["ORDER"])),
                    models.Q(
                        models.Q(("step", cases.lifecycle.PlannedStep["ORDER"]), _negated=True),
                        ("standing__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="planned_order_or_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedmeasure",
            constraint=models.UniqueConstraint(fields=("package", "standing"), name="standing_measure_once"),
        ),
        migrations.RunSQL(ENDS, migrations.RunSQL.noop),
    ]
