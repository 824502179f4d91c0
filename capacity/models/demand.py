"""Demand: protection assignments that follow a decision, their shifts, and whether they can be carried out."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from capacity.querysets import DemandLines, OfCase
from cases.models import Case, Package, Person, PlannedMeasure
from cases.models.authority import AUTHORITIES
from cases.models.catalogue import Competence, LegalBasis, kind_name
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

LONGEST = timedelta(hours=12)
TIERS = (MinValueValidator(1), MaxValueValidator(4))


class WorkKind(models.TextChoices):
    """What is protected; the codes of the planning problem."""

    PERSON = "person", _("Person")
    OBJECT = "object", _("Object")


class Assignment(Marked):
    """A protection assignment (beveiligingsopdracht): one decided measure that asks for teams. Need, not plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    package = models.ForeignKey(Package, models.PROTECT, related_name="assignments")
    planned = models.OneToOneField(PlannedMeasure, models.PROTECT, related_name="assignment")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    authority = models.CharField(_("authority"), max_length=20, choices=AUTHORITIES)
    concept = models.CharField(_("concept"), max_length=30)  # a code of the catalogue of measures
    kind = models.CharField(_("kind"), max_length=10, choices=WorkKind)
    resistance = models.PositiveSmallIntegerField(_("required resistance"))
    tier = models.PositiveSmallIntegerField(_("tier"), validators=TIERS)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = OfCase.as_manager()

    def get_concept_display(self) -> str:
        return str(kind_name(self.concept))


class DemandLine(models.Model):
    """One shift of an assignment: how many teams it asks for, and how many safety may not miss (floor)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="demand_lines")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="lines")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    competence = models.CharField(_("competence"), max_length=20, choices=Competence)
    required = models.PositiveSmallIntegerField(_("teams required"))
    floor = models.PositiveSmallIntegerField(_("safety floor"))
    tier = models.PositiveSmallIntegerField(_("tier"), validators=TIERS)
    region = models.CharField(_("region"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=WorkKind)
    legal_bases = ArrayField(models.CharField(max_length=10, choices=LegalBasis))
    withdrawn_at = models.DateTimeField(null=True)

    objects = DemandLines.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assignment", "starts_at"], name="demand_once"),
            models.CheckConstraint(condition=models.Q(floor__lte=models.F("required")), name="demand_floor"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at"))
                & models.Q(ends_at__lte=models.F("starts_at") + LONGEST),
                name="demand_at_most_twelve_hours",
            ),
        )
        indexes = (models.Index(fields=["starts_at"], condition=models.Q(withdrawn_at=None), name="demand_standing"),)


class Feasibility(Marked):
    """Whether an assignment can be carried out, and what it means for the guards' safety (R019, R082). Final."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="feasibility")
    feasible = models.CharField(
        _("feasible"), max_length=10, choices=[("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No"))]
    )
    reasons = SealedTextField()
    guard_safety = SealedTextField()
    judged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()

    objects = OfCase.as_manager()
