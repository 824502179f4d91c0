"""Contact: the log, and the duty to inform."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.contact import ContactForm, SettleForm
from cases.policies import may_keep_contact
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="contact")
def contact(request: Request, case_id: UUID) -> HttpResponse:
    """Write what was said in the contact log."""
    case = reading.open_case_file(case_id=case_id, part="contact", actor=request.actor, at=request.at)
    require(may_keep_contact(request.actor))
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        people=reading.people_to_choose(case),
        signals=reading.signals_to_repeat(case),
    )
    if done(request, form, lambda: _log(form, case_id, request)):
        return redirect("cases:case", case_id)
    return case_page(request, "cases/form.html", case, {"act_name": _("Log contact"), "submit": _("Save")}, form=form)


def _log(form: ContactForm, case_id: UUID, request: Request) -> object:
    told = form.cleaned_data
    return services.log_contact(
        case_id=case_id,
        person_id=told["person"],
        text=told["text"],
        is_signal=told["is_signal"],
        heard=form.heard(),
        actor=request.actor,
        at=request.at,
    )


@page(purpose="contact")
def settle(request: Request, duty_id: UUID) -> HttpResponse:
    """Record that the person was told, or why not."""
    opened = reading.read_duty(duty_id=duty_id, actor=request.actor, at=request.at)
    require(may_keep_contact(request.actor))
    form = SettleForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.settle_duty(duty_id=duty_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", opened.row.case_id)
    context = {"act_name": _("Inform the person"), "duty": opened.row, "texts": opened.texts}
    return case_page(request, "cases/settle.html", opened.case, context, form=form)
