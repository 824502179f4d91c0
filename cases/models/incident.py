"""What happened to those who guard (incident bij beveiligers), told on the measure they carried out (R019)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.measure import Measure
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked


class IncidentKind(models.TextChoices):
    THREATENED = "threatened", _("Threatened or approached")
    ATTACKED = "attacked", _("Attacked or shot at")
    INJURED = "injured", _("Injured or ill")
    FOLLOWED = "followed", _("Followed or observed")
    RECOGNISED = "recognised", _("Recognised: who they are became known")
    EQUIPMENT = "equipment", _("Equipment or vehicle failed")
    NEAR_MISS = "near_miss", _("Nearly went wrong")


class GuardIncident(Marked):
    """One incident. It waits until somebody wrote down what was done about it, and is final from then on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="guard_incidents")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="incidents")
    kind = models.CharField(_("what happened"), max_length=15, choices=IncidentKind)
    happened_at = models.DateTimeField(_("when"))
    stopped = models.BooleanField(_("the measure stopped because of it"), default=False)
    text = SealedTextField()
    state = models.CharField(max_length=10, choices=[("open", _("Open")), ("answered", _("Answered"))], default="open")
    answer = SealedTextField(default=b"")
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="open", answered_by=None, answered_at=None)
                | models.Q(state="answered", answered_by__isnull=False, answered_at__isnull=False),
                name="incident_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("reported_at")), name="incident_happened_before_report"
            ),
        )
