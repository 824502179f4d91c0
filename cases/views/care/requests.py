"""Activities the person asks for, compensation, complaints."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms.care import requests as forms
from cases.models import Compensation, Complaint
from cases.services import reading
from cases.services.care.activities import like_cases
from cases.services.care.compensation import term_of
from cases.services.care.complaints import last_day
from cases.services.reading import care
from cases.views.care.pages import Act, care_page, form_for
from stelsel.kernel.authorisation import Role
from stelsel.kernel.web import Request, page
from stelsel.legal import terms


@page(purpose="duty of care")
def activities(request: Request, case_id: UUID) -> HttpResponse:
    """What the person asked to do, with the answers."""
    case = reading.open_case_file(case_id=case_id, part="care", actor=request.actor, at=request.at)
    by: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "at": request.at}
    ask = Act(
        "ask",
        _("New request"),
        form_for(request, "ask", forms.ActivityForm, people=reading.people_to_choose(case)),
        lambda form: services.ask_activity(**form.told(), **by),
        policies.may_ask_activity(request.actor),
        icon="calendar-plus",
    )
    context = {"act_name": _("Activities"), "lines": care.activities_of(case)}
    return care_page(request, "cases/care/activities.html", case, context, [ask])


@page(purpose="duty of care")
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One request beside the outcomes of like cases."""
    opened = care.read_activity(activity_id=activity_id, actor=request.actor, at=request.at)
    row, case = opened.row, opened.case
    named = {Role.CASE_MANAGER: case.case_manager_id, Role.DECIDER: case.decider_id}.get(request.actor.role)
    decide = Act(
        "decide",
        _("Decide"),
        form_for(
            request,
            "decide",
            forms.DecideActivityForm,
            initial={"version": row.version},
            may_refuse=request.actor.role is Role.DECIDER,
        ),
        lambda form: services.decide_activity(activity_id=row.pk, **form.told(), actor=request.actor, at=request.at),
        policies.may_decide_activity(request.actor, named=named, refuses=False),
        turn=row.state == "asked",
        icon="gavel",
    )
    context = {
        "act_name": row.get_kind_display(),
        "activity": row,
        "texts": opened.texts,
        "like": like_cases(row),
    }
    return care_page(request, "cases/care/activity.html", case, context, [decide], subject=row)


@page(purpose="duty of care")
def compensations(request: Request, case_id: UUID) -> HttpResponse:
    """Requests for compensation with their clocks."""
    case = reading.open_case_file(case_id=case_id, part="care", actor=request.actor, at=request.at)
    by: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "at": request.at}
    receive = Act(
        "receive",
        _("New request"),
        form_for(request, "receive", forms.CompensationForm, people=reading.people_to_choose(case)),
        lambda form: services.receive_compensation(**form.told(), **by),
        policies.may_receive_request(request.actor),
        icon="file-plus",
    )
    context = {"act_name": _("Compensation"), "requests": care.compensations_of(case)}
    return care_page(request, "cases/care/compensations.html", case, context, [receive])


@page(purpose="duty of care")
def compensation(request: Request, compensation_id: UUID) -> HttpResponse:
    """One request: what is asked, the clock, the decision."""
    opened = care.read_compensation(compensation_id=compensation_id, actor=request.actor, at=request.at)
    row = opened.row
    term = term_of(row)
    context = {
        "act_name": _("Request for compensation"),
        "row": row,
        "texts": opened.texts,
        "last_day": term.last_day,
        "late": row.state != "decided" and request.at.date() > term.last_day,
        "suspended": term.suspended_days,
        "penalty_from": term.penalty_from(row.notice_on),
        "objection_until": terms.objection_until(row.notified_on)
        if row.notified_on and "compensation" in settings.OBJECTION_CLAUSE_FOR
        else None,
    }
    acts = [*_clocks(request, row), *_decisions(request, row)]
    return care_page(request, "cases/care/compensation.html", opened.case, context, acts, subject=row)


def _clocks(request: Request, row: Compensation) -> list[Act]:
    by: dict[str, Any] = {"compensation_id": row.pk, "actor": request.actor, "at": request.at}
    now, receives = {"version": row.version}, policies.may_receive_request(request.actor)
    open_ = row.state != "decided"
    return [
        Act(
            "complete",
            _("What was missing came in today"),
            form_for(request, "complete", forms.CompleteForm, initial=now),
            lambda form: services.complete(**form.told(), **by),
            receives,
            turn=row.state == "waiting",
            submit=_("It came in"),
            icon="check",
        ),
        Act(
            "wait",
            _("Ask the applicant for what is missing"),
            form_for(request, "wait", forms.CompletionForm, initial=now),
            lambda form: services.ask_completion(**form.told(), **by),
            receives,
            turn=row.state == "received",
            submit=_("Asked"),
            icon="message-circle",
        ),
        Act(
            "extend",
            _("Extend the term, once"),
            form_for(request, "extend", forms.ExtendForm, initial=now),
            lambda form: services.extend_term(**form.told(), **by),
            receives,
            turn=open_ and row.extended_to is None,
            submit=_("The applicant was told"),
            icon="calendar-clock",
        ),
        Act(
            "default",
            _("Notice of default"),
            form_for(request, "default", forms.DefaultForm, initial=now),
            lambda form: services.note_default(**form.told(), **by),
            receives,
            turn=open_ and row.notice_on is None,
            icon="triangle-alert",
        ),
    ]


def _decisions(request: Request, row: Compensation) -> list[Act]:
    by: dict[str, Any] = {"compensation_id": row.pk, "actor": request.actor, "at": request.at}
    now, decided = {"version": row.version}, row.state == "decided"
    person = row.case.person.user_id
    return [
        Act(
            "decide",
            _("Sign the decision"),
            form_for(request, "decide", forms.DecideCompensationForm, initial=now),
            lambda form: services.decide_compensation(**form.told(), **by),
            policies.may_decide_compensation(request.actor, received_by=row.received_by_id, person_user=person),
            turn=not decided,
            statement=_("I decide on this request as written here."),
        ),
        Act(
            "notify",
            _("The decision was sent"),
            form_for(request, "notify", forms.NotifyForm, initial=now),
            lambda form: services.notify_compensation(**form.told(), **by),
            policies.may_receive_request(request.actor),
            turn=decided and row.notified_on is None,
            icon="send",
        ),
        Act(
            "object",
            _("Take an objection in hand"),
            form_for(request, "object", forms.ObjectionForm, initial=now),
            lambda form: services.receive_objection(**form.told(), **by),
            policies.may_object_handle(request.actor, decided_by=row.decided_by_id),
            turn="compensation" in settings.OBJECTION_CLAUSE_FOR
            and row.notified_on is not None
            and row.objected_on is None,
            icon="scale",
        ),
    ]


@page(purpose="complaint")
def complaints(request: Request, case_id: UUID) -> HttpResponse:
    """Complaints with their clocks; what they say stands on their own page."""
    case = reading.open_case_file(case_id=case_id, part="complaints", actor=request.actor, at=request.at)
    by: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "at": request.at}
    record = Act(
        "record",
        _("New complaint"),
        form_for(request, "record", forms.ComplaintForm, people=reading.people_to_choose(case)),
        lambda form: services.record_complaint(**form.told(), **by),
        policies.may_record_complaint(request.actor),
        icon="file-plus",
    )
    context = {"act_name": _("Complaints"), "complaints": care.complaints_of(case)}
    return care_page(request, "cases/care/complaints.html", case, context, [record])


@page(purpose="complaint")
def complaint(request: Request, complaint_id: UUID) -> HttpResponse:
    """One complaint, for who handles it and who recorded it."""
    opened = care.read_complaint(complaint_id=complaint_id, actor=request.actor, at=request.at)
    context = {
        "act_name": _("Complaint"),
        "row": opened.row,
        "texts": opened.texts,
        "last_day": last_day(opened.row),
        "late": opened.row.state != "settled" and request.at.date() > last_day(opened.row),
    }
    acts = _handling(request, opened.row)
    return care_page(request, "cases/care/complaint.html", opened.case, context, acts, subject=opened.row)


def _handling(request: Request, row: Complaint) -> list[Act]:
    by: dict[str, Any] = {"complaint_id": row.pk, "actor": request.actor, "at": request.at}
    now, settles = {"version": row.version}, policies.may_settle_complaint(request.actor, handler=row.handler_id)
    return [
        Act(
            "take",
            _("Take in hand"),
            form_for(request, "take", forms.TakeForm, initial=now),
            lambda form: services.take_complaint(**form.told(), **by),
            policies.may_handle_complaint(request.actor, recorded_by=row.recorded_by_id, acted=False),
            turn=row.state == "received",
            submit=_("Take in hand"),
            icon="hand",
        ),
        Act(
            "settle",
            _("Settle"),
            form_for(request, "settle", forms.SettleComplaintForm, initial=now),
            lambda form: services.settle_complaint(**form.told(), **by),
            settles,
            turn=row.state == "taken",
            icon="gavel",
        ),
        Act(
            "postpone",
            _("Postpone by four weeks, once"),
            form_for(request, "postpone", forms.PostponeForm, initial=now),
            lambda form: services.postpone_complaint(**form.told(), **by),
            settles,
            turn=row.state == "taken" and not row.postponed,
            submit=_("The complainant was told"),
            icon="calendar-clock",
        ),
    ]
