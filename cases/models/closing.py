"""The way out: authority returned to the chief prosecutor, and the case closed and opened again."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Outcome, ReturnState
from cases.models.case import Case
from cases.models.designation import Designation
from cases.models.measure import Measure
from cases.models.merge import CaseMerge
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedTextField, Signature, User
from stelsel.legal.models import Marked

OUTCOMES = labels(
    Outcome,
    continues=_("Continues under the chief prosecutor"),
    reordered=_("Ordered anew by the chief prosecutor"),
    ended_before=_("Ended before by its own decision"),
)


class AuthorityReturn(Marked):
    """Authority over person and core household goes back to the chief prosecutor at `decided_at`, in one instant.

    The counterpart of the handover (Circulaire 2026 par. 2.3): the written confirmation completes the file and
    moves nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="returns")
    designation = models.OneToOneField(Designation, models.PROTECT, related_name="returned")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(ReturnState, waiting=_("Waits for the confirmation"), confirmed=_("Confirmed")),
    )
    reasons = SealedTextField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    confirm_due = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirm_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ReturnState.WAITING, confirmed_by=None, confirm_signature=None, confirmed_at=None)
                | Q(
                    state=ReturnState.CONFIRMED,
                    confirmed_by__isnull=False,
                    confirm_signature__isnull=False,
                    confirmed_at__isnull=False,
                ),
                name="return_confirmed_by_a_signature",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")), name="return_confirmed_by_another"
            ),
        )


class ReturnedMeasure(models.Model):
    """What becomes of one measure at the return. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    returned = models.ForeignKey(AuthorityReturn, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    outcome = models.CharField(_("what becomes of it"), max_length=15, choices=OUTCOMES)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["returned", "measure"], name="returned_once"),)


class CaseClosure(models.Model):
    """From when until when the case was closed: for that time nobody has authority, and nothing of the case changes.

    With `merge` it rests: the person has another case, that goes on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="closures")
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    reason = SealedTextField()
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopen_reason = SealedTextField(default=b"")
    merge = models.OneToOneField(CaseMerge, models.PROTECT, null=True, related_name="closure")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=Q(reopened_at=None), name="closure_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None)
                | Q(reopened_at__gt=F("closed_at"), reopened_by__isnull=False),
                name="closure_reopened_later",
            ),
        )
