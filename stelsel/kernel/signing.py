"""Signing: a fresh multi-factor confirmation by the named office holder over exactly the content shown.

The signature stores the hash of the content, name, office and instant; content that changed afterwards has
another hash, so the signature no longer holds. A deputy's mandate is the membership they act in, checked at
that instant.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import models

from stelsel.kernel import audit, lockout
from stelsel.kernel.access import current
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Forbidden, gettext_noop
from stelsel.kernel.models import Membership, Signature, User


def content_hash(content: Mapping[str, object]) -> bytes:
    """SHA-256 over the canonical JSON of what is signed (sorted keys, no spaces)."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


def sign(subject: models.Model, content: Mapping[str, object], *, actor: Actor, at: datetime, code: str) -> Signature:
    """Sign `content` as `actor`, confirmed by a one-time code typed for this signature.

    Raises:
        Forbidden: the code is wrong or was used, the log-in is locked, or the mandate is not in force.
    """
    user = User.objects.get(pk=actor.user_id)
    membership = (
        Membership.objects.in_force(at=at).filter(pk=actor.membership_id, user=user).first()
        if actor.membership_id
        else None
    )
    if membership is None:
        raise Forbidden("no_mandate", gettext_noop("Your mandate is not in force on this day."))
    signature = Signature.objects.create(
        signer=user,
        signer_name=user.get_full_name(),
        office=membership.role,
        organisation_id=membership.organisation_id,
        deputy_of_id=membership.deputy_of_id,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        content_hash=content_hash(content),
        method=_confirm(user, code=code, at=at),
        signed_at=at,
    )
    audit.record("signature.place", signature, detail={"subject": signature.subject, "subject_id": str(subject.pk)})
    return signature


def holds(signature: Signature | None, content: Mapping[str, object]) -> bool:
    """Whether the signature is there and the content is still what was signed."""
    return signature is not None and bytes(signature.content_hash) == content_hash(content)


def _confirm(user: User, *, code: str, at: datetime) -> str:
    if current() is None:
        raise RuntimeError("signing needs a unit of work")
    if lockout.hold(user.username, at=at):
        raise Forbidden("locked", gettext_noop("Too many failed attempts. This log-in is locked for half an hour."))
    if not lockout.spend_code(user, code, at=at):
        raise WrongCode
    return str(Authenticator.Type.TOTP)


class WrongCode(Forbidden):
    """The code did not fit.

    Counting it must survive the refusal: the door counts (stelsel.kernel.web.attempt).
    """

    def __init__(self) -> None:
        super().__init__("wrong_code", gettext_noop("This code is wrong or was used already. Type a new code."))
