"""Quality of products (R093): analysts review, the supplier is told and answers, figures show where it can improve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext

from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from threat.lifecycle import REVIEW_SCORES, ReviewCriterion
from threat.models import Product, ProductReview, ReviewAnswer
from threat.models.review import CRITERIA, SCORES
from threat.policies import may_review_product, may_see_review_figures, may_supply
from threat.querysets import ANALYSTS
from threat.services.case import TEXT_LENGTH, refuse_if, text_faults, visible_case

WORK: Final = "threat.product_review"
LABELS: Final = dict(SCORES)
MESSAGES = {
    "score": gettext_noop("Give a score from 1 to 4."),
    "criteria": gettext_noop("Score each criterion, and no others."),
    "no_content": gettext_noop("Of this product no content is kept here, so its quality cannot be reviewed."),
    "reviewed": gettext_noop("You reviewed this product already; a review stands."),
    "acknowledged": gettext_noop("This review was acknowledged already."),
    "too_long": gettext_noop("This text is too long: at most 20,000 characters."),
}


@dataclass(frozen=True)
class ReviewView:
    """A review as it is shown; `reviewer` is empty for the supplier, who learns the role alone."""

    review: ProductReview
    product: Product
    reviewer: str
    comment: str
    answer: ReviewAnswer | None
    answer_text: str

    @property
    def scores(self) -> list[tuple[str | Promise, str | Promise]]:
        """Criterion and score in words, in the order of the criteria."""
        return [(name, LABELS[self.review.scores[code]]) for code, name in CRITERIA]


@act
def review_product(
    *, product_id: UUID, scores: Mapping[str, int], comment: str, actor: Actor, at: datetime
) -> ProductReview:
    """Review the quality of a product, also of one that was withdrawn; its supplier is told, by role and not by name.

    Raises:
        Product.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst, or who delivered or registered the product.
        Conflict: a reference without text, or reviewed by the actor before.
        Invalid: a criterion without a score from 1 to 4, an unknown one, or no comment; every fault is named.
    """
    product = (
        Product.objects.visible_to(actor, at=at)
        .select_related("request")
        .select_for_update(of=("self",))
        .get(pk=product_id)
    )
    require(may_review_product(actor, delivered_by=product.delivered_by_id))
    visible_case(product.case_id, actor=actor, at=at)
    if product.reference_only:
        raise Conflict("no_content", MESSAGES["no_content"])
    if ProductReview.objects.filter(product=product, reviewer_id=actor.user_id).exists():
        raise Conflict("reviewed", MESSAGES["reviewed"])
    refuse_if(_score_faults(scores) + text_faults(comment=comment))
    row = ProductReview(
        case_id=product.case_id,
        product=product,
        supplier_id=product.supplier_id,
        scores=dict(scores),
        reviewer_id=actor.user_id,
        reviewed_at=at,
        marking=product.marking,
        marked_until=product.marked_until,
        data_regime=product.data_regime,
    )
    vault.box(product.key_id).seal(row, "comment", comment.strip(), key=product.key_id)
    row.save(force_insert=True)
    work.open_item(
        WORK,
        row,
        owner_role=Role.PRODUCT_SUPPLIER,
        organisation=product.supplier_id,
        label=product.request.number if product.request else product.number,
        due=norms.due(WORK, since=at),
    )
    audit.record("product.review", row)  # without the case: its timeline is also the case manager's
    return row


def _score_faults(scores: Mapping[str, int]) -> list[Fault]:
    faults = [
        Fault(code, "invalid", MESSAGES["score"]) for code in ReviewCriterion if scores.get(code) not in REVIEW_SCORES
    ]
    unknown = set(scores) - set(ReviewCriterion)
    return [*faults, Fault("", "unknown", MESSAGES["criteria"])] if unknown else faults


@act
def answer_review(*, review_id: UUID, answer: str, actor: Actor, at: datetime) -> ReviewAnswer:
    """The supplier acknowledges a review of its product, with an answer or without.

    Raises:
        ProductReview.DoesNotExist: unknown, or of the product of another supplier.
        Forbidden: not the supplier.
        Conflict: it was acknowledged already.
        Invalid: too long.
    """
    review = _told(review_id, actor=actor)
    require(may_supply(actor, supplier=review.supplier_id))
    product = Product.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=review.product_id)
    if ReviewAnswer.objects.filter(review_id=review.pk).exists():
        raise Conflict("acknowledged", MESSAGES["acknowledged"])
    if len(answer) > TEXT_LENGTH:
        refuse_if([Fault("answer", "too_long", MESSAGES["too_long"])])
    row = ReviewAnswer(
        case_id=product.case_id,
        review_id=review.pk,
        supplier_id=product.supplier_id,
        acknowledged_by_id=actor.user_id,
        acknowledged_at=at,
        marking=product.marking,
        marked_until=product.marked_until,
        data_regime=product.data_regime,
    )
    if answer.strip():
        vault.box(product.key_id).seal(row, "answer", answer.strip(), key=product.key_id)
    row.save(force_insert=True)
    work.close_items(review.pk, kind=WORK, verb="product.review_answer")
    audit.record("product.review_answer", row)
    return row


@act
def read_review(*, review_id: UUID, actor: Actor, at: datetime) -> ReviewView:
    """One review, for the supplier of the product alone.

    Raises:
        ProductReview.DoesNotExist: unknown, or of the product of another supplier.
        Forbidden: an analyst, who reads it with the product.
    """
    if actor.role in ANALYSTS:
        review = ProductReview.objects.visible_to(actor, at=at).get(pk=review_id)
    else:
        review = _told(review_id, actor=actor)
    require(may_supply(actor, supplier=review.supplier_id))
    product = Product.objects.visible_to(actor, at=at).select_related("supplier").get(pk=review.product_id)
    audit.saw([(product.person_id, product.case_id)])
    return _views(product, [review], named=False)[0]


def reviews_of_product(product: Product, *, actor: Actor, at: datetime) -> list[ReviewView]:
    """The reviews of a product, for the analysts of the case and its supplier. Part of a read that was logged."""
    if actor.role is Role.PRODUCT_SUPPLIER:
        return _views(product, _handed(product.pk), named=False)
    rows = ProductReview.objects.visible_to(actor, at=at).filter(product=product).select_related("reviewer")
    return _views(product, list(rows.order_by("reviewed_at", "pk")), named=True)


def why_no_review(product: Product, reviews: Sequence[ReviewView], *, actor: Actor) -> str:
    """Why this analyst does not review this product; "" where they may."""
    own = any(each.review.reviewer_id == actor.user_id for each in reviews if each.reviewer)
    verdict = may_review_product(actor, delivered_by=product.delivered_by_id)
    if product.reference_only:
        return gettext(MESSAGES["no_content"])
    return gettext(MESSAGES["reviewed"]) if own else gettext(verdict.reason)


def _told(review_id: UUID, *, actor: Actor) -> ProductReview:
    found = _handed(review_id) if actor.role is Role.PRODUCT_SUPPLIER else []
    if not found or found[0].pk != review_id:
        raise ProductReview.DoesNotExist
    return found[0]


def _handed(about: UUID) -> list[ProductReview]:
    """What the database hands the supplier: rows without the reviewer, which it cannot look up either."""
    return list(ProductReview.objects.raw("SELECT * FROM threat_reviews_told(%s)", [about]))


def _views(product: Product, reviews: Sequence[ProductReview], *, named: bool) -> list[ReviewView]:
    if not reviews:
        return []
    ids = [each.pk for each in reviews]
    answers = {row.review_id: row for row in ReviewAnswer.objects.filter(review_id__in=ids)}
    box = vault.box(product.key_id)
    return [
        ReviewView(
            review=each,
            product=product,
            reviewer=each.reviewer.full_name if named else "",
            comment=box.open(each, "comment"),
            answer=answers.get(each.pk),
            answer_text=box.open(answers[each.pk], "answer") if each.pk in answers else "",
        )
        for each in reviews
    ]


@dataclass(frozen=True)
class Figures:
    """One supplier over all cases: how many reviews, and the mean of each criterion in the order of the criteria."""

    supplier: str
    reviews: int
    means: Sequence[Decimal]


@act
def review_figures(*, actor: Actor, at: datetime) -> list[Figures]:  # noqa: ARG001  # the unit of work takes it
    """Counts and means per supplier; none of a supplier with fewer than five reviews. Nothing of a person.

    Raises:
        Forbidden: neither analyst nor quality manager.
    """
    require(may_see_review_figures(actor))
    with connection.cursor() as cursor:
        cursor.execute("SELECT supplier_id, supplier, criterion, reviews, mean FROM threat_review_figures()")
        rows = cursor.fetchall()
    means = {(key, criterion): mean for key, _name, criterion, _reviews, mean in rows}
    counts = {key: (name, reviews) for key, name, _criterion, reviews, _mean in rows}
    return [
        Figures(name, reviews, [means[key, code] for code, _label in CRITERIA])
        for key, (name, reviews) in counts.items()
    ]
