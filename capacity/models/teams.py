"""Supply: teams (inzetteams) with what they may do and when, their rosters, and groups in training."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from capacity.lifecycle import GroupStage
from capacity.querysets import Rosters, Teams
from capacity.working_time import RULE_SET_CODES
from cases.models.catalogue import Competence, LegalBasis
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, User
from stelsel.legal.models import LentCapacity

RULE_SETS = [(code, code) for code in sorted(RULE_SET_CODES)]


class Kind(models.TextChoices):
    """What a team is part of; the codes of the planning problem."""

    LX = "LX", _("Police, national unit LX")
    KMAR = "KMAR", _("Royal Marechaussee (KMar)")
    BE = "BE", _("Guard unit of a regional police unit")
    PRIVATE = "PRIVATE", _("Private security company")


GROUNDS_OF = {
    Kind.LX: frozenset({LegalBasis.DESIGNATED, LegalBasis.POLICE_TASK}),
    Kind.KMAR: frozenset({LegalBasis.KMAR_ASSISTANCE, LegalBasis.KMAR_SUPPORT}),
    Kind.BE: frozenset({LegalBasis.POLICE_TASK}),
    Kind.PRIVATE: frozenset({LegalBasis.PRIVATE_SECURITY}),
}
"""Which grounds a team of each kind can have at all."""


def _grounds() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=10, choices=LegalBasis), verbose_name=_("legal grounds"))


class TrainingGroup(models.Model):
    """A group in training (groep in opleiding): one day, by an act, it becomes teams. Dates slip; history stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("part of"), max_length=10, choices=Kind)
    stage = models.CharField(
        _("stage"),
        max_length=15,
        choices=labels(
            GroupStage,
            announced=_("Announced"),
            training=_("In training"),
            practice=_("In practice"),
            operational=_("Operational"),
            stopped=_("Stopped"),
        ),
        default=GroupStage.ANNOUNCED,
    )
    size = models.PositiveSmallIntegerField(_("size at the start"), validators=(MinValueValidator(1),))
    left = models.PositiveSmallIntegerField(_("left early"), default=0)
    competence = models.CharField(_("competence"), max_length=20, choices=Competence)
    region = models.CharField(_("home region"), max_length=60)
    starts_on = models.DateField(_("starts on"))
    expected_on = models.DateField(_("expected operational on"))
    operational_at = models.DateTimeField(_("operational since"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(left__lte=models.F("size")), name="training_left_within_size"),
            models.CheckConstraint(
                condition=models.Q(stage=GroupStage.OPERATIONAL, operational_at__isnull=False)
                | (~models.Q(stage=GroupStage.OPERATIONAL) & models.Q(operational_at=None)),
                name="training_operational_by_an_act",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """A team of a unit. `operational` is the period in which it can be deployed; its grounds say for what."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("part of"), max_length=10, choices=Kind)
    rule_set = models.CharField(_("working-time rules"), max_length=10, choices=RULE_SETS)
    region = models.CharField(_("home region"), max_length=60)
    operational = DateTimeRangeField(_("operational from and to"))
    legal_bases = _grounds()
    training_group = models.ForeignKey(TrainingGroup, models.PROTECT, null=True, related_name="teams")

    objects = Teams.as_manager()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class TeamCompetence(models.Model):
    """What a team is able to do, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="competences")
    code = models.CharField(_("competence"), max_length=20, choices=Competence)
    period = DateTimeRangeField(_("from and to"))

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="competence_once_at_a_time",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        )


class TeamLoan(models.Model):
    """A team that stands at the disposal of another organisation (uitgeleend), under a line of an agreement (R046).

    A trigger keeps it within the period of that line, the lender's own teams, and the number that was agreed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="loans")
    line = models.ForeignKey(LentCapacity, models.PROTECT, related_name="loans")
    days = DateRangeField(_("from and to"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="team_lent_once_at_a_time",
                expressions=[("team", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
        )


class TeamMember(models.Model):
    """A member under a pseudonymous staff id; in one team at a time. Data of the employer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    staff_id = models.SlugField(_("staff id"), max_length=40)
    period = DateTimeRangeField(_("from and to"))

    objects = Rosters.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="member_of_one_team",
                expressions=[("staff_id", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        )


class AbsenceReason(models.TextChoices):
    ROSTER = "", _("On the roster")
    ILLNESS = "illness", _("Illness")
    TRAINING = "training", _("Training")
    INCIDENT = "incident", _("After an incident")
    OTHER_TASK = "other_task", _("Another task")


class Availability(models.Model):
    """When a team can be deployed (no reason), or cannot be after all (with one): absence goes before availability."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="availability")
    period = DateTimeRangeField(_("from and to"))
    absent = models.CharField(_("reason of absence"), max_length=12, choices=AbsenceReason, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="availability_once",
                expressions=[("team", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=models.Q(absent=""),
            ),
        )


class WorkedShift(models.Model):
    """What a member worked, for the working-time rules; `exception` is the article of a coded departure."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="worked")
    staff_id = models.SlugField(_("staff id"), max_length=40)
    period = DateTimeRangeField(_("from and to"))
    exception = models.CharField(
        _("exception"), max_length=6, blank=True, choices=[("2:4", "ATW 2:4"), ("2:5", "ATW 2:5"), ("5:10", "ATW 5:10")]
    )

    objects = Rosters.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="member_works_once_at_a_time",
                expressions=[("staff_id", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        )
