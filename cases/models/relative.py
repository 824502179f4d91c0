"""Relatives outside the core household are designated one by one, each by a decision of its own (C26 par. 2.3)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import RelativeState
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

RELATIVE_STATES = labels(
    RelativeState,
    proposed=_("Waits for the decision"),
    designated=_("Designated"),
    declined=_("Not designated"),
    ending=_("End proposed"),
    ended=_("Ended"),
)


class RelativeDesignation(Marked):
    """From `starts_at` to `ends_at` this relative is in the scheme beside the person of the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="relative_designations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=RELATIVE_STATES)
    version = models.PositiveIntegerField(default=1)
    grounds = SealedTextField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reasons = SealedTextField(default=b"")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField(null=True)  # the instant of the decision; null: not designated
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    end_grounds = SealedTextField(default=b"")
    end_proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    end_reasons = SealedTextField(default=b"")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ends_at = models.DateTimeField(null=True)
    end_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="relative_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | ~Q(ended_by=F("end_proposed_by")), name="relative_end_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RelativeState.DESIGNATED, RelativeState.ENDING, RelativeState.ENDED])
                | Q(decided_by__isnull=False, starts_at__isnull=False, signature__isnull=False),
                name="relative_designated_by_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state=RelativeState.ENDED)
                | Q(
                    ended_by__isnull=False,
                    end_proposed_by__isnull=False,
                    ends_at__isnull=False,
                    end_signature__isnull=False,
                ),
                name="relative_ended_by_decision",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state__in=[RelativeState.DECLINED, RelativeState.ENDED]),
                name="relative_designated_once",
            ),
        )
