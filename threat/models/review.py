"""Reviews of the quality of products (R093), and what the supplier answered."""

import uuid
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedTextField, User
from stelsel.legal.models import Marked
from threat.lifecycle import ReviewCriterion
from threat.models.information import Product
from threat.querysets import Drafts, SuppliedText

CRITERIA = labels(
    ReviewCriterion,
    question_answered=_("The question is answered"),
    sources_graded=_("Sources and their grades are stated"),
    facts_apart=_("Facts stand apart from judgement"),
    timely=_("It came in time to be used"),
    traceable=_("It is dated and can be traced"),
    confidence_stated=_("It says how sure it is"),
)
SCORES: Final = [(4, _("4: fully")), (3, _("3: largely")), (2, _("2: partly")), (1, _("1: not"))]


class ProductReview(Marked):
    """What one analyst of the case makes of the quality of a product (kwaliteitsbeoordeling). Rows are only added.

    Its supplier does not see this row: a function hands it the review without who made it (migration 0013).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="reviews")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    scores = models.JSONField()  # by criterion, 1 to 4; the database refuses a criterion too few or too many
    comment = SealedTextField()
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    objects = Drafts.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["product", "reviewer"], name="product_review_once_each"),)


class ReviewAnswer(Marked):
    """That the supplier acknowledged a review, with an answer or without. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    review = models.OneToOneField(ProductReview, models.PROTECT, related_name="answered")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    answer = SealedTextField(default=b"")
    acknowledged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField()

    objects = SuppliedText.as_manager()
