"""Pages on the way from a scored draft to an adopted picture, and to its next version."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.web import Request, attempt, page, show, status_of
from threat import services
from threat.forms.fields import ReasonForm
from threat.forms.picture import INSUFFICIENT, AdoptForm, ProposalForm, QuestionForm
from threat.lifecycle import PictureState
from threat.policies import may_second
from threat.services import workbench
from threat.views.answers import form_page, marking_of
from threat.views.explain import level_name
from threat.views.pictures import bench_context, picture_crumbs, picture_form, picture_url


@page(purpose="threat analysis")
def propose(request: Request, picture_id: UUID) -> HttpResponse:
    """Put a scored picture before a second analyst."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    person = bench.person or {}
    latest = date.fromisoformat(person["reviewBy"]) if person.get("reviewBy") else None
    told = {**bench.texts, "review_due": latest, "departure": bench.picture.departure}
    if not told["summary"] and bench.template is not None:
        told["summary"] = bench.template.text
    level = person.get("level")
    form = ProposalForm(
        request.POST or None,
        initial={**told, "likelihood": str(level) if level is not None else INSUFFICIENT},
        cumulation=bool(person.get("cumulationStatementNeeded")),
        latest=latest,
    )
    return picture_form(
        request,
        form,
        lambda: services.propose_adoption(
            picture_id=picture_id,
            proposal=form.proposal(),
            revision=bench.picture.revision,
            actor=request.actor,
            at=request.at,
        ),
        bench,
        title=_("Propose for adoption"),
        submit=_("Propose"),
        context={
            "intro": _("From now on lines and evidence stand still. A second analyst adopts or gives it back."),
            "texts": [(_("The score proposes"), level_name(level) or _("Insufficient information"))],
            "blockers": bench.blockers,
        },
    )


@page(purpose="threat analysis")
def adopt(request: Request, picture_id: UUID) -> HttpResponse:
    """Everything as it is frozen, and the act of adoption bound to exactly that."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    form = AdoptForm(request.POST or None, initial={"shown": bench.hash})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: services.adopt(
                picture_id=picture_id, shown=form.cleaned_data["shown"], actor=request.actor, at=request.at
            ),
        )
        if done is not None:
            return redirect("threat:picture", picture_id)
    row = bench.picture
    seconding = bench.second_needed and row.seconded_by_id is None and row.state == PictureState.PROPOSED
    context = {
        **bench_context(bench, request.actor),
        "form": form,
        "seconding": seconding,
        "may_second": bool(may_second(request.actor, proposed_by=row.proposed_by_id)),
    }
    return show(request, "threat/adopt.html", context, status=status_of(form))


@require_POST
@page(purpose="threat analysis")
def second(request: Request, picture_id: UUID) -> HttpResponse:
    """Agree with a departure as the second analyst."""
    services.second_departure(picture_id=picture_id, actor=request.actor, at=request.at)
    return redirect("threat:adopt", picture_id)


@page(purpose="threat analysis")
def give_back(request: Request, picture_id: UUID) -> HttpResponse:
    """Give a proposal back with a reason."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    form = ReasonForm(request.POST or None)
    return picture_form(
        request,
        form,
        lambda: services.return_proposal(
            picture_id=picture_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        bench,
        title=_("Give the proposal back"),
        submit=_("Give back"),
    )


@page(purpose="threat analysis")
def abandon(request: Request, picture_id: UUID) -> HttpResponse:
    """Stop working on this version."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    form = ReasonForm(request.POST or None)
    return picture_form(
        request,
        form,
        lambda: services.abandon_picture(
            picture_id=picture_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        bench,
        title=_("Abandon this version"),
        submit=_("Abandon"),
        context={"intro": _("It stays readable. An earlier adopted version stays in force.")},
    )


@page(purpose="threat analysis")
def new_version(request: Request, picture_id: UUID) -> HttpResponse:
    """Begin the next version from an adopted one."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    form = QuestionForm(request.POST or None, initial={"question": bench.texts["question"]})
    return form_page(
        request,
        form,
        lambda: services.start_new_version(
            picture_id=picture_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        title=_("Start a new version"),
        submit=_("Start"),
        leads_to=picture_url,
        crumbs=picture_crumbs(bench.picture),
        intro=_("Lines and evidence are taken over; the adopted version stays as it is."),
        marking=marking_of(bench.picture),
    )
