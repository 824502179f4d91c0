"""That somebody watches along in shielded investigations (R094): dates and an outcome, nothing else."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, User
from stelsel.legal.models import Marked
from threat.lifecycle import CheckOutcome
from threat.models.information import InformationRequest
from threat.querysets import Checks

OUTCOMES = labels(
    CheckOutcome,
    nothing=_("Nothing for protection"),
    shares=_("Something: a product follows"),
    cannot_share=_("Something that cannot be shared"),
)


class ShieldedCheck(Marked):
    """The information coordinator of a supplier looked along shielded investigations (afgeschermd onderzoek).

    No field holds text: neither name nor content of an investigation can be written here. The outcome itself could
    betray one, so its row is for the supplier and the head of analysis; others learn the day. Rows are only added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="shielded_checks")
    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="shielded_checks")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=12, choices=OUTCOMES)
    checked_on = models.DateField(_("looked on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = Checks.as_manager()

    class Meta:
        indexes = (models.Index(fields=["case", "supplier", "-checked_on"], name="shielded_check_latest"),)
