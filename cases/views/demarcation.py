"""Another regime beside the scheme and the local domain: there, its answer, and back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.demarcation import is_block_alone
from cases.forms import demarcation as forms
from cases.models import Case, Demarcation
from cases.services import reading
from cases.views.care.pages import Act, act_page, form_for
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="case work")
def demarcation(request: Request, case_id: UUID) -> HttpResponse:
    """Where the person was beside what happens here, and what can be done about it now."""
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    require(policies.may_keep_demarcation(request.actor))
    went = reading.demarcations_of(case)
    now = next((one.row for one in went if one.row.state not in ("declined", "received")), None)
    acts = _acts_on(now, case, request) if now else [_leave(case, request)]
    context = {
        "act_name": _("Other regime"),
        "went": went,
        "standing": now,
        "block": is_block_alone(case.demarcation),
        "hindrances": [_(reason) for reason in reading.what_binds(case)] if now and now.state == "waiting" else [],
    }
    return act_page(request, "cases/demarcation.html", case, context, acts)


def _leave(case: Case, request: Request) -> Act:
    receivers = reading.contact_points()
    return Act(
        "demarcate",
        _("Another regime is to look after the person"),
        form_for(request, "demarcate", forms.DemarcateForm, receivers=receivers),
        lambda form: services.demarcate(
            case_id=case.pk,
            elsewhere=form.elsewhere(),  # type: ignore[attr-defined]  # the form of this act
            actor=request.actor,
            at=request.at,
        ),
        verdict=policies.may_demarcate(
            request.actor,
            in_scheme=case.state == "scheme",
            office=case.office_id,
            decider=case.decider_id,
            person_user=case.person.user_id,
        ),
        turn=case.state not in ("triage", "closed"),
        submit=_("Decide"),
        icon="signpost",
    )


def _acts_on(row: Demarcation, case: Case, request: Request) -> list[Act]:
    by: dict[str, Any] = {"demarcation_id": row.pk, "actor": request.actor, "at": request.at}
    keeps = policies.may_keep_demarcation(request.actor)
    answers = policies.may_answer_demarcation(request.actor, decided_by=row.decided_by_id)
    return [
        Act(
            "take_over",
            _("They look after the person from now on"),
            form_for(request, "take_over", forms.TakenOverForm),
            lambda form: services.take_over(**form.told(), **by),
            verdict=answers,
            turn=row.state == "waiting",
            submit=_("Taken over"),
            icon="check",
        ),
        Act(
            "decline",
            _("They do not take the person over"),
            form_for(request, "decline", forms.BareForm),
            lambda _form: services.decline_demarcation(**by),
            verdict=answers,
            turn=row.state == "waiting",
            submit=_("Not taken over"),
            icon="x",
        ),
        Act(
            "receive",
            _("Take the person in hand again"),
            form_for(request, "receive", forms.BareForm),
            lambda _form: services.receive_back(**by),
            verdict=policies.may_receive_back(request.actor, office=case.office_id),
            turn=row.state == "back",
            submit=_("In hand"),
            icon="hand",
        ),
        Act(
            "hold",
            _("They still look after the person"),
            form_for(request, "hold", forms.HoldForm),
            lambda form: services.hold_longer(**form.told(), **by),
            verdict=keeps,
            turn=row.state == "taken_over",
            icon="calendar-check",
        ),
        Act(
            "hand_back",
            _("They hand the person back"),
            form_for(request, "hand_back", forms.HandBackForm),
            lambda form: services.hand_back(**form.told(), **by),
            verdict=keeps,
            turn=row.state == "taken_over",
            submit=_("Handed back"),
            icon="undo-2",
        ),
    ]
