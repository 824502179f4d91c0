"""How the pages of capacity answer: with the marking of the case, and with what was typed."""

from collections.abc import Callable

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.web import Request, attempt

RULES: dict[str, str | Promise] = {
    "organisation": _("work this organisation never does"),
    "legal-basis": _("no legal ground"),
    "competence": _("not the competence"),
    "operational-period": _("not operational then"),
    "availability": _("not available then"),
    "pin": _("set aside by hand"),
    "other-authority": _("another authority's"),
    "one-line-at-a-time": _("serves elsewhere, or is on the way"),
    "travel": _("on the way"),
    "shift-length": _("shift too long"),
    "daily-rest": _("daily rest"),
    "short-rest": _("shortened rest was used"),
    "weekly-rest": _("weekly rest"),
    "week-hours": _("60 hours a week"),
}
"""Why a team may not serve, in the reader's words; the names are those of the explanation of a plan."""

LEVELS: dict[str, str | Promise] = {
    "uncovered": _("Shifts with a floor and no team"),
    "floor": _("Team-hours below the safety floor"),
    "fairness": _("Most hours below the floor for one person"),
    "required": _("Team-hours below what is required"),
    "concept": _("Less preferred concepts"),
    "changes": _("Changes to the present plan"),
    "continuity": _("Different teams per person"),
    "balance": _("Uneven hours within units"),
}

RUN_BADGE = {
    "queued": "info",
    "solving": "info",
    "proposed": "warning",
    "failed": "danger",
    "superseded": "neutral",
    "published": "ok",
}

FAILURES: dict[str, str | Promise] = {
    "stopped": _("It was stopped; nothing is proposed and the present plan runs on."),
    "conflict": _("What is fixed breaks a rule, so no lawful plan exists. The conflicts are named below."),
    "unreadable": _("The records contradict each other."),
    "no_plan": _("The solver gave no plan."),
}

OVERTAKEN: dict[str, str | Promise] = {
    "decision": _("new measures were decided"),
    "urgent": _("urgent measures were ordered"),
    "picture": _("a new threat picture was adopted"),
    "level": _("a threat level was decided"),
    "measure_ended": _("a measure was ended"),
    "measure_fell_away": _("a measure fell away"),
    "team": _("teams changed"),
    "newer_run": _("a newer run was requested"),
    "newer_plan": _("a newer plan was published"),
}


def done(request: Request, form: BaseForm, service: Callable[[], object]) -> bool:
    """Whether the form was sent, is whole, and its act was done."""
    return request.method == "POST" and form.is_valid() and attempt(request, form, service) is not None


def marking_of(case: Case) -> str:
    return "" if case.marking == "NONE" else str(case.get_marking_display())
