"""Marking, data regime and provenance that every record about a person carries; the provision matrix."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.models import OrganisationKind


class Marking(models.TextChoices):
    """Markings of the VIRBI 2013, lowest first (rubricering)."""

    NONE = "NONE", _("No marking")
    DEP_V = "DEP_V", _("Departementaal VERTROUWELIJK")
    STG_C = "STG_C", _("Stg. CONFIDENTIEEL")
    STG_G = "STG_G", _("Stg. GEHEIM")
    STG_ZG = "STG_ZG", _("Stg. ZEER GEHEIM")


class DataRegime(models.TextChoices):
    AVG = "avg", _("AVG (GDPR)")
    WPG = "wpg", _("Wpg (police data)")


class Marked(models.Model):
    """Marking with its duration, data regime and provenance (VIRBI 2013 art. 4-6; Wpg art. 3)."""

    marking = models.CharField(_("marking"), max_length=10, choices=Marking, default=Marking.DEP_V)
    marked_until = models.DateField(_("marking ends on"), null=True, blank=True)
    data_regime = models.CharField(_("data regime"), max_length=5, choices=DataRegime, default=DataRegime.AVG)
    provenance = models.CharField(_("provenance"), max_length=150, blank=True)

    class Meta:
        abstract = True


class LegalGround(models.Model):
    """A ground to hold or share information; only one that is in force can be used (R058).

    One that is proposed stands here with an empty period: what depends on it is off until it gets its dates (R021).
    """

    code = models.SlugField(_("code"), primary_key=True, max_length=60)
    name = models.CharField(_("name"), max_length=200)
    article = models.CharField(_("article"), max_length=120)
    in_force = DateRangeField(_("in force"))
    verified = models.BooleanField(_("verified by the legal officer"), default=False)

    class Meta:
        verbose_name = _("legal ground")
        verbose_name_plural = _("legal grounds")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} ({self.article})"


class InformationType(models.TextChoices):
    """What is shared; a row of the provision matrix is about one of these."""

    INTAKE = "intake", _("Intake of a threatened person")
    TRIAGE_FILE = "triage_file", _("Nomination at the triage table")
    HANDOVER_FILE = "handover_file", _("Handover file")
    THREAT_PRODUCT = "threat_product", _("Threat information product")
    SIGNAL = "signal", _("Signal of a person, relation or employer")
    ADOPTED_PICTURE = "adopted_picture", _("Adopted threat picture (level and handling advice)")
    MEASURE_ADVICE = "measure_advice", _("Advice on measures")
    ASSIGNMENT = "assignment", _("Protection assignment")
    PLAN = "plan", _("Published protection plan")
    GUARD_INCIDENT = "guard_incident", _("Incident to those who guard")
    LIST_ENTRY = "list_entry", _("Entry of the limitative list")
    IDENTITY = "identity", _("Identity and whereabouts")
    RISK_MOMENT = "risk_moment", _("Moment of raised risk and its readiness")
    MAYOR_NOTICE = "mayor_notice", _("Notice to a mayor")
    MEETING = "meeting", _("Agreement of a quadrilateral meeting")
    MATCH_VEHICLE = "match_vehicle", _("Matching over cases: vehicle")
    MATCH_PHONE = "match_phone", _("Matching over cases: telephone number")
    MATCH_ADDRESS = "match_address", _("Matching over cases: address")
    MATCH_ACCOUNT = "match_account", _("Matching over cases: account")


class ProvisionQuerySet(models.QuerySet["Provision"]):
    def in_force(self, *, on: date) -> Self:
        return self.filter(in_force__contains=on, ground__in_force__contains=on)


class Provision(models.Model):
    """One cell of the matrix.

    This type may go from this kind of organisation to that one on this ground (R057).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    information = models.CharField(_("information"), max_length=30, choices=InformationType)
    provider = models.CharField(_("provider"), max_length=20, choices=OrganisationKind)
    receiver = models.CharField(_("receiver"), max_length=20, choices=OrganisationKind)
    ground = models.ForeignKey(LegalGround, models.PROTECT, verbose_name=_("ground"))
    conditions = models.CharField(_("conditions"), max_length=300, blank=True)
    in_force = DateRangeField(_("in force"))

    objects = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("provision")
        verbose_name_plural = _("provision matrix")
        ordering = ("information", "provider", "receiver", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["information", "provider", "receiver", "ground", "in_force"], name="provision_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.information}: {self.provider} - {self.receiver}"


class Sharing(models.Model):
    """That something was shared: what, between whom, on which ground, when.

    Never changes; later corrections follow it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    information = models.CharField(max_length=30, choices=InformationType)
    provider = models.CharField(max_length=20, choices=OrganisationKind)
    receiver = models.CharField(max_length=20, choices=OrganisationKind)
    ground = models.ForeignKey(LegalGround, models.PROTECT)
    subject = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    scope_id = models.UUIDField(null=True)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["subject", "subject_id"], name="sharing_subject"),)

    def __str__(self) -> str:
        return f"{self.information}: {self.provider} - {self.receiver}"
