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

AUTHORITIES = labels(
    Authority,
    nctv=_("NCTV"),
    chief_prosecutor=_("Chief prosecutor"),
    mayor=_("Mayor"),
    defence=_("Minister of Defence"),
)


class AuthorityPeriod(models.Model):
    """Who is the authority over the subject for `scope`, from when until when, on which ground.

    The subject is a person of a case, or an entry of the limitative list: a function, an object or a service, whose
    scope is its purpose at that time. A deferred trigger refuses a gap while the case is open or the entry stands on
    the list; it locks the subject first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="authority_periods")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="authority_periods")
    entry = models.ForeignKey("cases.ListEntry", models.PROTECT, null=True, related_name="authority_periods")
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
    rule = models.CharField(_("rule"), max_length=40, default="")  # code of the rule in cases.authority

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
            ExclusionConstraint(  # one purpose leads at a time, so the scope does not tell periods apart
                name="one_authority_over_an_entry",
                expressions=[("entry", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=models.Q(entry=None, case__isnull=False, person__isnull=False)
                | models.Q(entry__isnull=False, case=None, person=None),
                name="authority_over_one_subject",
            ),
        )
