"""Quadrilateral meetings: what was agreed, and what became of it."""

from uuid import UUID

from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.mayor import AgreedForm, AgreedForms, MeetingForm, SettleAgreementForm
from cases.models.meeting import PARTICIPANTS
from cases.policies import may_settle_agreement, may_write_meeting
from cases.services import Agreed, reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="meeting")
def meetings(request: Request, case_id: UUID) -> HttpResponse:
    """The meetings about a case with their agreements; write the next one down."""
    case, held = reading.read_meetings(case_id=case_id, actor=request.actor, at=request.at)
    may_write = bool(may_write_meeting(request.actor))
    sent = request.POST if request.method == "POST" and may_write else None
    form = MeetingForm(sent, municipalities=reading.municipalities())
    agreed = AgreedForms(sent, prefix="agreed")
    whole = sent is None or agreed.is_valid()
    if may_write and whole and done(request, form, lambda: _write(form, agreed, case_id, request)):
        return redirect("cases:meetings", case_id)
    names = dict(PARTICIPANTS)
    context = {
        "act_name": _("Quadrilateral meetings"),
        "held": [
            {"meeting": meeting, "who": [names[code] for code in meeting.participants], "agreements": agreements}
            for meeting, agreements in held
        ],
        "meeting_form": form,
        "agreed": agreed,
        "may_write": may_write,
        "may_settle": bool(may_settle_agreement(request.actor)),
    }
    answer = case_page(request, "cases/meetings.html", case, context, form=form)
    if not whole:
        answer.status_code = 422
    return answer


def _write(form: MeetingForm, agreed: BaseFormSet[AgreedForm], case_id: UUID, request: Request) -> object:
    typed = form.cleaned_data
    return services.write_meeting(
        case_id=case_id,
        held_at=typed["held_at"],
        participants=typed["participants"],
        municipality_id=typed["municipality"],
        agreed=[Agreed(**one.cleaned_data) for one in agreed.forms if one.has_changed()],
        actor=request.actor,
        at=request.at,
    )


@page(purpose="meeting")
def meeting_agreement(request: Request, agreement_id: UUID) -> HttpResponse:
    """Say what became of an agreement."""
    opened = reading.read_meeting_agreement(agreement_id=agreement_id, actor=request.actor, at=request.at)
    require(may_settle_agreement(request.actor))
    form = SettleAgreementForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.settle_agreement(
            agreement_id=agreement_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:meetings", opened.row.case_id)
    context = {"act_name": _("Agreement"), "agreement": opened.row, "texts": opened.texts}
    return case_page(request, "cases/meeting_agreement.html", opened.case, context, form=form)
