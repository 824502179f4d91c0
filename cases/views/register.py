"""The register of decisions: of one case, and over all cases one sees."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.forms.register import RegisterFilter
from cases.policies import PARTS
from cases.services import reading
from cases.services.reading.register import register
from cases.views.answers import case_page
from stelsel.kernel.web import Request, page, show


@page(purpose="decision", roles=PARTS["package"])
def over_cases(request: Request) -> HttpResponse:
    """The newest decisions of all cases one sees."""
    filters = RegisterFilter(request.GET)
    rows = register(wanted=filters.wanted(), actor=request.actor, at=request.at)
    return show(request, "cases/register/all.html", {"filters": filters, "rows": rows, "with_case": True})


@page(purpose="decision")
def of_case(request: Request, case_id: UUID) -> HttpResponse:
    """The decisions of one case, newest first; it prints as it stands."""
    case = reading.open_case_file(case_id=case_id, part="package", actor=request.actor, at=request.at)
    filters = RegisterFilter(request.GET)
    rows = register(case_id=case_id, wanted=filters.wanted(), actor=request.actor, at=request.at)
    context = {"act_name": _("Decisions"), "filters": filters, "rows": rows}
    return case_page(request, "cases/register/case.html", case, context)
