"""Matching (O2): what was taken down from products and signals to be found again, and what was found."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Person
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, OrganisationKind, PersonKey, SealedTextField, User
from stelsel.legal.models import Marked
from threat.lifecycle import BlindReason, BlindState, MatchAnswer
from threat.models.information import Product
from threat.models.signal import Signal
from threat.querysets import BlindMatches, Entities, Hits, MatchQuestions
from threat.scoring.entities import EntityKind

ENTITY_KINDS = labels(
    EntityKind,
    vehicle=_("Vehicle (licence plate)"),
    phone=_("Telephone number"),
    address=_("Address"),
    account=_("Account (IBAN)"),
)
BLIND_STATES = labels(
    BlindState,
    open=_("Open"),
    dismissed=_("Dismissed"),
    followed_up=_("Followed up"),
    lapsed=_("Lapsed"),
)
BLIND_REASONS = labels(
    BlindReason,
    coincidence=_("The same thing by coincidence"),
    known=_("Known already"),
    not_shared=_("The supplier may not share it"),
    analyst_named=_("An analyst is named on both cases"),
    information_asked=_("Information is asked of the supplier"),
    suppliers_meet=_("The suppliers consult each other"),
)
ANSWERS = labels(
    MatchAnswer,
    asked=_("Asked"),
    may_share=_("It may be shared with the analysts of the other case"),
    may_not=_("It may not be shared"),
    nothing=_("We have nothing to add"),
    lapsed=_("No longer needed"),
)


class Entity(Marked):
    """A vehicle, telephone, address or account that a product or signal names (entiteit).

    The value is sealed under the person's key; the blind index alone is compared. Taken out, both are emptied, and
    row history never held them. It carries person and key, as its supplier names it without seeing the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="entities")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="entities")
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, related_name="entities")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # of a signal the NCTV, who took it in
    provider = models.CharField(max_length=20, choices=OrganisationKind)  # whose data it is in the provision matrix
    kind = models.CharField(_("what it is"), max_length=10, choices=ENTITY_KINDS)
    value = SealedTextField(default=b"")
    blind_index = models.BinaryField(max_length=32)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = Entities.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["kind", "blind_index"], condition=Q(removed_at=None), name="entity_to_compare"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["product", "kind", "blind_index"], condition=Q(removed_at=None), name="entity_once_of_product"
            ),
            models.UniqueConstraint(
                fields=["signal", "kind", "blind_index"], condition=Q(removed_at=None), name="entity_once_of_signal"
            ),
            models.CheckConstraint(
                condition=Q(product=None, signal__isnull=False) | Q(product__isnull=False, signal=None),
                name="entity_of_product_or_signal",
            ),
            models.CheckConstraint(
                condition=(Q(removed_at=None, removed_by=None) & ~Q(blind_index=b"") & ~Q(value=b""))
                | Q(removed_at__isnull=False, removed_by__isnull=False, blind_index=b"", value=b""),
                name="entity_emptied_when_taken_out",
            ),
        )


class Hit(Marked):
    """Two entities with the same index: in two cases, or of two suppliers in one. Written once per pair."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)  # of no case: it stands on start pages
    kind = models.CharField(_("what it is"), max_length=10, choices=ENTITY_KINDS)
    first = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    second = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    first_case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    second_case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    found_at = models.DateTimeField(_("found"))
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    objects = Hits.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["first_case", "-found_at"], name="hit_of_first_case"),
            models.Index(fields=["second_case", "-found_at"], name="hit_of_second_case"),
        )
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="hit_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="hit_of_a_pair"),
        )

    def __str__(self) -> str:
        return self.number


class BlindMatch(models.Model):
    """A match between cases that no analyst sees both of: kind, suppliers and day, for the head of analysis.

    No column names a case, a person, a product or a value, and none holds words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)  # that of the match
    hit = models.OneToOneField(Hit, models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=ENTITY_KINDS)
    first_supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    second_supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    found_on = models.DateField(_("found"))
    state = models.CharField(_("state"), max_length=12, choices=BLIND_STATES)
    reason = models.CharField(_("reason"), max_length=20, choices=BLIND_REASONS, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = BlindMatches.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=BlindState.OPEN, reason="", settled_at=None, settled_by=None)
                | Q(state=BlindState.LAPSED, reason="", settled_at__isnull=False, settled_by=None)
                | (
                    Q(
                        state__in=[BlindState.DISMISSED, BlindState.FOLLOWED_UP],
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                    )
                    & ~Q(reason="")
                ),
                name="blind_match_settled_with_reason",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def suppliers(self) -> list[tuple[int, Organisation]]:
        """Both sides; who is behind each."""
        return [(1, self.first_supplier), (2, self.second_supplier)]


class MatchQuestion(models.Model):
    """What the head asks the supplier of one side about its own product, and what it answers, dated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20)
    blind = models.ForeignKey(BlindMatch, models.PROTECT, related_name="questions")
    side = models.PositiveSmallIntegerField()
    kind = models.CharField(_("what it is"), max_length=10, choices=ENTITY_KINDS)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("due"))
    answer = models.CharField(_("answer"), max_length=10, choices=ANSWERS, default=MatchAnswer.ASKED)
    answered_on = models.DateField(_("answered on"), null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = MatchQuestions.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["blind", "side"], name="match_question_once_a_side"),
            models.CheckConstraint(condition=Q(side__in=(1, 2)), name="match_question_of_a_side"),
            models.CheckConstraint(
                condition=Q(answer=MatchAnswer.ASKED, answered_on=None, answered_by=None, answered_at=None)
                | Q(answer=MatchAnswer.LAPSED, answered_on=None, answered_by=None, answered_at__isnull=False)
                | Q(
                    answer__in=[MatchAnswer.MAY_SHARE, MatchAnswer.MAY_NOT, MatchAnswer.NOTHING],
                    answered_on__isnull=False,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="match_question_answered_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.number
