"""Escalation of a rejected nomination: one row for each rung, with what the office and the NCTV wrote."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.escalation import EscalationState, Rung
from cases.models.case import Case
from cases.models.intake import Nomination
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

RUNGS = [
    (Rung.FIRST.value, _("First rung: national coordinating chief prosecutor and director of the NCTV")),
    (Rung.SECOND.value, _("Second rung: portfolio procurator general and the NCTV")),
]
STATES = labels(
    EscalationState,
    raised=_("Waits for the answer of the NCTV"),
    upheld=_("The rejection stands"),
    overturned=_("To be judged anew, by others"),
    withdrawn=_("Withdrawn"),
    overtaken=_("Overtaken by an urgent designation"),
)
ANSWERED = [EscalationState.UPHELD, EscalationState.OVERTURNED]


class Escalation(Marked):
    """One rung taken by the chief prosecutor against the rejection of `nomination`.

    `opened` is the nomination, with the same texts, that an overturned rejection leads to; what was judged stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="escalations")
    rung = models.PositiveSmallIntegerField(_("rung"), choices=RUNGS)
    state = models.CharField(_("state"), max_length=10, choices=STATES)
    reasons = SealedTextField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = SealedTextField(default=b"")
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    opened = models.OneToOneField(Nomination, models.PROTECT, null=True, related_name="escalated_from")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=EscalationState.RAISED), name="escalation_one_open"
            ),
            models.UniqueConstraint(fields=["nomination", "rung"], name="escalation_each_rung_once"),
            models.CheckConstraint(condition=Q(rung__in=[rung.value for rung in Rung]), name="escalation_rung"),
            models.CheckConstraint(
                condition=Q(state=EscalationState.RAISED, settled_at=None, settled_by=None)
                | Q(~Q(state=EscalationState.RAISED), settled_at__isnull=False, settled_by__isnull=False),
                name="escalation_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED) | Q(~Q(settled_by=F("raised_by")), signature__isnull=False),
                name="escalation_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=EscalationState.OVERTURNED, opened__isnull=False)
                | Q(~Q(state=EscalationState.OVERTURNED), opened=None),
                name="escalation_opens_when_overturned",
            ),
        )
