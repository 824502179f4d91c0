"""One count of failures over password, one-time code, passkey and token endpoint, kept in PostgreSQL.

Whoever checks a secret holds the count of that log-in name until the request ends, so that attempts at the same
moment come one after another and never exceed the limit. A log-in page that shows its errors again answers 200, so
the count commits with the request's transaction; without the database nobody logs in at all.
"""

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm as BasePasskeyForm
from allauth.mfa.webauthn.forms import LoginWebAuthnForm as BasePasskeyLoginForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as BasePasskeyReauthenticateForm
from allauth.mfa.webauthn.internal import auth as passkeys
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stelsel.kernel.models import LoginLock, User
from stelsel.kernel.vault import blind_index, open_secret, seal_secret

LOCKED_FOR = timedelta(minutes=30)
CODE_LIVES = timedelta(minutes=5)  # longer than any one-time code is accepted (MFA_TOTP_TOLERANCE)

COUNT = """
INSERT INTO kernel_loginlock AS lock (name_index, failures, last_at, locked_until)
VALUES (%(name)s, 1, %(at)s, CASE WHEN 1 >= %(limit)s THEN %(until)s::timestamptz END)
ON CONFLICT (name_index) DO UPDATE SET
    failures = CASE WHEN lock.last_at < %(forget)s THEN 1 ELSE lock.failures + 1 END,
    last_at = %(at)s,
    locked_until = CASE
        WHEN lock.last_at >= %(forget)s AND lock.failures + 1 >= %(limit)s THEN %(until)s::timestamptz END
"""
HOLD = """
INSERT INTO kernel_loginlock AS lock (name_index, failures, last_at) VALUES (%(name)s, 0, %(at)s)
ON CONFLICT (name_index) DO UPDATE SET failures = lock.failures
RETURNING COALESCE(locked_until > %(at)s, false)
"""


def hold(name: str, *, at: datetime) -> bool:
    """Whether log-ins under this name are refused now; nobody else checks this name until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"name": _index(name), "at": at})
        (refused,) = cursor.fetchone()
    return bool(refused)


def locked(name: str, *, at: datetime) -> bool:
    """Whether log-ins under this name are refused now, whatever is typed."""
    return LoginLock.objects.filter(name_index=_index(name), locked_until__gt=at).exists()


def failed(name: str, *, at: datetime) -> None:
    """Count one failure; the limit (setting, five) locks the name for half an hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "name": _index(name),
                "at": at,
                "limit": settings.LOCKOUT_FAILURES,
                "until": at + LOCKED_FOR,
                "forget": at - LOCKED_FOR,
            },
        )


def succeeded(name: str) -> None:
    """Full log-in: the count starts again."""
    LoginLock.objects.filter(name_index=_index(name)).update(failures=0, locked_until=None)


def _index(name: str) -> bytes:
    return blind_index("login", name)


def spend_code(user: User, code: str, *, at: datetime) -> bool:
    """Whether `code` is a right one-time code of `user` that was not used before; from now on it was."""
    return any(
        authenticator.wrap().validate_code(code) and _first_use(authenticator, code, at=at)
        for authenticator in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    )


def _first_use(authenticator: Authenticator, code: str, *, at: datetime) -> bool:
    """Mark the code as used, with the authenticator and under its row's lock.

    allauth keeps used codes in the cache, for a shorter time than it accepts them.
    """
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        mark = _mark(held, code)
        spent = {known: until for known, until in held.data.get("spent", {}).items() if until > at.timestamp()}
        if mark in spent:
            return False
        held.data["spent"] = {**spent, mark: (at + CODE_LIVES).timestamp()}
        held.save(update_fields=["data"])
    return True


def spent(authenticator: Authenticator, code: str, *, at: datetime) -> bool:
    """Whether this code was used already and would be refused."""
    return bool(authenticator.data.get("spent", {}).get(_mark(authenticator, code), 0) > at.timestamp())


def _mark(authenticator: Authenticator, code: str) -> str:
    return hashlib.sha256(f"{authenticator.pk}|{''.join(code.split())}".encode()).hexdigest()


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  # allauth calls the adapters and forms below: they are doors


def _refuse_when_locked(name: str) -> None:
    if hold(name, at=_now()):
        raise ValidationError(_("Too many failed attempts. This log-in is locked for half an hour."), code="locked")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is only partly typed
    """allauth with our lock-out and without self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: a password alone adds no key and takes no code out of use."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        stronger = [method for method in methods if method["id"] != "reauthenticate"]
        return stronger or methods

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401  # as above
        _refuse_when_locked(credentials.get("username", ""))
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401, ARG002  # as above
        failed(credentials.get("username", ""), at=_now())


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is only partly typed
    """Secrets of authenticators are stored under the master key."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal_secret(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(base64.b64decode(encrypted_text))


def reseal() -> int:
    """Put the secrets of all authenticators under the current master key; how many there are."""
    adapter, count = MfaAdapter(), 0
    for key in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            held = Authenticator.objects.select_for_update().get(pk=key)
            for name in {"secret", "seed"} & set(held.data):
                held.data[name] = adapter.encrypt(adapter.decrypt(held.data[name]))
                count += 1
            held.save(update_fields=["data"])
    return count


class _Code:
    """A one-time code form whose wrong codes count with wrong passwords, and whose right ones work once."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        name = self.user.get_username()
        _refuse_when_locked(name)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # the allauth form beside it
            if not _first_use(self.authenticator, code, at=_now()):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            failed(name, at=_now())
            raise
        succeeded(name)
        return code


class AuthenticateForm(_Code, BaseAuthenticateForm):  # type: ignore[misc]  # allauth is only partly typed
    pass


class ReauthenticateForm(_Code, BaseReauthenticateForm):  # type: ignore[misc]  # as above
    pass


class _Passkey:
    """A passkey form whose failures count for the log-in that the passkey says it is of."""

    user: User | None
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        passkeys.parse_authentication_response(credential)
        user = self.user or passkeys.extract_user_from_response(credential)
        _refuse_when_locked(user.get_username())
        try:
            authenticator = super().clean_credential()  # type: ignore[misc]  # the allauth form beside it
        except (ValidationError, InvalidSignature) as error:
            failed(user.get_username(), at=_now())
            raise get_adapter().validation_error("incorrect_code") from error
        succeeded(user.get_username())
        return authenticator


class PasskeyForm(_Passkey, BasePasskeyForm):  # type: ignore[misc]  # allauth is only partly typed
    pass


class PasskeyLoginForm(_Passkey, BasePasskeyLoginForm):  # type: ignore[misc]  # as above
    pass


class PasskeyReauthenticateForm(_Passkey, BasePasskeyReauthenticateForm):  # type: ignore[misc]  # as above
    pass
