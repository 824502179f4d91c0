"""Attachments (bijlagen): files about the person of a case, encrypted under that person's key."""

import uuid
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedBytesField, SealedTextField, User
from stelsel.legal.models import Marked

PARTS: Final = (
    ("handover", _("Handover file")),
    ("nomination", _("Nomination")),
    ("contact", _("Contact")),
    ("other", _("Other")),
)


class Attachment(Marked):
    """A file, never changed. Its name is sealed too: names of files tell about persons.

    `number` counts within the case and names the file when it is fetched. `size` and `sha256` are of the clear content.
    The hash is sealed, or it would tell whoever holds a known file that it is about this person; it stays in the row
    history, which does not keep the content itself, and so pins it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    number = models.PositiveIntegerField()
    part = models.CharField(_("belongs to"), max_length=20, choices=PARTS)
    name = SealedTextField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes
    sha256 = SealedBytesField()
    content = SealedBytesField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "number"], name="attachment_number_once"),)
