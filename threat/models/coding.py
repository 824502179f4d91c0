"""Comparison of assessors: blind codings of the evidence on which a picture was scored, and what came of it."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stelsel.kernel.labels import labels
from stelsel.kernel.models import PersonKey, SealedTextField, User
from stelsel.legal.models import Marked
from threat.lifecycle import CodingState, ComparisonState
from threat.models.picture import Picture, PictureScore
from threat.querysets import Codings, Drafts

COMPARISON_STATES = labels(
    ComparisonState,
    open=_("Being coded"),
    settled=_("Settled"),
    withdrawn=_("Withdrawn"),
)
CODING_STATES = labels(
    CodingState, asked=_("Asked"), handed_in=_("Handed in"), declined=_("Declined"), withdrawn=_("Withdrawn")
)


class Comparison(Marked):
    """The evidence of one score, put before others who do not know how it was coded (beoordelaarsvergelijking).

    `packet` is what they read: texts, dates and origins in codes, under a key of its own, without a grade or a value.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="comparisons")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="comparisons")
    score = models.ForeignKey(PictureScore, models.PROTECT, related_name="comparisons")
    state = models.CharField(_("state"), max_length=10, choices=COMPARISON_STATES)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_on = models.DateField(_("meeting held on"), null=True)
    agreed_level = models.PositiveSmallIntegerField(
        _("agreed level"), null=True, validators=(MinValueValidator(1), MaxValueValidator(5))
    )
    consensus = SealedTextField(default=b"")
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = Drafts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["picture"], condition=Q(state=ComparisonState.OPEN), name="comparison_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state=ComparisonState.OPEN, settled_at=None)
                | Q(state__in=[ComparisonState.SETTLED, ComparisonState.WITHDRAWN], settled_at__isnull=False),
                name="comparison_settled",
            ),
        )


class Coding(Marked):
    """One analyst's own coding of the packet. Handed in it never changes; nobody else reads it before all are in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=20, unique=True
    )  # its name on the coder's start page: not the case's number
    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="codings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    coder = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    packet = SealedTextField()
    state = models.CharField(_("state"), max_length=10, choices=CODING_STATES)
    due_at = models.DateTimeField()
    codes = models.JSONField(null=True)  # by evidence id: value, reliability, credibility
    result = models.JSONField(null=True)  # what the method makes of them
    declined_because = SealedTextField(default=b"")
    answered_at = models.DateTimeField(null=True)

    objects = Codings.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comparison", "coder"], name="coding_once_each"),
            models.CheckConstraint(
                condition=~Q(state=CodingState.HANDED_IN)
                | Q(codes__isnull=False, result__isnull=False, answered_at__isnull=False),
                name="coding_whole",
            ),
        )

    def __str__(self) -> str:
        return self.reference
