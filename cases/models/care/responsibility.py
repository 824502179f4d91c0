"""Who is responsible for a measure and who bears its cost, at every instant (verantwoordelijkheidsverdeling)."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.measure import Measure
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, User


class Party(models.TextChoices):
    """Own responsibility first, then the employer, then government on top (Circulaire 2026 par. 1.2)."""

    PERSON = "person", _("The person")
    EMPLOYER = "employer", _("The employer")
    LOCAL = "local", _("Local authority")
    NCTV = "nctv", _("NCTV")


class Responsibility(models.Model):
    """One responsible party and one cost bearer of a measure, for a period; never an amount.

    The database writes the first row with the measure: the authority that ordered it, until somebody settles it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="responsibilities")
    party = models.CharField(_("responsible"), max_length=10, choices=Party)
    cost_bearer = models.CharField(_("bears the cost"), max_length=10, choices=Party)
    period = DateTimeRangeField()
    reason = SealedTextField(default=b"")
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # null: by the order itself

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="one_responsible_party",
                expressions=[("measure", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        )
