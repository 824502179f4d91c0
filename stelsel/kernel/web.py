"""The unit of work of a request, and how pages meet services: role, refusal, page or partial.

One transaction holds reading, acting and rendering, with the actor told to the database, and commits before
the first byte leaves. A refusal rolls it back and is written to the trail in a transaction of its own.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stelsel.kernel import audit, composition, lockout, unsent
from stelsel.kernel.access import acting, actor_for
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, NotVisible, Unavailable, gettext_noop
from stelsel.kernel.models import Membership, User

log = structlog.get_logger(__name__)

T = TypeVar("T")
View = Callable[..., HttpResponse]
MEMBERSHIP = "membership"  # session: the role one acts in
STARTED = "started"
SEEN = "seen"


@dataclass(frozen=True)
class Route:
    """What a page is for: the purpose its reads are logged with, and the roles it is for (None: any role)."""

    purpose: str
    roles: frozenset[Role] | None


class Request(HttpRequest):
    """A request inside the unit of work of somebody who acts in a role."""

    actor: Actor
    at: datetime


def page(*, purpose: str, roles: frozenset[Role] | None = None) -> Callable[[View], View]:
    """A page for people who logged in with more than one factor and hold a role now.

    `roles` guards pages that show no single case; pages of a case leave it to the service, because a stranger
    must get the same 404 whatever the role.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            away = _log_in_first(request)
            if away is not None:
                return away
            actor: Actor | None = request.actor  # type: ignore[attr-defined]  # set by UnitOfWork
            if actor is None:
                raise Forbidden("no_role", gettext_noop("You hold no role at this moment. Ask your administrator."))
            if roles is not None and actor.role not in roles:
                raise Forbidden("wrong_role", gettext_noop("Your role may not open this page."))
            return view(request, *args, **kwargs)

        guarded.route = Route(purpose=purpose, roles=roles)  # type: ignore[attr-defined]  # read by UnitOfWork
        return guarded

    return wrap


def _log_in_first(request: HttpRequest) -> HttpResponse | None:
    if not isinstance(request.user, User):
        away = redirect_to_login(unsent.place(request))
        unsent.keep(request, away)
        return away
    if confirmed_at(request) is None:
        has_factor = Authenticator.objects.filter(user=request.user).exists()
        return redirect("mfa_reauthenticate" if has_factor else "mfa_activate_totp")
    return None


def confirmed_at(request: HttpRequest) -> datetime | None:
    """The instant of the latest confirmation with a second factor or passkey in this session."""
    records = get_authentication_records(request, request.user)
    instants = [record["at"] for record in records if record["method"] == "mfa"]
    return datetime.fromtimestamp(max(instants), tz=UTC) if instants else None


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, partial: str = "", status: int = 200
) -> HttpResponse:
    """Render the page, or for htmx only its part `partial`; with what was typed before the session ended."""
    if partial and getattr(request, "htmx", None):
        return render(request, f"{template}#{partial}", dict(context), status=status)
    typed = unsent.lay(request, context)
    response = render(request, template, {**context, "unsent": typed}, status=status)
    if typed is not None:
        unsent.forget(request, response)
    return response


def attempt(request: HttpRequest, form: BaseForm, service: Callable[[], T]) -> T | None:
    """Run a service for a form. A refusal becomes an error of the form (nothing typed is lost) and is logged.

    Raises:
        NotVisible: the subject does not exist for this actor; that is no matter of the form.
    """
    if "code" in form.fields and isinstance(request.user, User):
        lockout.hold(request.user.username, at=timezone.now())
    try:
        with transaction.atomic():
            return service()
    except NotVisible:
        raise
    except DomainError as refusal:
        if refusal.code == "wrong_code" and isinstance(request.user, User):
            lockout.failed(request.user.username, at=timezone.now())
        form.refusal = refusal  # type: ignore[attr-defined]  # the template shows a version conflict side by side
        known = [fault for fault in refusal.faults if fault.field in form.fields]
        for fault in known:
            form.add_error(fault.field, _(fault.message))
        if len(known) < len(refusal.faults) or not known:  # something that is no field of this form
            form.add_error(None, sentence(refusal))
        audit.record_refusal(_verb(request), target="page", target_id="", code=refusal.code)
    except IntegrityError:
        form.add_error(None, _("Somebody else did this at the same moment. Open the page again to see what holds now."))
        audit.record_refusal(_verb(request), target="page", target_id="", code="conflict")
    return None


def status_of(form: BaseForm) -> int:
    """The status of a page that shows a refused form again."""
    refusal: DomainError | None = getattr(form, "refusal", None)
    if refusal is not None:
        return int(refusal.status)
    return 422 if form.is_bound and form.errors else 200


def sentence(refusal: DomainError) -> str:
    """The refusal in the reader's language."""
    return _(refusal.message) % refusal.params if refusal.params else _(refusal.message)


def _verb(request: HttpRequest) -> str:
    match = request.resolver_match
    return f"page.{match.view_name}" if match else "page"


class SessionLimits:
    """Ends a session that was idle too long or is too old; no page stays in the browser after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()
            absolute = timedelta(hours=settings.SESSION_ABSOLUTE_HOURS).total_seconds()
            started, seen = request.session.setdefault(STARTED, now), request.session.get(SEEN, now)
            if now - seen > idle or now - started > absolute:
                logout(request)
            elif now - seen > 30 or SEEN not in request.session:  # noqa: PLR2004  # seconds: spare a write per click
                request.session[SEEN] = now
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response


class UnitOfWork:
    """One transaction per request, bound to the actor; see the module's docstring."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        request.at = at  # type: ignore[attr-defined]  # typed for views by Request
        request.actor = None  # type: ignore[attr-defined]
        refusal: Exception | None = None
        response: HttpResponse | None = None
        try:
            with transaction.atomic():
                self._recognise(request, at=at)
                with acting(request.actor, at=at, route=_route_name(request)):  # type: ignore[attr-defined]
                    response = self.get_response(request)
                refusal = getattr(request, "refusal", None)
                if refusal is not None or response.status_code >= 500:  # noqa: PLR2004
                    transaction.set_rollback(True)
        except (IntegrityError, OperationalError) as error:  # a deferred constraint speaks at commit
            log.warning("unit_of_work.refused_at_commit", error=type(error).__name__)
            refusal = as_refusal(error)
        if refusal is not None:
            response = self._refuse(request, refusal, at=at)
        if response is None:
            raise RuntimeError("a request ends with a response or a refusal")
        return response

    def process_view(self, request: HttpRequest, view: View, _args: object, _kwargs: object) -> None:
        """Bind the reads of this request to the purpose of its route."""
        route: Route | None = getattr(view, "route", None)
        if route is not None:
            audit.at_route(request.resolver_match.view_name if request.resolver_match else "", route.purpose)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = as_refusal(error)
        if refusal is None:
            return None
        request.refusal = refusal  # type: ignore[attr-defined]
        return HttpResponse(status=int(refusal.status))

    def _recognise(self, request: HttpRequest, *, at: datetime) -> None:
        if isinstance(request.user, User):
            request.actor = actor_for(  # type: ignore[attr-defined]
                request.user,
                at=at,
                membership_id=request.session.get(MEMBERSHIP),
                confirmed_at=confirmed_at(request),
            )
            if confirmed_at(request) is None:
                request.actor = None  # type: ignore[attr-defined]

    def _refuse(self, request: HttpRequest, refusal: Exception, *, at: datetime) -> HttpResponse:
        known = refusal if isinstance(refusal, DomainError) else NotVisible()
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        with acting(actor, at=at, route=_route_name(request)):
            match = request.resolver_match
            ids = ",".join(str(value) for value in match.kwargs.values()) if match else ""
            audit.record_refusal(_verb(request), target="route", target_id=ids[:64], code=known.code)
            if request.path.startswith("/api/"):
                return problem_response(request, known)
            return render(
                request,
                "errors/refusal.html",
                {"status": int(known.status), "code": known.code, "message": sentence(known)},
                status=int(known.status),
            )


def _route_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def as_refusal(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, ObjectDoesNotExist | Http404 | ValidationError):  # an id that is none is the id of nothing
        return NotVisible()
    if isinstance(error, PermissionDenied):
        return Forbidden("forbidden", gettext_noop("You may not do this."))
    if isinstance(error, IntegrityError):
        return Conflict(
            "conflict",
            gettext_noop("Somebody else did this at the same moment. Open the page again to see what holds now."),
        )
    if isinstance(error, OperationalError):
        connection.close_if_unusable_or_obsolete()
        return Unavailable(
            "busy",
            gettext_noop("The system is busy at this moment. Try again in a minute; nothing was changed."),
        )
    return None


def problem_response(request: HttpRequest, refusal: DomainError) -> JsonResponse:
    """The refusal as application/problem+json (RFC 9457)."""
    body: dict[str, object] = {
        "type": f"https://stelsel.example/problems/{refusal.code.replace('_', '-')}",
        "title": _(refusal.message) if not refusal.params else sentence(refusal),
        "status": int(refusal.status),
        "detail": sentence(refusal),
        "instance": request.path,
        "code": refusal.code,
    }
    if refusal.faults:
        body["faults"] = [
            {"field": fault.field, "code": fault.code, "message": _(fault.message)} for fault in refusal.faults
        ]
    response = JsonResponse(body, status=int(refusal.status), content_type="application/problem+json")
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


@dataclass(frozen=True)
class ActorForPage:
    """What the header shows of the actor."""

    name: str
    role_label: str
    organisation_name: str
    memberships: list[dict[str, object]]


def page_context(request: HttpRequest) -> dict[str, object]:
    """What every page knows: who acts in which role, where one can go, demonstration mode."""
    actor: Actor | None = getattr(request, "actor", None)
    at: datetime = getattr(request, "at", None) or timezone.now()
    return {
        "actor": _for_page(actor, at=at) if actor else None,
        "role": str(actor.role) if actor else "",
        "navigation": _navigation(request, actor) if actor else [],
        "search_url": _search_url(actor) if actor else "",
        "marking": "",
        "unsent": None,
        "demo": settings.DEMO,
        "demo_logins": _demo_log_ins(request, at=at),
        "now": at,
    }


def _demo_log_ins(request: HttpRequest, *, at: datetime) -> list[dict[str, str]]:
    """Whom one may be with one click, in the order of the roles; in demonstration mode, for who is not logged in."""
    if not settings.DEMO or isinstance(getattr(request, "user", None), User):
        return []
    order = {str(role): place for place, role in enumerate(Role)}
    held = Membership.objects.in_force(at=at).filter(user__is_service=False).select_related("user", "organisation")
    return [
        {
            "label": str(m.get_role_display()),
            "description": f"{m.user.get_full_name()}, {m.organisation.name}",
            "username": m.user.username,
        }
        for m in sorted(held, key=lambda m: (order[m.role], m.user.date_joined, m.user.username))
    ]


def _for_page(actor: Actor, *, at: datetime) -> ActorForPage:
    held = Membership.objects.in_force(at=at).filter(user_id=actor.user_id).select_related("organisation")
    return ActorForPage(
        name=actor.name,
        role_label=next((m.get_role_display() for m in held if m.pk == actor.membership_id), ""),
        organisation_name=actor.organisation,
        memberships=[{"id": m.pk, "label": str(m), "current": m.pk == actor.membership_id} for m in held],
    )


def _search_url(actor: Actor) -> str:
    return next((reverse(link.url_name) for link in composition.SEARCH if actor.role in link.roles), "")


def _navigation(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    return [
        {
            "label": _(link.label),
            "url": reverse(link.url_name),
            "icon": link.icon,
            "current": request.path == reverse(link.url_name),
            "count": None,
        }
        for link in composition.LINKS
        if actor.role in link.roles
    ]


def paper(name: str, content: bytes) -> HttpResponse:
    """A PDF to print: kept by no cache, and nothing in it runs."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
