"""Dated changes of configuration: proposed by one, decided by another, never overwritten."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models.people import User


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class Change(models.Model):
    """What holds for `code` from `starts_at` until the next approved change of the same code begins.

    The end is not stored, so that approving a change touches no earlier row: once decided, a row is final, and going
    back is a new row. People in the role of the `keeper` propose and decide.
    """

    keeper: ClassVar[Role] = Role.ADMINISTRATOR

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("code"), max_length=80)
    starts_at = models.DateTimeField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_reasoned"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="%(class)s_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=F("proposed_by")), name="%(class)s_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(starts_at__gte=F("decided_at")), name="%(class)s_not_in_the_past"
            ),
            models.UniqueConstraint(fields=["code"], condition=Q(state="proposed"), name="%(class)s_one_proposal"),
            models.UniqueConstraint(
                fields=["code", "starts_at"], condition=Q(state="approved"), name="%(class)s_one_at_a_time"
            ),
        )


class NormValue(Change):
    """A value of a house norm (huisnorm), in the unit of its definition."""

    value = models.PositiveIntegerField(_("value"))

    class Meta(Change.Meta):
        verbose_name = _("house norm")
        verbose_name_plural = _("house norms")


class CodeValue(Change):
    """How a code of a list is called, and whether it can still be chosen. `code` is list and code, with a dot."""

    name_nl = models.CharField(_("Dutch name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)
    offered = models.BooleanField(_("can be chosen"), default=True)
    replaced_by = models.CharField(_("replaced by"), max_length=30, blank=True)

    class Meta(Change.Meta):
        verbose_name = _("code list")
        verbose_name_plural = _("code lists")
