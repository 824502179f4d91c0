"""Quality of products: the review by an analyst, its acknowledgement by the supplier, and the figures."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.errors import Conflict
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.review import AnswerForm, ReviewForm
from threat.lifecycle import REVIEWS_SHOWN_FROM
from threat.models.review import CRITERIA
from threat.policies import may_review_product
from threat.querysets import ANALYSTS
from threat.services import reading
from threat.services.reviews import MESSAGES
from threat.views.answers import crumbs_for, form_page, marking_of, supplier_crumbs

READERS = ANALYSTS | {Role.QUALITY_MANAGER}


@page(purpose="quality of products", roles=READERS)
def figures(request: Request) -> HttpResponse:
    """Counts and means per supplier and criterion."""
    context = {
        "rows": services.review_figures(actor=request.actor, at=request.at),
        "criteria": [name for _code, name in CRITERIA],
        "least": REVIEWS_SHOWN_FROM,
    }
    return show(request, "threat/review_figures.html", context)


@page(purpose="quality of products")
def review(request: Request, product_id: UUID) -> HttpResponse:
    """Review a product."""
    found = reading.read_product(product_id=product_id, actor=request.actor, at=request.at)
    row = found.product
    require(may_review_product(request.actor, delivered_by=row.delivered_by_id))
    if row.reference_only:
        raise Conflict("no_content", MESSAGES["no_content"])
    form = ReviewForm(request.POST or None)
    leads_to = reverse("threat:product", args=[product_id])
    return form_page(
        request,
        form,
        lambda: services.review_product(
            product_id=product_id,
            scores=form.scores(),
            comment=form.cleaned_data["comment"],
            actor=request.actor,
            at=request.at,
        ),
        title=_("Review product %(number)s") % {"number": row.number},
        submit=_("Send the review"),
        leads_to=leads_to,
        crumbs=[*crumbs_for(request.actor, lambda: row.case), (row.number, leads_to)],
        intro=_("Its supplier reads the review and is told that a threat analyst made it, not who. A review stands."),
        texts=[(_("Text"), found.text)],
        marking=marking_of(row),
    )


@page(purpose="supplying information")
def answer(request: Request, review_id: UUID) -> HttpResponse:
    """The supplier reads a review of its product and acknowledges it."""
    found = services.read_review(review_id=review_id, actor=request.actor, at=request.at)
    leads_to = reverse("threat:product", args=[found.product.pk])
    if found.answer is not None and request.method != "POST":
        return redirect(leads_to)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    scores = "\n".join(f"{name} - {score}" for name, score in found.scores)
    return form_page(
        request,
        form,
        lambda: services.answer_review(
            review_id=review_id, answer=form.cleaned_data["answer"], actor=request.actor, at=request.at
        ),
        title=_("Review of product %(number)s") % {"number": found.product.number},
        submit=_("Acknowledge"),
        leads_to=leads_to,
        crumbs=[*supplier_crumbs(), (found.product.number, leads_to)],
        intro=_("A threat analyst reviewed the quality of this product. You may answer, and need not."),
        texts=[(_("Scores"), scores), (_("Comment"), found.comment)],
        marking=marking_of(found.product),
    )
