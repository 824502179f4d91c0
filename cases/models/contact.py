"""Contact with the person: what must be told, what was told or withheld, what they told us, raised-risk moments."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

RISK_MOMENTS = (
    ("appearance", _("Public appearance")),
    ("publication", _("Publication")),
    ("hearing", _("Hearing or verdict")),
    ("travel", _("Journey")),
    ("other", _("Other")),
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
    is_signal = models.BooleanField(_("send to threat analysis as a signal"), default=False)
    signal_state = models.CharField(
        max_length=10,
        blank=True,
        choices=[("sent", _("Sent")), ("received", _("Received")), ("used", _("Used"))],
    )

    objects = CaseScoped.as_manager()


class RaisedRiskMoment(Marked):
    """A moment of raised risk (verhoogd risicomoment): an appearance, publication or verdict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="risk_moments")
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=RISK_MOMENTS,
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    region = models.CharField(_("region"), max_length=60)
    description = SealedTextField(default=b"")
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="risk_moment_period"),
        )
