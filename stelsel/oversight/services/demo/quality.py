"""Products that were reviewed: enough of some suppliers for figures; some reviews answered, some still waiting."""

from contextlib import suppress
from datetime import datetime, timedelta

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import DomainError
from stelsel.oversight.services.demo.people import Field
from threat.lifecycle import ReviewCriterion
from threat.models import Product
from threat.services import answer_review, review_product

MOST = 24
COMMENTS = (
    "De vraag is beantwoord. Bij twee bronnen ontbreekt de beoordeling.",
    "Feiten en duiding lopen door elkaar in de laatste alinea.",
    "Op tijd, helder en goed na te gaan.",
)
ANSWER = "Dank. Bij het volgende product noemen wij bij elke bron de beoordeling."


def reviewed(field: Field, *, at: datetime) -> None:
    """The head of threat analysis reviewed the newest products; every second review was answered. Part of loading."""
    head, reviewed_at = field.of(Role.HEAD_OF_ANALYSIS, "nctv"), at - timedelta(days=2)
    with acting(head, at=reviewed_at):
        rows = Product.objects.visible_to(head, at=reviewed_at).filter(
            reference_only=False, delivered_at__lt=reviewed_at
        )
        found = list(rows.select_related("supplier").order_by("-delivered_at", "number")[:MOST])
    for nth, product in enumerate(found):
        scores = {code.value: 1 + (nth + place * 2) % 4 for place, code in enumerate(ReviewCriterion)}
        with suppress(DomainError):  # another regime looks after the person
            review = review_product(
                product_id=product.pk, scores=scores, comment=COMMENTS[nth % 3], actor=head, at=reviewed_at
            )
            if nth % 2:
                supplier = field.of(Role.PRODUCT_SUPPLIER, product.supplier.code)
                answer_review(review_id=review.pk, answer=ANSWER, actor=supplier, at=at - timedelta(days=1))
