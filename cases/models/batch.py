"""Handover in bulk (overheveling): many files at once, signed by both sides over the same content."""

import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import BatchState, ItemState
from cases.models.case import Case
from cases.querysets import Batches
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, Signature, User


class HandoverBatch(models.Model):
    """Files of one office that go to one receiver of the NCTV, who alone starts it; seen by both and by nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("office"))
    receiver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("receiver"))
    receiver_role = models.CharField(max_length=30)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(
            BatchState,
            draft=_("Being prepared"),
            offered=_("Offered"),
            running=_("Running"),
            stopped=_("Stopped"),
            withdrawn=_("Withdrawn"),
        ),
    )
    size = models.PositiveIntegerField(_("files"))
    content_hash = models.BinaryField(max_length=32, default=b"")  # of what both sides sign
    offered_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    started_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    round = models.PositiveIntegerField(default=0)  # how often it was started or went on
    version = models.PositiveIntegerField(default=1)

    objects = Batches.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[BatchState.DRAFT, BatchState.WITHDRAWN])
                | models.Q(offered_signature__isnull=False),
                name="batch_offered_and_signed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[BatchState.RUNNING, BatchState.STOPPED])
                | models.Q(started_signature__isnull=False, started_at__isnull=False),
                name="batch_started_and_signed",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)[:8]


class HandoverBatchItem(models.Model):
    """One file of a batch: the hash that both sides signed, and what became of it with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(HandoverBatch, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)  # of the case: an item may be about one that is not seen any more
    content_hash = models.BinaryField(max_length=32, default=b"")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(
            ItemState, waiting=_("Waits"), done=_("Handed over"), failed=_("Failed"), skipped=_("Was done already")
        ),
    )
    code = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=300, blank=True)  # of the refusal, translated where it is shown
    params = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)

    objects = models.Manager["HandoverBatchItem"]()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "case"], name="batch_item_once"),
            models.CheckConstraint(
                condition=models.Q(state=ItemState.WAITING) | models.Q(settled_at__isnull=False),
                name="batch_item_settled_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ItemState.FAILED) | ~models.Q(code=""), name="batch_item_failed_for_a_reason"
            ),
        )

    @property
    def sentence(self) -> str:
        """Why it failed, in the reader's language."""
        return gettext(self.message) % self.params if self.message else ""
