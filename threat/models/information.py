"""What is asked of suppliers and what they deliver."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Person
from stelsel.kernel.labels import labels
from stelsel.kernel.models import Organisation, PersonKey, SealedTextField, User
from stelsel.legal.models import LegalGround, Marked
from threat.lifecycle import Caveat, ProductKind, RefusalGround, RequestState
from threat.querysets import Requests, Supplied, SuppliedText

PRODUCT_KINDS = labels(
    ProductKind,
    threat_report=_("Threat report"),
    initial_report=_("Initial threat report"),
    signal_report=_("Signal report"),
    estimate=_("Threat estimate"),
    analysis=_("Threat analysis"),
    risk_analysis=_("Risk analysis"),
    other=_("Other product"),
)
REQUEST_STATES = labels(
    RequestState,
    asked=_("Asked"),
    answered=_("Answered"),
    refused=_("Refused"),
    withheld=_("Withheld"),
    silent=_("No answer"),
)
REFUSAL_GROUNDS = labels(
    RefusalGround,
    investigation=_("Interest of detection"),
    source_protection=_("Protection of a source"),
    third_party=_("Third-party rule"),
    no_ground=_("No legal ground"),
    nothing_known=_("Nothing is known"),
)
CAVEATS = labels(
    Caveat,
    none=_("None"),
    third_party_rule=_("Third-party rule"),
    analysis_only=_("For analysis only"),
    source_at_risk=_("A source is at risk"),
)
RELIABILITIES = [
    ("A", _("A: completely reliable")),
    ("B", _("B: usually reliable")),
    ("C", _("C: fairly reliable")),
    ("D", _("D: not usually reliable")),
    ("E", _("E: unreliable")),
    ("F", _("F: cannot be judged")),
]
CREDIBILITIES = [
    (1, _("1: confirmed by other sources")),
    (2, _("2: probably true")),
    (3, _("3: possibly true")),
    (4, _("4: doubtful")),
    (5, _("5: improbable")),
    (6, _("6: cannot be judged")),
]


class InformationRequest(Marked):
    """A product asked of one supplier by order of the authority: question, factors, due (R010, R053).

    The supplier sees the row without seeing the case: so it carries the pseudonym and the key of the person itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="information_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    pseudonym = models.CharField(_("pseudonym"), max_length=20)
    supplier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="information_requests", verbose_name=_("supplier")
    )
    kind = models.CharField(_("product"), max_length=20, choices=PRODUCT_KINDS)
    question = SealedTextField()
    factors = ArrayField(models.CharField(max_length=2), verbose_name=_("factors"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=REQUEST_STATES)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(null=True)
    refusal_ground = models.CharField(_("ground"), max_length=20, choices=REFUSAL_GROUNDS, blank=True)
    refusal_note = SealedTextField(default=b"")
    review_due = models.DateField(_("review of the refusal"), null=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = Requests.as_manager()

    class Meta:
        indexes = (models.Index(fields=["supplier", "state", "due_at"], name="request_of_supplier"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.REFUSED, RequestState.WITHHELD])
                | (~Q(refusal_ground="") & Q(review_due__isnull=False, refused_at__isnull=False)),
                name="request_refused_with_ground_and_review",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.ANSWERED) | Q(answered_at__isnull=False), name="request_answered_when"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="request_due_later"),
            models.CheckConstraint(condition=~Q(factors=[]), name="request_names_a_factor"),
        )

    def __str__(self) -> str:
        return self.number


class Product(Marked):
    """A partial product (deelproduct) as delivered: its facts. The text stands apart, and never changes.

    Above the marking ceiling there is no text: supplier, number, date and marking are kept as a reference.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="products")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    request = models.ForeignKey(InformationRequest, models.PROTECT, null=True, related_name="products")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="products", verbose_name=_("supplier"))
    kind = models.CharField(_("product"), max_length=20, choices=PRODUCT_KINDS)
    number = models.CharField(_("number of the supplier"), max_length=60)
    dated = models.DateField(_("date"))
    reliability = models.CharField(_("source grade"), max_length=1, choices=RELIABILITIES)
    credibility = models.PositiveSmallIntegerField(
        _("credibility"), choices=CREDIBILITIES, validators=(MinValueValidator(1), MaxValueValidator(6))
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True)
    ground = models.ForeignKey(LegalGround, models.PROTECT, related_name="+", verbose_name=_("legal ground"))
    caveat = models.CharField(_("handling"), max_length=20, choices=CAVEATS, default=Caveat.NONE)
    phenomenon_knowledge = models.BooleanField(_("phenomenon knowledge"), default=False)
    reference_only = models.BooleanField(_("reference only"), default=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    delivered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(_("received"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawal_reason = SealedTextField(default=b"")

    objects = Supplied.as_manager()

    class Meta:
        indexes = (models.Index(fields=["case", "-delivered_at"], name="product_of_case"),)
        constraints = (
            models.UniqueConstraint(fields=["supplier", "number"], name="product_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="product_validity"
            ),
            models.CheckConstraint(condition=Q(credibility__range=(1, 6)), name="product_credibility"),
            models.CheckConstraint(condition=Q(reliability__in="ABCDEF"), name="product_reliability"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_by__isnull=False), name="product_withdrawn_by_somebody"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def replaced(self) -> bool:
        """Whether a newer product took its place; select `replaced_by` with lists."""
        return hasattr(self, "replaced_by")


class ProductContent(models.Model):
    """The text of a product, under the person's key. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.OneToOneField(Product, models.PROTECT, related_name="content")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = SealedTextField()

    objects = SuppliedText.as_manager()
