"""Close a case in the local domain, and open it again."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cases import services
from cases.forms.authority import ReasonForm
from cases.policies import may_close_case
from cases.services import reading
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import require
from stelsel.kernel.web import Request, page


@page(purpose="case work")
def close(request: Request, case_id: UUID) -> HttpResponse:
    """Close the case; what keeps it open is named."""
    return _with_a_reason(request, case_id, closing=True)


@page(purpose="case work")
def reopen(request: Request, case_id: UUID) -> HttpResponse:
    """Open a closed case again."""
    return _with_a_reason(request, case_id, closing=False)


def _with_a_reason(request: Request, case_id: UUID, *, closing: bool) -> HttpResponse:
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    require(may_close_case(request.actor, office=case.office_id))
    service = services.close_case if closing else services.reopen_case
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": case.version})
    if done(
        request,
        form,
        lambda: service(case_id=case_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("cases:case", case_id)
    context = {
        "act_name": _("Close the case") if closing else _("Open the case again"),
        "closing": closing,
        "hindrances": [_(reason) for reason in reading.what_keeps_open(case)] if closing else [],
        "possible": (case.state != "closed") is closing,
    }
    return case_page(request, "cases/closing.html", case, context, form=form, subject=case)
