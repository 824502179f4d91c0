"""What the person asks: to do something, and for a financial compensation; and what the person complains about."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import CompensationState, ComplaintState
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked


class ActivityOutcome(models.TextChoices):
    FACILITATED = "facilitated", _("Facilitated")
    ADAPTED = "adapted", _("In another form")
    NOT = "not", _("Not possible")


class ActivityRequest(Marked):
    """Something the person wants to do, in days and kinds of place: no exact times (R110)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="activities")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sphere = models.CharField(_("sphere"), max_length=10, choices=[("work", _("Work")), ("private", _("Private life"))])
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[
            ("appearance", _("Public appearance")),
            ("workplace", _("Being at work")),
            ("meeting", _("Meeting")),
            ("travel", _("Journey")),
            ("family", _("Family or friends")),
            ("leisure", _("Sport or leisure")),
            ("worship", _("Worship")),
            ("school", _("School or study")),
            ("other", _("Other")),
        ],
    )
    place = models.CharField(
        _("kind of place"),
        max_length=20,
        choices=[
            ("public", _("Open to the public")),
            ("closed", _("Closed, known guests")),
            ("open_air", _("Open air")),
            ("abroad", _("Abroad")),
        ],
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    wish = SealedTextField()
    state = models.CharField(max_length=10, choices=[("asked", _("Asked")), ("decided", _("Decided"))])
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")  # who wrote down what the person asked
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=15, choices=ActivityOutcome, blank=True)
    reasons = SealedTextField(default=b"")
    resistance = models.PositiveSmallIntegerField(null=True)  # required when it was decided; null: no level yet
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="activity_period"),
            models.CheckConstraint(
                condition=~models.Q(state="decided")
                | models.Q(decided_by__isnull=False, decided_at__isnull=False) & ~models.Q(outcome=""),
                name="activity_decided",
            ),
        )


class Compensation(Marked):
    """A request for financial compensation (financiele tegemoetkoming), with the clocks of Awb 4:13-4:17."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="compensations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(
            CompensationState, received=_("Received"), waiting=_("Waits for the applicant"), decided=_("Decided")
        ),
    )
    ground = SealedTextField()
    received_on = models.DateField(_("received on"))
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    suspensions = models.JSONField(default=list)  # of {asked_on, until, came_on}
    extended_to = models.DateField(_("extended to"), null=True)
    notice_on = models.DateField(_("notice of default"), null=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        blank=True,
        choices=[("granted", _("Granted")), ("partly", _("Granted in part")), ("refused", _("Refused"))],
    )
    decision = SealedTextField(default=b"")  # what is granted, and why; shown on its own page alone
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    notified_on = models.DateField(_("notified on"), null=True)
    payment_reference = models.CharField(_("payment reference"), max_length=30, blank=True)
    objected_on = models.DateField(_("objection received"), null=True)
    objection_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("received_by")),
                name="compensation_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(objection_by=None) | ~models.Q(objection_by=models.F("decided_by")),
                name="compensation_other_mandate",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=CompensationState.DECIDED)
                | models.Q(decided_by__isnull=False, signature__isnull=False) & ~models.Q(outcome=""),
                name="compensation_decided",
            ),
        )


class Complaint(Marked):
    """A complaint (klacht, Awb ch. 9), apart from threat data; handled by somebody who never acted on the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="complaints")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(ComplaintState, received=_("Received"), taken=_("Being handled"), settled=_("Settled")),
    )
    text = SealedTextField()
    received_on = models.DateField(_("received on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    committee = models.BooleanField(_("a committee advises"), default=False)
    postponed = models.BooleanField(_("postponed"), default=False)
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finding = SealedTextField(default=b"")
    outcome = models.CharField(
        _("outcome"),
        max_length=15,
        blank=True,
        choices=[("founded", _("Founded")), ("partly", _("Founded in part")), ("unfounded", _("Unfounded"))],
    )
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(handler=None) | ~models.Q(handler=models.F("recorded_by")),
                name="complaint_independent",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ComplaintState.SETTLED)
                | models.Q(handler__isnull=False, settled_at__isnull=False) & ~models.Q(outcome=""),
                name="complaint_settled",
            ),
        )
