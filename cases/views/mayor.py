"""Telling mayors: residence, proposal, decision; and the pages of who was told, without the case."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.mayor import NoticeForm, ResidenceForm
from cases.lifecycle import Scenario
from cases.models import MayorNotice
from cases.models.mayor import ELEMENTS
from cases.policies import READS_NOTICES, may_acknowledge_notice, may_decide_notice, may_propose_notice
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.web import Request, page, show, status_of


@page(purpose="mayor")
def mayor(request: Request, case_id: UUID) -> HttpResponse:
    """Where people of the case live and what their mayors were told; the next residence or proposal."""
    file = reading.read_mayor(case_id=case_id, actor=request.actor, at=request.at)
    may_propose = bool(may_propose_notice(request.actor))
    people = reading.people_to_choose(file.case)
    sent = request.POST if request.method == "POST" and may_propose else None
    moves = request.POST.get("act") == "residence"
    home = ResidenceForm(
        sent if moves else None, auto_id="home_%s", people=people, municipalities=reading.municipalities()
    )
    form = NoticeForm(None if moves else sent, people=people)
    if moves and may_propose and done(request, home, lambda: _move(home, case_id, request)):
        return redirect("cases:mayor", case_id)
    if not moves and may_propose and done(request, form, lambda: _propose(form, case_id, request)):
        return redirect("cases:mayor", case_id)
    context = {
        "act_name": _("Mayor"),
        "file": file,
        "home": home,
        "notice_form": form,
        "may_propose": may_propose,
    }
    return case_page(request, "cases/mayor.html", file.case, context, form=home if moves else form)


def _move(form: ResidenceForm, case_id: UUID, request: Request) -> object:
    typed = form.cleaned_data
    return services.set_residence(
        case_id=case_id,
        person_id=typed["person"],
        municipality_ids=typed["municipalities"],
        mayor_of=typed["mayor_of"],
        actor=request.actor,
        at=request.at,
    )


def _propose(form: NoticeForm, case_id: UUID, request: Request) -> object:
    return services.propose_notice(
        case_id=case_id,
        person_id=form.cleaned_data["person"],
        notice=form.notice(),
        actor=request.actor,
        at=request.at,
    )


@page(purpose="mayor")
def mayor_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """A notice with its reasons: decide whether the mayor is told, or write that the mayor was told by telephone."""
    opened = reading.read_notice(notice_id=notice_id, actor=request.actor, at=request.at)
    row = opened.row
    form = forms.Form(request.POST if request.method == "POST" else None)
    chosen = request.POST.get("act", "")
    if done(request, form, lambda: _decide(chosen, row, request)):
        return redirect("cases:mayor", row.case_id)
    context = {
        "act_name": _("Notice to a mayor"),
        "notice": row,
        "texts": opened.texts,
        "said": said(row),
        "may_decide": _may_decide(row, request.actor),
        "may_telephone": row.state == "sent" and row.acknowledged_at is None and may_acknowledge_notice(request.actor),
    }
    return case_page(request, "cases/mayor_notice.html", opened.case, context, form=form)


def _may_decide(row: MayorNotice, actor: Actor) -> bool:
    acute = row.scenario == Scenario.ACUTE
    return row.state == "proposed" and bool(may_decide_notice(actor, proposed_by=row.proposed_by_id, acute=acute))


def _decide(chosen: str, row: MayorNotice, request: Request) -> object:
    if chosen == "telephone":
        return services.acknowledge_notice(notice_id=row.pk, actor=request.actor, at=request.at)
    return services.decide_notice(notice_id=row.pk, send=chosen == "send", actor=request.actor, at=request.at)


def said(row: MayorNotice) -> list[object]:
    """The elements of a notice in their sentences."""
    return [sentence for code, sentence in ELEMENTS if code in row.elements]


@page(purpose="mayor", roles=frozenset(READS_NOTICES))
def notices(request: Request) -> HttpResponse:
    """What one's own organisation was told, and nothing else."""
    rows = reading.list_received(actor=request.actor, at=request.at)
    return show(request, "cases/notices.html", {"notices": rows})


@page(purpose="mayor")
def notice(request: Request, notice_id: UUID) -> HttpResponse:
    """One notice as who was told reads it; they say that they read it."""
    row = reading.read_received(notice_id=notice_id, actor=request.actor, at=request.at)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.acknowledge_notice(notice_id=notice_id, actor=request.actor, at=request.at),
    ):
        return redirect("cases:notice", notice_id)
    context = {
        "notice": row,
        "said": said(row),
        "form": form,
        "marking": "" if row.marking == "NONE" else str(row.get_marking_display()),
    }
    return show(request, "cases/notice.html", context, status=status_of(form))
