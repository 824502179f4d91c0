"""Contact with the person: what must be told, and what they told us."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

INFORMANTS = (
    ("person", _("The person")),
    ("relation", _("Somebody close")),
    ("employer", _("The employer")),
    ("guard", _("A guard")),
    ("police", _("The police")),
)


class InformDuty(Marked):
    """A duty to inform (informatieplicht), closed by having told or by a recorded ground to withhold."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="inform_duties")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    about = models.CharField(
        _("about"),
        max_length=20,
        choices=[
            ("designation", _("Designation")),
            ("decision", _("Decision on measures")),
            ("displacement", _("Choice when capacity falls short")),
            ("rejection", _("Rejection")),
            ("return", _("Return to the chief prosecutor")),
        ],
    )
    subject_id = models.UUIDField()
    contact = models.ForeignKey(User, models.PROTECT, related_name="+")  # the named contact
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(_("how"), max_length=20, blank=True)  # of the code list "inform_channel"
    told = SealedTextField(default=b"")
    withheld_ground = models.CharField(_("ground to withhold"), max_length=30, blank=True)  # the list of that name

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "about", "subject_id"], name="inform_duty_once"),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | ~models.Q(channel="") | ~models.Q(withheld_ground=""),
                name="inform_duty_told_or_withheld",
            ),
        )


class ContactEntry(Marked):
    """What was said between the person or a relation and the named contact; a signal goes to threat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = SealedTextField()
    channel = models.CharField(_("how"), max_length=20, blank=True)  # of the code list "inform_channel"
    reached = models.BooleanField(_("reached"), default=True)  # an attempt that failed is no contact
    informant = models.CharField(_("told by"), max_length=10, blank=True, choices=INFORMANTS)
    protect_informant = models.BooleanField(_("protect who told it"), default=False)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    is_signal = models.BooleanField(_("send to threat analysis as a signal"), default=False)
    signal_state = models.CharField(
        max_length=10,
        blank=True,
        choices=[("sent", _("Sent")), ("received", _("Received")), ("used", _("Used"))],
    )

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reached=True) | models.Q(is_signal=False), name="contact_signal_was_told"
            ),
        )
