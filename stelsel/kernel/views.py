"""Start page, search by pseudonym, role switch, and the demonstration's one-click log-in."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from stelsel.kernel import audit, composition, work
from stelsel.kernel.models import Membership, User
from stelsel.kernel.web import MEMBERSHIP, Request, page, show

SHOWN = 50
LOOKED_AT = 200
ALL = ("", _("All"))


class WorkFilter(forms.Form):
    """Narrow what waits; kinds are those that wait now, among the most urgent."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[
            ALL,
            ("past", _("Overdue")),
            ("day", _("Within 24 hours")),
            ("later", _("Later")),
            ("none", _("No date set")),
        ],
    )

    def __init__(self, data: QueryDict, *, kinds: list[str]) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            named = [(kind, gettext(composition.WORK[kind].title)) for kind in kinds if kind in composition.WORK]
            field.choices = [ALL, *sorted(named, key=lambda one: one[1])]

    def lookups(self, *, at: datetime) -> dict[str, Any]:
        """What was chosen; nothing that is not a choice."""
        if not self.is_valid():
            return {}
        soon = at + timedelta(hours=24)
        when: dict[str, dict[str, Any]] = {
            "past": {"due_at__lt": at},
            "day": {"due_at__gte": at, "due_at__lt": soon},
            "later": {"due_at__gte": soon},
            "none": {"due_at": None},
        }
        kind = {"kind": self.cleaned_data["kind"]} if self.cleaned_data["kind"] else {}
        return {**kind, **when.get(self.cleaned_data["due"], {})}


@page(purpose="work")
def home(request: Request) -> HttpResponse:
    """What waits for this actor in this role, most urgent first."""
    kinds = work.kinds_waiting(request.actor, among=LOOKED_AT)
    asked = request.GET.get("kind", "")
    filters = WorkFilter(request.GET, kinds=sorted({*kinds, asked}))
    found = work.page(
        request.actor,
        size=SHOWN,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        filters=filters.lookups(at=request.at),
    )
    rows = [
        {"item": item, "title": known.title, "url": known.url(item.subject_id, item.scope_id)}
        for item in found.items
        if (known := composition.WORK.get(item.kind))
    ]
    context = {
        "rows": rows,
        "filters": filters,
        "found": found,
        "filtered": bool(filters.lookups(at=request.at)),
        "narrows": bool(kinds or request.GET),
    }
    return show(request, "home.html", context, partial="work")


@require_POST
@page(purpose="role")
def switch_role(request: Request) -> HttpResponse:
    """Act in another role one holds now."""
    membership = get_object_or_404(
        Membership.objects.in_force(at=request.at).filter(user_id=request.actor.user_id),
        pk=request.POST.get("membership") or None,
    )
    request.session[MEMBERSHIP] = str(membership.pk)
    audit.record("role.switch", membership, detail={"role": membership.role})
    return redirect("home")


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as one of the demonstration's people; only in demonstration mode."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(
        User.objects.filter(is_active=True, is_service=False), username=request.POST.get("username", "")
    )
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, user, "mfa", type="demonstration")
    return redirect(get_next_redirect_url(request) or "home")


def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a probe says nothing
    """Whether this process reaches its database and cache; says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.get("health")
    return HttpResponse("ok", content_type="text/plain")


def closed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # whoever asks
    """Addresses of the log-in library that this product does not offer."""
    raise Http404
