"""One-time codes of the demonstration: known secrets for its people, and codes for the signatures that are loaded.

The loader signs the way people do, through stelsel.kernel.signing. A code works once, and a hundred signatures in a
second would need as many codes; so the signer gets a new secret for each loaded signature, and the known one at the
end.
"""

import base64
import hashlib
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings

from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import User

PERIOD = 30  # seconds that a code is shown for


def secret_of(username: str) -> str:
    """The secret of a demonstration log-in (base32), the same on every machine: it protects nothing."""
    return base64.b32encode(hashlib.sha256(f"demonstration|{username}".encode()).digest()[:20]).decode()


def give_authenticator(user: User) -> None:
    """Let this person of the demonstration confirm with the known secret.

    Raises:
        RuntimeError: this is no demonstration.
    """
    _refuse_outside_demonstration()
    TOTP.activate(user, secret_of(user.username))


class Codes:
    """Codes for loaded signatures; `put_back` gives the signers their known secrets again."""

    def __init__(self) -> None:
        _refuse_outside_demonstration()
        self._used: set[tuple[str, str]] = set()
        self._signers: set[str] = set()

    def for_signature(self, actor: Actor) -> str:
        """A code that this actor may type now and never typed before."""
        counter = int(time.time()) // PERIOD
        code = ""
        while not code or (str(actor.user_id), code) in self._used:
            secret = generate_totp_secret()
            code = format_hotp_value(hotp_value(secret, counter))
        self._used.add((str(actor.user_id), code))
        self._signers.add(str(actor.user_id))
        _set_secret(str(actor.user_id), secret)
        return code

    def put_back(self) -> None:
        for user in User.objects.filter(pk__in=self._signers).order_by("username"):
            _set_secret(str(user.pk), secret_of(user.username))


def _set_secret(user_id: str, secret: str) -> None:
    Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).update(data={"secret": encrypt(secret)})


def _refuse_outside_demonstration() -> None:
    if not settings.DEMO:
        raise RuntimeError("known secrets are for the demonstration alone")
