"""Agreements between organisations, in versions that every party signs; and the capacity one lends the other."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, User
from stelsel.legal.agreements import Agreed, Kind, Span, Subject, last_day

KINDS = labels(
    Kind,
    tasks=_("Demarcation of tasks"),
    capacity=_("Capacity"),
    information=_("Information"),
    other=_("Something else"),
)
SUBJECTS = labels(
    Subject,
    persons=_("Persons"),
    objects=_("Objects"),
    services=_("Services"),
    escort=_("Escort"),
    military=_("Military persons"),
    abroad=_("Abroad"),
    events=_("Events"),
    analysis=_("Threat analysis"),
    resilience=_("Resilience"),
)


class InteragencyAgreement(models.Model):
    """An agreement between organisations (afspraak): about what, between whom. What it says stands in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS)
    subject = models.CharField(_("subject"), max_length=12, choices=SUBJECTS)
    parties = models.ManyToManyField(Organisation, related_name="+", verbose_name=_("parties"))
    ended_on = models.DateField(_("last day"), null=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_reason="")
                | Q(~Q(ended_reason=""), ended_on__isnull=False, ended_by__isnull=False),
                name="agreement_ended_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class AgreementVersion(models.Model):
    """What was agreed, from when to when, and what it changed in practice. Signed by all, it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(InteragencyAgreement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("what was agreed"), max_length=20_000)
    effect = models.TextField(_("what it changes in practice"), max_length=4_000)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    review_on = models.DateField(_("look again on"))
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)  # every party signed
    replaced_on = models.DateField(null=True)  # the first day of the version after it

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(agreed_at=None), name="agreement_one_version_to_sign"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="agreement_version_lasts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number}"

    @property
    def span(self) -> Span:
        """From the first to the last day on which it holds, once it is signed by all."""
        replaced = date.fromordinal(self.replaced_on.toordinal() - 1) if self.replaced_on else None
        return Span(self.starts_on, last_day(self.ends_on, replaced, self.agreement.ended_on))

    def holds(self, on: date) -> bool:
        return self.agreed_at is not None and self.span.contains(on)

    def as_agreed(self) -> Agreed:
        """What counts of it when it is compared with others."""
        parties = frozenset(party.pk for party in self.agreement.parties.all())
        return Agreed(self.agreement.kind, self.agreement.subject, parties, self.span)


class AgreementSignature(models.Model):
    """That a party signed a version, on paper: who for it, and when. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    signatory = models.CharField(_("who signed"), max_length=120)
    signed_on = models.DateField(_("signed on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "organisation"], name="agreement_signed_once"),)


class LentCapacity(models.Model):
    """One line of an agreement on capacity: so many teams of one party stand at the disposal of the other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="lent")
    lender = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("who lends"))
    borrower = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("to whom"))
    teams = models.PositiveSmallIntegerField(_("teams"))
    purpose = models.CharField(_("for what"), max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(lender=F("borrower")), name="lent_to_another"),
            models.CheckConstraint(condition=Q(teams__gte=1), name="lent_some_teams"),
        )


class AgreementConflict(models.Model):
    """Two versions that bind the same organisations on one subject at one time: which prevails is settled, with why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    second = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    prevails = models.ForeignKey(InteragencyAgreement, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="agreement_conflict_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="agreement_conflict_of_two"),
            models.CheckConstraint(
                condition=Q(prevails=None, settled_by=None, settled_at=None, reason="")
                | Q(~Q(reason=""), prevails__isnull=False, settled_by__isnull=False, settled_at__isnull=False),
                name="agreement_conflict_settled",
            ),
        )
