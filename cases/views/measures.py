"""A measure: what was ordered, what was reported, promised, reviewed and ended; and incidents to those who guard."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.measures import AnswerForm, EndForm, IncidentForm, PromiseForm, ReportForm, ReviewForm
from cases.forms.versions import Versioned
from cases.lifecycle import MEASURE_LIFECYCLE
from cases.models import Measure
from cases.models.care.life import Occasion
from cases.policies import (
    may_answer_incident,
    may_end_measure,
    may_report_incident,
    may_report_measure,
    may_review_measure,
    may_verify_measure,
)
from cases.services import reading
from cases.services.reading import care
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import IllegalMove, gettext_noop
from stelsel.kernel.web import Request, page

EXECUTION = frozenset({"accept", "put_in_place", "verify", "fall_away"})


@page(purpose="measures")
def measure(request: Request, measure_id: UUID) -> HttpResponse:
    """Read a measure with its reports; each role takes the steps that are its own."""
    opened = reading.read_measure(measure_id=measure_id, actor=request.actor, at=request.at)
    row, actor = opened.row, request.actor
    act = request.POST.get("act", "report")
    forms = _forms(request, row, sent=act)
    form = forms.get(act, forms["report"])
    if done(request, form, lambda: _take(act, form, row, request)):
        return redirect("cases:case", row.case_id)
    lives, waits = row.state != "ended", row.state in ("ordered", "accepted")
    authority = reading.authority_over(row.person_id, at=request.at) if lives else None
    context = {
        "act_name": row.get_kind_display(),
        "measure": row,
        "entry": reading.entry_of(row),
        "texts": opened.texts,
        "reports": reading.reports_on(opened),
        "incidents": reading.incidents_on(row),
        **forms,
        "may_report": bool(_steps(actor).intersection(MEASURE_LIFECYCLE.steps_from(row.state))),
        "may_promise": bool(waits and may_report_measure(actor)),
        "may_review": bool(
            authority and may_review_measure(actor, authority=authority, case_manager=opened.case.case_manager_id)
        ),
        "may_end": bool(authority and may_end_measure(actor, authority=authority)),
        "may_tell": bool(lives and may_report_incident(actor)),
        "duty": care.duty_at(opened.case, Occasion.ENDING, row.pk, needed=True),
    }
    return case_page(request, "cases/measure.html", opened.case, context, form=form, subject=row)


def _forms(request: Request, row: Measure, *, sent: str) -> dict[str, Versioned]:
    """The forms of the page, the one that was sent with what was typed; each has ids of its own."""

    def data(name: str) -> QueryDict | None:
        return request.POST if request.method == "POST" and sent == name else None

    version, steps = {"version": row.version}, _steps(request.actor)
    kept = {**version, "supplier": row.supplier}
    return {
        "report": ReportForm(data("report"), initial=version, state=row.state, steps=steps),
        "promise": PromiseForm(data("promise"), initial=kept, auto_id="promise_%s"),
        "review": ReviewForm(data("review"), initial=version, auto_id="review_%s"),
        "end": EndForm(data("end"), initial=version, auto_id="end_%s"),
    }


def _steps(actor: Actor) -> frozenset[str]:
    """What this role reports: all of it, verification alone, or nothing."""
    if may_report_measure(actor):
        return EXECUTION
    return frozenset({"verify"} if may_verify_measure(actor) else ())


ACTS: dict[str, Callable[..., object]] = {
    "report": services.report_measure,
    "promise": services.promise_date,
    "review": services.review_measure,
    "end": services.end_measure,
}


def _take(act: str, form: Versioned, row: Measure, request: Request) -> object:
    if act not in ACTS:
        raise IllegalMove("unknown_act", gettext_noop("There is no step to take now."))
    return ACTS[act](measure_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at)


@page(purpose="measures")
def incident_new(request: Request, measure_id: UUID) -> HttpResponse:
    """Report an incident to those who guard."""
    opened = reading.read_measure(measure_id=measure_id, actor=request.actor, at=request.at)
    require(may_report_incident(request.actor))
    form = IncidentForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.report_incident(
            measure_id=measure_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:measure", measure_id)
    context = {"act_name": _("Report an incident to those who guard"), "submit": _("Report")}
    return case_page(request, "cases/form.html", opened.case, context, form=form)


@page(purpose="measures")
def incident(request: Request, incident_id: UUID) -> HttpResponse:
    """Read an incident, and write down what was done about it."""
    opened = reading.read_incident(incident_id=incident_id, actor=request.actor, at=request.at)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.answer_incident(
            incident_id=incident_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:incident", incident_id)
    context = {
        "act_name": _("Incident to those who guard"),
        "incident": opened.row,
        "texts": opened.texts,
        "may_answer": bool(opened.row.state == "open" and may_answer_incident(request.actor)),
    }
    return case_page(request, "cases/incident.html", opened.case, context, form=form)
