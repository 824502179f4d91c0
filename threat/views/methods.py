"""The versions of the method, for the method board: what holds, what waits, and the acts of adoption and withdrawal."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import NotVisible
from stelsel.kernel.web import Request, page, show
from threat import services
from threat.forms.fields import ReasonForm
from threat.forms.method import UseForm, VersionForm
from threat.models import MethodUse
from threat.models.rescoring import SHIFTS
from threat.services.methods import published, read_versions
from threat.services.shadow import read_runs
from threat.views.answers import form_page
from threat.views.explain import level_name

BOARD = frozenset({MethodUse.keeper})
READERS = BOARD | {Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS}


@page(purpose="method", roles=BOARD)
def methods(request: Request) -> HttpResponse:
    """Every version with the decisions about it."""
    context = {"versions": read_versions(at=request.at), "runs": read_runs(), "me": request.actor.user_id}
    return show(request, "threat/methods.html", context)


@page(purpose="method", roles=BOARD)
def register(request: Request) -> HttpResponse:
    """Register a version by its definition and its explanation in plain language."""
    form = VersionForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        form,
        lambda: services.register_version(
            definition=form.cleaned_data["definition"],
            document=form.cleaned_data["document"],
            actor=request.actor,
            at=request.at,
        ),
        title=_("Register a version"),
        submit=_("Register"),
        leads_to="threat:methods",
        crumbs=[(_("Method versions"), reverse("threat:methods"))],
        intro=_(
            "Download the definition of a version, give it a new name, change its numbers or anchors, and hand it in "
            "here. It is checked whole, it can be tried in a shadow run, and it is used once two members adopted it."
        ),
    )


@page(purpose="method", roles=BOARD)
def definition(request: Request, version_id: UUID) -> HttpResponse:
    """A version as a file: every number, anchor and table."""
    version = next((each.row for each in read_versions(at=request.at) if each.row.pk == version_id), None)
    held = published().get(version.code) if version else None
    if version is None or held is None:
        raise NotVisible
    text = json.dumps(json.loads(held.text()), ensure_ascii=False, indent=2)
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{version.code}.json"'},
    )


@page(purpose="method", roles=BOARD)
def try_out(request: Request, version_id: UUID) -> HttpResponse:
    """Start a shadow run of a version."""
    version = next((each for each in read_versions(at=request.at) if each.row.pk == version_id), None)
    if version is None:
        raise NotVisible
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.start_shadow_run(
            version_id=version_id, reason=form.cleaned_data["reason"], actor=request.actor, at=request.at
        ),
        title=_("Try %(version)s") % {"version": version.row.code},
        submit=_("Start the shadow run"),
        leads_to="threat:methods",
        crumbs=[(_("Method versions"), reverse("threat:methods"))],
        intro=_("Every picture in force is scored by this version beside its own. No picture and no decision changes."),
    )


@page(purpose="method", roles=READERS)
def shadow_run(request: Request, run_id: UUID) -> HttpResponse:
    """What a version would change: figures for the board, pictures for analysts."""
    found = services.read_shadow_run(run_id=run_id, actor=request.actor, at=request.at)
    context = {
        "found": found,
        "counts": [(label, found.run.counts.get(value, 0)) for value, label in SHIFTS] if found.run.counts else [],
        "moved": [
            {"row": row, "before": level_name(row.before), "after": level_name(row.after)} for row in found.moved
        ],
    }
    return show(request, "threat/shadow_run.html", context)


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
