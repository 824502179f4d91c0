"""From the adopted picture to measures: level and resistance, advice, the package, the decision."""

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import PackageState, PlannedStep
from cases.models.case import Case
from cases.models.catalogue import Competence, kind_name
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked

if TYPE_CHECKING:
    from cases.models.measure import Measure

FIVE = (MinValueValidator(1), MaxValueValidator(5))


class AdoptedPicture(Marked):
    """The frozen facts of an adopted threat picture: all a decider ever sees of the analysis. Never changes.

    One made elsewhere, above the marking ceiling, has its maker, number, day and where it lies, and no score.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="adopted_pictures")
    picture_id = models.UUIDField()
    picture_version = models.PositiveIntegerField()
    method_version = models.CharField(max_length=20, blank=True)
    maker = models.CharField(_("made by"), max_length=150, blank=True)
    maker_number = models.CharField(_("number of the maker"), max_length=60, blank=True)
    made_on = models.DateField(_("made on"), null=True)
    kept_at = SealedTextField(default=b"")
    content_hash = models.BinaryField(max_length=32)
    outcome = models.CharField(
        max_length=12,
        choices=[
            ("LEVEL", _("Level")),
            ("PROVISIONAL", _("Provisional level")),
            ("INSUFFICIENT", _("Insufficient information")),
        ],
    )
    severity = models.PositiveSmallIntegerField(_("severity"), validators=FIVE)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), null=True, validators=FIVE)
    index = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    coverage = models.FloatField(null=True)
    summary = SealedTextField()
    handling_advice = SealedTextField(default=b"")
    review_due = models.DateField(_("review due"))
    adopted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["picture_id", "picture_version"], name="picture_adopted_once"),
            models.CheckConstraint(
                condition=Q(maker="", maker_number="", made_on=None, kept_at=b"")
                & ~Q(method_version="")
                & Q(index__isnull=False, low__isnull=False, high__isnull=False, coverage__isnull=False)
                | ~Q(maker="")
                & ~Q(maker_number="")
                & ~Q(kept_at=b"")
                & Q(made_on__isnull=False, method_version="", index=None, low=None, high=None, coverage=None),
                name="picture_scored_here_or_made_elsewhere",
            ),
        )


class Departure(models.TextChoices):
    """Why the level departs from the adopted pair (R068; the departure needs a recorded reason)."""

    NONE = "", _("Follows the picture")
    NEWER_INFORMATION = "newer_information", _("Information after the picture")
    CUMULATION = "cumulation", _("Several threats together")
    INSUFFICIENT_INFORMATION = "insufficient", _("Insufficient information, precaution")
    OTHER = "other", _("Another reason")


class LevelDecision(Marked):
    """The threat level and the required resistance (weerstandsniveau), set by the decider on a frozen picture."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="level_decisions")
    picture = models.ForeignKey(AdoptedPicture, models.PROTECT, related_name="level_decisions")
    picture_hash = models.BinaryField(max_length=32)
    severity = models.PositiveSmallIntegerField(_("severity"), validators=FIVE)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), validators=FIVE)
    resistance = models.PositiveSmallIntegerField(_("required resistance"), validators=FIVE)
    departure = models.CharField(_("departure"), max_length=20, choices=Departure, blank=True, default=Departure.NONE)
    reasons = SealedTextField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = CaseScoped.as_manager()


class MeasureAdvice(Marked):
    """Advice of the LCC adviser on measures: feasibility and the guards' safety (maatregelenadvies, R019)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="advices")
    level = models.OneToOneField(LevelDecision, models.PROTECT, related_name="advice")
    feasible = models.CharField(
        _("feasible"), max_length=10, choices=[("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No"))]
    )
    infeasible = ArrayField(models.CharField(max_length=30), default=list, blank=True)  # codes of the catalogue
    advice = SealedTextField()
    guard_safety = SealedTextField()
    advised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    advised_at = models.DateTimeField()

    objects = CaseScoped.as_manager()


class Package(Marked):
    """A set of measures with its reasons: prepared by the case manager, decided by a decider who did not prepare it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="packages")
    level = models.ForeignKey(LevelDecision, models.PROTECT, related_name="packages")
    advice = models.ForeignKey(MeasureAdvice, models.PROTECT, null=True, related_name="packages")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=labels(
            PackageState,
            draft=_("Draft"),
            submitted=_("Waits for the decision"),
            decided=_("Decided"),
            returned=_("Returned"),
            withdrawn=_("Withdrawn"),
        ),
    )
    tier = models.PositiveSmallIntegerField(_("tier"), validators=(MinValueValidator(1), MaxValueValidator(4)))
    alternatives = SealedTextField(default=b"")
    household_effect = SealedTextField(default=b"")
    necessity = SealedTextField(default=b"")
    proportionality = SealedTextField(default=b"")
    subsidiarity = SealedTextField(default=b"")
    residual_risk = SealedTextField(default=b"")  # what remains with these measures (restrisico)
    review_trigger = SealedTextField(default=b"")
    exit_criteria = SealedTextField(default=b"")
    same_because = SealedTextField(default=b"")  # why reasons that were copied still hold (R060)
    review_due = models.DateField(_("review due"))
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    decision_reasons = SealedTextField(default=b"")
    infeasible_statement = SealedTextField(default=b"")  # why it is ordered although it was called infeasible
    assigned_at = models.DateTimeField(null=True)  # when assignments and demand followed; null: not yet assigned
    version = models.PositiveIntegerField(default=1)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("prepared_by")),
                name="package_four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PackageState.DECIDED)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False, signature__isnull=False),
                name="package_decided_and_signed",
            ),
        )


class PlannedMeasure(models.Model):
    """One measure of a package: for whom, how many teams per shift, and the safety floor.

    It orders a measure, or says what becomes of one that stands: a decision leaves none in force unmentioned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="planned")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    step = models.CharField(
        _("what becomes of it"),
        max_length=10,
        choices=labels(PlannedStep, order=_("Ordered"), **{"continue": _("Goes on"), "end": _("Ends")}),
        default=PlannedStep.ORDER,
    )
    standing = models.ForeignKey("cases.Measure", models.PROTECT, null=True, related_name="decided_anew")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(_("measure"), max_length=30)  # a code of the catalogue
    competence = models.CharField(_("competence"), max_length=20, choices=Competence, blank=True)
    shifts = models.CharField(_("shifts"), max_length=20, default="DEN")  # of D (day), E (evening), N (night)
    required = models.PositiveSmallIntegerField(_("teams required"), default=1)
    floor = models.PositiveSmallIntegerField(_("safety floor"), default=1)
    region = models.CharField(_("region"), max_length=60)
    starts_on = models.DateField(_("from"))

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(floor__lte=models.F("required")), name="floor_within_required"),
            models.CheckConstraint(
                condition=models.Q(step=PlannedStep.ORDER, standing=None)
                | (~models.Q(step=PlannedStep.ORDER) & models.Q(standing__isnull=False)),
                name="planned_order_or_standing",
            ),
            models.UniqueConstraint(fields=["package", "standing"], name="standing_measure_once"),
        )

    @property
    def carried(self) -> "Measure":
        """The measure that this line ordered, or that it says something of."""
        return self.standing or self.measure

    def get_kind_display(self) -> str:
        return str(kind_name(self.kind))
