"""Relatives outside the core household: each designated, and ended, by a decision of its own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms import relatives as forms
from cases.models import RelativeDesignation
from cases.services.reading.relatives import read_relative, read_relatives
from cases.views.care.pages import Act, act_page, form_for
from stelsel.kernel.authorisation import Verdict
from stelsel.kernel.web import Request, page


@page(purpose="decision")
def relatives(request: Request, case_id: UUID) -> HttpResponse:
    """Who is close outside the core household, and a proposal for one of them."""
    case, found = read_relatives(case_id=case_id, actor=request.actor, at=request.at)
    form = form_for(request, "propose", forms.ProposeForm, relatives=found)
    propose = Act(
        "propose",
        _("Propose a designation"),
        form,
        lambda form: services.propose_relative(case_id=case_id, **form.told(), actor=request.actor, at=request.at),
        verdict=policies.may_prepare_package(request.actor, case_manager=case.case_manager_id),
        turn=case.state == "scheme" and any(not one.open for one in found),
        submit=_("Lay before the decider"),
        icon="user-plus",
    )
    context = {"act_name": _("Relatives outside the core household"), "relatives": found}
    return act_page(request, "cases/relatives/list.html", case, context, [propose])


@page(purpose="decision")
def relative(request: Request, relative_id: UUID) -> HttpResponse:
    """One designation: grounds left, what can be decided right."""
    opened = read_relative(relative_id=relative_id, actor=request.actor, at=request.at)
    row, case = opened.row, opened.case
    context = {
        "act_name": _("Designation of a relative"),
        "relative": row,
        "texts": opened.texts,
        "relatives_url": reverse("cases:relatives", args=[case.pk]),
    }
    return act_page(request, "cases/relatives/one.html", case, context, _acts(request, row), subject=row)


def _acts(request: Request, row: RelativeDesignation) -> list[Act]:
    by: dict[str, Any] = {"relative_id": row.pk, "actor": request.actor, "at": request.at}
    initial = {"version": row.version}
    proposed, ending = row.state == "proposed", row.state == "ending"
    prepares = policies.may_prepare_package(request.actor, case_manager=row.case.case_manager_id)
    decides = _may_decide(request, row, row.proposed_by_id)
    ends = _may_decide(request, row, row.end_proposed_by_id or row.proposed_by_id)
    return [
        Act(
            "designate",
            _("Designate this relative"),
            form_for(request, "designate", forms.DecideRelativeForm, initial=initial),
            lambda form: services.designate_relative(**form.told(), **by),
            verdict=decides,
            turn=proposed,
            statement=_("I designate this relative. From this instant the NCTV is the authority over them."),
        ),
        Act(
            "decline",
            _("Do not designate"),
            form_for(request, "decline", forms.DecideRelativeForm, initial=initial),
            lambda form: services.decline_relative(**form.told(), **by),
            verdict=decides,
            turn=proposed,
            submit=_("Sign: do not designate"),
            icon="x",
        ),
        Act(
            "propose_end",
            _("Propose to end it"),
            form_for(request, "propose_end", forms.EndGroundsForm, initial=initial),
            lambda form: services.propose_end(**form.told(), **by),
            verdict=prepares,
            turn=row.state == "designated",
            submit=_("Lay before the decider"),
            icon="undo-2",
        ),
        Act(
            "end",
            _("End this designation"),
            form_for(request, "end", forms.DecideRelativeForm, initial=initial),
            lambda form: services.end_relative(**form.told(), **by),
            verdict=ends,
            turn=ending,
            statement=_("I end this designation. From this instant the chief prosecutor is the authority over them."),
        ),
        Act(
            "keep",
            _("Let it go on"),
            form_for(request, "keep", forms.KeepForm, initial=initial),
            lambda form: services.keep_relative(**form.told(), **by),
            verdict=ends,
            turn=ending,
            submit=_("It goes on"),
            icon="check",
        ),
    ]


def _may_decide(request: Request, row: RelativeDesignation, prepared_by: UUID) -> Verdict:
    return policies.may_decide_package(
        request.actor,
        prepared_by=prepared_by,
        decider=row.case.decider_id,
        person_user=row.person.user_id,
    )
