"""What waits for somebody, and what a client already sent."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.models.people import Organisation, RoleChoices, User


class WorkItem(models.Model):
    """Something that waits (werkvoorraad): for whom, about what, by when. An act closes it, never a tick.

    `scope_id` is the case whose grants say who may see the item; null for work that is about no case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    owner_role = models.CharField(_("role"), max_length=30, choices=RoleChoices)
    owner_organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="work_items")
    scope_id = models.UUIDField(null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=80)  # model label, e.g. "cases.handover"
    subject_id = models.UUIDField()
    label = models.CharField(_("label"), max_length=80)  # pseudonym or number, never a name
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_verb = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["owner_role", "due_at"], condition=Q(closed_at=None), name="work_open_role"),
            models.Index(fields=["owner", "due_at"], condition=Q(closed_at=None), name="work_open_owner"),
            models.Index(
                fields=["owner_role", "owner_organisation", "due_at"],
                condition=Q(closed_at=None, owner=None),
                name="work_open_unowned",
            ),
            models.Index(fields=["scope_id"], condition=Q(closed_at=None), name="work_open_scope"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "subject_id", "owner_role"],
                condition=Q(closed_at=None),
                name="work_open_once",
            ),
            models.CheckConstraint(condition=Q(closed_at=None) | ~Q(closed_verb=""), name="work_closed_by_an_act"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class IdempotencyKey(models.Model):
    """The answer a client got for its Idempotency-Key, stored in the transaction of the effect."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE)
    key = models.CharField(max_length=100)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once"),)

    def __str__(self) -> str:
        return self.key
