"""Who stands in for somebody does so up to an end, in a role that the other one holds."""

from django.db import migrations, models


GUARDS = """
-- A deputy stands in for who holds the role themselves: what one stands in with is not passed on.
CREATE FUNCTION kernel_deputy_of_a_holder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.deputy_of_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM kernel_membership held WHERE held.user_id = NEW.deputy_of_id AND held.role = NEW.role
            AND held.organisation_id = NEW.organisation_id AND held.deputy_of_id IS NULL AND held.period && NEW.period) THEN
        RAISE EXCEPTION 'a deputy stands in for who holds the role' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deputy_of_a_holder BEFORE INSERT OR UPDATE ON kernel_membership
    FOR EACH ROW EXECUTE FUNCTION kernel_deputy_of_a_holder();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("kernel", "0012_duty_telephone"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("deputy_of", None), ("period__upper_inf", False), _connector="OR"),
                name="deputy_until_an_end",
                violation_error_message="A deputy stands in up to an end: fill it in.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy_of", None), models.Q(("deputy_of", models.F("user")), _negated=True), _connector="OR"
                ),
                name="deputy_of_another",
                violation_error_message="Nobody is their own deputy.",
            ),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
