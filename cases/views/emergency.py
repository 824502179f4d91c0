"""Emergency access to a case for a short time, and its review by the security officer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from cases import services
from cases.forms.emergency import EmergencyForm, ReviewForm
from cases.policies import NCTV_CASE_ROLES, may_review_emergency
from cases.services import reading
from cases.views.answers import done
from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, page, show, status_of


@page(purpose="emergency", roles=frozenset(NCTV_CASE_ROLES))
def emergency(request: Request) -> HttpResponse:
    """See a case that one has no grant on: a number, a reason, a fresh confirmation; for a short time."""
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.break_glass(**form.cleaned_data, actor=request.actor, at=request.at),
    ):
        found = reading.search_cases(text=form.cleaned_data["number"], actor=request.actor, at=request.at)
        return redirect("cases:case", found[0].case.pk) if found else redirect("cases:list")
    context = {"form": form, "fresh": request.actor.fresh(at=request.at)}
    return show(request, "cases/emergency.html", context, status=status_of(form))


@page(purpose="review of emergency access", roles=frozenset({Role.SECURITY_OFFICER}))
def review(request: Request, emergency_id: UUID) -> HttpResponse:
    """Judge somebody else's emergency access; the case itself stays closed to the reviewer."""
    row = reading.read_emergency(emergency_id=emergency_id, actor=request.actor, at=request.at)
    require(may_review_emergency(request.actor, user=row.user_id))
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.review_emergency(emergency_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("home")
    return show(request, "cases/emergency_review.html", {"form": form, "emergency": row}, status=status_of(form))
