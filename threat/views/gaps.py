"""The map of gaps and silences, and what a supplier says of shielded investigations."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.information import CheckForm
from threat.policies import may_supply
from threat.services import reading
from threat.views.answers import crumbs_for, form_page, marking_of

SIZES = {str(one): one for one in (25, 50, 100)}
ANALYSTS = frozenset({Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS})


@page(purpose="threat analysis", roles=ANALYSTS)
def gaps(request: Request) -> HttpResponse:
    """Per person what is missing or late, and per supplier who answered, refused or is silent."""
    only_open = request.GET.get("show") == "gaps"
    size = SIZES.get(request.GET.get("size", ""), 25)
    found = services.read_gaps(
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=size,
        only_open=only_open,
        actor=request.actor,
        at=request.at,
    )
    rows = [
        (row, [(name, row.cells[supplier]) for supplier, name in found.suppliers if supplier in row.cells])
        for row in found.rows
    ]
    context = {
        "found": found,
        "rows": rows,
        "only_open": only_open,
        "size": size,
        "head": request.actor.role is Role.HEAD_OF_ANALYSIS,
    }
    return show(request, "threat/gaps.html", context)


@require_POST
@page(purpose="threat analysis")
def escalate(request: Request, case_id: UUID) -> HttpResponse:
    """Put what is missing about one person before the head of threat analysis."""
    services.escalate_gap(case_id=case_id, actor=request.actor, at=request.at)
    return redirect("threat:gaps")


@require_POST
@page(purpose="threat analysis")
def take(request: Request, case_id: UUID) -> HttpResponse:
    """Take a gap in hand."""
    services.take_gap(case_id=case_id, actor=request.actor, at=request.at)
    return redirect("threat:information", case_id)


@page(purpose="supplying information")
def check(request: Request, request_id: UUID) -> HttpResponse:
    """Record that the information coordinator looked along shielded investigations."""
    found = reading.read_request(request_id=request_id, actor=request.actor, at=request.at)
    require(may_supply(request.actor, supplier=found.asked.request.supplier_id))
    form = CheckForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.record_check(request_id=request_id, **form.cleaned_data, actor=request.actor, at=request.at),
        title=_("Shielded investigations: looked"),
        submit=_("Record"),
        leads_to=reverse("threat:request", args=[request_id]),
        crumbs=crumbs_for(request.actor, lambda: found.asked.request.case),
        intro=_(
            "Dates and the outcome alone. Name nothing of any investigation: what can be shared comes as a product."
        ),
        marking=marking_of(found.asked.request),
    )
