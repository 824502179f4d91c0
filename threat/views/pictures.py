"""Pages of the workbench: a picture, its lines and evidence, its score, its way to adoption."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import DomainError
from stelsel.kernel.web import Request, attempt, page, paper, show, status_of
from threat import services
from threat.forms.fields import ReasonForm
from threat.forms.picture import (
    EvidenceForm,
    LineForm,
    QuestionForm,
    SeverityForm,
)
from threat.lifecycle import WORKABLE, PictureState
from threat.models import Picture
from threat.policies import may_adopt, may_compare, may_make_picture
from threat.services import reading, workbench
from threat.services.workbench import Workbench
from threat.views.answers import Crumbs, case_crumbs, form_page, marking_of, trail
from threat.views.explain import explanation_of, level_name, matrix_of

ANALYSTS = frozenset({Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS})


@page(purpose="threat analysis", roles=ANALYSTS)
def desk(request: Request) -> HttpResponse:
    """What waits for the analysts over all their cases."""
    return show(request, "threat/desk.html", {"desk": reading.read_desk(actor=request.actor, at=request.at)})


@page(purpose="threat analysis")
def start(request: Request, case_id: UUID) -> HttpResponse:
    """Start the first version of a picture."""
    case = reading.read_information(case_id=case_id, actor=request.actor, at=request.at).case
    require(may_make_picture(request.actor))
    form = QuestionForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.start_picture(case_id=case_id, **form.cleaned_data, actor=request.actor, at=request.at),
        title=_("Start the threat picture"),
        submit=_("Start"),
        leads_to=picture_url,
        crumbs=case_crumbs(case),
        marking=marking_of(case),
    )


def picture_url(picture: Picture) -> str:
    return reverse("threat:picture", args=[picture.pk])


def picture_crumbs(picture: Picture) -> Crumbs:
    return [*case_crumbs(picture.case), (_("Picture, version %(n)s") % {"n": picture.version}, picture_url(picture))]


@page(purpose="threat analysis")
def picture(request: Request, picture_id: UUID) -> HttpResponse:
    """The workbench: evidence left, explanation right; read only once proposed."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    return show(request, "threat/picture.html", bench_context(bench, request.actor), partial="score")


def bench_context(bench: Workbench, actor: Actor) -> dict[str, object]:
    """What the workbench and the adoption page both show."""
    row = bench.picture
    person = bench.person
    changes = workbench.changes_of(bench)
    return {
        "bench": bench,
        "picture": row,
        "case": row.case,
        "trail": trail(case_crumbs(row.case), _("Picture, version %(n)s") % {"n": row.version}),
        "workable": row.state in WORKABLE,
        "proposed": row.state == PictureState.PROPOSED,
        "adopted": row.state == PictureState.ADOPTED,
        "compares": row.state in (PictureState.PROPOSED, PictureState.ADOPTED) and bool(may_compare(actor)),
        "lines": [
            {
                "view": line,
                "explanation": explanation_of(
                    line.result["alone"],
                    sorted(bench.withheld),
                    method=bench.method,
                    changes=changes.get(str(line.row.pk), ()),
                )
                if line.result
                else None,
                "with_unknown": [
                    {"index": each["index"], "level": level_name(each["level"])}
                    for each in line.result["withUnknown"].values()
                ]
                if line.result
                else [],
            }
            for line in bench.lines
        ],
        "matrix": matrix_of(
            row.severity,
            row.likelihood if row.proposed_at else person["level"],
            (person["low"], person["high"]),
            bench.method,
        )
        if person
        else [],
        "proposed_level": level_name(person["level"]) if person else "",
        "level": level_name(row.likelihood),
        "outcome": person["outcome"] if person else "",
        "person": person,
        "urgent": bool(person and person["askUrgent"] and (row.severity or 0) >= 4),  # noqa: PLR2004  # E4
        "why_not_adopt": _why_not_adopt(bench, actor),
        "why_not_propose": "" if row.state == PictureState.SCORED else _("Score the picture first."),
        "score_faults": [],
        "marking": marking_of(row),
    }


def _why_not_adopt(bench: Workbench, actor: Actor) -> str:
    row = bench.picture
    verdict = may_adopt(actor, author=row.author_id, proposed_by=row.proposed_by_id, seconded_by=row.seconded_by_id)
    if not verdict:
        return _(verdict.reason)
    if bench.second_needed and row.seconded_by_id is None:
        return _("This departure from the score needs a second analyst first.")
    return _(bench.blockers[0].message) if bench.blockers else ""


def picture_form(
    request: Request,
    form: BaseForm,
    act: Callable[[], object],
    bench: Workbench,
    *,
    title: str | Promise,
    submit: str | Promise,
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    row = bench.picture
    return form_page(
        request,
        form,
        act,
        title=title,
        submit=submit,
        leads_to=picture_url(row),
        crumbs=picture_crumbs(row),
        marking=marking_of(row),
        **(context or {}),
    )


@page(purpose="threat analysis")
def add_line(request: Request, picture_id: UUID) -> HttpResponse:
    """Add a threat line."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    choices = workbench.read_choices(case_id=bench.picture.case_id, actor=request.actor, at=request.at)
    form = LineForm(request.POST or None, people=list(choices.people))
    return picture_form(
        request,
        form,
        lambda: services.add_line(picture_id=picture_id, line=form.line(), actor=request.actor, at=request.at),
        bench,
        title=_("Add a threat line"),
        submit=_("Add"),
    )


@require_POST
@page(purpose="threat analysis")
def remove_line(request: Request, line_id: UUID) -> HttpResponse:
    line = services.remove_line(line_id=line_id, actor=request.actor, at=request.at)
    return redirect("threat:picture", line.picture_id)


@page(purpose="threat analysis")
def add_evidence(request: Request, line_id: UUID) -> HttpResponse:
    """Add an item of evidence to a line."""
    line = workbench.read_line(line_id=line_id, actor=request.actor, at=request.at)
    choices = workbench.read_choices(case_id=line.case_id, actor=request.actor, at=request.at)
    form = EvidenceForm(request.POST or None, choices=choices, initial={"revision": line.picture.revision})
    return form_page(
        request,
        form,
        lambda: services.add_evidence(
            line_id=line_id,
            finding=form.finding(),
            actor=request.actor,
            at=request.at,
        ),
        title=_("Add evidence to line %(n)s") % {"n": line.number},
        submit=_("Add"),
        leads_to=reverse("threat:picture", args=[line.picture_id]),
        crumbs=picture_crumbs(line.picture),
        marking=marking_of(line.case),
    )


@page(purpose="threat analysis")
def evidence(request: Request, evidence_id: UUID) -> HttpResponse:
    """Correct an item of evidence."""
    opened = workbench.read_evidence(evidence_id=evidence_id, actor=request.actor, at=request.at)
    choices = workbench.read_choices(case_id=opened.line.case_id, actor=request.actor, at=request.at)
    form = EvidenceForm(request.POST or None, choices=choices, initial=EvidenceForm.told_by(opened.item))
    return form_page(
        request,
        form,
        lambda: services.change_evidence(
            evidence_id=evidence_id,
            finding=form.finding(),
            revision=form.cleaned_data["revision"],
            actor=request.actor,
            at=request.at,
        ),
        title=_("Change evidence"),
        submit=_("Save"),
        leads_to=reverse("threat:picture", args=[opened.line.picture_id]),
        crumbs=picture_crumbs(opened.line.picture),
        marking=marking_of(opened.item.row),
    )


@page(purpose="threat analysis")
def lapse(request: Request, evidence_id: UUID) -> HttpResponse:
    """Mark an item as lapsed."""
    opened = workbench.read_evidence(evidence_id=evidence_id, actor=request.actor, at=request.at)
    form = ReasonForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda: services.lapse_evidence(
            evidence_id=evidence_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        title=_("Mark evidence as lapsed"),
        submit=_("Mark as lapsed"),
        leads_to=reverse("threat:picture", args=[opened.line.picture_id]),
        crumbs=picture_crumbs(opened.line.picture),
        texts=[(opened.item.row.factor, opened.item.text)],
        intro=_("A lapsed item no longer holds up a floor. Only this act disarms a warning; time does not."),
        marking=marking_of(opened.item.row),
    )


@require_POST
@page(purpose="threat analysis")
def remove_evidence(request: Request, evidence_id: UUID) -> HttpResponse:
    item = services.remove_evidence(evidence_id=evidence_id, actor=request.actor, at=request.at)
    return redirect("threat:picture", item.picture_id)


@page(purpose="threat analysis")
def severity(request: Request, picture_id: UUID) -> HttpResponse:
    """Choose the severity from the table."""
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    told = {"severity": bench.picture.severity, "reason": bench.texts["severity_reason"]}
    form = SeverityForm(request.POST or None, initial=told)
    return picture_form(
        request,
        form,
        lambda: services.set_severity(picture_id=picture_id, **form.cleaned_data, actor=request.actor, at=request.at),
        bench,
        title=_("Severity"),
        submit=_("Save"),
    )


@require_POST
@page(purpose="threat analysis")
def score(request: Request, picture_id: UUID) -> HttpResponse:
    """Have the picture scored; the workbench shows how it goes."""
    form = Form(request.POST)
    form.is_valid()
    asked = attempt(
        request, form, lambda: services.request_score(picture_id=picture_id, actor=request.actor, at=request.at)
    )
    if asked is not None:
        return redirect("threat:picture", picture_id)
    bench = workbench.read_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    refusal: DomainError | None = getattr(form, "refusal", None)
    faults = refusal.faults if refusal is not None else ()
    said = [f"{fault.field}: {_(fault.message)}" for fault in faults]
    context = {**bench_context(bench, request.actor), "score_faults": said or form.non_field_errors()}
    return show(request, "threat/picture.html", context, status=status_of(form))


@require_POST
@page(purpose="threat analysis")
def on_paper(request: Request, picture_id: UUID) -> HttpResponse:
    """The next numbered copy of a picture."""
    found = services.print_picture(picture_id=picture_id, actor=request.actor, at=request.at)
    return paper(found.name, found.content)
