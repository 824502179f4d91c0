"""Nomination (intakeformulier) and judgement (oordeelsformulier)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Line, NominationState
from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

NOMINATION_STATES = labels(
    NominationState,
    draft=_("Draft"),
    filled=_("With the adviser BB&C"),
    completed=_("Waits for the signature"),
    signed=_("Nominated"),
    prepared=_("Waits for the judgement"),
    accepted=_("Accepted"),
    rejected=_("Rejected"),
    withdrawn=_("Withdrawn"),
)


class Nomination(Marked):
    """The nomination for the scheme: filled by the police, completed by BB&C, signed by the chief prosecutor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="nominations")
    state = models.CharField(_("state"), max_length=10, choices=NOMINATION_STATES)
    line = models.CharField(
        _("line"), max_length=10, choices=labels(Line, direct=_("Direct line"), indirect=_("Triage table"))
    )
    serious = models.BooleanField(_("the threat is serious"), default=False)
    aimed_at_life = models.BooleanField(_("the threat is aimed at life"), default=False)
    threatener_known = models.BooleanField(_("the threatener is known"), default=False)
    what_happened = SealedTextField()
    measures_now = SealedTextField(default=b"")  # what is in force already, in words
    assessment = SealedTextField(default=b"")  # of the adviser BB&C
    withdrawal = SealedTextField(default=b"")  # why the office withdrew it
    filled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    completed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"],
                condition=~models.Q(state__in=["accepted", "rejected", "withdrawn"]),
                name="nomination_one_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "prepared", "accepted", "rejected"])
                | models.Q(signature__isnull=False),
                name="nomination_signed",
            ),
        )


class Judgement(Marked):
    """The reasoned judgement of the NCTV on a nomination; prepared by one, decided by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="judgement")
    case = models.ForeignKey(Case, models.PROTECT, related_name="judgements")
    proposal = SealedTextField()
    information_used = SealedTextField()
    reasons = SealedTextField(default=b"")
    outcome = models.CharField(
        max_length=10,
        choices=[("", "—"), ("accept", _("Accept")), ("reject", _("Reject"))],
        default="",
        blank=True,
    )
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("prepared_by")),
                name="judgement_four_eyes",
            ),
        )
