"""Keys per person, signatures, and the count of failed log-ins."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

from stelsel.kernel.models.people import User

if TYPE_CHECKING:  # Django's fields take type arguments in the stubs alone
    Bytes = models.BinaryField[bytes | memoryview, bytes | memoryview]
else:
    Bytes = models.BinaryField


class SealedTextField(Bytes):
    """Text about a person under that person's key (stelsel.kernel.vault).

    The column holds ciphertext only.
    """


class SealedBytesField(Bytes):
    """A file about a person under that person's key, as SealedTextField holds text."""


class PersonKey(models.Model):
    """The data key of one person, wrapped by a master key outside the database.

    Destroying it destroys the content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    master = models.CharField(max_length=40)  # id of the master key that wraps it
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(destroyed_at=None, wrapped__isnull=False)
                | models.Q(destroyed_at__isnull=False, wrapped=None),
                name="person_key_whole_or_destroyed",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Signature(models.Model):
    """A fresh multi-factor confirmation by an office holder over the content shown (handtekening).

    Never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signer = models.ForeignKey(User, models.PROTECT, related_name="signatures")
    signer_name = models.CharField(max_length=150)
    office = models.CharField(max_length=30)
    organisation_id = models.UUIDField()
    deputy_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    content_hash = models.BinaryField(max_length=32)
    method = models.CharField(max_length=20)
    signed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["subject", "subject_id"], name="signature_subject"),)

    def __str__(self) -> str:
        return f"{self.signer_name}, {self.office}, {self.signed_at:%Y-%m-%d %H:%M}"


class LoginLock(models.Model):
    """Failed confirmations of one log-in name, over password, code, passkey and token endpoint together."""

    name_index = models.BinaryField(primary_key=True, max_length=32)  # blind index of the log-in name
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"
