"""What the police reported about somebody who has a case that they do not see: nothing that was typed is lost."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.querysets import PassedReports
from cases.reporting import OPEN, ReportState
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, PersonKey, SealedTextField, User
from stelsel.legal.models import Marked

STATES = labels(
    ReportState,
    waiting=_("With the prosecutor's office"),
    forwarded=_("With the NCTV"),
    taken=_("Taken up"),
    different=_("About another person"),
)


class PassedReport(Marked):
    """A report passed on (doorgegeven melding) to the office of the case, which forwards it where the NCTV acts.

    Its texts are under a key of its own: who reports does not see the case, and may not use its key. `case` is empty
    where the case takes nothing, or may not be named to who reports; the office looks the person up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="passed_reports")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    name = SealedTextField()
    birth_date = SealedTextField(default=b"")
    reach = SealedTextField(default=b"")
    what_happened = SealedTextField()
    measures_now = SealedTextField(default=b"")
    state = models.CharField(_("state"), max_length=10, choices=STATES)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)
    answer = SealedTextField(default=b"")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = PassedReports.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=OPEN, answered_by=None, answered_at=None)
                | Q(~Q(state__in=OPEN), answered_by__isnull=False, answered_at__isnull=False),
                name="report_answered",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("reported_by")), name="report_answered_by_another"
            ),
        )
        indexes = (models.Index(fields=["reported_by", "-reported_at"], name="report_of_reporter"),)

    def __str__(self) -> str:
        return self.reference
