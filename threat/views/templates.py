"""The template of the picture, for the method board: what holds, what waits, and who decided."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.template import TemplateForm
from threat.views.answers import form_page
from threat.views.methods import BOARD


@page(purpose="method", roles=BOARD)
def templates(request: Request) -> HttpResponse:
    """Every version of the template."""
    context = {"found": services.read_templates(at=request.at), "me": request.actor.user_id}
    return show(request, "threat/templates.html", context)


@page(purpose="method", roles=BOARD)
def propose(request: Request) -> HttpResponse:
    """Propose the next version; it begins as the one in force."""
    held = services.read_templates(at=request.at).holds
    form = TemplateForm(request.POST or None, initial={"text": held.text if held else ""})
    return form_page(
        request,
        form,
        lambda: services.propose_template(
            text=form.cleaned_data["text"],
            starts_at=form.cleaned_data["starts_at"] or request.at,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=request.at,
        ),
        title=_("Propose a version of the template"),
        submit=_("Propose"),
        leads_to="threat:templates",
        crumbs=[(_("Template of the picture"), reverse("threat:templates"))],
        intro=_("Pictures that were started already keep the version they were started from."),
    )


@require_POST
@page(purpose="method", roles=BOARD)
def approve(request: Request, change_id: UUID) -> HttpResponse:
    """Let the version of another member hold."""
    services.approve_template(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:templates")


@require_POST
@page(purpose="method", roles=BOARD)
def refuse(request: Request, change_id: UUID) -> HttpResponse:
    """Refuse a version, or take back one's own."""
    services.refuse_template(change_id=change_id, actor=request.actor, at=request.at)
    return redirect("threat:templates")
