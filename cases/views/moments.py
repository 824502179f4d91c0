"""Moments of raised risk: reported, the gate answered, moved, evaluated; and the pages of the event's owner."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.moments import AnswerForm, EvaluateForm, MomentForm, MoveForm, ReplyForm, WordForm
from cases.forms.versions import Versioned
from cases.models import RaisedRiskMoment
from cases.policies import (
    OWNS_EVENTS,
    may_answer_gate,
    may_evaluate_moment,
    may_give_word,
    may_move_moment,
    may_report_risk_moment,
)
from cases.services import reading
from cases.services.reading import Gate
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page, show, status_of


@page(purpose="contact")
def risk_moment(request: Request, case_id: UUID) -> HttpResponse:
    """Report a moment of raised risk that lies ahead."""
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    require(may_report_risk_moment(request.actor))
    form = MomentForm(
        request.POST if request.method == "POST" else None,
        initial={"region": case.region},
        regions=reading.regions(),
        owners=reading.possible_owners(at=request.at),
        others=reading.outside_household(case),
    )
    if done(request, form, lambda: _report(form, case_id, request)):
        return redirect("cases:case", case_id)
    context = {"act_name": _("Report a moment of raised risk"), "submit": _("Report")}
    return case_page(request, "cases/form.html", case, context, form=form)


def _report(form: MomentForm, case_id: UUID, request: Request) -> object:
    typed = dict(form.cleaned_data)
    return services.report_risk_moment(
        case_id=case_id,
        owner_id=typed.pop("owner"),
        concerned=typed.pop("concerned", ()),
        **typed,
        actor=request.actor,
        at=request.at,
    )


@dataclass(frozen=True)
class Step:
    """One thing that this role may do on a moment now: its form, and the service that does it."""

    name: str
    title: str
    submit: str
    icon: str
    form: BaseForm
    service: Callable[[], object]


@page(purpose="contact")
def moment(request: Request, moment_id: UUID) -> HttpResponse:
    """A moment with its gate: who said what about whose protection, and what this role adds to it."""
    gate = reading.read_moment(moment_id=moment_id, actor=request.actor, at=request.at)
    steps = _steps(request, gate)
    sent = next((step for step in steps if step.name == request.POST.get("act")), None)
    if sent is not None and done(request, sent.form, sent.service):
        return redirect("cases:moment", moment_id)
    row = gate.opened.row
    context = {
        "act_name": row.get_kind_display(),
        "gate": gate,
        "moment": row,
        "texts": gate.opened.texts,
        "steps": steps,
        "over": row.ends_at <= request.at,
    }
    form = sent.form if sent else None
    return case_page(request, "cases/moment.html", gate.opened.case, context, form=form, subject=row)


def _steps(request: Request, gate: Gate) -> list[Step]:
    row, actor = gate.opened.row, request.actor
    if row.outcome:
        return []
    ahead = row.ends_at > request.at
    found = []
    if ahead and may_give_word(actor):
        found.append(_word(request, gate))
    if ahead and may_answer_gate(actor, authority=gate.authority):
        found.append(_answer(request, gate))
        if gate.owned is not None and row.gate in ("waiting", "not_ready") and row.starts_at > request.at:
            found.append(_postpone(request, row))
    if may_evaluate_moment(actor) and not ahead:
        found.append(_evaluate(request, row))
    if ahead and may_move_moment(actor):
        found.append(_move(request, row))
    if may_evaluate_moment(actor) and ahead:
        found.append(_evaluate(request, row))
    return found


def _data(request: Request, name: str) -> QueryDict | None:
    return request.POST if request.POST.get("act") == name else None


def _asked(gate: Gate, *, waits: str) -> list[tuple[str, str]]:
    """Everybody the gate asks about, those first of whom the answer is missing."""
    rows = sorted(gate.asked, key=lambda one: bool(getattr(one.row, waits)))
    return [(str(one.row.pk), f"{one.row.person.pseudonym} {one.relation}".strip()) for one in rows]


def _word(request: Request, gate: Gate) -> Step:
    form = WordForm(_data(request, "word"), auto_id="word_%s", asked=_asked(gate, waits="word"))
    return Step(
        "word",
        _("Word of the LCC"),
        _("Give the word"),
        "shield-check",
        form,
        lambda: services.give_word(**form.cleaned_data, actor=request.actor, at=request.at),
    )


def _answer(request: Request, gate: Gate) -> Step:
    form = AnswerForm(_data(request, "answer"), auto_id="answer_%s", asked=_asked(gate, waits="answer"))
    return Step(
        "answer",
        _("Is protection ready?"),
        _("Answer"),
        "check-check",
        form,
        lambda: services.answer_gate(**form.cleaned_data, actor=request.actor, at=request.at),
    )


def _postpone(request: Request, row: RaisedRiskMoment) -> Step:
    form = Versioned(_data(request, "postpone"), auto_id="postpone_%s", initial={"version": row.version})
    return Step(
        "postpone",
        _("Ask to postpone"),
        _("Ask the owner to postpone"),
        "calendar-x",
        form,
        lambda: services.ask_postponement(moment_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at),
    )


def _move(request: Request, row: RaisedRiskMoment) -> Step:
    initial = {"version": row.version, "starts_at": row.starts_at, "ends_at": row.ends_at}
    form = MoveForm(_data(request, "move"), auto_id="move_%s", initial=initial)
    return Step(
        "move",
        _("The moment was moved"),
        _("Move it and ask anew"),
        "calendar-clock",
        form,
        lambda: services.move_moment(moment_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at),
    )


def _evaluate(request: Request, row: RaisedRiskMoment) -> Step:
    form = EvaluateForm(_data(request, "evaluate"), auto_id="evaluate_%s", initial={"version": row.version})
    over = row.ends_at <= request.at
    return Step(
        "evaluate",
        _("What happened") if over else _("It does not take place"),
        _("Write it down"),
        "notebook-pen",
        form,
        lambda: services.evaluate_moment(moment_id=row.pk, **form.cleaned_data, actor=request.actor, at=request.at),
    )


@page(purpose="events", roles=frozenset(OWNS_EVENTS))
def events(request: Request) -> HttpResponse:
    """The planned events that this colleague decides on, each with whether protection is ready."""
    rows = reading.list_events(actor=request.actor, at=request.at)
    return show(request, "cases/events.html", {"events": rows})


@page(purpose="events")
def event(request: Request, event_id: UUID) -> HttpResponse:
    """One planned event as its owner sees it: ready, not yet, or postponement asked; and the reply."""
    row = reading.read_event(event_id=event_id, actor=request.actor, at=request.at)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.reply_as_owner(event_id=event_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:event", event_id)
    open_now = row.starts_at > request.at and row.state != "called_off"
    context = {"event": row, "form": form, "open_now": open_now}
    return show(request, "cases/event.html", context, status=status_of(form))
