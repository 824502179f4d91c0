"""Under which other names the person of a case is known."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms import aliases as forms
from cases.services import reading
from cases.views.care.pages import Act, act_page, form_for
from stelsel.kernel.web import Request, page


@page(purpose="identity")
def aliases(request: Request, case_id: UUID) -> HttpResponse:
    """The other names, also those withdrawn; add one, or withdraw one."""
    case, names = reading.read_aliases(case_id=case_id, actor=request.actor, at=request.at)
    standing = [reading.Choice(str(one.row.pk), one.text) for one in names if one.row.withdrawn_at is None]
    by: dict[str, Any] = {"actor": request.actor, "at": request.at}
    verdict = policies.may_keep_aliases(request.actor)
    is_open = case.state != "closed"
    acts = [
        Act(
            "add",
            _("Add a name"),
            form_for(request, "add", forms.AliasForm),
            lambda form: services.add_alias(case_id=case_id, **form.told(), **by),
            verdict=verdict,
            turn=is_open,
            submit=_("Add"),
            icon="list-plus",
        ),
        Act(
            "withdraw",
            _("Withdraw a name"),
            form_for(request, "withdraw", forms.WithdrawAliasForm, names=standing),
            lambda form: services.withdraw_alias(**form.told(), **by),
            verdict=verdict,
            turn=is_open and bool(standing),
            submit=_("Withdraw"),
            icon="undo-2",
        ),
    ]
    return act_page(request, "cases/aliases.html", case, {"act_name": _("Other names"), "names": names}, acts)
