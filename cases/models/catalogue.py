"""The catalogue of measures (maatregelencatalogus): what each kind is, from when until when."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.models import OrganisationKind

KNOWN_NAMES: dict[str, str] = {}
"""Names of kinds that were added in admin: the database keeps one name per code for ever, so this cannot be stale."""


class MeasureKind(models.TextChoices):
    """The kinds that come with the system, named in the reader's language; admin adds others under codes of their own.

    The supervision types of objects are those of circular 2013, annex 4.
    """

    CLOSE_PROTECTION = "close_protection", _("Close personal protection")
    ESCORT = "escort", _("Personal escort")
    SAFE_HOUSE = "safe_house", _("Safe accommodation")
    STATIC_A = "static_a", _("Permanent supervision A")
    STATIC_B = "static_b", _("Permanent supervision B")
    COMBINED = "combined", _("Combined supervision")
    PATROL = "patrol", _("Intensified patrol supervision")
    DYNAMIC = "dynamic", _("Dynamic supervision")
    ATTENTION = "attention", _("Police attention")
    CAMERA = "camera", _("Camera surveillance")
    ALARM = "alarm", _("Alarm with direct line")


class Directed(models.TextChoices):
    """What a measure is directed at. Person-directed: only inside the scheme, under the NCTV."""

    PERSON = "person", _("Person-directed")
    LOCATION = "location", _("Location-directed")


class Competence(models.TextChoices):
    """What a team must be able to do for a measure."""

    CLOSE_PROTECTION = "close_protection", _("Close protection")
    ESCORT = "escort", _("Escort")
    OBJECT = "object", _("Object protection")


class LegalBasis(models.TextChoices):
    """The ground on which a team serves (R011): the KMar only by assistance or support, never as the police."""

    DESIGNATED = "pw42-1c", _("Police Act art. 42(1)(c): designated persons")
    POLICE_TASK = "pw3", _("Police Act art. 3: police task")
    KMAR_ASSISTANCE = "pw4-1d", _("Police Act art. 4(1)(d): KMar assistance")
    KMAR_SUPPORT = "pw57", _("Police Act art. 57: KMar support")
    PRIVATE_SECURITY = "wpbr", _("Private Security Act")


KMAR_GROUNDS = [LegalBasis.KMAR_ASSISTANCE.value, LegalBasis.KMAR_SUPPORT.value]


class Armed(models.TextChoices):
    OPTIONAL = "optional", _("Optional")
    ALWAYS = "always", _("Always")


class Entries(models.QuerySet["CatalogueEntry"]):
    def in_force(self, *, on: date) -> Self:
        return self.filter(in_force__contains=on)


def kind_name(code: str) -> str | Promise:
    """How a kind of measure is called."""
    if code in MeasureKind.values:
        return MeasureKind(code).label
    if code not in KNOWN_NAMES:
        name = CatalogueEntry.objects.filter(code=code).values_list("name", flat=True).first()
        if name is None:
            return code
        KNOWN_NAMES[code] = name
    return KNOWN_NAMES[code]


class CatalogueEntry(models.Model):
    """A kind of measure as it holds in a period. What has begun keeps what it says: only its end can be set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120, help_text=_("The same for a code for ever."))
    directed = models.CharField(_("directed at"), max_length=10, choices=Directed)
    legal_bases = ArrayField(
        models.CharField(max_length=10, choices=LegalBasis),
        verbose_name=_("legal grounds"),
        help_text=_("Codes, with a comma between them."),
        default=list,
        blank=True,
    )
    executors = ArrayField(
        models.CharField(max_length=20, choices=OrganisationKind),
        verbose_name=_("who may carry it out"),
        help_text=_("Codes, with a comma between them. The KMar only with a ground of the KMar."),
    )
    competence = models.CharField(
        _("competence"), max_length=20, choices=Competence, blank=True, help_text=_("Empty: it asks for no teams.")
    )
    shifts = models.CharField(_("shifts"), max_length=3, default="DEN", help_text=_("Of D, E and N."))
    required = models.PositiveSmallIntegerField(
        _("teams required"), default=1, validators=(MinValueValidator(1), MaxValueValidator(9))
    )
    floor = models.PositiveSmallIntegerField(_("safety floor"), default=1)
    visits = models.PositiveSmallIntegerField(
        _("rounds"), null=True, blank=True, help_text=_("How often per hour or year.")
    )
    visits_per = models.CharField(
        _("rounds per"), max_length=4, blank=True, choices=[("hour", _("hour")), ("year", _("year"))]
    )
    static_minutes = models.PositiveSmallIntegerField(
        _("minutes present per hour"), default=0, validators=(MaxValueValidator(60),), help_text=_("60: continuous.")
    )
    staff = models.CharField(_("staff"), max_length=120, blank=True)
    vehicle = models.CharField(_("vehicle"), max_length=120, blank=True)
    armed = models.CharField(_("armed"), max_length=10, choices=Armed, blank=True)
    team_hours_per_day = models.DecimalField(_("team hours per day"), max_digits=5, decimal_places=1, default=0)
    resistance = models.PositiveSmallIntegerField(
        _("resistance it gives"), default=1, validators=(MinValueValidator(1), MaxValueValidator(5))
    )
    technical = models.BooleanField(
        _("technical"), default=False, help_text=_("Has a supplier who installs it and a promised date.")
    )
    in_place_hours = models.PositiveSmallIntegerField(
        _("in place within (hours)"), default=24, help_text=_("House norm."), validators=(MinValueValidator(1),)
    )
    verify_days = models.PositiveSmallIntegerField(
        _("verified every (days)"), default=90, help_text=_("House norm."), validators=(MinValueValidator(1),)
    )
    in_force = DateRangeField(_("in force"))

    objects = Entries.as_manager()

    class Meta:
        verbose_name = _("kind of measure")
        verbose_name_plural = _("catalogue of measures")
        ordering = ("code", "in_force")
        constraints = (
            ExclusionConstraint(
                name="catalogue_one_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
                violation_error_message=_("This kind is in the catalogue already in that period."),
            ),
            models.CheckConstraint(
                condition=models.Q(floor__lte=models.F("required")),
                name="catalogue_floor",
                violation_error_message=_("The floor is not above the teams per shift."),
            ),
            models.CheckConstraint(
                condition=~models.Q(executors__contains=["kmar"]) | models.Q(legal_bases__overlap=KMAR_GROUNDS),
                name="catalogue_kmar_on_its_ground",
                violation_error_message=_("The KMar carries out only what has a ground of the KMar."),
            ),
            models.CheckConstraint(
                condition=models.Q(visits=None, visits_per="") | (~models.Q(visits=None) & ~models.Q(visits_per="")),
                name="catalogue_rounds_per",
                violation_error_message=_("Say how many rounds, and per hour or year."),
            ),
        )

    def __str__(self) -> str:
        return f"{kind_name(self.code)} ({self.code})"

    @property
    def person_directed(self) -> bool:
        return self.directed == Directed.PERSON
