"""Designation (aanwijzing, Politiewet 2012 art. 42(1)(c)) and the urgent route by telephone."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.intake import Judgement
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, Signature, User
from stelsel.legal.models import Marked


class UrgentRequest(Marked):
    """A telephone note: measures now, without picture or file (spoedverzoek, Circulaire 2026 par. 2.3.3, 2.4.1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="urgent_requests")
    caller = SealedTextField()
    note = SealedTextField()
    person_directed = models.BooleanField(_("person-directed measures"))
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    objects = CaseScoped.as_manager()


class Designation(Marked):
    """From `starts_at` the person and the core household are in the scheme and the NCTV is the authority."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="designations")
    judgement = models.OneToOneField(Judgement, models.PROTECT, null=True, related_name="designation")
    urgent_request = models.OneToOneField(UrgentRequest, models.PROTECT, null=True, related_name="designation")
    reasons = SealedTextField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ratify_due = models.DateTimeField(null=True)
    ratified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ratified_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(judgement__isnull=False) | models.Q(urgent_request__isnull=False),
                name="designation_has_a_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(ratified_by=None) | ~models.Q(ratified_by=models.F("decided_by")),
                name="ratified_by_another",
            ),
            models.UniqueConstraint(fields=["case"], condition=models.Q(ends_at=None), name="designation_one_in_force"),
        )


class Designated(models.Model):
    """A person that a designation covers: the protected person and each member of the core household."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    designation = models.ForeignKey(Designation, models.PROTECT, related_name="covered")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["designation", "person"], name="designated_once"),)
