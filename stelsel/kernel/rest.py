"""The API's side of the kernel: who a client is, refusals as problem+json, versions, repeated requests."""

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.views import TokenView
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from stelsel.kernel import access, lockout
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import (
    Conflict,
    DomainError,
    Fault,
    Forbidden,
    Invalid,
    NotVisible,
    Stale,
    TooMany,
    VersionMissing,
    gettext_noop,
)
from stelsel.kernel.models import IdempotencyKey, User
from stelsel.kernel.web import Route, as_refusal

API_VERSION = "1.0.0"


class ClientCredentials(OAuth2Authentication):  # type: ignore[misc]  # django-oauth-toolkit ships no types
    """OAuth 2.0 client credentials.

    The token's client is a service user of its organisation, limited by scopes.
    """

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        known = super().authenticate(request)
        if known is None:
            return None
        token = known[1]
        user = token.application.user
        at: datetime = request._request.at  # type: ignore[attr-defined]  # noqa: SLF001  # set by UnitOfWork
        actor = access.actor_for(user, at=at) if user and user.is_active and user.is_service else None
        if actor is None:
            raise Forbidden("no_role", gettext_noop("This client holds no role at this moment."))
        actor = Actor(**{**actor.__dict__, "scopes": frozenset(token.scope.split())})
        request._request.actor = actor  # type: ignore[attr-defined]  # noqa: SLF001  # as above
        unit = access.current()
        if unit is not None:
            unit.actor = actor
            access.bind(unit)
        return user, token


class ClientCredentialsScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How the published schema names the way in."""

    target_class = "stelsel.kernel.rest.ClientCredentials"
    name = "clientCredentials"

    def get_security_definition(self, auto_schema: object) -> dict[str, object]:  # noqa: ARG002  # the library's signature
        flow = {"tokenUrl": "/api/v1/oauth/token", "scopes": settings.OAUTH2_PROVIDER["SCOPES"]}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}


class ClientView(APIView):
    """A resource for API clients: one scope, one purpose its reads are logged with (its row in the access table)."""

    authentication_classes = (ClientCredentials,)
    scope: ClassVar[str]
    purpose: ClassVar[str]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: ANN401  # DRF's signature
        view = super().as_view(**initkwargs)
        view.route = Route(purpose=cls.purpose, roles=None)  # type: ignore[attr-defined]  # read by UnitOfWork
        return view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # DRF's signature
        super().initial(request, *args, **kwargs)
        if self.scope not in (self.actor.scopes or frozenset()):
            raise Forbidden("scope", gettext_noop("This client may not do this: the scope is missing."))

    @property
    def actor(self) -> Actor:
        actor: Actor | None = self.request._request.actor  # type: ignore[attr-defined]  # noqa: SLF001  # set above
        if actor is None:
            raise Forbidden("no_role", gettext_noop("This client holds no role at this moment."))
        return actor

    @property
    def at(self) -> datetime:
        at: datetime = self.request._request.at  # type: ignore[attr-defined]  # noqa: SLF001  # set by UnitOfWork
        return at


@method_decorator(csrf_exempt, name="dispatch")
class Token(TokenView):  # type: ignore[misc]  # django-oauth-toolkit ships no types
    """The token endpoint, under the same lock-out as people's log-ins; refusals commit with their count."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        name = f"client:{_client_id(request)}"
        if lockout.hold(name, at=timezone.now()):
            raise TooMany("locked", gettext_noop("Too many failed attempts. This client is locked for half an hour."))
        response: HttpResponse = super().post(request, *args, **kwargs)
        if response.status_code == HTTPStatus.OK:
            lockout.succeeded(name)
        else:
            lockout.failed(name, at=timezone.now())
        return response


def _client_id(request: HttpRequest) -> str:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        with suppress(ValueError):
            return base64.b64decode(given).decode().partition(":")[0]
    return request.POST.get("client_id", "")


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal is a problem document; the unit of work is rolled back."""
    request: HttpRequest = context["request"]._request  # noqa: SLF001  # DRF wraps Django's request
    refusal = _refusal_of(error)
    if refusal is None:
        return None
    request.refusal = refusal  # type: ignore[attr-defined]  # read by UnitOfWork
    return Response(status=int(refusal.status))


class _Outside(DomainError):
    """A refusal of the framework (method, media type, credentials) in the form of ours."""

    def __init__(self, error: APIException) -> None:
        super().__init__(str(error.default_code), str(error.detail))
        self.status = error.status_code  # type: ignore[misc, assignment]  # per instance here


def _refusal_of(error: Exception) -> DomainError | None:
    if isinstance(error, ValidationError):
        return Invalid("invalid", gettext_noop("What was sent is not valid."), faults=tuple(_faults(error.detail)))
    if isinstance(error, APIException):
        return _Outside(error)
    if isinstance(error, RecursionError):  # JSON nested deeper than anything of ours
        return Invalid("invalid", gettext_noop("What was sent is not valid."))
    return as_refusal(error)


def _faults(detail: Any, path: str = "") -> list[Fault]:  # noqa: ANN401  # DRF's nested structure
    if isinstance(detail, dict):
        return [
            fault for key, value in detail.items() for fault in _faults(value, f"{path}.{key}" if path else str(key))
        ]
    if isinstance(detail, list):
        return [
            fault
            for index, value in enumerate(detail)
            for fault in _faults(value, path if isinstance(value, str) else f"{path}[{index}]")
        ]
    return [Fault(field=path, code=getattr(detail, "code", "invalid"), message=str(detail))]


class ApiVersion:
    """Middleware: every answer of the API names its version (NL API Design Rules)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            response["API-Version"] = API_VERSION
            response["Cache-Control"] = "no-store"
        return response


def expected_version(request: Request) -> int:
    """The version the client changed, from If-Match.

    Raises:
        VersionMissing: no If-Match.
        Stale: not a version of ours.
    """
    given = request.headers.get("If-Match")
    if not given:
        raise VersionMissing
    try:
        return int(given.strip('W/"'))
    except ValueError as error:
        raise Stale from error


def once(request: Request, effect: Callable[[], Response]) -> Response:
    """Do a POST once per Idempotency-Key; the answer is stored in the transaction of the effect and replayed.

    Raises:
        Invalid: the header is missing or too long.
        Conflict: the same key came with another body, or is being worked on now.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 100:  # noqa: PLR2004
        raise Invalid("idempotency_key", gettext_noop("Send an Idempotency-Key of 8 to 100 characters."))
    user = request.user
    if not isinstance(user, User):
        raise Forbidden("no_role", gettext_noop("This client holds no role at this moment."))
    raw = f"{request.method}|{request.path}|{user.pk}|".encode() + request._request.body  # noqa: SLF001
    fingerprint = hashlib.sha256(raw).digest()
    with transaction.atomic():
        kept, fresh = IdempotencyKey.objects.get_or_create(
            user=user, key=key, defaults={"fingerprint": fingerprint, "created_at": timezone.now()}
        )
        if bytes(kept.fingerprint) != fingerprint:
            raise Conflict("idempotency_reused", gettext_noop("This Idempotency-Key was used for another request."))
        if not fresh:
            return _replay(kept)
        response = effect()
        response.accepted_renderer = request.accepted_renderer
        response.accepted_media_type = request.accepted_media_type
        response.renderer_context = {"request": request}  # type: ignore[attr-defined]  # DRF sets it at the end
        kept.status, kept.body = response.status_code, response.rendered_content
        kept.save(update_fields=["status", "body"])
        return response


def _replay(kept: IdempotencyKey) -> Response:
    return Response(json.loads(bytes(kept.body or b"null")), status=kept.status or 200)


def unknown(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # whatever was asked
    """No such resource, as a problem document."""
    raise NotVisible
