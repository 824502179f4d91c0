"""The palette of support (palet aan ondersteuning) and what was offered to whom, with the answer (R030)."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from resilience.lifecycle import OfferState
from resilience.models.file import AGE_BANDS, PHASES, ResilienceFile
from resilience.models.talk import Talk
from resilience.querysets import Apart
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

OFFER_STATES = labels(
    OfferState, offered=_("Offered"), accepted=_("Accepted"), declined=_("Declined"), later=_("Later")
)


class SupportKind(models.TextChoices):
    """Informing, educating, signalling and referral; no treatment."""

    INFORMATION = "information", _("Information")
    EDUCATION = "education", _("Education")
    PEER = "peer", _("Peer contact")
    PRACTICAL = "practical", _("Practical help")
    FAMILY = "family", _("For partner and children")
    REFERRAL = "referral", _("Referral")


class SupportItemQuerySet(models.QuerySet["SupportItem"]):
    def available(self, *, on: date) -> Self:
        return self.filter(in_force__contains=on)


class SupportItem(models.Model):
    """One item of the palette: kind, for whom, in which languages, from when until when it is available."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=15, choices=SupportKind)
    description = models.CharField(_("description"), max_length=300, blank=True)
    age_bands = ArrayField(
        models.CharField(max_length=10, choices=AGE_BANDS), default=list, blank=True, verbose_name=_("ages")
    )  # empty: for every age
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("languages"))
    in_force = DateRangeField(_("available"))

    objects = SupportItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of the palette")
        verbose_name_plural = _("palette of support")
        ordering = ("kind", "code")

    def __str__(self) -> str:
        return gettext(self.name)

    def suits(self, age_band: str) -> bool:
        """Whether it is meant for this age; who is of unknown age may be offered anything."""
        return not self.age_bands or age_band == "unknown" or age_band in self.age_bands


class SupportOffer(Marked):
    """An item offered to one person, in a talk or apart from it, and what they answered; why stays sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    file = models.ForeignKey(ResilienceFile, models.PROTECT, related_name="offers")
    item = models.ForeignKey(SupportItem, models.PROTECT, related_name="+")
    talk = models.ForeignKey(Talk, models.PROTECT, null=True, related_name="offers")
    phase = models.CharField(_("phase"), max_length=15, choices=PHASES)
    state = models.CharField(_("answer"), max_length=10, choices=OFFER_STATES, default=OfferState.OFFERED)
    why = SealedTextField(default=b"")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ask_again_on = models.DateField(_("ask again on"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = Apart.as_manager()

    class Meta:
        indexes = (models.Index(fields=["file", "-offered_at"], name="resilience_offer_file"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=OfferState.OFFERED, answered_at=None)
                | (~models.Q(state=OfferState.OFFERED) & models.Q(answered_at__isnull=False)),
                name="resilience_offer_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=OfferState.DECLINED) | ~models.Q(why=b""),
                name="resilience_offer_declined_says_why",
            ),
            models.UniqueConstraint(
                fields=["file", "item"],
                condition=models.Q(state__in=["offered", "later", "accepted"]),
                name="resilience_offer_open_once",
            ),
        )
