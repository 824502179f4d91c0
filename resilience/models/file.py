"""The resilience file (weerbaarheidsdossier) of one person and its phases."""

import uuid

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CloseRelation, Person
from resilience.lifecycle import AgeBand, Awareness, Consent, Phase
from resilience.querysets import Apart
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

PHASES = labels(Phase, impact=_("Impact"), consolidation=_("Consolidation"), end=_("End phase"))
AGE_BANDS = labels(
    AgeBand,
    **{
        "adult": _("18 or older"),
        "16_17": _("16 or 17"),
        "12_15": _("12 to 15"),
        "0_11": _("Under 12"),
        "unknown": _("Not known"),
    },
)
CONSENTS = labels(
    Consent,
    not_asked=_("Not asked yet"),
    given=_("Given"),
    refused=_("Refused"),
    withdrawn=_("Withdrawn"),
)
AWARENESS = labels(
    Awareness,
    unknown=_("Not known"),
    knows=_("Knows of the threat"),
    partly=_("Knows a part of it"),
    does_not_know=_("Does not know of the threat"),
)


class PhaseNorm(models.Model):
    """What tells a phase; its terms are house norms (resilience.lifecycle)."""

    phase = models.CharField(_("phase"), primary_key=True, max_length=15, choices=PHASES)
    criteria = models.CharField(_("criteria"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ("phase",)

    def __str__(self) -> str:
        return self.get_phase_display()

    def criteria_text(self) -> str:
        """The criteria in the reader's language, where they are those the system came with."""
        return gettext(self.criteria) if self.criteria else ""


class ResilienceFile(Marked):
    """One person's file, the protected person's or that of a member of the household, each apart (R025, R026).

    `talk_due_at` is when the next talk must have been held; it is what the case manager's "contact up to date" and
    every clock of the file rest on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="resilience_files")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    relation = models.ForeignKey(CloseRelation, models.PROTECT, null=True, related_name="+")  # None: the person
    phase = models.CharField(_("phase"), max_length=15, choices=PHASES, default=Phase.IMPACT)
    phase_since = models.DateTimeField(_("since"))
    talk_due_at = models.DateTimeField(_("next talk due"))
    age_band = models.CharField(_("age"), max_length=10, choices=AGE_BANDS, default=AgeBand.UNKNOWN)
    consent = models.CharField(_("consent"), max_length=10, choices=CONSENTS, default=Consent.NOT_ASKED)
    awareness = models.CharField(_("knows of the threat"), max_length=15, choices=AWARENESS, default=Awareness.UNKNOWN)
    language = models.CharField(_("language of the talks"), max_length=40, blank=True)  # other than Dutch: interpreter
    needs = SealedTextField(default=b"")
    agreements = SealedTextField(default=b"")  # what was agreed: how to reach, with whom one talks, what to avoid
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = Apart.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "person"], name="resilience_file_once"),)
        indexes = (
            models.Index(fields=["talk_due_at", "id"], condition=models.Q(closed_at=None), name="resilience_file_due"),
        )


class PhaseChange(models.Model):
    """A phase the person was in, from when and why. Rows are only added: the history stays (R028)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    file = models.ForeignKey(ResilienceFile, models.PROTECT, related_name="phases")
    phase = models.CharField(_("phase"), max_length=15, choices=PHASES)
    since = models.DateTimeField(_("since"))
    reason = SealedTextField(default=b"")
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: by the designation

    objects = Apart.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(changed_by=None) | ~models.Q(reason=b""), name="resilience_phase_has_a_reason"
            ),
            models.UniqueConstraint(fields=["file", "since"], name="resilience_one_phase_at_a_time"),
        )
