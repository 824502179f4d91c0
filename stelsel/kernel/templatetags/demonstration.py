"""What only the demonstration shows: the one-time code that a made-up person would read from a telephone."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.template import Library

from stelsel.kernel import lockout
from stelsel.kernel.models import User

PERIOD = 30  # seconds that a code is shown for
ACCEPTED = (1, 0, -1)  # the codes that are accepted now (MFA_TOTP_TOLERANCE), the one that stays so longest first


def register_demonstration(register: Library) -> None:
    """Add the tag to the one library that pages load."""
    register.inclusion_tag("components/demonstration_code.html")(demonstration_code)


def demonstration_code(user: object, now: datetime | None) -> dict[str, object]:
    """Say which code to type now, in demonstration mode alone; nothing anywhere else."""
    if not settings.DEMO or not isinstance(user, User) or now is None:
        return {"code": ""}
    return {"code": _code(user, at=now)}


def _code(user: User, *, at: datetime) -> str:
    """A code of `user` that would be accepted at `at`; empty when all were used, or there is no authenticator."""
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if held is None:
        return ""
    secret, counter = decrypt(held.data["secret"]), int(at.timestamp()) // PERIOD
    codes = (format_hotp_value(hotp_value(secret, counter + step)) for step in ACCEPTED)
    return next((code for code in codes if not lockout.spent(held, code, at=at)), "")
