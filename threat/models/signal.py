"""What the person, a relation, the employer or a guard noticed, and what analysis did with it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, ContactEntry, Person
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked
from threat.lifecycle import Disposition, Informant
from threat.querysets import Signals

INFORMANTS = labels(
    Informant,
    person=_("The person"),
    relation=_("A relation"),
    employer=_("The employer"),
    guard=_("A guard"),
    police=_("The police"),
    other=_("Somebody else"),
)
DISPOSITIONS = labels(Disposition, used=_("Used"), not_used=_("Not used"))


class Signal(Marked):
    """What somebody noticed (signaal), by role, never by name. No picture is adopted while one is undisposed (R054)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="signals")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    contact = models.OneToOneField(ContactEntry, models.PROTECT, null=True, related_name="+")
    informant = models.CharField(_("told by"), max_length=10, choices=INFORMANTS)
    text = SealedTextField()
    received_at = models.DateTimeField(_("told"))
    taken_at = models.DateTimeField()
    disposition = models.CharField(_("disposition"), max_length=10, choices=DISPOSITIONS, blank=True)
    reason = SealedTextField(default=b"")
    disposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    disposed_at = models.DateTimeField(null=True)

    objects = Signals.as_manager()

    class Meta:
        indexes = (models.Index(fields=["case", "-received_at"], name="signal_of_case"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(disposition="", disposed_by=None, disposed_at=None, reason=b"")
                | (~Q(disposition="") & Q(disposed_by__isnull=False, disposed_at__isnull=False) & ~Q(reason=b"")),
                name="signal_disposed_by_somebody_with_reason",
            ),
        )
