"""Entities of products may be matched over cases, a type for each kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("legal", "0012_agreements"),
    ]

    operations = [
        migrations.AlterField(
            model_name="provision",
            name="information",
            field=models.CharField(
                choices=[
                    ("intake", "Intake of a threatened person"),
                    ("triage_file", "Nomination at the triage table"),
                    ("handover_file", "Handover file"),
                    ("threat_product", "Threat information product"),
                    ("signal", "Signal of a person, relation or employer"),
                    ("adopted_picture", "Adopted threat picture (level and handling advice)"),
                    ("measure_advice", "Advice on measures"),
                    ("assignment", "Protection assignment"),
                    ("plan", "Published protection plan"),
                    ("guard_incident", "Incident to those who guard"),
                    ("list_entry", "Entry of the limitative list"),
                    ("identity", "Identity and whereabouts"),
                    ("risk_moment", "Moment of raised risk and its readiness"),
                    ("mayor_notice", "Notice to a mayor"),
                    ("meeting", "Agreement of a quadrilateral meeting"),
                    ("match_vehicle", "Matching over cases: vehicle"),
                    ("match_phone", "Matching over cases: telephone number"),
                    ("match_address", "Matching over cases: address"),
                    ("match_account", "Matching over cases: account"),
                ],
                max_length=30,
                verbose_name="information",
            ),
        ),
        migrations.AlterField(
            model_name="sharing",
            name="information",
            field=models.CharField(
                choices=[
                    ("intake", "Intake of a threatened person"),
                    ("triage_file", "Nomination at the triage table"),
                    ("handover_file", "Handover file"),
                    ("threat_product", "Threat information product"),
                    ("signal", "Signal of a person, relation or employer"),
                    ("adopted_picture", "Adopted threat picture (level and handling advice)"),
                    ("measure_advice", "Advice on measures"),
                    ("assignment", "Protection assignment"),
                    ("plan", "Published protection plan"),
                    ("guard_incident", "Incident to those who guard"),
                    ("list_entry", "Entry of the limitative list"),
                    ("identity", "Identity and whereabouts"),
                    ("risk_moment", "Moment of raised risk and its readiness"),
                    ("mayor_notice", "Notice to a mayor"),
                    ("meeting", "Agreement of a quadrilateral meeting"),
                    ("match_vehicle", "Matching over cases: vehicle"),
                    ("match_phone", "Matching over cases: telephone number"),
                    ("match_address", "Matching over cases: address"),
                    ("match_account", "Matching over cases: account"),
                ],
                max_length=30,
            ),
        ),
    ]
