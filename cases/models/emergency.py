"""Emergency access: seeing a case without a grant, with a reason, for a short time, reviewed by somebody else."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from stelsel.kernel.models import User


class EmergencyAccess(models.Model):
    """Who broke the glass, why and until when; nobody does so again before somebody else reviewed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    case_number = models.CharField(max_length=20)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(_("justified"), null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("user")),
                name="emergency_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(reviewed_at=None), name="emergency_one_unreviewed"
            ),
        )
