"""What is open on a decision after it was taken: for review, or to be ratified."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.decision import LevelDecision, Package
from cases.models.designation import UrgentRequest
from cases.querysets import CaseScoped
from stelsel.kernel.models import SealedTextField, Signature, User


class ReviewCause(models.TextChoices):
    """Why a decision that stands has to be looked at again."""

    NEWER_PICTURE = "newer_picture", _("A newer threat picture was adopted")
    EXPIRED = "expired", _("The threat picture it rests on is past its review date")
    WITHDRAWN = "withdrawn", _("A product that the threat picture rests on was withdrawn")
    CONDITION = "condition", _("A condition of the decision is not met")


class DecisionReview(models.Model):
    """A level or a package marked for review: it stands until somebody decides, and nothing ends by the mark."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decision_reviews")
    level = models.ForeignKey(LevelDecision, models.PROTECT, null=True, related_name="reviews")
    package = models.ForeignKey(Package, models.PROTECT, null=True, related_name="reviews")
    cause = models.CharField(_("why"), max_length=15, choices=ReviewCause)
    since = models.DateTimeField()
    due = models.DateTimeField()
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        blank=True,
        choices=[("", _("For review")), ("stands", _("Stands")), ("replaced", _("Decided anew"))],
    )
    reasons = SealedTextField(default=b"")
    again_on = models.DateField(_("look again on"), null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(level__isnull=False, package=None) | Q(level=None, package__isnull=False),
                name="review_of_one_decision",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None)
                | Q(outcome="replaced", settled_at__isnull=False)
                | Q(outcome="stands", settled_by__isnull=False, signature__isnull=False, again_on__isnull=False),
                name="review_settled_by_an_act",
            ),
            models.UniqueConstraint(fields=["level"], condition=Q(outcome=""), name="level_for_review_once"),
            models.UniqueConstraint(fields=["package"], condition=Q(outcome=""), name="package_for_review_once"),
        )

    @property
    def rests_on(self) -> LevelDecision:
        """The level that is for review, or on which the package rests."""
        level = self.level or (self.package.level if self.package else None)
        if level is None:
            raise TypeError("a review of no decision")
        return level


class Ratification(models.Model):
    """A decision by the urgent route: it holds at once; who did not take it confirms it within the norm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="ratifications")
    level = models.OneToOneField(LevelDecision, models.PROTECT, null=True, related_name="ratification")
    package = models.OneToOneField(Package, models.PROTECT, null=True, related_name="ratification")
    urgent_request = models.OneToOneField(UrgentRequest, models.PROTECT, null=True, related_name="ratification")
    why = SealedTextField()  # why it could not wait
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    due = models.DateTimeField()
    reasons = SealedTextField(default=b"")
    ratified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ratified_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    objects = CaseScoped.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(level__isnull=False, package=None, urgent_request=None)
                | Q(level=None, package__isnull=False, urgent_request=None)
                | Q(level=None, package=None, urgent_request__isnull=False),
                name="ratification_of_one_decision",
            ),
            models.CheckConstraint(
                condition=Q(ratified_by=None) | ~Q(ratified_by=F("decided_by")), name="decision_ratified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(ratified_at=None, ratified_by=None)
                | Q(ratified_at__isnull=False, ratified_by__isnull=False, signature__isnull=False),
                name="ratification_is_signed",
            ),
        )
