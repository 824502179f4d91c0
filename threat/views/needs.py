"""The catalogue of needs for information: who commissions and who supplies read it, the method board changes it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import Role
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.information import factor_choices
from threat.forms.need import NeedForm
from threat.forms.picture import in_dutch
from threat.scoring.needs import Need
from threat.services.needs import needs_in_force, read_catalogue
from threat.views.answers import form_page
from threat.views.methods import BOARD

READERS = BOARD | {Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS, Role.CASE_MANAGER, Role.PRODUCT_SUPPLIER}
Shown = list[tuple[str, list[tuple[int, str]]]]


def by_factor(needs: Sequence[Need]) -> Shown:
    """The needs under the name of their factor, in the reader's language."""
    return [
        (
            name,
            [
                (need.priority, need.text_nl if in_dutch() else need.text_en)
                for need in needs
                if need.factor.value == code
            ],
        )
        for code, name in factor_choices()
    ]


@page(purpose="method", roles=READERS)
def needs(request: Request) -> HttpResponse:
    """The catalogue; for the board also what waits and what was decided."""
    found = read_catalogue(at=request.at)
    context = {
        "factors": by_factor(found.needs),
        "found": found,
        "board": request.actor.role in BOARD,
        "me": request.actor.user_id,
    }
    return show(request, "threat/needs.html", context)


@page(purpose="method", roles=BOARD)
def propose(request: Request) -> HttpResponse:
    """Propose a need, another wording of one, or its end."""
    form = NeedForm(request.POST or None, needs=needs_in_force(at=request.at))
    return form_page(
        request,
        form,
        lambda: services.propose_need(
            wanted=form.wanted(),
            starts_at=form.cleaned_data["starts_at"] or request.at,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=request.at,
        ),
        title=_("Propose a change of the catalogue"),
        submit=_("Propose"),
        leads_to="threat:needs",
        crumbs=[(_("Needs for information"), reverse("threat:needs"))],
    )


@require_POST
@page(purpose="method", roles=BOARD)
def approve(request: Request, change_id: UUID) -> HttpResponse:
    """Let the proposal of another member hold."""
    services.approve_need(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:needs")


@require_POST
@page(purpose="method", roles=BOARD)
def refuse(request: Request, change_id: UUID) -> HttpResponse:
    """Refuse a proposal, or take back one's own."""
    services.refuse_need(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:needs")
