"""A page of acts, as of the duty of care: what stands there, and the acts of this actor, each a form of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm
from cases.models import Case
from cases.services.reading.care import topics
from cases.views.answers import case_page, done
from stelsel.kernel.authorisation import YES, Verdict, require
from stelsel.kernel.web import Request

SAVE = _("Save")


@dataclass(frozen=True)
class Act:
    """One form of a page: who may send it, whether it is its turn, and the service it calls."""

    name: str
    title: str | Promise
    form: ActForm
    service: Callable[[ActForm], object]
    verdict: Verdict = YES
    turn: bool = True
    submit: str | Promise = SAVE
    icon: str = "file-pen-line"
    statement: str | Promise = ""

    @property
    def shown(self) -> bool:
        return bool(self.verdict) and (self.turn or self.form.is_bound)


def form_for(
    request: Request,
    name: str,
    kind: type[ActForm],
    *,
    initial: Mapping[str, Any] | None = None,
    **given: Any,  # noqa: ANN401  # what this kind of form asks
) -> ActForm:
    """The form of this act: bound when it was the one that was sent."""
    sent = request.method == "POST" and request.POST.get("act") == name
    return kind(request.POST if sent else None, initial={"act": name, **(initial or {})}, auto_id=f"{name}_%s", **given)


def care_page(
    request: Request,
    template: str,
    case: Case,
    context: Mapping[str, Any],
    acts: Sequence[Act],
    *,
    subject: Model | None = None,
) -> HttpResponse:
    """The same among the pages of the duty of care."""
    return act_page(request, template, case, {"tabs": _tabs(request, case), **context}, acts, subject=subject)


def act_page(
    request: Request,
    template: str,
    case: Case,
    context: Mapping[str, Any],
    acts: Sequence[Act],
    *,
    subject: Model | None = None,
) -> HttpResponse:
    """Do the act that was sent and come back here, or show the page; an act that is refused keeps what was typed."""
    sent = next((one for one in acts if one.form.is_bound), None)
    if sent is not None:
        require(sent.verdict)
        act = sent
        if done(request, act.form, lambda: act.service(act.form)):
            return redirect(request.path)
    return case_page(
        request,
        template,
        case,
        {"acts": [one for one in acts if one.shown], **context},
        form=sent.form if sent else None,
        subject=subject,
    )


def _tabs(request: Request, case: Case) -> list[dict[str, object]]:
    addresses = [(topic, reverse(f"cases:{topic.code}", args=[case.pk])) for topic in topics(request.actor)]
    return [{"label": topic.label, "url": url, "current": url == request.path} for topic, url in addresses]
