"""How the pages of a case answer: with its marking, with what was typed, and with both versions after a conflict."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.forms.versions import Versioned
from cases.models import Case
from cases.services import reading
from stelsel.kernel.composition import Panel
from stelsel.kernel.errors import Stale
from stelsel.kernel.web import Request, attempt, show, status_of

OTHER_LABELS = {  # of what a form does not ask but a step may have changed
    "state": _("State"),
    "what_happened": _("What happened"),
    "measures_now": _("Measures in force now"),
    "assessment": _("Assessment of the adviser BB&C"),
}


def done(request: Request, form: BaseForm, service: Callable[[], object]) -> bool:
    """Whether the form was sent, is whole, and its act was done."""
    return request.method == "POST" and form.is_valid() and attempt(request, form, service) is not None


def marking_of(case: Case) -> str:
    return "" if case.marking == "NONE" else str(case.get_marking_display())


def panels(request: Request, case_id: UUID, *, of: Iterable[Panel]) -> list[str]:
    """What other apps show on a page of the case, for those who may see it."""
    shown: list[str] = []
    for panel in of:
        if panel.policy(request.actor):
            context = panel.load(case_id, request.actor, request.at)
            if context is not None:
                parts = {"now": request.at, "case_id": case_id, **context}
                shown.append(render_to_string(panel.template, parts, request=request))
    return shown


def case_page(
    request: Request,
    template: str,
    case: Case,
    context: Mapping[str, Any],
    *,
    form: BaseForm | None = None,
    subject: Model | None = None,
) -> HttpResponse:
    """A page of a case; with a refused `form` the status tells why, with a stale one `subject` has both versions."""
    return show(
        request,
        template,
        {
            "case": case,
            "case_url": reverse("cases:case", args=[case.pk]),
            "marking": marking_of(case),
            "form": form,
            "conflict": conflict(form, subject),
            **context,
        },
        status=status_of(form) if form is not None else 200,
    )


def conflict(form: BaseForm | None, subject: Model | None) -> dict[str, object] | None:
    """What was typed beside what was saved meanwhile; afterwards the form stands on the new version."""
    refusal = getattr(form, "refusal", None)
    if not isinstance(refusal, Stale) or form is None or subject is None:
        return None
    changed = reading.last_change(subject)
    compared = [name for name in refusal.theirs if name in form.fields] or list(refusal.theirs)
    rows = [
        (
            form.fields[name].label if name in form.fields else OTHER_LABELS.get(name, name),
            str(form[name].value() or "") if name in form.fields else "",
            refusal.theirs[name],
        )
        for name in compared
    ]
    if isinstance(form, Versioned) and refusal.version is not None:
        form.take_version(refusal.version)
    return {"rows": rows, "by": changed.by if changed else "", "at": changed.at if changed else None}
