"""Escalation after a rejection: the chief prosecutor's reasons, the answer of the NCTV, and the next rung."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms import escalation as forms
from cases.models import Case
from cases.models.escalation import RUNGS
from cases.services import reading
from cases.services.reading import Rejection
from cases.views.care.pages import Act, act_page, form_for
from stelsel.kernel.web import Request, page


@page(purpose="decision")
def escalation(request: Request, case_id: UUID) -> HttpResponse:
    """Why the nomination was rejected, the rungs taken since, and what can be done about it now."""
    case = reading.open_case_file(case_id=case_id, part="judgement", actor=request.actor, at=request.at)
    rejection = reading.rejection_of(case)
    acts = [_raise(rejection, case, request), *_on_open(rejection, case, request)] if rejection else []
    context = {"act_name": _("Escalation"), "rejection": rejection}
    return act_page(request, "cases/escalation.html", case, context, acts)


def _raise(rejection: Rejection, case: Case, request: Request) -> Act:
    rung = dict(RUNGS).get(rejection.rung or 0, _("Escalate"))
    return Act(
        "escalate",
        rung,
        form_for(request, "escalate", forms.EscalateForm),
        lambda form: services.escalate(case_id=case.pk, **form.told(), actor=request.actor, at=request.at),
        verdict=policies.may_escalate(request.actor, office=case.office_id),
        turn=rejection.rung is not None and rejection.newest and case.state == "local",
        submit=_("Escalate"),
        icon="scale",
    )


def _on_open(rejection: Rejection, case: Case, request: Request) -> list[Act]:
    row = rejection.open or next((one.row for one in rejection.taken), None)
    if row is None:
        return []
    by: dict[str, Any] = {"escalation_id": row.pk, "actor": request.actor, "at": request.at}
    return [
        Act(
            "answer",
            _("Sign the answer"),
            form_for(request, "answer", forms.AnswerForm),
            lambda form: services.decide_escalation(**form.told(), **by),
            verdict=policies.may_answer_escalation(
                request.actor,
                judged_by=reading.judges(rejection.judgement),
                raised_by=row.raised_by_id,
                person_user=case.person.user_id,
            ),
            turn=row.state == "raised",
            statement=_(
                "I answer this escalation for the NCTV. If the rejection does not stand, the nomination is judged "
                "anew by others."
            ),
        ),
        Act(
            "withdraw",
            _("Withdraw the escalation"),
            form_for(request, "withdraw", forms.BareForm),
            lambda _form: services.withdraw_escalation(**by),
            verdict=policies.may_escalate(request.actor, office=case.office_id),
            turn=row.state == "raised",
            submit=_("Withdraw"),
            icon="undo-2",
        ),
    ]
