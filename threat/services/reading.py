"""What pages show of requests, products and signals: each read checked, each person's data logged as seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.models import Case
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.models import WorkItem
from threat.lifecycle import OPEN_REQUESTS
from threat.models import (
    Comparison,
    ElsewherePicture,
    InformationRequest,
    Picture,
    Product,
    ProductContent,
    ShieldedCheck,
    Signal,
)
from threat.policies import may_see_analysis, may_see_information, may_supply
from threat.querysets import ANALYSTS
from threat.services.case import visible_case
from threat.services.comparisons import comparisons_of
from threat.services.elsewhere import elsewhere_of
from threat.services.local import LevelView, local_levels
from threat.services.shielded import LastCheck, last_checks, own_checks

SHOWN = 200
DESK = 100


@dataclass(frozen=True)
class Asked:
    """A request with its question in clear."""

    request: InformationRequest
    question: str
    note: str = ""

    @property
    def open(self) -> bool:
        return self.request.state in OPEN_REQUESTS


@dataclass(frozen=True)
class Information:
    """All that was asked and came in for a case; signals and pictures for analysts alone."""

    case: Case
    requests: Sequence[Asked]
    products: Sequence[Product]
    signals: Sequence[Signal]
    pictures: Sequence[Picture]
    urgent_asked: bool
    analyst: bool
    comparisons: Sequence[Comparison]  # for the head of analysis alone
    levels: Sequence[LevelView]  # of the local domain; for analysts alone
    elsewhere: Sequence[ElsewherePicture]  # made elsewhere and registered; for analysts alone
    looks: Sequence[LastCheck]  # along shielded investigations, by supplier; for analysts alone

    @property
    def open_picture(self) -> Picture | None:
        return next((each for each in self.pictures if each.state in {"draft", "scored", "proposed"}), None)

    @property
    def adopted_picture(self) -> Picture | None:
        return next((each for each in self.pictures if each.state == "adopted"), None)

    @property
    def undisposed(self) -> int:
        return sum(not each.disposition for each in self.signals)

    @property
    def unanswered(self) -> int:
        return sum(each.open for each in self.requests)


@act
def read_information(*, case_id: UUID, actor: Actor, at: datetime) -> Information:
    """The information of a case: analysts see all of it, the case manager what was asked and what came in.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: neither analyst nor case manager.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_see_information(actor))
    found = information_of(case, actor=actor, at=at)
    audit.saw([(case.person_id, case.pk)])
    return found


def information_of(case: Case, *, actor: Actor, at: datetime) -> Information:
    """The same, for a case that was found already. Part of a read."""
    box = vault.box(case.person.key_id)
    requests = InformationRequest.objects.visible_to(actor, at=at).filter(case=case).select_related("supplier")
    products = Product.objects.visible_to(actor, at=at).filter(case=case).select_related("supplier", "replaced_by")
    signals = Signal.objects.visible_to(actor, at=at).filter(case=case)
    pictures = Picture.objects.visible_to(actor, at=at).filter(case=case)
    asked = WorkItem.objects.filter(kind="threat.urgent_question", subject_id=case.pk, closed_at=None)
    return Information(
        case=case,
        requests=[
            Asked(request, box.open(request, "question")) for request in requests.order_by("-asked_at", "pk")[:SHOWN]
        ],
        products=list(products.order_by("-delivered_at", "pk")[:SHOWN]),
        signals=list(signals.order_by("-received_at", "pk")[:SHOWN]),
        pictures=list(pictures.order_by("-version")[:SHOWN]),
        urgent_asked=asked.exists(),
        analyst=actor.role in ANALYSTS,
        comparisons=comparisons_of(case, actor=actor, at=at),
        levels=local_levels(case.pk, actor=actor, at=at),
        elsewhere=elsewhere_of(case.pk, actor=actor, at=at),
        looks=last_checks([case.pk], at=at) if actor.role in ANALYSTS else [],
    )


@act
def read_own_requests(*, actor: Actor, at: datetime) -> list[Asked]:
    """What was asked of the supplier's own organisation, most urgent first: question, due and pseudonym only."""
    require(may_supply(actor, supplier=actor.organisation_id or UUID(int=0)))
    rows = InformationRequest.objects.visible_to(actor, at=at).select_related("supplier")
    requests = list(rows.order_by("answered_at", "due_at", "pk")[:SHOWN])
    box = vault.box(*{request.key_id for request in requests})
    audit.saw([(request.person_id, request.case_id) for request in requests], kind="list")
    return [Asked(request, box.open(request, "question")) for request in requests]


@dataclass(frozen=True)
class Requested:
    """One request with what was delivered for it."""

    asked: Asked
    products: Sequence[Product]
    checks: Sequence[ShieldedCheck]  # for the supplier and the head of analysis


@act
def read_request(*, request_id: UUID, actor: Actor, at: datetime) -> Requested:
    """One request; for the supplier without anything of the case but the pseudonym.

    Raises:
        InformationRequest.DoesNotExist: unknown, or not visible to `actor`.
    """
    request = InformationRequest.objects.visible_to(actor, at=at).select_related("supplier").get(pk=request_id)
    box = vault.box(request.key_id)
    noted = actor.role is not Role.CASE_MANAGER
    products = Product.objects.visible_to(actor, at=at).filter(request=request).order_by("-delivered_at", "pk")
    audit.saw([(request.person_id, request.case_id)])
    asked = Asked(request, box.open(request, "question"), box.open(request, "refusal_note") if noted else "")
    return Requested(asked, list(products), own_checks(request, actor=actor, at=at))


@dataclass(frozen=True)
class ReadProduct:
    """A product with its text, for analysts and its supplier."""

    product: Product
    text: str
    withdrawal_reason: str


@act
def read_product(*, product_id: UUID, actor: Actor, at: datetime) -> ReadProduct:
    """One product; its text only for analysts and its supplier, its facts also for the case manager.

    Raises:
        Product.DoesNotExist: unknown, or not visible to `actor`.
    """
    product = (
        Product.objects.visible_to(actor, at=at)
        .select_related("supplier", "request", "ground", "replaces", "replaced_by")
        .get(pk=product_id)
    )
    content = ProductContent.objects.visible_to(actor, at=at).filter(product=product).first()
    box = vault.box(product.key_id)
    audit.saw([(product.person_id, product.case_id)])
    return ReadProduct(product, box.open(content, "text") if content else "", box.open(product, "withdrawal_reason"))


@dataclass(frozen=True)
class ReadSignal:
    """A signal with its text and, once disposed of, the reason."""

    signal: Signal
    text: str
    reason: str


@act
def read_signal(*, signal_id: UUID, actor: Actor, at: datetime) -> ReadSignal:
    """One signal, for analysts.

    Raises:
        Signal.DoesNotExist: unknown, or not visible to `actor`.
    """
    signal = Signal.objects.visible_to(actor, at=at).select_related("case__person").get(pk=signal_id)
    box = vault.box(signal.case.person.key_id)
    audit.saw([(signal.person_id, signal.case_id)])
    return ReadSignal(signal, box.open(signal, "text"), box.open(signal, "reason"))


@dataclass(frozen=True)
class Desk:
    """What waits for the analysts, over all cases this actor may see; each list holds at most 100 rows."""

    pictures: Sequence[Picture]
    signals: Sequence[Signal]
    requests: Sequence[InformationRequest]


@act
def read_desk(*, actor: Actor, at: datetime) -> Desk:
    """Open pictures, undisposed signals and unanswered requests of the cases this analyst sees."""
    require(may_see_analysis(actor))
    pictures = Picture.objects.visible_to(actor, at=at).open().select_related("case__person")
    signals = Signal.objects.visible_to(actor, at=at).undisposed().select_related("case__person")
    requests = InformationRequest.objects.visible_to(actor, at=at).unanswered()
    desk = Desk(
        list(pictures.order_by("created_at", "pk")[:DESK]),
        list(signals.order_by("received_at", "pk")[:DESK]),
        list(requests.select_related("case__person", "supplier").order_by("due_at", "pk")[:DESK]),
    )
    cases = [
        *(row.case for row in desk.pictures),
        *(row.case for row in desk.signals),
        *(row.case for row in desk.requests),
    ]
    audit.saw([(case.person_id, case.pk) for case in cases], kind="list")
    return desk
