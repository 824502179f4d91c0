"""The tables of the local domain's levels, for the method board, and the level of a product, for analysts."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.local import LocalLevelForm, MappingForm
from threat.policies import may_register_product
from threat.services import reading
from threat.views.answers import case_crumbs, form_page, marking_of
from threat.views.methods import BOARD


@page(purpose="method", roles=BOARD)
def mappings(request: Request) -> HttpResponse:
    """Every local scale with its tables."""
    context = {"scales": services.read_mappings(at=request.at), "me": request.actor.user_id}
    return show(request, "threat/mappings.html", context)


@page(purpose="method", roles=BOARD)
def propose(request: Request) -> HttpResponse:
    """Propose the table of a scale; it begins as the one in force."""
    scale = request.GET.get("scale", "")
    held = next((each.holds for each in services.read_mappings(at=request.at) if each.code == scale), None)
    rows = "\n".join(f"{name} = W{level}" for name, level in held.rows) if held else ""
    form = MappingForm(request.POST or None, initial={"scale": scale, "levels": rows})
    return form_page(
        request,
        form,
        lambda: services.propose_mapping(
            scale=form.cleaned_data["scale"],
            table=form.cleaned_data["levels"],
            starts_at=form.cleaned_data["starts_at"] or request.at,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=request.at,
        ),
        title=_("Propose a table of a local scale"),
        submit=_("Propose"),
        leads_to="threat:mappings",
        crumbs=[(_("Levels of the local domain"), reverse("threat:mappings"))],
        intro=_("The table replaces the one before as a whole. What was mapped already keeps its level."),
    )


@require_POST
@page(purpose="method", roles=BOARD)
def approve(request: Request, change_id: UUID) -> HttpResponse:
    """Let the table of another member hold."""
    services.approve_mapping(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:mappings")


@require_POST
@page(purpose="method", roles=BOARD)
def refuse(request: Request, change_id: UUID) -> HttpResponse:
    """Refuse a table, or take back one's own."""
    services.refuse_mapping(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:mappings")


@page(purpose="threat analysis")
def record(request: Request, product_id: UUID) -> HttpResponse:
    """Record the level or state that a product of the local domain gives."""
    row = reading.read_product(product_id=product_id, actor=request.actor, at=request.at).product
    require(may_register_product(request.actor))
    form = LocalLevelForm(request.POST or None)
    address = reverse("threat:product", args=[product_id])
    return form_page(
        request,
        form,
        lambda: services.record_local_level(
            product_id=product_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        title=_("Level in the local domain"),
        submit=_("Record"),
        leads_to=address,
        crumbs=[*case_crumbs(row.case), (row.number, address)],
        intro=_("It is kept as it is written. The level of the scheme comes from the table of the method board."),
        marking=marking_of(row),
    )
