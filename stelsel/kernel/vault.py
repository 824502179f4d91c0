"""Text about a person, under a key of that person's own.

AES-256-GCM; associated data names the model, field, row and key, so that ciphertext moved to another row,
field or person does not open. Data keys are wrapped by a master key that never enters the database;
destroying a person's data key destroys the content and breaks no seal (docs/decisions/0002-vault.md).
"""

import base64
import functools
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction

from stelsel.kernel.errors import DomainError, gettext_noop
from stelsel.kernel.models import PersonKey

FORMAT = b"\x01"
NONCE = 12
KEY_ID = 16


class Unreadable(DomainError):
    """The text cannot be opened: its key was destroyed, or it was tampered with.

    Nothing of it is ever shown.
    """


@functools.cache
def _master_keys() -> dict[str, AESGCM]:
    keys: dict[str, AESGCM] = {}
    for entry in filter(None, settings.MASTER_KEYS.split(",")):
        name, _, value = entry.partition(":")
        keys[name] = AESGCM(base64.b64decode(value))
    if not keys:
        raise ImproperlyConfigured("STELSEL_MASTER_KEYS is not set.")
    return keys


def _wrapping(key_id: UUID, master: str) -> bytes:
    return f"personkey|{key_id}|{master}".encode()


def make_key(*, at: datetime) -> PersonKey:
    """Make the data key of a new person, wrapped by the current master key."""
    name, master = list(_master_keys().items())[-1]
    key = PersonKey(master=name, created_at=at)
    nonce = os.urandom(NONCE)
    key.wrapped = nonce + master.encrypt(nonce, AESGCM.generate_key(256), _wrapping(key.pk, name))
    key.save(force_insert=True)
    return key


def destroy_key(key: PersonKey, *, at: datetime) -> None:
    """Destroy the content of a person for good: without the key, no copy of the text in this database opens.

    Row history never holds the wrapped key (stelsel/kernel/migrations/0002_trail.py). A backup made before does,
    until it is thrown away: docs/security.md names the term.
    """
    key.wrapped, key.destroyed_at = None, at
    key.save(update_fields=["wrapped", "destroyed_at"])


def rewrap(key: PersonKey) -> bool:
    """Wrap one data key with the current master key; False when it is already, or was destroyed."""
    name, master = list(_master_keys().items())[-1]
    if key.wrapped is None or key.master == name:
        return False
    plain = _unwrap(key)
    nonce = os.urandom(NONCE)
    key.wrapped = nonce + master.encrypt(nonce, plain, _wrapping(key.pk, name))
    key.master = name
    key.save(update_fields=["wrapped", "master"])
    return True


def rotate() -> int:
    """Wrap every data key with the current master key, each in a transaction of its own; how many it wrapped.

    A run that was broken off goes on where it was when it is called again.
    """
    name = list(_master_keys())[-1]
    waiting = PersonKey.objects.filter(destroyed_at=None).exclude(master=name).order_by("pk")
    wrapped = 0
    for key_id in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            wrapped += rewrap(PersonKey.objects.select_for_update().get(pk=key_id))
    return wrapped


@dataclass(frozen=True)
class Rotation:
    """The proof: how many data keys the current master key opens, which keys it does not, how many are gone."""

    current: str
    opened: int
    closed: tuple[UUID, ...]
    destroyed: int


def prove_rotation() -> Rotation:
    """Open every data key with the current master key alone."""
    name, master = list(_master_keys().items())[-1]
    opened, closed = 0, []
    for key in PersonKey.objects.filter(destroyed_at=None).iterator():
        blob = bytes(key.wrapped or b"")
        try:
            master.decrypt(blob[:NONCE], blob[NONCE:], _wrapping(key.pk, name))
            opened += 1
        except InvalidTag:
            closed.append(key.pk)
    return Rotation(name, opened, tuple(closed), PersonKey.objects.exclude(destroyed_at=None).count())


def _unwrap(key: PersonKey) -> bytes:
    if key.wrapped is None:
        raise Unreadable("destroyed", gettext_noop("The content of this person was destroyed."))
    blob = bytes(key.wrapped)
    try:
        return _master_keys()[key.master].decrypt(blob[:NONCE], blob[NONCE:], _wrapping(key.pk, key.master))
    except (InvalidTag, KeyError) as error:
        raise Unreadable("unreadable", gettext_noop("This text cannot be opened.")) from error


def _binding(row: models.Model, field: str, key_id: UUID) -> bytes:
    return f"{row._meta.label_lower}|{field}|{row.pk}|{key_id}".encode()


def seal_secret(text: str) -> bytes:
    """Put a secret of the system itself (of an authenticator) under the current master key."""
    name, master = list(_master_keys().items())[-1]
    nonce = os.urandom(NONCE)
    return name.encode() + b":" + nonce + master.encrypt(nonce, text.encode(), f"secret|{name}".encode())


def open_secret(blob: bytes) -> str:
    """Open what `seal_secret` made.

    Raises:
        Unreadable: tampered with, or its master key is not here.
    """
    name, _, sealed = blob.partition(b":")
    try:
        master = _master_keys()[name.decode()]
        return master.decrypt(sealed[:NONCE], sealed[NONCE:], b"secret|" + name).decode()
    except (InvalidTag, KeyError, UnicodeDecodeError) as error:
        raise Unreadable("unreadable", gettext_noop("This text cannot be opened.")) from error


class Box:
    """The opened keys of some persons, for one unit of work."""

    def __init__(self, keys: Iterable[PersonKey]) -> None:
        self._keys = {key.pk: AESGCM(_unwrap(key)) for key in keys}

    def seal(self, row: models.Model, field: str, text: str, *, key: UUID) -> None:
        """Put `text` into `row.field` as ciphertext; the row needs its primary key."""
        self.seal_bytes(row, field, text.encode(), key=key)

    def seal_bytes(self, row: models.Model, field: str, content: bytes, *, key: UUID) -> None:
        """Put `content` into `row.field` as ciphertext, bound to row, field and key as text is."""
        nonce = os.urandom(NONCE)
        sealed = self._keys[key].encrypt(nonce, content, _binding(row, field, key))
        setattr(row, field, FORMAT + key.bytes + nonce + sealed)

    def open(self, row: models.Model, field: str) -> str:
        """Return the clear text of `row.field`; an empty column is an empty text.

        Raises:
            Unreadable: another row's or field's ciphertext, tampered with, or the key is not in this box.
        """
        return self.open_bytes(row, field).decode()

    def open_bytes(self, row: models.Model, field: str) -> bytes:
        """Return the clear content of `row.field`; an empty column is no bytes.

        Raises:
            Unreadable: as for a text.
        """
        blob = bytes(getattr(row, field) or b"")
        if not blob:
            return b""
        key_id = UUID(bytes=blob[1 : 1 + KEY_ID])
        nonce, sealed = blob[1 + KEY_ID : 1 + KEY_ID + NONCE], blob[1 + KEY_ID + NONCE :]
        try:
            return self._keys[key_id].decrypt(nonce, sealed, _binding(row, field, key_id))
        except (InvalidTag, KeyError) as error:
            raise Unreadable("unreadable", gettext_noop("This text cannot be opened.")) from error


def box(*key_ids: UUID) -> Box:
    """Open the keys of these persons, in one query.

    A destroyed key is left out: its texts raise Unreadable.
    """
    return Box(PersonKey.objects.filter(pk__in=set(key_ids), destroyed_at=None))


def blind_index(*parts: str) -> bytes:
    """A keyed hash of normalised text, to look up without storing the text (name, birth date)."""
    secret = base64.b64decode(settings.INDEX_KEY)
    if not secret:
        raise ImproperlyConfigured("STELSEL_INDEX_KEY is not set.")
    plain = "|".join(" ".join(_plain(part).split()) for part in parts)
    return hmac.new(secret, plain.encode(), hashlib.sha256).digest()


def _plain(text: str) -> str:
    """Case and accents folded: "Ömer  Çelik" and "omer celik" give the same index."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("\N{LATIN SMALL LETTER DOTLESS I}", "i"))
    return "".join(char for char in folded if not unicodedata.combining(char))
