"""Conditions of a decision on measures, and the signatures of the deciders where it takes several (R068)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.decision import Package
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked


class DecisionCondition(Marked):
    """What must be so for the decision to hold, and the day on which somebody looks whether it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, related_name="conditions")
    text = SealedTextField()
    check_on = models.DateField(_("look on"))

    objects = CaseScoped.as_manager()


class ConditionCheck(Marked):
    """Somebody looked: it is so, it is not, or it is looked at again on a later day. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    condition = models.ForeignKey(DecisionCondition, models.PROTECT, related_name="checks")
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        choices=[("met", _("Met")), ("not_met", _("Not met")), ("later", _("Look again later"))],
    )
    again_on = models.DateField(_("look again on"), null=True)
    note = SealedTextField(default=b"")
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="later", again_on__isnull=False) | (~Q(outcome="later") & Q(again_on=None)),
                name="condition_later_has_a_day",
            ),
        )


class Approval(Marked):
    """One decider's signature where a decision takes several; it counts for the version that was signed alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, related_name="approvals")
    package_version = models.PositiveIntegerField()
    reasons = SealedTextField()
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    due = models.DateTimeField()  # by when the others sign
    reminded_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["package", "package_version", "approved_by"], name="approved_once"),
        )
