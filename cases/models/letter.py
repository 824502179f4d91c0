"""Letters: what was decided, in writing, to one addressee; and the numbered copies that went out."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import LetterState
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, SealedBytesField, SealedTextField, Signature, User
from stelsel.legal.models import Marked


class LetterKind(models.TextChoices):
    """What the letter tells of."""

    DESIGNATION = "designation", _("Designation")
    REJECTION = "rejection", _("Rejection of the nomination")
    RELATIVE = "relative", _("Designation of a relative")
    MEASURES = "measures", _("Decision on measures")


LETTER_STATES = labels(
    LetterState,
    draft=_("Draft"),
    submitted=_("Waits for signature"),
    final=_("Signed"),
    withdrawn=_("Withdrawn"),
)


class Letter(Marked):
    """A letter to one person or one organisation about one decision (brief, besluit).

    `subject_id` is the decision it tells of. The reasons are those the reader may know, in the reader's words: the
    reasons of the decision itself may rest on information that is not told. A signed letter never changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    number = models.PositiveIntegerField()  # within the case
    kind = models.CharField(_("kind"), max_length=20, choices=LetterKind)
    subject_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=5, choices=[("nl", _("Dutch")), ("en", _("English"))])
    state = models.CharField(_("state"), max_length=10, choices=LETTER_STATES, default=LetterState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    reasons = SealedTextField(default=b"")
    meaning = SealedTextField(default=b"")  # what it means for the reader
    reach = SealedTextField(default=b"")  # whom the reader can ask, and how
    remark = SealedTextField(default=b"")  # why it was returned or withdrawn
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    pages = SealedTextField(default=b"")  # the signed text: what every copy shows

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="letter_number_once"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, organisation=None)
                | models.Q(person=None, organisation__isnull=False),
                name="letter_has_one_addressee",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by=None) | ~models.Q(signed_by=models.F("prepared_by")),
                name="letter_signed_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="final") | models.Q(signature__isnull=False, signed_at__isnull=False),
                name="letter_final_is_signed",
            ),
        )


class CopyChannel(models.TextChoices):
    IN_PERSON = "in_person", _("Handed over in person")
    COURIER = "courier", _("By courier")
    POST = "post", _("By registered post")
    SECURE_MAIL = "secure_mail", _("By secure mail")
    FILE = "file", _("For the file")


class LetterCopy(models.Model):
    """A numbered copy as it went out: to whom, how, by whom (exemplaar; VIRBI 2013 annex 1). Never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="copies")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    recipient = SealedTextField()
    channel = models.CharField(_("how"), max_length=12, choices=CopyChannel)
    content = SealedBytesField()
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["letter", "number"], name="letter_copy_number_once"),)
