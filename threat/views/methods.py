"""The versions of the method, for the method board: what holds, what waits, and the acts of adoption and withdrawal."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.errors import NotVisible
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.method import UseForm
from threat.models import MethodUse
from threat.services.methods import read_versions
from threat.views.answers import form_page

BOARD = frozenset({MethodUse.keeper})


@page(purpose="method", roles=BOARD)
def methods(request: Request) -> HttpResponse:
    """Every version with the decisions about it."""
    return show(request, "threat/methods.html", {"versions": read_versions(at=request.at), "me": request.actor.user_id})


@page(purpose="method", roles=BOARD)
def propose(request: Request, version_id: UUID) -> HttpResponse:
    """Propose to withdraw a version that may be used, or to adopt one that may not."""
    version = next((each for each in read_versions(at=request.at) if each.row.pk == version_id), None)
    if version is None:
        raise NotVisible
    form = UseForm(request.POST or None)
    title = _("Withdraw %(version)s") if version.last else _("Adopt %(version)s")
    intro = (
        _("After its withdrawal nothing is scored with this version. Pictures that were adopted keep it.")
        if version.last
        else _("From its adoption pictures may be scored with this version.")
    )
    return form_page(
        request,
        form,
        lambda: services.propose_use(
            version_id=version_id,
            usable=not version.last,
            starts_at=form.cleaned_data["starts_at"] or request.at,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=request.at,
        ),
        title=title % {"version": version.row.code},
        submit=_("Propose"),
        leads_to="threat:methods",
        crumbs=[(_("Method versions"), reverse("threat:methods"))],
        intro=intro,
    )


@require_POST
@page(purpose="method", roles=BOARD)
def approve(request: Request, change_id: UUID) -> HttpResponse:
    """Let the proposal of another member hold."""
    services.approve_use(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:methods")


@require_POST
@page(purpose="method", roles=BOARD)
def refuse(request: Request, change_id: UUID) -> HttpResponse:
    """Refuse a proposal, or take back one's own."""
    services.refuse_use(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:methods")
