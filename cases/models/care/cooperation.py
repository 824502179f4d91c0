"""Agreements with the person, and what follows when one is not kept: never an automatic end of a measure (R111, O7)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import BreachState
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

BREACH_STATES = labels(
    BreachState,
    recorded=_("Recorded"),
    talked=_("Talked about"),
    warned=_("Letter sent"),
    submitted=_("Waits for a decision"),
    decided=_("Decided"),
)


class Agreement(Marked):
    """What was agreed with the person or somebody close (afspraak). Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="agreements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = SealedTextField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = CaseScoped.as_manager()


class Breach(Marked):
    """An agreement not kept, or a measure refused (niet-nakoming): conversation, letter, decision anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="breaches")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="breaches")
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[
            ("not_kept", _("Agreement not kept")),
            ("measure_refused", _("Measure refused")),
            ("moment_not_told", _("Moment of risk not reported")),
            ("other", _("Other")),
        ],
    )
    state = models.CharField(_("state"), max_length=10, choices=BREACH_STATES)
    occurred_on = models.DateField(_("when"))
    facts = SealedTextField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField()  # of the step that is next; house norm
    talked_on = models.DateField(null=True)
    interpreter = models.CharField(
        _("interpreter"),
        max_length=10,
        blank=True,
        choices=[("none", _("Not needed")), ("present", _("Present")), ("absent", _("Needed, not there"))],
    )
    said = SealedTextField(default=b"")
    letter_on = models.DateField(null=True)
    consequences = SealedTextField(default=b"")
    alternatives = SealedTextField(default=b"")
    residual_risk = SealedTextField(default=b"")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(
        _("outcome"),
        max_length=15,
        blank=True,
        choices=[
            ("unchanged", _("Measures stay as they are")),
            ("other_measures", _("Other measures: a package is prepared")),
            ("fewer_measures", _("Fewer measures: a package is prepared, and decided apart")),
        ],
    )
    reasons = SealedTextField(default=b"")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=BreachState.DECIDED)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False, signature__isnull=False)
                & ~models.Q(outcome=""),
                name="breach_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(submitted_by__isnull=False) & ~models.Q(decided_by=models.F("submitted_by")),
                name="breach_four_eyes",
            ),
        )
