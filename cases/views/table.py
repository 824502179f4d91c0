"""The triage table: the list, one table with its agenda, one item with views, minutes and outcome."""

from collections.abc import Callable
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cases import services
from cases.forms.table import ConveneForm, MinutesForm, PutForm, ReasonForm, ViewForm
from cases.models import AgendaItem
from cases.policies import (
    AT_THE_TABLE,
    PROSECUTION,
    may_convene_table,
    may_keep_table,
    may_put_on_table,
    may_record_view,
)
from cases.services import reading
from cases.services.reading import Choice, Opened, Seat
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page, show, status_of


@page(purpose="triage", roles=AT_THE_TABLE)
def tables(request: Request) -> HttpResponse:
    """The tables one sits at."""
    context = {"tables": reading.tables_of(request.actor), "may_convene": bool(may_convene_table(request.actor))}
    return show(request, "cases/tables.html", context)


@page(purpose="triage", roles=frozenset(PROSECUTION))
def convene(request: Request) -> HttpResponse:
    """Convene a table."""
    require(may_convene_table(request.actor))
    form = ConveneForm(
        request.POST if request.method == "POST" else None,
        chairs=reading.chairs_of(request.actor, at=request.at),
        parties=reading.parties_to_invite(),
    )
    if done(
        request,
        form,
        lambda: services.convene_table(**form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:tables")
    return show(request, "cases/table_new.html", {"form": form}, status=status_of(form))


@page(purpose="triage")
def table(request: Request, table_id: UUID) -> HttpResponse:
    """The agenda as far as one sees it; the secretariat closes the table here."""
    row, parties, items = reading.read_table(table_id=table_id, actor=request.actor, at=request.at)
    puts, closes = _sent(request, "put"), _sent(request, "close")
    put = PutForm(
        request.POST if puts else None, nominations=reading.nominations_for_table(actor=request.actor, at=request.at)
    )
    close = Form(request.POST if closes else None)
    if (puts and done(request, put, lambda: _put(put, table_id, request))) or (
        closes
        and done(request, close, lambda: services.close_table(table_id=table_id, actor=request.actor, at=request.at))
    ):
        return redirect("cases:table", table_id)
    context = {
        "table": row,
        "parties": parties,
        "items": items,
        "put": put,
        "close": close,
        "may_put": row.closed_at is None and request.actor.role in PROSECUTION,
        "may_close": row.closed_at is None and bool(may_keep_table(request.actor, office=row.office_id)),
    }
    return show(request, "cases/table.html", context, status=status_of(put if puts else close))


def _sent(request: Request, act: str) -> bool:
    return request.method == "POST" and request.POST.get("act") == act


def _put(form: PutForm, table_id: UUID, request: Request) -> AgendaItem:
    return services.put_on_table(table_id=table_id, **form.cleaned_data, actor=request.actor, at=request.at)


@page(purpose="triage")
def seat(request: Request, seat_id: UUID) -> HttpResponse:
    """From the work that waits for a party to its table."""
    return redirect("cases:table", reading.table_of_seat(seat_id=seat_id, actor=request.actor, at=request.at))


@page(purpose="triage")
def agenda_item(request: Request, item_id: UUID) -> HttpResponse:
    """One nomination on the agenda."""
    opened = reading.read_agenda_item(item_id=item_id, actor=request.actor, at=request.at)
    nomination = reading.read_nomination(nomination_id=opened.row.nomination_id, actor=request.actor, at=request.at)
    seats = reading.seats_at(opened)
    speaks_for = _speaks_for(opened, seats, request)
    act = request.POST.get("act", "")
    view = ViewForm(request.POST if act == "view" else None, parties=speaks_for)
    minutes = (
        MinutesForm(request.POST)
        if act == "minutes"
        else MinutesForm(initial={"version": opened.row.version, "minutes": opened.texts["minutes"]})
    )
    leave = ReasonForm(request.POST if act in LEAVES else None)
    forms = {"view": view, "minutes": minutes, **dict.fromkeys(LEAVES, leave)}
    if act in forms and done(request, forms[act], lambda: _take(act, forms[act].cleaned_data, item_id, request)):
        return (
            redirect("cases:agenda_item", item_id)
            if act in ("view", "minutes")
            else redirect("cases:table", opened.row.table_id)
        )
    keeps = bool(may_keep_table(request.actor, office=opened.row.table.office_id))
    waits = not opened.row.outcome
    context = {
        "act_name": _("Triage table"),
        "item": opened.row,
        "texts": nomination.texts,
        "item_texts": opened.texts,
        "nomination": nomination.row,
        "made": reading.assessments_on(nomination),
        "seats": seats,
        "view": view,
        "minutes": minutes,
        "leave": leave,
        "may_view": waits and bool(speaks_for),
        "may_minute": waits and keeps,
        "may_hold_over": waits and keeps,
        "may_remove": waits and bool(may_put_on_table(request.actor, holder=opened.case.office_id)),
    }
    return case_page(
        request, "cases/agenda_item.html", opened.case, context, form=forms.get(act, minutes), subject=opened.row
    )


def _speaks_for(opened: Opened[AgendaItem], seats: list[Seat], request: Request) -> list[Choice]:
    """The parties whose view this actor may record."""
    office = opened.row.table.office_id
    return [
        Choice(str(one.party.pk), one.party.name)
        for one in seats
        if may_record_view(request.actor, party=one.party.pk, office=office)
    ]


LEAVES: dict[str, Callable[..., AgendaItem]] = {"hold_over": services.hold_over, "remove": services.take_off_table}
ACTS: dict[str, Callable[..., object]] = {"view": services.record_view, "minutes": services.write_minutes, **LEAVES}


def _take(act: str, told: dict[str, object], item_id: UUID, request: Request) -> object:
    return ACTS[act](item_id=item_id, **told, actor=request.actor, at=request.at)
