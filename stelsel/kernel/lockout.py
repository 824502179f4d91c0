"""One count of failed confirmations over password, one-time code, passkey and token endpoint, kept in PostgreSQL.

Counting is one atomic statement. A log-in page that shows its errors again answers 200, so the count commits with the
request's transaction; without the database nobody logs in at all.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base.forms import AuthenticateForm as BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as BaseReauthenticateForm
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from stelsel.kernel.models import LoginLock
from stelsel.kernel.vault import blind_index

LOCKED_FOR = timedelta(minutes=30)

COUNT = """
INSERT INTO kernel_loginlock AS lock (name_index, failures, last_at, locked_until)
VALUES (%(name)s, 1, %(at)s, CASE WHEN 1 >= %(limit)s THEN %(until)s::timestamptz END)
ON CONFLICT (name_index) DO UPDATE SET
    failures = CASE WHEN lock.last_at < %(forget)s THEN 1 ELSE lock.failures + 1 END,
    last_at = %(at)s,
    locked_until = CASE WHEN lock.last_at >= %(forget)s AND lock.failures + 1 >= %(limit)s THEN %(until)s::timestamptz END
"""


def locked(name: str, *, at: datetime) -> bool:
    """Whether log-ins under this name are refused now, whatever is typed."""
    return LoginLock.objects.filter(name_index=blind_index("login", name), locked_until__gt=at).exists()


def failed(name: str, *, at: datetime) -> None:
    """Count one failure; the limit (setting, five) locks the name for half an hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "name": blind_index("login", name),
                "at": at,
                "limit": settings.LOCKOUT_FAILURES,
                "until": at + LOCKED_FOR,
                "forget": at - LOCKED_FOR,
            },
        )


def succeeded(name: str) -> None:
    """Full log-in: the count starts again."""
    LoginLock.objects.filter(name_index=blind_index("login", name)).update(failures=0, locked_until=None)


def _refuse_when_locked(name: str) -> None:
    if locked(name, at=timezone.now()):
        raise ValidationError(_("Too many failed attempts. This log-in is locked for half an hour."), code="locked")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is only partly typed
    """allauth with our lock-out and without self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401, ARG002  # allauth's signature
        _refuse_when_locked(credentials.get("username", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:  # noqa: ANN401  # as above
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None:
            failed(credentials.get("username", ""), at=timezone.now())
        return user


class _Counted:
    """A one-time code form whose wrong codes count with wrong passwords."""

    user: AbstractBaseUser

    def clean_code(self) -> str:
        name = self.user.get_username()
        _refuse_when_locked(name)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # the allauth form beside it
        except ValidationError:
            failed(name, at=timezone.now())
            raise
        succeeded(name)
        return code


class AuthenticateForm(_Counted, BaseAuthenticateForm):  # type: ignore[misc]  # allauth is only partly typed
    pass


class ReauthenticateForm(_Counted, BaseReauthenticateForm):  # type: ignore[misc]  # as above
    pass
