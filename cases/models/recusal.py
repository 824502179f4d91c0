"""Who does not act in a case because of who they are to the person (verschoning; Circulaire 2026 par. 2.4.2)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked

GROUNDS = (
    ("relative", _("Relative of somebody in the case")),
    ("superior", _("Superior of somebody in the case, or the other way round")),
    ("other", _("Another tie")),
)


class Recusal(Marked):
    """Somebody is kept out of a case from `recorded_at` on, until somebody else ends that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    ground = models.CharField(_("tie"), max_length=10, choices=GROUNDS)
    reason = SealedTextField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    end_reason = SealedTextField(default=b"")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "user"], condition=Q(ended_at=None), name="recused_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="recusal_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | ~Q(ended_by=F("user")), name="nobody_ends_their_own_recusal"
            ),
        )
