"""Who is kept out of a case because of a tie with the person or the family."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms.recusals import EndForm, RecuseForm
from cases.services import reading
from cases.services.reading import recusals as kept
from cases.views.care.pages import Act, act_page, form_for
from stelsel.kernel.web import Request, page


@page(purpose="access")
def recusals(request: Request, case_id: UUID) -> HttpResponse:
    """Everybody who was ever kept out, and why; keep somebody out, or end it."""
    case = reading.open_case_file(case_id=case_id, part="access", actor=request.actor, at=request.at)
    found = kept.recusals_of(case)
    standing = [
        reading.Choice(str(one.row.pk), one.row.user.get_full_name()) for one in found if one.row.ended_at is None
    ]
    acts = [
        Act(
            "recuse",
            _("Keep a colleague out"),
            form_for(request, "recuse", RecuseForm, colleagues=kept.colleagues(at=request.at)),
            lambda form: services.recuse(case_id=case_id, **form.told(), actor=request.actor, at=request.at),
            verdict=policies.may_keep_recusals(request.actor),
            icon="users",
        ),
        Act(
            "end",
            _("End it"),
            form_for(request, "end", EndForm, standing=standing),
            lambda form: services.end_recusal(**form.told(), actor=request.actor, at=request.at),
            verdict=policies.may_end_recusal(request.actor, user=None),
            turn=bool(standing),
            icon="undo-2",
        ),
    ]
    return act_page(request, "cases/recusals.html", case, {"act_name": _("Conflicts of interest"), "kept": found}, acts)
