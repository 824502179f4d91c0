"""The telephone: urgent measures for a case, or for a person who has none yet."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.urgent import CallForm, NewCallForm
from cases.models import UrgentRequest
from cases.policies import may_take_urgent_call
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page, show, status_of

INSTANT = timedelta(milliseconds=1)  # authority cannot pass at the very instant at which it began


@page(purpose="urgent call")
def urgent(request: Request, case_id: UUID) -> HttpResponse:
    """Order measures now, for a case."""
    file = reading.read_case(case_id=case_id, actor=request.actor, at=request.at)
    require(may_take_urgent_call(request.actor))
    kinds = reading.kinds_with_direction(on=request.at.date())
    form = CallForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if done(
        request,
        form,
        lambda: services.order_urgent_measures(
            case_id=case_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("cases:case", case_id)
    context = {"act_name": _("Urgent measures by telephone"), "file": file}
    return case_page(request, "cases/urgent.html", file.case, context, form=form)


@page(purpose="urgent call")
def call(request: Request) -> HttpResponse:
    """A call about somebody who has no case: the case and the measures, in one go."""
    require(may_take_urgent_call(request.actor))
    form = NewCallForm(
        request.POST if request.method == "POST" else None,
        kinds=reading.kinds_with_direction(on=request.at.date()),
        offices=reading.offices(),
        regions=reading.regions(),
    )
    if done(request, form, lambda: _take(form, request)):
        return redirect("cases:list")
    return show(request, "cases/call.html", {"form": form}, status=status_of(form))


def _take(form: NewCallForm, request: Request) -> UrgentRequest:
    """Case and measures: both, or neither."""
    intake = form.intake(purpose=_("Urgent protection of life and limb"))
    case = services.open_urgent_case(intake=intake, actor=request.actor, at=request.at)
    told = form.cleaned_data
    return services.order_urgent_measures(
        case_id=case.pk,
        caller=told["caller"],
        note=told["note"],
        kinds=told["kinds"],
        actor=request.actor,
        at=request.at + INSTANT,
    )
