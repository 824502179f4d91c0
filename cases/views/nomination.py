"""The nomination: one page with the step that is now (fill, complete, sign), and what was written before."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cases import services
from cases.forms.intake import AssessForm, FillForm, MoveForm, SignForm, WithdrawForm
from cases.forms.versions import Versioned
from cases.models import Nomination
from cases.policies import (
    may_assess,
    may_complete_nomination,
    may_fill_nomination,
    may_sign_nomination,
    may_withdraw_nomination,
)
from cases.services import reading
from cases.services.reading import Opened
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import Actor, Verdict, no
from stelsel.kernel.errors import IllegalMove, gettext_noop
from stelsel.kernel.web import Request, page

Act = Callable[[Versioned, Nomination, Request], object]
FORMS: dict[str, type[Versioned]] = {"draft": FillForm, "filled": AssessForm, "completed": SignForm}
WAITS = {
    "draft": _("With the police: the intake is being filled in."),
    "filled": _("With the adviser BB&C, who completes it."),
    "completed": _("Waits for the signature of the chief prosecutor."),
    "signed": _("Nominated; the NCTV prepares the judgement."),
    "prepared": _("Waits for the judgement of the decider."),
}
DECIDED = ("accepted", "rejected", "withdrawn")


@page(purpose="nomination")
def nomination(request: Request, nomination_id: UUID) -> HttpResponse:
    """Read the nomination, and take the step that is now."""
    opened = reading.read_nomination(nomination_id=nomination_id, actor=request.actor, at=request.at)
    row = opened.row
    act = request.POST.get("act", "sign")  # the signing form has one button, without a name
    step = _step_form(opened, request if act not in ("send_back", "withdraw") else None)
    back = MoveForm(request.POST if act == "send_back" else None)
    withdrawal = WithdrawForm(request.POST) if act == "withdraw" else WithdrawForm(initial={"version": row.version})
    sent: Versioned = {"send_back": back, "withdraw": withdrawal}.get(act, step)
    if done(request, sent, lambda: _take(act, sent, row, request)):
        return redirect("cases:nomination", row.pk) if act == "save" else redirect("cases:case", row.case_id)
    return case_page(
        request,
        "cases/nomination.html",
        opened.case,
        {
            "act_name": _("Nomination"),
            "nomination": row,
            "texts": opened.texts,
            "step": row.state if _may_take(row, request.actor) else "",
            "waits_for": WAITS.get(row.state, row.get_state_display()),
            "step_form": step,
            "withdrawal": withdrawal,
            "made": reading.assessments_on(opened),
            "agenda": reading.agenda_of(row),
            "may_assess": bool(may_assess(request.actor, state=row.state)),
            "may_send_back": row.state in ("filled", "completed") and bool(may_complete_nomination(request.actor)),
            "may_withdraw": row.state not in DECIDED
            and bool(may_withdraw_nomination(request.actor, office=row.case.office_id)),
        },
        form=sent,
        subject=row,
    )


def _step_form(opened: Opened[Nomination], request: Request | None) -> Versioned:
    """The form of the step that is now, with what was sent where something was sent to it."""
    row = opened.row
    kind = FORMS.get(row.state, MoveForm)
    if request is not None and request.method == "POST":
        return kind(request.POST)
    names = ("serious", "aimed_at_life", "threatener_known", "version")
    return kind(initial={**opened.texts, **{name: getattr(row, name) for name in names}})


def _may_take(row: Nomination, actor: Actor) -> Verdict:
    """Whether this actor takes the step that is now."""
    if row.state == "draft":
        return may_fill_nomination(actor, filled_by=row.filled_by_id)
    if row.state == "filled":
        return may_complete_nomination(actor)
    if row.state == "completed":
        return may_sign_nomination(actor, office=row.case.office_id)
    return no("not_now", gettext_noop("There is no step to take now."))


def _take(act: str, form: Versioned, row: Nomination, request: Request) -> object:
    if act not in ACTS:
        raise IllegalMove("unknown_act", gettext_noop("There is no step to take now."))
    return ACTS[act](form, row, request)


def _save(form: Versioned, row: Nomination, request: Request) -> Nomination:
    if not isinstance(form, FillForm):
        raise IllegalMove("not_now", gettext_noop("The intake was handed in."))
    return services.fill_nomination(
        nomination_id=row.pk,
        what_happened=form.cleaned_data["what_happened"],
        measures_now=form.cleaned_data["measures_now"],
        criteria=form.criteria(phenomenon=row.case.phenomenon),
        version=form.cleaned_data["version"],
        actor=request.actor,
        at=request.at,
    )


def _hand_in(form: Versioned, row: Nomination, request: Request) -> Nomination:
    """What stands on the page is saved and handed in: both, or neither."""
    saved = _save(form, row, request)
    return services.hand_in(nomination_id=row.pk, version=saved.version, actor=request.actor, at=request.at)


def _complete(form: Versioned, row: Nomination, request: Request) -> Nomination:
    return services.complete_nomination(
        nomination_id=row.pk,
        assessment=form.cleaned_data.get("assessment", ""),
        version=form.cleaned_data["version"],
        actor=request.actor,
        at=request.at,
    )


def _sign(form: Versioned, row: Nomination, request: Request) -> Nomination:
    return services.sign_nomination(
        nomination_id=row.pk,
        version=form.cleaned_data["version"],
        code=form.cleaned_data.get("code", ""),
        actor=request.actor,
        at=request.at,
    )


def _send_back(form: Versioned, row: Nomination, request: Request) -> Nomination:
    version = form.cleaned_data["version"]
    return services.send_back(nomination_id=row.pk, version=version, actor=request.actor, at=request.at)


def _withdraw(form: Versioned, row: Nomination, request: Request) -> Nomination:
    version, reason = form.cleaned_data["version"], form.cleaned_data.get("reason", "")
    return services.withdraw_nomination(
        nomination_id=row.pk, reason=reason, version=version, actor=request.actor, at=request.at
    )


ACTS: dict[str, Act] = {
    "save": _save,
    "hand_in": _hand_in,
    "complete": _complete,
    "sign": _sign,
    "send_back": _send_back,
    "withdraw": _withdraw,
}
