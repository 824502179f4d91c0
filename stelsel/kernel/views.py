"""Start page, search by pseudonym, role switch, and the demonstration's one-click log-in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from stelsel.kernel import audit, composition, work
from stelsel.kernel.models import Membership, User
from stelsel.kernel.web import MEMBERSHIP, Request, page, show

SHOWN = 50


@page(purpose="work")
def home(request: Request) -> HttpResponse:
    """What waits for this actor in this role, most urgent first."""
    items = list(work.waiting(request.actor)[: SHOWN + 1])
    rows = [
        {"item": item, "title": known.title, "url": known.url(item.subject_id, item.scope_id)}
        for item in items[:SHOWN]
        if (known := composition.WORK.get(item.kind))
    ]
    return show(request, "home.html", {"rows": rows, "more": len(items) > SHOWN}, partial="work")


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
