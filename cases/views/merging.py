"""Two cases that look alike: side by side, said to be about two persons, merged, or opened again."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases import policies, services
from cases.forms import merging as forms
from cases.forms.care.base import ActForm
from cases.models import Case, CaseMerge
from cases.services import reading
from cases.services.reading import Comparison
from cases.views.care.pages import Act, act_page, form_for
from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from stelsel.kernel.web import Request, page


@page(purpose="identity")
def same_person(request: Request, case_id: UUID) -> HttpResponse:
    """The case beside those that look like it, what was said of them, and what can be done about it now."""
    case = reading.open_case_file(case_id=case_id, actor=request.actor, at=request.at)
    found = reading.compare(case, actor=request.actor, at=request.at)
    acts = [*_on_merge(found, case, request), *_on_two(found, case, request)]
    return act_page(request, "cases/same_person.html", case, {"act_name": _("Same person"), "found": found}, acts)


def _on_merge(found: Comparison, case: Case, request: Request) -> list[Act]:
    """The answer to what is proposed, and the way back from what was merged."""
    merge = found.merge
    if merge is None:
        return []
    row = merge.row
    by: dict[str, Any] = {"merge_id": row.pk, "actor": request.actor, "at": request.at}
    settles = policies.may_settle_merge(request.actor, office=case.office_id, proposed_by=row.proposed_by_id)
    waits = row.state == "proposed"
    return [
        Act(
            "confirm",
            _("Merge"),
            form_for(request, "confirm", forms.BareForm),
            lambda _form: services.confirm_merge(**by),
            verdict=settles,
            turn=waits and merge.other is not None and not found.hindrances,
            submit=_("Merge"),
            icon="merge",
        ),
        Act(
            "decline",
            _("Do not merge"),
            form_for(request, "decline", forms.AnswerForm),
            lambda form: services.decline_merge(**form.told(), **by),
            verdict=settles,
            turn=waits,
            submit=_("Decline"),
            icon="x",
        ),
        Act(
            "withdraw",
            _("Withdraw the proposal"),
            form_for(request, "withdraw", forms.BareForm),
            lambda _form: services.withdraw_merge(**by),
            verdict=policies.may_withdraw_merge(request.actor, proposed_by=row.proposed_by_id),
            turn=waits,
            submit=_("Withdraw"),
            icon="undo-2",
        ),
        Act(
            "undo",
            _("Undo the merge"),
            form_for(request, "undo", forms.UndoForm),
            lambda form: services.undo_merge(**form.told(), **by),
            verdict=policies.may_undo_merge(request.actor, office=case.office_id),
            turn=row.state == "merged",
            submit=_("Open this case again"),
            icon="split",
        ),
    ]


def _on_two(found: Comparison, case: Case, request: Request) -> list[Act]:
    verdict = policies.may_compare(request.actor)
    is_open = case.state != "closed" and found.merge is None
    hinted = [side.case.number for side in found.sides[1:] if side.why and not side.apart]
    likely = {"number": hinted[0]} if len(hinted) == 1 else {}
    said = [
        reading.Choice(str(one.row.pk), one.other.number)
        for one in found.distinctions
        if one.other and one.row.case_id == case.pk and one.row.withdrawn_at is None
    ]
    by: dict[str, Any] = {"actor": request.actor, "at": request.at}
    return [
        Act(
            "propose",
            _("One person: propose to merge"),
            form_for(request, "propose", forms.ProposeForm, initial=likely),
            lambda form: _propose(form, case, by),
            verdict=verdict,
            turn=is_open,
            submit=_("Propose"),
            icon="merge",
        ),
        Act(
            "distinct",
            _("Two persons: take the hint away"),
            form_for(request, "distinct", forms.DistinctForm, initial=likely),
            lambda form: services.say_distinct(
                case_id=case.pk, other_id=_other(form, by), reason=form.cleaned_data["reason"], **by
            ),
            verdict=verdict,
            turn=is_open,
            submit=_("Two persons"),
            icon="split",
        ),
        Act(
            "together",
            _("Not certain after all"),
            form_for(request, "together", forms.TogetherForm, said=said),
            lambda form: services.withdraw_distinction(**form.told(), **by),
            verdict=verdict,
            turn=bool(said) and case.state != "closed",
            submit=_("Show the hint again"),
            icon="undo-2",
        ),
    ]


def _other(form: ActForm, by: dict[str, Any]) -> UUID:
    """The case whose number was typed, of those the actor sees."""
    try:
        return reading.numbered(form.cleaned_data["number"], **by).pk
    except Case.DoesNotExist:
        fault = Fault("number", "unknown", gettext_noop("You see no case with this number."))
        raise Invalid("invalid", fault.message, faults=(fault,)) from None


def _propose(form: ActForm, case: Case, by: dict[str, Any]) -> CaseMerge:
    other = _other(form, by)
    resting, leading = (case.pk, other) if form.cleaned_data["goes_on"] == "other" else (other, case.pk)
    return services.propose_merge(case_id=resting, leading_id=leading, reason=form.cleaned_data["reason"], **by)
