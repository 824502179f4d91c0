"""House norms: each with the value in force, its default and range; propose one, approve somebody else's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from stelsel.kernel import norms, proposals
from stelsel.kernel.admin.recorded import ReadOnly
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.configuration import HouseNorm, Unit
from stelsel.kernel.models import ChangeState, NormValue
from stelsel.kernel.web import attempt, status_of

AMOUNTS = {
    Unit.MINUTES: ngettext_lazy("%d minute", "%d minutes"),
    Unit.HOURS: ngettext_lazy("%d hour", "%d hours"),
    Unit.DAYS: ngettext_lazy("%d day", "%d days"),
    Unit.FLOOR_HOURS: ngettext_lazy("%d floor-hour", "%d floor-hours"),
}
MOST = 50  # of the history
UNITS = {
    Unit.MINUTES: _("minutes"),
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.FLOOR_HOURS: _("floor-hours"),
}


@dataclass(frozen=True)
class NormRow:
    """A norm as the list shows it."""

    norm: HouseNorm
    app: str
    value: int
    waiting: NormValue | None
    coming: NormValue | None

    @property
    def in_force(self) -> str:
        return str(AMOUNTS[self.norm.unit] % self.value)

    @property
    def default(self) -> str:
        return str(AMOUNTS[self.norm.unit] % self.norm.default)

    @property
    def allowed(self) -> str:
        low, high = self.norm.smallest, self.norm.largest
        return now_("%(low)d to %(high)d %(unit)s") % {"low": low, "high": high, "unit": UNITS[self.norm.unit]}


class NormForm(forms.Form):
    """What a proposal says; the service judges it."""

    value = forms.IntegerField(label=_("New value"), min_value=1)
    starts_at = forms.SplitDateTimeField(
        label=_("From"),
        widget=AdminSplitDateTime,
        required=False,
        help_text=_("Leave it empty for: as soon as somebody approved it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}))


class DecisionForm(forms.Form):
    """Approve or refuse: there is nothing to fill in."""


def rows(known: Iterable[HouseNorm], *, at: datetime) -> list[NormRow]:
    """The norms with what holds, waits and comes, in two queries."""
    proposed = NormValue.objects.filter(state=ChangeState.PROPOSED).select_related("proposed_by")
    waiting = {row.code: row for row in proposed}
    approved = proposals.approved(NormValue)
    return [
        NormRow(
            norm=norm,
            app=norm.code.partition(".")[0],
            value=norms.number(norm.code, at=at),
            waiting=waiting.get(norm.code),
            coming=next((row for row in reversed(approved.get(norm.code, [])) if row.starts_at > at), None),
        )
        for norm in known
    ]


@admin.register(NormValue)
class NormAdmin(ReadOnly):
    """The list shows every norm the apps know, changed or not; a norm's own page its history and what can be done."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.norm_view)
        return [path("of/<str:code>/", page, name="kernel_normvalue_of"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:  # noqa: ARG002  # Django's
        context = {
            **self.admin_site.each_context(request),
            "title": _("House norms"),
            "rows": rows(norms.KNOWN.values(), at=timezone.now()),
        }
        return TemplateResponse(request, "admin/kernel/normvalue/list.html", context)

    def norm_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """One norm; each POST is one act, and a refusal shows the page again with what was typed."""
        norm = norms.KNOWN.get(code)
        if norm is None:
            raise Http404
        at = timezone.now()
        form: forms.Form = NormForm()
        if request.method == "POST":
            form, done = self._act(request, norm, at=at)
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("admin:kernel_normvalue_of", args=[code]))
        (row,) = rows([norm], at=at)
        history = NormValue.objects.filter(code=code).select_related("proposed_by", "decided_by")
        context = {
            **self.admin_site.each_context(request),
            "title": _(norm.label),
            "row": row,
            "form": form if isinstance(form, NormForm) else NormForm(),
            "refused": form if isinstance(form, DecisionForm) else None,
            "own": row.waiting is not None and row.waiting.proposed_by_id == request.user.pk,
            "history": [(past, AMOUNTS[norm.unit] % past.value) for past in history.order_by("-proposed_at")[:MOST]],
            "waiting": AMOUNTS[norm.unit] % row.waiting.value if row.waiting else "",
            "media": self.media + NormForm().media,
        }
        return TemplateResponse(request, "admin/kernel/normvalue/norm.html", context, status=status_of(form))

    def _act(self, request: HttpRequest, norm: HouseNorm, *, at: datetime) -> tuple[forms.Form, str]:
        """Do what was asked: the form, and what to say when it was done."""
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by UnitOfWork; the site lets in nobody without
        if "propose" in request.POST:
            form = NormForm(request.POST)
            if not form.is_valid():
                return form, ""
            told = form.cleaned_data
            starts = told["starts_at"] or at
            made = attempt(
                request,
                form,
                lambda: norms.propose(
                    code=norm.code, value=told["value"], starts_at=starts, reason=told["reason"], actor=actor, at=at
                ),
            )
            return form, now_("Proposed. Another administrator must approve it.") if made else ""
        return self._decide(request, actor=actor, at=at)

    def _decide(self, request: HttpRequest, *, actor: Actor, at: datetime) -> tuple[forms.Form, str]:
        change_id = UUID(request.POST.get("approve") or request.POST.get("refuse") or "")
        approves = "approve" in request.POST
        decide: Callable[[], NormValue] = (
            (lambda: norms.approve(change_id=change_id, actor=actor, at=at))
            if approves
            else (lambda: proposals.refuse(model=NormValue, change_id=change_id, actor=actor, at=at))
        )
        form = DecisionForm(request.POST)
        form.is_valid()
        done = attempt(request, form, decide)
        said = now_("Approved.") if approves else now_("Refused. The value in force stays.")
        return form, said if done else ""
