"""Give a colleague access to a case, with a reason and an end."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import services
from cases.forms.access import GrantForm
from cases.policies import may_give_access
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="access")
def give(request: Request, case_id: UUID) -> HttpResponse:
    """Who, in which role, why, until when."""
    case = reading.open_case_file(case_id=case_id, part="access", actor=request.actor, at=request.at)
    require(may_give_access(request.actor))
    holders = reading.grantable(at=request.at)
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        holders=[choice for choice, _user, _role in holders],
        today=timezone.localdate(request.at),
    )
    if done(request, form, lambda: _give(form, case_id, request)):
        return redirect("cases:case", case_id)
    context = {"act_name": _("Give access"), "submit": _("Give access")}
    return case_page(request, "cases/form.html", case, context, form=form)


def _give(form: GrantForm, case_id: UUID, request: Request) -> object:
    told = form.cleaned_data
    user, role = next(
        (user, role) for choice, user, role in reading.grantable(at=request.at) if choice.value == told["holder"]
    )
    last_day_ends = datetime.combine(told["until"] + timedelta(days=1), time.min, timezone.get_current_timezone())
    return services.give_access(
        case_id=case_id,
        role=role,
        user_id=user,
        reason=told["reason"],
        ground="access.give",
        until=last_day_ends,
        actor=request.actor,
        at=request.at,
    )
