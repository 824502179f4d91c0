"""From demand to a choice: the run with its frozen input and its plan, displacement per person, published shifts."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from capacity.lifecycle import DisplacementState, RunState
from capacity.models.demand import DemandLine
from capacity.models.teams import Team
from capacity.querysets import Frozen, OfCase, Runs, Shifts
from cases.models import Case, Person
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

RUN_STATES = labels(
    RunState,
    queued=_("Waits"),
    solving=_("Being solved"),
    proposed=_("Proposed"),
    failed=_("No plan"),
    superseded=_("Overtaken"),
    published=_("Published"),
)


class Run(models.Model):
    """A prioritisation run. Its own columns hold totals only: a decider sees it without seeing others' lines."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=RUN_STATES)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    input_hash = models.CharField(max_length=64)
    plan_hash = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, blank=True)  # optimal, feasible or refused
    lines = models.PositiveIntegerField(default=0)
    teams = models.PositiveIntegerField(default=0)
    displaced = models.PositiveIntegerField(default=0)  # persons for whom the authority must decide
    decided = models.PositiveIntegerField(default=0)  # of those
    levels = models.JSONField(default=dict)  # {"plan", "even", "greedy"}: rows as in the plan document
    costs = models.JSONField(default=list)  # [{"tier", "won", "lost", "exceeds"}], floor-hours
    solved_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, blank=True)  # a code
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.CharField(max_length=40, blank=True)  # what changed, a code

    objects = Runs.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="run_horizon"),
            models.CheckConstraint(condition=Q(decided__lte=F("displaced")), name="run_decided_within_displaced"),
            models.CheckConstraint(
                condition=~Q(state=RunState.PUBLISHED) | Q(published_by__isnull=False, published_at__isnull=False),
                name="run_published_by_somebody",
            ),
        )

    @property
    def undecided(self) -> int:
        """Persons for whom the authority must still decide."""
        return self.displaced - self.decided


class RunInput(models.Model):
    """The whole input of a run as one canonical document, frozen (docs/prioritisation.md). Never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.OneToOneField(Run, models.PROTECT, related_name="input")
    document = models.TextField()

    objects = Frozen.as_manager()


class PlanResult(models.Model):
    """The plan document that a run gave (docs/prioritisation.md). Never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.OneToOneField(Run, models.PROTECT, related_name="result")
    document = models.JSONField()

    objects = Frozen.as_manager()


class Shift(models.Model):
    """A published shift: this team serves this line. Only its withdrawal by a later plan may be added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="shifts")
    line = models.ForeignKey(DemandLine, models.PROTECT, related_name="shifts")
    team = models.ForeignKey(Team, models.PROTECT, related_name="shifts")
    period = DateTimeRangeField()
    run = models.ForeignKey(Run, models.PROTECT, related_name="shifts")
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = Shifts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["line", "team"], condition=Q(withdrawn_at=None), name="shift_once"),
            ExclusionConstraint(
                name="team_in_one_place",
                expressions=[("team", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
            ),
        )


class Displacement(Marked):
    """What a plan takes from one person, and what the authority decided about it (verdringing). Final once decided.

    `effect` holds hours and counts without any other person: {"floorHours", "requiredHours", "worse", "borneHours",
    "evenFloorHours", "evenRequiredHours", "lines": [{"line", "start", "end", "cover", "present", "floor", "required",
    "even", "why"}]}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="displacements")
    case = models.ForeignKey(Case, models.PROTECT, related_name="displacements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")  # of the run; see the constraint
    state = models.CharField(
        max_length=10,
        choices=labels(DisplacementState, open=_("Waits for the authority"), decided=_("Decided")),
        default=DisplacementState.OPEN,
    )
    tier = models.PositiveSmallIntegerField(_("tier"))
    floor_hours = models.FloatField()  # team-hours below the safety floor
    required_hours = models.FloatField()  # team-hours below what is required
    effect = models.JSONField()
    floor_statement = SealedTextField(default=b"")
    assistance = SealedTextField(default=b"")
    duty_of_care = SealedTextField(default=b"")
    floor_signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    reasons = SealedTextField(default=b"")
    alternatives = SealedTextField(default=b"")
    residual_risk = SealedTextField(default=b"")
    ends_on = models.DateField(_("ends on"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    objects = OfCase.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "person"], name="displacement_once"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")), name="displacement_four_eyes"
            ),
            models.CheckConstraint(
                condition=~Q(state=DisplacementState.DECIDED)
                | Q(decided_by__isnull=False, decided_at__isnull=False, signature__isnull=False, ends_on__isnull=False),
                name="displacement_decided_and_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisplacementState.DECIDED) | Q(floor_hours=0) | Q(floor_signature__isnull=False),
                name="below_the_floor_only_signed",
            ),
        )
