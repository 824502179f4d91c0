"""What a picture rests on beside its evidence: assumptions with a date, and the explanations that were set aside."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked
from threat.lifecycle import Weighing
from threat.models.picture import Picture
from threat.querysets import Drafts, Kept

WEIGHINGS = labels(
    Weighing,
    as_likely=_("About as likely"),
    less_likely=_("Less likely"),
    unlikely=_("Unlikely"),
    not_judged=_("Cannot be judged"),
)


class Assumption(Marked):
    """An assumption (aanname) of a picture, with who watches it and until when it is relied on.

    It stands still with the picture; that it was checked afterwards is told by its checks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="assumptions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    text = SealedTextField()
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("watched by"))
    check_by = models.DateField(_("check by"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = Kept.as_manager()


class AssumptionCheck(models.Model):
    """That somebody looked whether an assumption still holds. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assumption = models.ForeignKey(Assumption, models.PROTECT, related_name="checks")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    holds = models.BooleanField(_("still holds"))
    check_by = models.DateField(_("check again by"), null=True)
    note = SealedTextField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    objects = Drafts.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(holds=False, check_by=None) | Q(holds=True, check_by__isnull=False),
                name="assumption_that_holds_is_checked_again",
            ),
        )


class Hypothesis(Marked):
    """Another explanation of the same evidence (alternatieve hypothese), how likely it was found and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="hypotheses")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    text = SealedTextField()
    weighing = models.CharField(_("beside the picture"), max_length=12, choices=WEIGHINGS)
    reason = SealedTextField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = Kept.as_manager()
