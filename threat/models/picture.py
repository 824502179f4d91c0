"""The integrated threat picture (geintegreerd dreigingsbeeld): versions, lines, evidence and scores."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Person
from stelsel.kernel.labels import labels
from stelsel.kernel.models import SealedTextField, User
from stelsel.legal.models import Marked
from threat.lifecycle import OPEN_PICTURES, DepartureGround, PictureState
from threat.models.information import CREDIBILITIES, RELIABILITIES, Product
from threat.models.signal import Signal
from threat.querysets import Drafts, Kept, Pictures

FIVE = (MinValueValidator(1), MaxValueValidator(5))
PICTURE_STATES = labels(
    PictureState,
    draft=_("Draft"),
    scored=_("Scored draft"),
    proposed=_("Proposed for adoption"),
    adopted=_("Adopted"),
    abandoned=_("Abandoned"),
)
DEPARTURES = labels(
    DepartureGround,
    trigger_event=_("An event that triggers is near"),
    newer_information=_("Information that is newer than the score"),
    expert_judgement=_("Judgement of the analysts"),
    method_misses=_("The method does not cover this"),
)
FACTORS = [(f"F{n}", f"F{n}") for n in range(1, 7)]
BOUNDS = [("AT_LEAST", _("At least")), ("AT_MOST", _("At most (searched, not found)"))]
KINDS = [
    ("concrete", _("Concrete information")),
    ("context", _("Context information")),
    ("phenomenon", _("Phenomenon knowledge")),
    ("signal", _("Signal")),
]


class Picture(Marked):
    """One version of a case's picture. `revision` counts changes of lines and evidence; a score is of one revision.

    Once proposed its lines and evidence stand still; once adopted nothing of it ever changes (trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="pictures")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=PICTURE_STATES)
    method_version = models.CharField(_("method"), max_length=20)
    question = SealedTextField()
    revision = models.PositiveIntegerField(default=1)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, validators=FIVE)
    severity_reason = SealedTextField(default=b"")
    score = models.ForeignKey("threat.PictureScore", models.PROTECT, null=True, related_name="+")
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), null=True, validators=FIVE)
    departure = models.CharField(_("departure"), max_length=20, choices=DEPARTURES, blank=True)
    departure_reason = SealedTextField(default=b"")
    cumulation = SealedTextField(default=b"")
    summary = SealedTextField(default=b"")
    handling_advice = SealedTextField(default=b"")
    review_due = models.DateField(_("review due"), null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    content_hash = models.BinaryField(max_length=32, null=True)
    return_reason = SealedTextField(default=b"")

    objects = Pictures.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "version"], name="picture_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=OPEN_PICTURES), name="picture_one_open_per_case"
            ),
            models.CheckConstraint(
                condition=Q(adopted_by=None)
                | (~Q(adopted_by=F("proposed_by")) & ~Q(adopted_by=F("author")))
                & (Q(seconded_by=None) | ~Q(adopted_by=F("seconded_by"))),
                name="picture_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by=None) | ~Q(seconded_by=F("proposed_by")), name="picture_second_analyst"
            ),
            models.CheckConstraint(
                condition=~Q(state=PictureState.ADOPTED)
                | Q(
                    adopted_by__isnull=False,
                    adopted_at__isnull=False,
                    proposed_by__isnull=False,
                    content_hash__isnull=False,
                    score__isnull=False,
                    severity__isnull=False,
                    review_due__isnull=False,
                ),
                name="picture_adopted_whole",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.version}"


class PicturePrint(models.Model):
    """That a picture was printed, by whom and which copy. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="prints")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("copy"))
    printed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    objects = Drafts.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["picture", "number"], name="print_number_once"),)


class ThreatLine(Marked):
    """Actor (or unknown) x phenomenon x target x modus (dreigingslijn).

    `actor_code` is "" for an unknown actor, else the same code for the same actor within the picture: scoring needs to
    know whether two lines share an actor, not who it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("line"))
    actor = SealedTextField(default=b"")
    actor_code = models.CharField(max_length=10, blank=True)
    phenomenon = models.PositiveSmallIntegerField(
        _("phenomenon"), validators=(MinValueValidator(1), MaxValueValidator(4))
    )
    target = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("target"))
    modus = SealedTextField(default=b"")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = Kept.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["picture", "number"], name="line_number_once"),
            models.CheckConstraint(condition=Q(phenomenon__range=(1, 4)), name="line_phenomenon"),
        )


class EvidenceItem(Marked):
    """One item about one factor of a line (GDB-1.0), with where it comes from and, for AT_MOST, what was searched.

    `group` is the root origin, in a code; `entity_index` a blind index of what the item is about, by which items of the
    same day and entity are proposed for one group.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey(ThreatLine, models.PROTECT, related_name="evidence")
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    factor = models.CharField(_("factor"), max_length=2, choices=FACTORS)
    value = models.PositiveSmallIntegerField(_("value"))
    bound = models.CharField(_("bound"), max_length=8, choices=BOUNDS)
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    reliability = models.CharField(_("source grade"), max_length=1, choices=RELIABILITIES)
    credibility = models.PositiveSmallIntegerField(_("credibility"), choices=CREDIBILITIES)
    group = models.CharField(_("origin group"), max_length=200)
    valid_as_of = models.DateField(_("observed on"))
    window_end = models.DateField(_("window ends on"), null=True)
    order_withdrawn = models.BooleanField(_("the order was withdrawn"), default=False)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="evidence")
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, related_name="evidence")
    text = SealedTextField()
    searched = SealedTextField(default=b"")
    searched_from = models.DateField(null=True)
    searched_to = models.DateField(null=True)
    would_have_shown = models.BooleanField(null=True)
    entity_index = models.BinaryField(max_length=32, default=b"")
    lapsed = models.BooleanField(_("lapsed"), default=False)
    lapsed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lapsed_at = models.DateTimeField(null=True)
    lapse_reason = SealedTextField(default=b"")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = Kept.as_manager()

    class Meta:
        indexes = (models.Index(fields=["picture", "line"], name="evidence_of_picture"),)
        constraints = (
            models.CheckConstraint(condition=Q(value__range=(0, 4)), name="evidence_value"),
            models.CheckConstraint(condition=Q(product=None) | Q(signal=None), name="evidence_one_source"),
            models.CheckConstraint(
                condition=~Q(kind="signal") | Q(signal__isnull=False), name="evidence_signal_has_its_signal"
            ),
            models.CheckConstraint(
                condition=~Q(kind="concrete") | Q(product__isnull=False), name="evidence_concrete_has_a_product"
            ),
            models.CheckConstraint(
                condition=Q(bound="AT_LEAST")
                | (~Q(searched=b"") & Q(searched_from__isnull=False, searched_to__isnull=False, would_have_shown=True)),
                name="evidence_at_most_names_the_search",
            ),
            models.CheckConstraint(
                condition=Q(lapsed=False) | Q(lapsed_by__isnull=False, lapsed_at__isnull=False),
                name="evidence_lapsed_by_somebody",
            ),
        )


class PictureScore(models.Model):
    """A score of one revision: the frozen input (canonical JSON, no personal data) and, once computed, the result.

    The input never changes; the result is written once (trigger). `manage.py threat_score` repeats each line.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, models.PROTECT, related_name="scores")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    method_version = models.CharField(max_length=20)
    as_of = models.DateField()
    input = models.TextField()
    input_hash = models.CharField(max_length=64)
    job_key = models.CharField(max_length=200)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    result = models.JSONField(null=True)
    scored_at = models.DateTimeField(null=True)

    objects = Drafts.as_manager()

    class Meta:
        indexes = (models.Index(fields=["picture", "-requested_at"], name="score_of_picture"),)
        constraints = (
            models.UniqueConstraint(fields=["picture", "revision", "input_hash"], name="score_once"),
            models.CheckConstraint(
                condition=Q(result=None, scored_at=None) | Q(result__isnull=False, scored_at__isnull=False),
                name="score_whole",
            ),
        )
