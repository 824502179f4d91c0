"""The limitative list: its entries, an entry, and each act on it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.authority import ReasonForm, WhenForm, instant
from cases.forms.limitative import (
    AdviceForm,
    DecideEntryForm,
    EntryFilter,
    EntryForm,
    FollowForm,
    HolderForm,
    OrderForm,
    PurposeForm,
)
from cases.forms.measures import EndForm, ReportForm
from cases.models import ListEntry
from cases.policies import (
    LIST_ROLES,
    may_advise_on_entry,
    may_change_holder,
    may_change_purpose,
    may_decide_entry,
    may_end_entry,
    may_propose_entry,
    may_report_on_entry,
)
from cases.services import reading
from cases.views.answers import conflict, done
from cases.views.entry_acts import acts_on_entry
from stelsel.kernel.authorisation import Verdict, require
from stelsel.kernel.web import Request, attempt, page, show, status_of

PURPOSE = "limitative list"
EXECUTION = frozenset({"accept", "put_in_place", "verify", "fall_away"})


@page(purpose=PURPOSE, roles=LIST_ROLES)
def entries(request: Request) -> HttpResponse:
    """The entries one may see, filtered and sorted."""
    filters = EntryFilter(request.GET)
    sort = request.GET.get("sort", "number")
    rows = reading.list_entries(filters=filters.lookups(), sort=sort, actor=request.actor, at=request.at)
    context = {
        "filters": filters,
        "rows": rows,
        "filtered": bool(filters.lookups()),
        "cut": len(rows) == reading.SHOWN,
        "may_propose": bool(may_propose_entry(request.actor)),
        "marking": _("Departmental CONFIDENTIAL"),
    }
    return show(request, "cases/entries/list.html", context)


def _answer(
    request: Request, template: str, entry: ListEntry, context: dict[str, Any], form: BaseForm | None = None
) -> HttpResponse:
    parts = {
        "entry": entry,
        "form": form,
        "conflict": conflict(form, entry),
        "marking": str(entry.get_marking_display()),
        **context,
    }
    return show(request, template, parts, status=status_of(form) if form is not None else 200)


def _act(
    request: Request,
    entry: ListEntry,
    form: BaseForm,
    service: Callable[[], object],
    *,
    name: str,
    **context: object,
) -> HttpResponse:
    """A page with one form; done, it leads back to the entry."""
    if done(request, form, service):
        return redirect("cases:entry", entry.pk)
    return _answer(request, "cases/entries/form.html", entry, {"act_name": name, "sign": "", **context}, form)


def _open(request: Request, entry_id: UUID, verdict: Callable[[ListEntry], Verdict]) -> ListEntry:
    entry = reading.open_entry(entry_id=entry_id, actor=request.actor, at=request.at)
    require(verdict(entry))
    return entry


def _data(request: Request) -> Any:  # noqa: ANN401  # a QueryDict, or None for a form that was not sent
    return request.POST if request.method == "POST" else None


@page(purpose=PURPOSE)
def new(request: Request) -> HttpResponse:
    """Prepare an entry."""
    require(may_propose_entry(request.actor))
    form = EntryForm(_data(request), municipalities=reading.municipalities(), offices=reading.offices())
    if request.method == "POST" and form.is_valid():
        made = attempt(
            request, form, lambda: services.propose_entry(entry=form.entry(), actor=request.actor, at=request.at)
        )
        if made is not None:
            return redirect("cases:entry", made.pk)
    context = {"form": form, "marking": _("Departmental CONFIDENTIAL")}
    return show(request, "cases/entries/new.html", context, status=status_of(form))


@page(purpose=PURPOSE)
def entry(request: Request, entry_id: UUID) -> HttpResponse:
    """Everything of one entry; who had authority at an instant too."""
    file = reading.read_entry(entry_id=entry_id, actor=request.actor, at=request.at)
    asked = WhenForm({"at": request.GET["at"]} if request.GET.get("at") else {})
    when = instant(asked, now=request.at)
    events = [{"at": one.at, "title": one.text, "actor": one.by, "icon": "dot"} for one in file.events]
    context = {
        "file": file,
        "acts": acts_on_entry(file, actor=request.actor),
        "asked": asked,
        "when": when,
        "then": next((held for held in file.history if when in held.period.period), None),
        "events": events,
    }
    return _answer(request, "cases/entries/entry.html", file.entry, context)


@page(purpose=PURPOSE)
def decide(request: Request, entry_id: UUID) -> HttpResponse:
    """The mandate holder decides, signed."""
    row = _open(request, entry_id, lambda entry: may_decide_entry(request.actor, prepared_by=entry.prepared_by_id))
    file = reading.read_entry(entry_id=entry_id, actor=request.actor, at=request.at)
    form = DecideEntryForm(_data(request), initial={"version": row.version})
    if done(
        request,
        form,
        lambda: services.decide_entry(entry_id=entry_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:entry", entry_id)
    context = {"act_name": _("Decide on the entry"), "file": file, "waits": row.state == "proposed"}
    return _answer(request, "cases/entries/decide.html", row, context, form)


@page(purpose=PURPOSE)
def holder(request: Request, entry_id: UUID) -> HttpResponse:
    """The function passes to another person; the entry stays."""
    row = _open(request, entry_id, lambda _entry: may_change_holder(request.actor))
    form = HolderForm(_data(request), initial={"version": row.version})
    return _act(
        request,
        row,
        form,
        lambda: services.change_holder(entry_id=entry_id, **form.given(), actor=request.actor, at=request.at),
        name=_("Change the holder"),
        note=_("The person goes, the function stays on the list: its authority and what hangs on it do not change."),
    )


@page(purpose=PURPOSE)
def purpose(request: Request, entry_id: UUID) -> HttpResponse:
    """Another purpose leads; authority follows by rule, and no measure ends."""
    row = _open(
        request,
        entry_id,
        lambda entry: may_change_purpose(request.actor, office=entry.office_id, municipality=entry.municipality_id),
    )
    file = reading.read_entry(entry_id=entry_id, actor=request.actor, at=request.at)
    form = PurposeForm(_data(request), initial={"version": row.version})
    return _act(
        request,
        row,
        form,
        lambda: services.change_purpose(entry_id=entry_id, **form.cleaned_data, actor=request.actor, at=request.at),
        name=_("Change the purpose"),
        note=_("Authority moves at once to whoever has it for that purpose; every measure in force goes on."),
        file=file,
    )


@page(purpose=PURPOSE)
def end(request: Request, entry_id: UUID) -> HttpResponse:
    """Take the entry off the list; what hangs on it is listed first."""
    row = _open(request, entry_id, lambda _entry: may_end_entry(request.actor))
    file = reading.read_entry(entry_id=entry_id, actor=request.actor, at=request.at)
    form = ReasonForm(_data(request), initial={"version": row.version})
    return _act(
        request,
        row,
        form,
        lambda: services.end_entry(entry_id=entry_id, **form.cleaned_data, actor=request.actor, at=request.at),
        name=_("Take off the list"),
        note=_("Authority over it ends at once. Measures in force are ended by their authority first."),
        file=file,
    )


@page(purpose=PURPOSE)
def advise(request: Request, entry_id: UUID) -> HttpResponse:
    """The NCTV gives threat level and advice."""
    row = _open(request, entry_id, lambda _entry: may_advise_on_entry(request.actor))
    form = AdviceForm(_data(request))
    return _act(
        request,
        row,
        form,
        lambda: services.give_entry_advice(entry_id=entry_id, **form.cleaned_data, actor=request.actor, at=request.at),
        name=_("Give threat level and advice"),
    )


@page(purpose=PURPOSE)
def follow(request: Request, advice_id: UUID) -> HttpResponse:
    """Whoever has authority says what is done with the advice."""
    advice, text = reading.read_entry_advice(advice_id=advice_id, actor=request.actor, at=request.at)
    form = FollowForm(_data(request))
    return _act(
        request,
        advice.entry,
        form,
        lambda: services.settle_entry_advice(
            advice_id=advice_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        name=_("Answer the advice"),
        note=text,
    )


@page(purpose=PURPOSE)
def order(request: Request, entry_id: UUID) -> HttpResponse:
    """Whoever has authority now orders supervision."""
    row = reading.open_entry(entry_id=entry_id, actor=request.actor, at=request.at)
    form = OrderForm(_data(request), kinds=reading.supervision(on=request.at.date()))
    return _act(
        request,
        row,
        form,
        lambda: services.order_entry_measure(
            entry_id=entry_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
        name=_("Order supervision"),
        kinds=reading.supervision_types(on=request.at.date()),
    )


@page(purpose=PURPOSE)
def measure(request: Request, measure_id: UUID) -> HttpResponse:
    """Supervision with its reports; report on it, or end it, each for its own roles."""
    file = reading.read_entry_measure(measure_id=measure_id, actor=request.actor, at=request.at)
    row = file.measure
    ends = request.POST.get("act") == "end"
    version = {"version": row.version}
    ending = EndForm(request.POST if ends else None, initial=version, auto_id="end_%s")
    report = ReportForm(_data(request) if not ends else None, initial=version, state=row.state, steps=EXECUTION)
    service = services.end_entry_measure if ends else services.report_entry_measure
    sent: BaseForm = ending if ends else report
    if done(
        request,
        sent,
        lambda: service(measure_id=measure_id, **sent.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:entry", row.entry_id)
    context = {
        "act_name": row.get_kind_display(),
        "measure": row,
        "file": file,
        "report": report,
        "end": ending,
        "may_report": bool(row.state != "ended" and may_report_on_entry(request.actor)),
    }
    return _answer(request, "cases/entries/measure.html", row.entry, context, sent)
