"""How these pages answer: with the case's marking, and with what was typed when an act is refused."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Stale
from stelsel.kernel.web import Request, attempt, show, status_of
from stelsel.legal.models import Marked

Crumbs = list[tuple[object, str]]


def marking_of(row: Marked) -> str:
    return "" if row.marking == "NONE" else str(row.get_marking_display())


def case_crumbs(case: Case) -> Crumbs:
    """The way to the information of a case."""
    return [
        (case.number, reverse("cases:case", args=[case.pk])),
        (_("Information"), reverse("threat:information", args=[case.pk])),
    ]


def supplier_crumbs() -> Crumbs:
    return [(_("Asked of us"), reverse("threat:requests"))]


def trail(crumbs: Crumbs, title: object) -> list[dict[str, object]]:
    """The breadcrumbs of a page; the page itself comes last and leads nowhere."""
    return [{"label": label, "url": url} for label, url in [*crumbs, (title, "")]]


def crumbs_for(actor: Actor, case: Callable[[], Case]) -> Crumbs:
    """A supplier's way goes through its own list; the case is never looked up for it."""
    return supplier_crumbs() if actor.role is Role.PRODUCT_SUPPLIER else case_crumbs(case())


def _take_revision(form: BaseForm) -> None:
    """After a change by somebody else, what was typed stands on their version: saving again means "I compared"."""
    refusal = getattr(form, "refusal", None)
    if isinstance(refusal, Stale) and refusal.version is not None and "revision" in form.fields:
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["revision"] = str(refusal.version)
        form.data = data


def form_page(
    request: Request,
    form: BaseForm,
    act: Callable[[], object],
    *,
    title: str | Promise,
    leads_to: str | Callable[[Any], str],
    crumbs: Crumbs,
    submit: str | Promise,
    **context: object,
) -> HttpResponse:
    """A page with one form: do the act and go on, or show the form again with why not."""
    if request.method == "POST" and form.is_valid():
        done = attempt(request, form, act)
        if done is not None:
            return redirect(leads_to(done) if callable(leads_to) else leads_to)
        _take_revision(form)
    parts: Mapping[str, object] = {
        "title": title,
        "form": form,
        "submit": submit,
        "trail": trail(crumbs, title),
        "cancel_url": crumbs[-1][1],
        "intro": "",
        "texts": [],
        "blockers": [],
        "marking": "",
        "factors": [],
        **context,
    }
    return show(request, "threat/form.html", parts, status=status_of(form))
