"""One page per thing that changes by proposal and approval: what holds, what waits, and what was."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stelsel.kernel import proposals
from stelsel.kernel.admin.recorded import ReadOnly
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import Change, ChangeState
from stelsel.kernel.web import attempt, status_of

C = TypeVar("C", bound=Change)
S = TypeVar("S")
MOST = 50  # of the history


class ProposalForm(forms.Form):
    """What every proposal says besides its value; the service judges it."""

    starts_at = forms.DateTimeField(
        label=_("From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
        help_text=_("Leave it empty for: as soon as somebody approved it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}))


class DecisionForm(forms.Form):
    """Approve or refuse: there is nothing to fill in."""


class ChangeAdmin(ReadOnly, Generic[C, S]):
    """The list and the pages of one kind of change; each POST is one act, and a refusal keeps what was typed."""

    changes: type[C]
    page: ClassVar[str]
    list_page: ClassVar[str]

    def subject(self, code: str) -> S:
        """What the page with this code is about.

        Raises:
            Http404: there is no such thing.
        """
        raise NotImplementedError

    def proposal(self, subject: S, data: Any = None) -> forms.Form:  # noqa: ANN401  # Django's QueryDict or nothing
        raise NotImplementedError

    def propose(self, subject: S, told: Mapping[str, Any], *, starts_at: datetime, actor: Actor, at: datetime) -> C:
        raise NotImplementedError

    def approve(self, change_id: UUID, *, actor: Actor, at: datetime) -> C:
        raise NotImplementedError

    def shown(self, subject: S, change: C) -> str:
        """What the change changes it to, in words."""
        raise NotImplementedError

    def facts(self, subject: S, *, at: datetime) -> Mapping[str, Any]:
        """What the page tells of what holds; `title` among it."""
        raise NotImplementedError

    def listed(self, *, at: datetime) -> Mapping[str, Any]:
        """What the list shows."""
        raise NotImplementedError

    def waiting(self) -> dict[str, C]:
        return {row.code: row for row in self._rows().filter(state=ChangeState.PROPOSED)}

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_of"
        page = self.admin_site.admin_view(self.page_view)
        return [path("of/<str:code>/", page, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:  # noqa: ARG002  # Django's
        title = str(self.opts.verbose_name_plural)
        context = {
            **self.admin_site.each_context(request),
            "title": title[:1].upper() + title[1:],
            **self.listed(at=timezone.now()),
        }
        return TemplateResponse(request, self.list_page, context)

    def page_view(self, request: HttpRequest, code: str) -> HttpResponse:
        subject, at = self.subject(code), timezone.now()
        form: forms.Form = self.proposal(subject)
        if request.method == "POST":
            form, done = self._act(request, subject, at=at)
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        waiting = self.waiting().get(code)
        past = self._rows().filter(code=code).order_by("-proposed_at")[:MOST]
        decision = isinstance(form, DecisionForm)
        context = {
            **self.admin_site.each_context(request),
            **self.facts(subject, at=at),
            "form": self.proposal(subject) if decision else form,
            "refused": form if decision else None,
            "waiting": waiting,
            "waiting_value": self.shown(subject, waiting) if waiting else "",
            "own": waiting is not None and waiting.proposed_by_id == request.user.pk,
            "history": [(row, self.shown(subject, row)) for row in past],
        }
        return TemplateResponse(request, self.page, context, status=status_of(form))

    def _act(self, request: HttpRequest, subject: S, *, at: datetime) -> tuple[forms.Form, str]:
        """Do what was asked: the form, and what to say when it was done."""
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by UnitOfWork; the site lets in nobody without
        if "propose" not in request.POST:
            return self._decide(request, actor=actor, at=at)
        form = self.proposal(subject, request.POST)
        if not form.is_valid():
            return form, ""
        told = form.cleaned_data
        made = attempt(
            request,
            form,
            lambda: self.propose(subject, told, starts_at=told["starts_at"] or at, actor=actor, at=at),
        )
        return form, gettext("Proposed. Another administrator must approve it.") if made else ""

    def _decide(self, request: HttpRequest, *, actor: Actor, at: datetime) -> tuple[forms.Form, str]:
        change_id = UUID(request.POST.get("approve") or request.POST.get("refuse") or str(UUID(int=0)))
        approves = "approve" in request.POST
        decide: Callable[[], C] = (
            (lambda: self.approve(change_id, actor=actor, at=at))
            if approves
            else (lambda: proposals.refuse(model=self.changes, change_id=change_id, actor=actor, at=at))
        )
        form = DecisionForm(request.POST)
        form.is_valid()
        done = attempt(request, form, decide)
        said = gettext("Approved.") if approves else gettext("Refused. What holds stays.")
        return form, said if done else ""

    def _rows(self) -> QuerySet[C]:
        rows: QuerySet[C] = self.model._default_manager.select_related("proposed_by", "decided_by")  # noqa: SLF001  # Django's own
        return rows
