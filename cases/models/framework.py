"""The assessment framework (toetsingskader) in versions, and what was answered about a nomination."""

import uuid
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as now_gettext
from django.utils.translation import gettext_lazy as _

from cases.methodology import Outcome, Tree, read_tree
from cases.models.attachment import Attachment
from cases.models.case import Case
from cases.models.contact import ContactEntry
from cases.models.intake import Nomination
from cases.querysets import CaseScoped
from stelsel.kernel.errors import Invalid
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedTextField, User
from stelsel.legal.models import Marked

OUTCOMES = labels(
    Outcome,
    direct=_("Direct line"),
    table=_("Triage table"),
    local=_("Not for the scheme: local domain"),
    basic_police_care=_("Not for the scheme: basic police care"),
    witness_protection=_("Not for the scheme: another regime"),
    other=_("Not for the scheme: other help"),
)


def is_a_tree(document: object) -> None:
    """The admin's form shows each fault of the document."""
    try:
        read_tree(document)
    except Invalid as refusal:
        raise ValidationError([now_gettext(fault.message) for fault in refusal.faults]) from refusal


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def in_force(self, *, on: date) -> "Framework | None":
        """The version that holds on this day: the newest published one whose first day came."""
        return self.published().filter(from_date__lte=on).order_by("-from_date", "-number").first()


class Framework(models.Model):
    """One version of the decision tree. A published version never changes; a newer one never changes old cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(_("source"), max_length=200)
    document = models.JSONField(_("questions"), validators=[is_a_tree])
    from_date = models.DateField(_("holds from"))
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    proposed_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    published_at = models.DateTimeField(null=True, editable=False)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the assessment framework")
        verbose_name_plural = _("assessment framework")
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(published_by=None) | ~models.Q(published_by=models.F("proposed_by")),
                name="framework_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["from_date"], condition=models.Q(published_at__isnull=False), name="framework_one_from_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"

    def tree(self) -> Tree:
        return read_tree(self.document)


class Assessment(Marked):
    """What one party answered about a nomination, on which version. Later ones are added; none changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="assessments")
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    answers = models.JSONField()  # code of the question -> code of the answer, those on the way alone
    outcome = models.CharField(_("outcome"), max_length=20, choices=OUTCOMES)
    shares = models.JSONField(default=dict)  # phenomenon -> per cent, where several are mixed
    deviation = SealedTextField(default=b"")  # why the table nonetheless
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = CaseScoped.as_manager()


class AssessmentNote(models.Model):
    """Why a question was answered so, and what it rests on: a file or signal of the case, or a product by number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="notes")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    question = models.CharField(max_length=40)
    text = SealedTextField(default=b"")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    signal = models.ForeignKey(ContactEntry, models.PROTECT, null=True, related_name="+")
    product = models.CharField(max_length=40, blank=True)  # the supplier's own number

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["assessment", "question"], name="assessment_note_once"),)
