"""What we knew then: the case as a role could see it at an instant."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.forms.then import LookBackForm
from cases.services import reading
from cases.views.answers import case_page
from cases.views.case import moments_of
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models.people import RoleChoices
from stelsel.kernel.web import Request, attempt, page


@page(purpose="looking back")
def then(request: Request, case_id: UUID) -> HttpResponse:
    """Asks for instant, role and ground; shows the case as it was known."""
    case = reading.open_look_back(case_id=case_id, actor=request.actor, at=request.at)
    asked = "at" in request.GET
    form = LookBackForm(request.GET if asked else None, initial={"at": request.at.replace(second=0, microsecond=0)})
    found = None
    if asked and form.is_valid():
        given = form.cleaned_data
        found = attempt(
            request,
            form,
            lambda: reading.read_then(
                case_id=case_id,
                role=Role(given["role"]),
                then=given["at"],
                ground=given["ground"],
                actor=request.actor,
                at=request.at,
            ),
        )
    context = {
        "act_name": _("What we knew then"),
        "found": found,
        "role_name": RoleChoices(found.role).label if found else "",
        "ground_name": reading.GROUNDS[form.cleaned_data["ground"]] if found else "",
        "events": moments_of(found.file.history) if found and found.file else [],
    }
    return case_page(request, "cases/then.html", case, context, form=form)
