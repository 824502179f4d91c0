"""Work for Celery, written with the change that causes it.

PostgreSQL is the truth; the broker is a doorbell.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    DONE = "done", _("done")
    DEAD = "dead", _("given up")


class OutboxMessage(models.Model):
    """One piece of work: a task by name with ids only, done exactly once (`key` is unique)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(_("task"), max_length=100)
    ids = models.JSONField(_("ids"), default=dict)
    key = models.CharField(_("key"), max_length=200, unique=True)
    actor = models.JSONField(default=dict)  # user and membership that asked: the job acts with their rights
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    ringing = models.BooleanField(default=False)  # handed to the broker, and not heard of since
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    available_at = models.DateTimeField(_("available from"))
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)  # a code, never a message with data

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-created_at", "pk")
        indexes = (models.Index(fields=["available_at"], condition=models.Q(state="queued"), name="outbox_waiting"),)

    def __str__(self) -> str:
        return f"{self.task} {self.id}"
