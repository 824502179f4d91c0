"""What is open on a decision: for review, or to be ratified."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.review import ConfirmForm, RatifyDecisionForm
from cases.policies import may_ratify, may_settle_review
from cases.services import reading
from cases.services.reading import decisions
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="decision")
def review(request: Request, review_id: UUID) -> HttpResponse:
    """What changed under a decision; the decider says that it stands, or decides anew."""
    opened = decisions.read_review(review_id=review_id, actor=request.actor, at=request.at)
    row, case = opened.row, opened.case
    verdict = may_settle_review(request.actor, decider=case.decider_id, person_user=case.person.user_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(verdict)
    if done(
        request,
        form,
        lambda: services.confirm_review(review_id=review_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", case.pk)
    level = row.rests_on
    context = {
        "act_name": _("Review a decision"),
        "review": row,
        "texts": opened.texts,
        "level": level,
        "basis": decisions.basis_of(level.picture, at=request.at),
        "newest": reading.newest_picture(case),
        "planned": reading.planned_of(row.package) if row.package else None,
        "may_settle": bool(verdict) and not row.outcome,
    }
    return case_page(request, "cases/decisions/review.html", case, context, form=form)


@page(purpose="decision")
def ratify(request: Request, ratification_id: UUID) -> HttpResponse:
    """Confirm what somebody else decided by the urgent route."""
    opened = decisions.read_ratification(ratification_id=ratification_id, actor=request.actor, at=request.at)
    row, case = opened.row, opened.case
    verdict = may_ratify(request.actor, decided_by=row.decided_by_id)
    form = RatifyDecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(verdict)
    if done(
        request,
        form,
        lambda: services.ratify_decision(
            ratification_id=ratification_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:case", case.pk)
    level = row.level or (row.package.level if row.package else None)
    context = {
        "act_name": _("Ratify an urgent decision"),
        "row": row,
        "texts": opened.texts,
        "level": level,
        "planned": reading.planned_of(row.package) if row.package else None,
        "ordered": reading.ordered_by(row.urgent_request) if row.urgent_request else None,
        "may_ratify": bool(verdict) and row.ratified_at is None,
    }
    return case_page(request, "cases/decisions/ratify.html", case, context, form=form)
