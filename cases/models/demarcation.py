"""Demarcation of a case from another regime: the decision, who took the person over, and the way back."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.demarcation import OPEN, DemarcationState, Regime
from cases.models.case import REGIMES, Case
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedTextField, User
from stelsel.legal.models import Marked

STATES = labels(
    DemarcationState,
    waiting=_("Not taken over yet"),
    declined=_("Not taken over: nothing changed"),
    taken_over=_("Taken over"),
    back=_("Handed back, not in hand yet"),
    received=_("Back, in hand"),
)


class Demarcation(Marked):
    """One way out of what happens here and back; the thin record (R044) of a case that others look after.

    `reference` is the number under which they have it; `review_on` the day on which one asks whether it still holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="demarcations")
    regime = models.CharField(_("regime"), max_length=20, choices=REGIMES)
    state = models.CharField(_("state"), max_length=10, choices=STATES)
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("contact point"))
    reason = SealedTextField(default=b"")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    due_at = models.DateTimeField()  # while between two regimes: the end of the term
    reference = models.CharField(_("their reference"), max_length=60, blank=True)
    review_on = models.DateField(_("review on"), null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    back_reason = SealedTextField(default=b"")
    back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    back_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=sorted(OPEN)), name="demarcation_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(regime=Regime.NONE), name="demarcation_names_a_regime"),
            models.CheckConstraint(
                condition=~Q(regime=Regime.WITNESS_PROTECTION) | Q(reason=b"", reference="", back_reason=b""),
                name="demarcation_block_without_content",
            ),
            models.CheckConstraint(
                condition=Q(state=DemarcationState.WAITING, answered_at=None)
                | Q(~Q(state=DemarcationState.WAITING), answered_by__isnull=False, answered_at__isnull=False),
                name="demarcation_answered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DemarcationState.BACK, DemarcationState.RECEIVED], back_at__isnull=False)
                | Q(~Q(state__in=[DemarcationState.BACK, DemarcationState.RECEIVED]), back_at=None),
                name="demarcation_back",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("decided_by")), name="demarcation_answered_by_another"
            ),
        )
