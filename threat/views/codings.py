"""Comparison of assessors: asked, coded blind, compared, and over all of them calibrated."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, attempt, page, show, status_of
from threat import services
from threat.forms.coding import AgreeForm, CodingForm, CompareForm, SettleForm
from threat.forms.fields import ReasonForm
from threat.policies import may_compare
from threat.services import workbench
from threat.views.answers import case_crumbs, form_page, marking_of, trail

HEAD = frozenset({Role.HEAD_OF_ANALYSIS})


@page(purpose="comparison of assessors")
def compare(request: Request, picture_id: UUID) -> HttpResponse:
    """Have the evidence of a picture coded blind."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    require(may_compare(request.actor))
    form = CompareForm(request.POST if request.method == "POST" else None, analysts=services.analysts(at=request.at))
    return form_page(
        request,
        form,
        lambda: services.ask_comparison(picture_id=picture_id, coders=form.ids(), actor=request.actor, at=request.at),
        title=_("Have it coded blind"),
        submit=_("Ask"),
        leads_to=lambda row: reverse("threat:comparison", args=[row.pk]),
        crumbs=case_crumbs(bench.picture.case),
        intro=_("They read the evidence without values, grades and names of sources, and nothing else of the case."),
        marking=marking_of(bench.picture),
    )


@page(purpose="comparison of assessors")
def coding(request: Request, coding_id: UUID) -> HttpResponse:
    """Code the evidence, once; afterwards the own codes can be read."""
    found = services.read_coding(coding_id=coding_id, actor=request.actor, at=request.at)
    form = CodingForm(request.POST if request.method == "POST" else None, items=found.items, method=found.method)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: services.hand_in(coding_id=coding_id, codes=form.codes(), actor=request.actor, at=request.at),
        )
        if done is not None:
            return redirect("threat:coding", coding_id)
    context = {
        "row": found.row,
        "form": form,
        "rows": form.rows(found.items),
        "trail": trail([(_("My work"), reverse("home"))], _("Blind coding")),
        "marking": marking_of(found.row),
        "codes": found.row.codes or {},
    }
    return show(request, "threat/coding.html", context, status=status_of(form))


@page(purpose="comparison of assessors")
def decline(request: Request, coding_id: UUID) -> HttpResponse:
    """Say that somebody else should code this, and why."""
    found = services.read_coding(coding_id=coding_id, actor=request.actor, at=request.at)
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.decline_coding(coding_id=coding_id, **form.cleaned_data, actor=request.actor, at=request.at),
        title=_("Not by me"),
        submit=_("Decline"),
        leads_to=reverse("home"),
        crumbs=[(_("My work"), reverse("home"))],
        marking=marking_of(found.row),
    )


@page(purpose="comparison of assessors")
def comparison(request: Request, comparison_id: UUID) -> HttpResponse:
    """Who was asked; once all are in, the codings side by side, and how it ends."""
    found = services.read_comparison(comparison_id=comparison_id, actor=request.actor, at=request.at)
    form: Any = (SettleForm if found.apart else AgreeForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: services.settle_comparison(
                comparison_id=comparison_id, **form.cleaned_data, actor=request.actor, at=request.at
            ),
        )
        if done is not None:
            return redirect("threat:comparison", comparison_id)
    names = [one.who or _("The picture") for one in found.assessors]
    context = {
        "found": found,
        "row": found.row,
        "names": names,
        "lines": [(nth, [one.codes[item] for one in found.assessors]) for nth, item in enumerate(found.items, start=1)],
        "pairs": [(names[pair.first], names[pair.second], pair) for pair in found.pairs],
        "form": form,
        "trail": trail(case_crumbs(found.row.case), _("Comparison of assessors")),
        "marking": marking_of(found.row),
    }
    return show(request, "threat/comparison.html", context, status=status_of(form))


@require_POST
@page(purpose="comparison of assessors")
def withdraw(request: Request, comparison_id: UUID) -> HttpResponse:
    """The comparison is not needed any more."""
    services.withdraw_comparison(comparison_id=comparison_id, actor=request.actor, at=request.at)
    return redirect("threat:comparison", comparison_id)


@page(purpose="comparison of assessors", roles=HEAD)
def calibration(request: Request) -> HttpResponse:
    """How assessors agree over all comparisons; no names."""
    found = services.calibration(actor=request.actor, at=request.at)
    context = {"found": found, "trail": trail([(_("Threat analysis"), reverse("threat:desk"))], _("Calibration"))}
    return show(request, "threat/calibration.html", context)
