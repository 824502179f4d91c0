"""The trail: acts, reads and row history, each row with its leaf hash, and the seals over them.

No role of a process may change or delete these rows, and only functions of the database write them
(stelsel/kernel/migrations). `txid` is the writing transaction; it joins a history row to the act that caused
it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Leaf(models.Model):
    """A row of the trail. `leaf_hash` is SHA-256 over the row's JSON without nulls, set by trigger."""

    id = models.BigAutoField(primary_key=True)
    recorded_at = models.DateTimeField()
    txid = models.BigIntegerField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        abstract = True


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class AuditEntry(Leaf):
    """An act, done or refused: who, in which role, what, on what, when.

    `scope_id` is the case it belongs to.
    """

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=30)
    organisation_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=80)
    target = models.CharField(max_length=80)
    target_id = models.CharField(max_length=64)
    scope_id = models.UUIDField(null=True)
    reason = models.TextField(null=True)  # noqa: DJ001  # null is left out of the leaf hash; "" would say something
    detail = models.JSONField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome)

    class Meta:
        indexes = (
            models.Index(fields=["scope_id", "-id"], name="audit_scope"),
            models.Index(fields=["txid"], name="audit_txid"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.outcome}"


class ReadEntry(Leaf):
    """Somebody saw data of one person: who, in which role, for which purpose, through which route."""

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=30)
    organisation_id = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    scope_id = models.UUIDField(null=True)
    route = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)  # view, list, identity, export, print, lookup

    class Meta:
        indexes = (
            models.Index(fields=["subject_id", "-id"], name="read_subject"),
            models.Index(fields=["actor_id", "subject_id", "route", "-recorded_at"], name="read_again"),
            models.Index(fields=["txid"], name="read_txid"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class HistoryEntry(Leaf):
    """One change of one row: the row as it was written (ciphertext stays ciphertext)."""

    table_name = models.CharField(max_length=80)
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=6)
    actor_id = models.UUIDField(null=True)
    data = models.JSONField()

    class Meta:
        indexes = (
            models.Index(fields=["table_name", "row_id", "-id"], name="history_row"),
            models.Index(fields=["txid"], name="history_txid"),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name}"


class Seal(models.Model):
    """A batch of leaves, sealed.

    Merkle root over all leaves of transactions from `from_txid` up to `to_txid`, chained.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    from_txid = models.BigIntegerField()
    to_txid = models.BigIntegerField()
    leaves = models.BigIntegerField()
    total = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    chain = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return str(self.number)
