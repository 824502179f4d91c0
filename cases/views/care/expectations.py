"""What may be expected of person, employer and government, and what the employer does."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms.care import expectations as forms
from cases.services import reading
from cases.services.reading import care
from cases.views.care.pages import Act, care_page, form_for
from stelsel.kernel.web import Request, page


@page(purpose="duty of care")
def expectations(request: Request, case_id: UUID) -> HttpResponse:
    """Every version with its answer, and the questions; write, answer, ask and reply."""
    case = reading.open_case_file(case_id=case_id, part="care", actor=request.actor, at=request.at)
    written, asked = care.expectations_of(case), care.questions_of(case)
    standing = [one for one in written if not one.row.is_replaced]
    waiting = [one for one in standing if not one.row.answer]
    unanswered = [one for one in asked if one.row.answered_at is None]
    by: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "at": request.at}
    verdict = policies.may_keep_agreements(request.actor, case_manager=case.case_manager_id)
    acts = [
        Act(
            "answer",
            _("What the other side says to it"),
            form_for(request, "answer", forms.AnswerForm, waiting=waiting, initial={"answered_on": request.at.date()}),
            lambda form: services.answer_expectation(**form.told(), **by),
            verdict=verdict,
            turn=bool(waiting),
            submit=_("Record"),
            icon="reply",
        ),
        Act(
            "reply",
            _("Answer a question"),
            form_for(request, "reply", forms.ReplyForm, asked=unanswered),
            lambda form: services.answer_question(**form.told(), **by),
            verdict=verdict,
            turn=bool(unanswered),
            icon="message-circle",
        ),
        Act(
            "write",
            _("Write down what may be expected"),
            form_for(request, "write", forms.ExpectationForm, standing=standing, initial={"side": "person"}),
            lambda form: services.write_expectation(**form.told(), **by),
            verdict=verdict,
        ),
        Act(
            "ask",
            _("A question was asked"),
            form_for(request, "ask", forms.QuestionForm, initial={"asked_on": request.at.date(), "side": "person"}),
            lambda form: services.ask_question(**form.told(), **by),
            verdict=verdict,
            submit=_("Record"),
            icon="circle-help",
        ),
    ]
    context = {"act_name": _("Expectations"), "expectations": written, "questions": asked}
    return care_page(request, "cases/care/expectations.html", case, context, acts)


@page(purpose="duty of care")
def employer(request: Request, case_id: UUID) -> HttpResponse:
    """What employers took on themselves, until when, and whether somebody saw it."""
    case = reading.open_case_file(case_id=case_id, part="care", actor=request.actor, at=request.at)
    agreed = care.employer_measures_of(case)
    standing = [one for one in agreed if one.row.state != "lapsed"]
    open_work = care.waiting_for(case, "care.employer_lapsed")
    lapsed = [one for one in agreed if one.row.pk in open_work]
    by: dict[str, Any] = {"case_id": case_id, "actor": request.actor, "at": request.at}
    verdict = policies.may_keep_agreements(request.actor, case_manager=case.case_manager_id)
    acts = [
        Act(
            "taken_over",
            _("What fell away is taken over"),
            form_for(request, "taken_over", forms.TakenOverForm, measures=lapsed),
            lambda form: services.settle_lapsed_measure(**form.told(), **by),
            verdict=verdict,
            turn=bool(lapsed),
            submit=_("Taken over"),
            icon="octagon-alert",
        ),
        Act(
            "look",
            _("Somebody looked"),
            form_for(request, "look", forms.LookForm, measures=standing, initial={"looked_on": request.at.date()}),
            lambda form: services.look_at_employer_measure(**form.told(), **by),
            verdict=verdict,
            turn=bool(standing),
            submit=_("Record"),
            icon="eye",
        ),
        Act(
            "agree",
            _("Agreed with an employer"),
            form_for(request, "agree", forms.EmployerMeasureForm),
            lambda form: services.agree_employer_measure(**form.told(), **by),
            verdict=verdict,
            icon="briefcase",
        ),
    ]
    context = {"act_name": _("Employer's measures"), "measures": agreed}
    return care_page(request, "cases/care/employer.html", case, context, acts)
