"""Telling a mayor: where somebody lives from when until when, and notices of fixed elements alone (R045)."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Element, NoticeState, Scenario
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedTextField, User
from stelsel.legal.models import Marked

SCENARIOS = labels(
    Scenario,
    admission=_("Admission to the scheme"),
    plannable=_("Situation that can be planned"),
    acute=_("Acute risk"),
)
ELEMENTS = labels(
    Element,
    resident=_("A protected person lives or stays in your municipality."),
    event=_("Something that a protected person takes part in is planned in your municipality."),
    risk=_("There is an acute risk to a protected person in your municipality."),
    period=_("The period in which it plays."),
    visible=_("Measures that can be seen in the street are to be expected."),
    attention=_("You are asked to keep public order there in mind."),
    consult=_("You are asked to consult the NCTV before decisions on public order around it."),
    reach=_("The duty officer of the NCTV can be reached round the clock."),
)
NOTICE_STATES = labels(NoticeState, proposed=_("Proposed"), sent=_("Told"), not_sent=_("Not told"))


class Residence(models.Model):
    """In which municipality somebody lives, by address at that day; more than one at a border."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="residences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    person_is_mayor = models.BooleanField(_("the person is the mayor there"), default=False)
    period = DateTimeRangeField(_("from and to"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="residence_once_at_a_time",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("municipality", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        )


class MayorSubstitute(models.Model):
    """Whom is told where the mayor is the protected person; without a municipality for all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("told instead"))
    in_force = DateRangeField(_("in force"))

    class Meta:
        verbose_name = _("who is told instead of a mayor")
        verbose_name_plural = _("who is told instead of a mayor")
        ordering = ("municipality__name", "pk")
        constraints = (
            ExclusionConstraint(
                name="mayor_substitute_once_at_a_time",
                expressions=[
                    (
                        Coalesce("municipality", models.Value(uuid.UUID(int=0))),
                        RangeOperators.EQUAL,
                    ),
                    ("in_force", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.municipality or '*'}: {self.receiver}"


class MayorNotice(Marked):
    """What a mayor is told: elements from a fixed list, decided by the NCTV, on a ground of the provision matrix."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="mayor_notices")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("municipality"))
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("told to"))
    reference = models.CharField(max_length=20, unique=True)  # its name to who may not see the case
    scenario = models.CharField(_("scenario"), max_length=10, choices=SCENARIOS)
    elements = ArrayField(models.CharField(max_length=10, choices=ELEMENTS), default=list)
    starts_at = models.DateTimeField(_("from"), null=True)
    ends_at = models.DateTimeField(_("to"), null=True)
    consequences = SealedTextField(default=b"")  # why public order may be touched, or why it is not
    state = models.CharField(_("state"), max_length=10, choices=NOTICE_STATES)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    by_telephone = models.BooleanField(default=False)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(scenario="acute")
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="mayor_notice_four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(elements__len__gt=0, decided_at__isnull=False),
                name="mayor_notice_says_something",
            ),
            models.UniqueConstraint(
                fields=["case", "person", "municipality", "scenario"],
                condition=models.Q(state="proposed"),
                name="mayor_notice_proposed_once",
            ),
        )
