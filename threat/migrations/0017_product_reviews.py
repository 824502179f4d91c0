"""Reviews of products: for the analysts; their supplier is handed them without who made them. All of it is final."""

import django.db.models.deletion
import stelsel.kernel.models.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CALL cases_protect('threat_productreview', 'cases_sees(case_id)', ARRAY['threat_analyst', 'head_of_analysis']);
CALL cases_protect('threat_reviewanswer',
    '((SELECT kernel_role()) IN (''threat_analyst'', ''head_of_analysis'') AND cases_sees(case_id))
     OR ((SELECT kernel_role()) = ''product_supplier'' AND supplier_id = (SELECT kernel_organisation()))');
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['productreview', 'reviewanswer'] LOOP
        CALL cases_keep_elsewhere(('threat_' || part)::regclass);
        CALL kernel_add_only(('threat_' || part)::regclass);
    END LOOP;
END $$;
ALTER TABLE threat_productreview ADD CONSTRAINT product_review_whole CHECK (
    jsonb_typeof(scores) = 'object'
    AND scores ?& ARRAY['question_answered', 'sources_graded', 'facts_apart', 'timely', 'traceable', 'confidence_stated']
    AND scores - ARRAY['question_answered', 'sources_graded', 'facts_apart', 'timely', 'traceable', 'confidence_stated'] = '{}'
    AND NOT jsonb_path_exists(scores, 'strict $.* ? (@.type() != "number" || @ < 1 || @ > 4 || (@ % 1) != 0)'));
-- An analyst of the case, who neither delivered nor registered the product; and there is a text. SECURITY DEFINER: it
-- reads the product past its own policy.
CREATE FUNCTION threat_review_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM threat_product
        WHERE id = NEW.product_id AND case_id = NEW.case_id AND supplier_id = NEW.supplier_id
            AND delivered_by_id <> NEW.reviewer_id AND NOT reference_only)
        OR NEW.reviewer_id IS DISTINCT FROM kernel_actor() OR NOT cases_sees(NEW.case_id)
        OR kernel_role() NOT IN ('threat_analyst', 'head_of_analysis') THEN
        RAISE EXCEPTION 'INSERT on threat_productreview is refused: no review of this product by this reviewer'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON threat_productreview FOR EACH ROW EXECUTE FUNCTION threat_review_fits();
-- Its own supplier alone acknowledges. SECURITY DEFINER: it reads the review past its own policy.
CREATE FUNCTION threat_answer_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM threat_productreview
        WHERE id = NEW.review_id AND case_id = NEW.case_id AND supplier_id = NEW.supplier_id)
        OR NEW.acknowledged_by_id IS DISTINCT FROM kernel_actor()
        OR kernel_role() <> 'product_supplier' OR kernel_organisation() IS DISTINCT FROM NEW.supplier_id THEN
        RAISE EXCEPTION 'INSERT on threat_reviewanswer is refused: this is the review of another supplier'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fits BEFORE INSERT ON threat_reviewanswer FOR EACH ROW EXECUTE FUNCTION threat_answer_fits();
-- The reviews of a product, or the one with this id, for its supplier: not who made them.
CREATE FUNCTION threat_reviews_told(about uuid)
    RETURNS TABLE (id uuid, case_id uuid, product_id uuid, supplier_id uuid, scores jsonb, comment bytea, reviewed_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT review.id, review.case_id, review.product_id, review.supplier_id, review.scores, review.comment, review.reviewed_at
    FROM threat_productreview review
    WHERE (review.product_id = about OR review.id = about)
        AND kernel_role() = 'product_supplier' AND review.supplier_id = kernel_organisation()
    ORDER BY review.reviewed_at, review.id
$$;
-- Counts and means over all cases, of suppliers with five reviews or more; nothing of a person, product or reviewer.
CREATE FUNCTION threat_review_figures()
    RETURNS TABLE (supplier_id uuid, supplier varchar, criterion text, reviews bigint, mean numeric)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT organisation.id, organisation.name, part.criterion, count(*), round(avg(part.score::integer), 1)
    FROM threat_productreview review
    JOIN kernel_organisation organisation ON organisation.id = review.supplier_id
    CROSS JOIN LATERAL jsonb_each_text(review.scores) AS part (criterion, score)
    WHERE kernel_role() IN ('threat_analyst', 'head_of_analysis', 'quality_manager')
    GROUP BY organisation.id, organisation.name, part.criterion HAVING count(*) >= 5
    ORDER BY organisation.name, organisation.id, part.criterion
$$;
DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['reviews_told(uuid)', 'review_figures()'] LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION threat_%s FROM PUBLIC', part);
        EXECUTE format('GRANT EXECUTE ON FUNCTION threat_%s TO stelsel_web, stelsel_worker', part);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_passed_reports"),
        ("kernel", "0013_deputies"),
        ("threat", "0016_matching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductReview",
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
                ("scores", models.JSONField()),
                ("comment", stelsel.kernel.models.secrets.SealedTextField()),
                ("reviewed_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="threat.product"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
            name="ReviewAnswer",
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
                ("answer", stelsel.kernel.models.secrets.SealedTextField(default=b"")),
                ("acknowledged_at", models.DateTimeField()),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answered", to="threat.productreview"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.organisation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="productreview",
            constraint=models.UniqueConstraint(fields=("product", "reviewer"), name="product_review_once_each"),
        ),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
