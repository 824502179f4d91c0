"""Authority (gezag) as a dated fact: exactly one per subject and scope at every instant, guarded by the database."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Authority, Scope
from cases.models.case import Case
from cases.models.person import Person
from cases.querysets import CaseScoped
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation

AUTHORITIES = labels(Authority, nctv=_("NCTV"), chief_prosecutor=_("Chief prosecutor"), mayor=_("Mayor"))


class AuthorityPeriod(models.Model):
    """Who is the authority over `person` for `scope`, from when until when, on which ground.

    A deferred trigger refuses a gap or overlap while the case is open; it locks the person first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="authority_periods")
    person = models.ForeignKey(Person, models.PROTECT, related_name="authority_periods")
    scope = models.CharField(
        max_length=25,
        choices=labels(
            Scope,
            person_directed=_("Person-directed"),
            public_order=_("Public order"),
            criminal_enforcement=_("Criminal enforcement"),
        ),
    )
    authority = models.CharField(_("authority"), max_length=20, choices=AUTHORITIES)
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    period = DateTimeRangeField(_("from and to"))
    ground = models.CharField(_("ground"), max_length=120)  # the act, e.g. "designation.decide"
    ground_id = models.UUIDField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="one_authority_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        )
