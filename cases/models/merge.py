"""Two cases that look alike: said to be about two persons, or merged because they are about one."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.merging import STANDING, MergeState
from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

STATES = labels(
    MergeState,
    proposed=_("Waits for the office of the case that would rest"),
    merged=_("Merged"),
    declined=_("Declined"),
    withdrawn=_("Withdrawn"),
    undone=_("Undone"),
)


class CaseMerge(Marked):
    """`case`, which rests, goes on in `leading` because both are about one person. Its rows stay where they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="merges")
    leading = models.ForeignKey(Case, models.PROTECT, related_name="merged_here")
    state = models.CharField(_("state"), max_length=10, choices=STATES)
    reason = SealedTextField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    answer = SealedTextField(default=b"")
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = SealedTextField(default=b"")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(state__in=STANDING), name="merge_one_standing"),
            models.CheckConstraint(condition=~Q(case=F("leading")), name="merge_of_two_cases"),
            models.CheckConstraint(
                condition=Q(state=MergeState.PROPOSED, settled_by=None, settled_at=None)
                | Q(~Q(state=MergeState.PROPOSED), settled_by__isnull=False, settled_at__isnull=False),
                name="merge_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MergeState.MERGED, MergeState.UNDONE, MergeState.DECLINED])
                | ~Q(settled_by=F("proposed_by")),
                name="merge_settled_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=MergeState.UNDONE, undone_by__isnull=False, undone_at__isnull=False)
                | Q(~Q(state=MergeState.UNDONE), undone_by=None, undone_at=None),
                name="merge_undone_by_somebody",
            ),
        )


class Distinction(Marked):
    """Somebody looked at both cases: they are about two persons (niet dezelfde persoon). Withdrawn, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="distinctions")
    other = models.ForeignKey(Case, models.PROTECT, related_name="+")
    reason = SealedTextField()
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "other"], condition=Q(withdrawn_at=None), name="distinction_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="distinction_of_two_cases"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="distinction_withdrawn_by_somebody",
            ),
        )
