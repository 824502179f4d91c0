"""A report about somebody who has a case: read, forwarded, taken up, or turned away as about somebody else."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms import reports as forms
from cases.services import reading
from cases.services.reading import Report
from cases.views.answers import done, marking_of
from cases.views.care.pages import Act, form_for
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page, show, status_of


@page(purpose="nomination")
def passed_report(request: Request, report_id: UUID) -> HttpResponse:
    """What was reported, by whom, and what can be done about it now; to who reported, what became of it."""
    report = reading.read_passed_report(report_id=report_id, actor=request.actor, at=request.at)
    acts = _acts(report, request)
    sent = next((one for one in acts if one.form.is_bound), None)
    if sent is not None:
        require(sent.verdict)
        act = sent
        if done(request, act.form, lambda: act.service(act.form)):
            return redirect(request.path)
    context = {
        "report": report,
        "marking": report.row.get_marking_display() if report.case is None else marking_of(report.case),
        "acts": [one for one in acts if one.shown],
        "mine": report.row.reported_by_id == request.actor.user_id,
    }
    return show(request, "cases/passed_report.html", context, status=status_of(sent.form) if sent else 200)


def _acts(report: Report, request: Request) -> list[Act]:
    row = report.row
    by: dict[str, Any] = {"report_id": row.pk, "actor": request.actor, "at": request.at}
    answers = policies.may_answer_report(
        request.actor, office=row.office_id, forwarded=row.forwarded_at is not None, reported_by=row.reported_by_id
    )
    waits = row.state in ("waiting", "forwarded")
    with_nctv = report.case is not None and report.case.state in ("triage", "scheme")
    return [
        Act(
            "forward",
            _("Forward to the NCTV"),
            form_for(request, "forward", forms.BareForm),
            lambda _form: services.forward_report(**by),
            verdict=policies.may_forward_report(request.actor, office=row.office_id),
            turn=row.state == "waiting" and with_nctv,
            submit=_("Forward"),
            icon="send",
        ),
        Act(
            "take",
            _("Take it up"),
            form_for(request, "take", forms.TakeForm),
            lambda form: services.take_report(**form.told(), **by),
            verdict=answers,
            turn=waits,
            submit=_("Taken up"),
            icon="check",
        ),
        Act(
            "differ",
            _("About another person"),
            form_for(request, "differ", forms.DifferForm),
            lambda form: services.differ_report(**form.told(), **by),
            verdict=answers,
            turn=waits,
            submit=_("Another person"),
            icon="split",
        ),
        Act(
            "read",
            _("Answered"),
            form_for(request, "read", forms.BareForm),
            lambda _form: services.read_report_answer(**by),
            verdict=policies.may_read_answer(request.actor, reported_by=row.reported_by_id),
            turn=not waits,
            submit=_("Read"),
            icon="check",
        ),
    ]
