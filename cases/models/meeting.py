"""The quadrilateral meeting (vierhoeksoverleg, Politiewet 2012 art. 13): only what was agreed, by whom, by when."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.models import Organisation, SealedTextField, User
from stelsel.legal.models import Marked

PARTICIPANTS = (
    ("nctv", "NCTV"),
    ("mayor", _("Mayor")),
    ("prosecutor", _("Chief prosecutor")),
    ("police", _("Head of the police unit")),
    ("lcc", "LCC"),
    ("kmar", _("Royal Marechaussee (KMar)")),
)


class QuadrilateralMeeting(Marked):
    """A meeting of the triangle with the NCTV about one case; participants by function, without who said what."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField(_("held"))
    municipality = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("municipality")
    )
    participants = ArrayField(models.CharField(max_length=10, choices=PARTICIPANTS))
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(participants__contains=["nctv"]), name="meeting_with_the_nctv"),
        )


class MeetingAgreement(models.Model):
    """Something that was agreed: what, who does it, by when, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(QuadrilateralMeeting, models.PROTECT, related_name="agreements")
    what = SealedTextField()
    who = models.CharField(_("who"), max_length=10, choices=PARTICIPANTS)
    due_on = models.DateField(_("by"))
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        blank=True,
        choices=[("done", _("Done")), ("dropped", _("Dropped"))],
    )
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()
