"""Threat pictures that were made elsewhere: registered by one analyst, confirmed by another."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, attempt, page, show, status_of
from threat import services
from threat.forms.elsewhere import ElsewhereForm
from threat.forms.picture import AdoptForm
from threat.policies import may_confirm_elsewhere, may_make_picture
from threat.services import workbench
from threat.views.answers import case_crumbs, form_page, marking_of, trail
from threat.views.explain import level_name


@page(purpose="threat analysis")
def register(request: Request, case_id: UUID) -> HttpResponse:
    """Write down what may be known of a picture made elsewhere."""
    choices = workbench.read_choices(case_id=case_id, actor=request.actor, at=request.at)
    require(may_make_picture(request.actor))
    form = ElsewhereForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.register_elsewhere(case_id=case_id, told=form.told(), actor=request.actor, at=request.at),
        title=_("Register a picture made elsewhere"),
        submit=_("Register"),
        leads_to=lambda row: reverse("threat:elsewhere", args=[row.pk]),
        crumbs=case_crumbs(choices.case),
        intro=_(
            "For a picture above the marking that this system may hold. It binds decisions once another confirms it."
        ),
        marking=marking_of(choices.case),
    )


@page(purpose="threat analysis")
def elsewhere(request: Request, elsewhere_id: UUID) -> HttpResponse:
    """What is known of it; for a second analyst the confirmation, bound to what is shown."""
    found = services.read_elsewhere(elsewhere_id=elsewhere_id, actor=request.actor, at=request.at)
    form = AdoptForm(request.POST or None, initial={"shown": found.hash})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: services.confirm_elsewhere(
                elsewhere_id=elsewhere_id, shown=form.cleaned_data["shown"], actor=request.actor, at=request.at
            ),
        )
        if done is not None:
            return redirect("threat:elsewhere", elsewhere_id)
    row = found.row
    verdict = may_confirm_elsewhere(request.actor, registered_by=row.registered_by_id)
    context = {
        "found": found,
        "row": row,
        "form": form,
        "case": row.case,
        "level": level_name(row.likelihood),
        "why_not": "" if verdict else _(verdict.reason),
        "trail": trail(case_crumbs(row.case), _("Picture made elsewhere")),
        "marking": marking_of(row),
    }
    return show(request, "threat/elsewhere.html", context, status=status_of(form))


@require_POST
@page(purpose="threat analysis")
def drop(request: Request, elsewhere_id: UUID) -> HttpResponse:
    """Take a registration back."""
    row = services.drop_elsewhere(elsewhere_id=elsewhere_id, actor=request.actor, at=request.at)
    return redirect("threat:information", row.case_id)
