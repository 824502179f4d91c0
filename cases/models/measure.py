"""Measures (maatregelen): ordered, accepted, in place, verified, ended. Nothing but an act ends a measure."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Authority, MeasureState
from cases.models.case import Case
from cases.models.catalogue import kind_name
from cases.models.contact import ContactEntry
from cases.models.decision import PlannedMeasure
from cases.models.designation import UrgentRequest
from cases.models.person import Person
from cases.querysets import CaseScoped, Measures
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

MEASURE_STATES = labels(
    MeasureState,
    ordered=_("Ordered"),
    accepted=_("Accepted"),
    in_place=_("In place"),
    verified=_("Verified"),
    ended=_("Ended"),
)


class Measure(Marked):
    """One measure for one person. The order stands apart from what was done: see `state` and the reports."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="measures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(_("measure"), max_length=30)  # a code of the catalogue
    state = models.CharField(_("state"), max_length=10, choices=MEASURE_STATES)
    ordered_under = models.CharField(_("ordered by"), max_length=20, choices=[(a.value, a.value) for a in Authority])
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    urgent_request = models.ForeignKey(UrgentRequest, models.PROTECT, null=True, related_name="measures")
    planned = models.OneToOneField(PlannedMeasure, models.PROTECT, null=True, related_name="measure")
    provisional = models.BooleanField(_("provisional"), default=False)
    ordered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    in_place_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = SealedTextField(default=b"")
    review_due = models.DateField(_("review due"))
    verify_due = models.DateField(_("verification due"), null=True)
    supplier = models.CharField(_("supplier or installer"), max_length=120, blank=True)
    promised_on = models.DateField(_("promised for"), null=True)
    chased_at = models.DateTimeField(_("asked for a date"), null=True)  # null again when a date was promised
    version = models.PositiveIntegerField(default=1)

    objects = Measures.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=MeasureState.ENDED, ended_at__isnull=False)
                | (~models.Q(state=MeasureState.ENDED) & models.Q(ended_at=None)),
                name="measure_ended_by_an_act",
            ),
            models.CheckConstraint(
                condition=models.Q(urgent_request__isnull=False) | models.Q(planned__isnull=False),
                name="measure_has_an_order",
            ),
        )

    def get_kind_display(self) -> str:
        return str(kind_name(self.kind))


class MeasureReport(models.Model):
    """What was done on a measure: accepted, in place, verified, fell away; promised, chased, reviewed. Added only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reports")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    step = models.CharField(max_length=15)
    promised_on = models.DateField(null=True)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    note = SealedTextField(default=b"")

    objects = CaseScoped.as_manager()


class Correction(models.Model):
    """That what was said about a measure was corrected: by which entry of the contact log. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="corrections")
    entry = models.OneToOneField(ContactEntry, models.PROTECT, related_name="correction")

    objects = CaseScoped.as_manager()
