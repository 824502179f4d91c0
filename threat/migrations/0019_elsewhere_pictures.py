"""Pictures made elsewhere: what may be known of them here; confirmed or taken back they stand."""

import django.core.validators
import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('threat_elsewherepicture', 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
CALL cases_keep_elsewhere('threat_elsewherepicture');
CALL kernel_freeze('threat_elsewherepicture', 'state', 'confirmed', 'dropped');
CREATE FUNCTION threat_elsewhere_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moves text[] := ARRAY['state', 'decided_by_id', 'decided_at', 'content_hash'];
BEGIN
    IF to_jsonb(NEW) - moves <> to_jsonb(OLD) - moves THEN
        RAISE EXCEPTION 'UPDATE on threat_elsewherepicture is refused: what was registered stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON threat_elsewherepicture FOR EACH ROW EXECUTE FUNCTION threat_elsewhere_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0036_pictures_made_elsewhere"),
        ("threat", "0018_information_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ElsewherePicture",
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
                            ("registered", "Waits for a second analyst"),
                            ("confirmed", "Confirmed"),
                            ("dropped", "Taken back"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("maker", models.CharField(max_length=150, verbose_name="made by")),
                ("number", models.CharField(max_length=60, verbose_name="number of the maker")),
                ("made_on", models.DateField(verbose_name="made on")),
                (
                    "own_marking",
                    models.CharField(
                        choices=[
                            ("NONE", "No marking"),
                            ("DEP_V", "Departementaal VERTROUWELIJK"),
                            ("STG_C", "Stg. CONFIDENTIEEL"),
                            ("STG_G", "Stg. GEHEIM"),
                            ("STG_ZG", "Stg. ZEER GEHEIM"),
                        ],
                        max_length=10,
                        verbose_name="marking of the picture itself",
                    ),
                ),
                ("kept_at", stelsel.kernel.models.secrets.SealedTextField()),
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
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                ("summary", stelsel.kernel.models.secrets.SealedTextField()),
                ("handling_advice", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("review_due", models.DateField(verbose_name="review due")),
                ("registered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("content_hash", models.BinaryField(max_length=32, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="elsewhere_pictures", to="cases.case"
                    ),
                ),
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
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "-registered_at"], name="elsewhere_of_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("case", "maker", "number"),
                        name="elsewhere_picture_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(
                                ("content_hash__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("registered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="elsewhere_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("severity__range", (1, 5)),
                            models.Q(("likelihood", None), ("likelihood__range", (1, 5)), _connector="OR"),
                        ),
                        name="elsewhere_pair",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
