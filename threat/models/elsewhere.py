"""A threat picture made elsewhere, above our marking ceiling: what may be known of it here, and nothing else."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked, Marking
from threat.lifecycle import ElsewhereState
from threat.querysets import Drafts

FIVE = (MinValueValidator(1), MaxValueValidator(5))
STATES = labels(
    ElsewhereState,
    registered=_("Waits for a second analyst"),
    confirmed=_("Confirmed"),
    dropped=_("Taken back"),
)


class ElsewherePicture(Marked):
    """Pair, day, maker, number, where it lies and what may be told: it binds a decision like a picture made here.

    `marking` is of this row; `own_marking` that of the picture itself. No evidence and no score.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="elsewhere_pictures")
    state = models.CharField(_("state"), max_length=10, choices=STATES)
    maker = models.CharField(_("made by"), max_length=150)
    number = models.CharField(_("number of the maker"), max_length=60)
    made_on = models.DateField(_("made on"))
    own_marking = models.CharField(_("marking of the picture itself"), max_length=10, choices=Marking)
    kept_at = SealedTextField()
    severity = models.PositiveSmallIntegerField(_("severity"), validators=FIVE)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), null=True, validators=FIVE)
    summary = SealedTextField()
    handling_advice = SealedTextField(default=b"")
    review_due = models.DateField(_("review due"))
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    content_hash = models.BinaryField(max_length=32, null=True)

    objects = Drafts.as_manager()

    class Meta:
        indexes = (models.Index(fields=["case", "-registered_at"], name="elsewhere_of_case"),)
        constraints = (
            models.UniqueConstraint(
                fields=["case", "maker", "number"],
                condition=~Q(state=ElsewhereState.DROPPED),
                name="elsewhere_picture_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=ElsewhereState.CONFIRMED)
                | Q(decided_at__isnull=False, content_hash__isnull=False, decided_by__isnull=False)
                & ~Q(decided_by=F("registered_by")),
                name="elsewhere_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 5)) & (Q(likelihood=None) | Q(likelihood__range=(1, 5))),
                name="elsewhere_pair",
            ),
        )

    def __str__(self) -> str:
        return self.number
