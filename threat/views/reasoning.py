"""Assumptions and other explanations of a picture."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.web import Request, page
from threat import services
from threat.forms.reasoning import AssumptionForm, CheckForm, HypothesisForm
from threat.services import workbench
from threat.views.answers import form_page, marking_of
from threat.views.pictures import picture_crumbs, picture_form, picture_url


@page(purpose="threat analysis")
def add_assumption(request: Request, picture_id: UUID) -> HttpResponse:
    """Write down what the picture assumes."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    form = AssumptionForm(request.POST or None, analysts=services.analysts(at=request.at))
    return picture_form(
        request,
        form,
        lambda: services.add_assumption(
            picture_id=picture_id,
            text=form.cleaned_data["text"],
            owner_id=UUID(form.cleaned_data["owner_id"]),
            check_by=form.cleaned_data["check_by"],
            actor=request.actor,
            at=request.at,
        ),
        bench,
        title=_("Add an assumption"),
        submit=_("Add"),
    )


@page(purpose="threat analysis")
def add_hypothesis(request: Request, picture_id: UUID) -> HttpResponse:
    """Write down another explanation of the evidence."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    form = HypothesisForm(request.POST or None)
    return picture_form(
        request,
        form,
        lambda: services.add_hypothesis(picture_id=picture_id, **form.cleaned_data, actor=request.actor, at=request.at),
        bench,
        title=_("Add another explanation"),
        submit=_("Add"),
    )


@page(purpose="threat analysis")
def check(request: Request, assumption_id: UUID) -> HttpResponse:
    """Say whether an assumption of an adopted picture still holds."""
    row, text = workbench.read_assumption(assumption_id=assumption_id, actor=request.actor, at=request.at)
    form = CheckForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.check_assumption(
            assumption_id=assumption_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        title=_("Check an assumption"),
        submit=_("Save"),
        leads_to=picture_url(row.picture),
        crumbs=picture_crumbs(row.picture),
        texts=[(_("What the picture assumes"), text)],
        marking=marking_of(row),
    )


@require_POST
@page(purpose="threat analysis")
def remove_assumption(request: Request, assumption_id: UUID) -> HttpResponse:
    """Take an assumption out of the draft."""
    row = services.remove_assumption(assumption_id=assumption_id, actor=request.actor, at=request.at)
    return redirect("threat:picture", row.picture_id)


@require_POST
@page(purpose="threat analysis")
def remove_hypothesis(request: Request, hypothesis_id: UUID) -> HttpResponse:
    """Take another explanation out of the draft."""
    row = services.remove_hypothesis(hypothesis_id=hypothesis_id, actor=request.actor, at=request.at)
    return redirect("threat:picture", row.picture_id)
