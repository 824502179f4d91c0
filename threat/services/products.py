"""Products as they come in: by the supplier's own hand, or registered by an analyst (R066)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import DataRegime, InformationType, Marking
from threat.lifecycle import Caveat, ProductKind
from threat.models import InformationRequest, Product, ProductContent
from threat.policies import may_register_product, may_supply, may_withdraw_product
from threat.services.case import nctv, refuse_if, text_faults, visible_case
from threat.services.entities import Named, named_faults, take_down_named
from threat.services.information import locked_request, mark_answered


@dataclass(frozen=True)
class Delivery:
    """A product as its supplier delivers it. Without text it is a reference: all there can be above the ceiling.

    `ground` is the code of the legal ground; "" takes the provision matrix's own.
    """

    kind: str
    number: str
    dated: date
    reliability: str
    credibility: int
    valid_from: date
    text: str = ""
    valid_to: date | None = None
    marking: str = Marking.DEP_V
    marked_until: date | None = None
    data_regime: str = DataRegime.WPG
    caveat: str = Caveat.NONE
    phenomenon_knowledge: bool = False
    ground: str = ""
    replaces_id: UUID | None = None
    named: Sequence[Named] = field(default_factory=tuple)  # entities, where matching them is allowed


@dataclass(frozen=True)
class _Address:
    """For whose case a product is, from whom, and as an answer to what."""

    case_id: UUID
    person_id: UUID
    key_id: UUID
    supplier: Organisation
    request: InformationRequest | None


@act
def deliver_product(
    *, request_id: UUID, delivery: Delivery, version: int | None = None, actor: Actor, at: datetime
) -> Product:
    """The supplier answers a request with a product; a later one on the same request is welcome too (proactive).

    Raises:
        InformationRequest.DoesNotExist: unknown, or asked of another organisation.
        Forbidden: not a supplier; or no legal ground in force allows the sharing.
        Invalid: with every fault; content above the marking ceiling.
        Conflict: this supplier delivered a product with that number before.
    """
    request = locked_request(request_id, actor=actor, at=at, version=version)
    require(may_supply(actor, supplier=request.supplier_id))
    address = _Address(request.case_id, request.person_id, request.key_id, request.supplier, request)
    product = _take_in(address, delivery, actor=actor, at=at)
    mark_answered(request)
    return product


@act
def register_product(*, case_id: UUID, supplier_id: UUID, delivery: Delivery, actor: Actor, at: datetime) -> Product:
    """An analyst registers a product that reached the analysis by another way."""
    case = visible_case(case_id, actor=actor, at=at)
    require(may_register_product(actor))
    supplier = Organisation.objects.get(pk=supplier_id)
    address = _Address(case.pk, case.person_id, case.person.key_id, supplier, None)
    return _take_in(address, delivery, actor=actor, at=at)


def _take_in(address: _Address, delivery: Delivery, *, actor: Actor, at: datetime) -> Product:
    refuse_if(
        _delivery_faults(delivery, on=timezone.localdate(at))
        + named_faults(delivery.named, provider=address.supplier.kind, content=bool(delivery.text), at=at)
    )
    if delivery.text:
        gate.require_below_ceiling(delivery.marking)
    replaced = _replaced(delivery, address, actor=actor, at=at)
    number = delivery.number.strip()
    known = Product.objects.visible_to(actor, at=at)
    if known.filter(supplier=address.supplier, number=number).exists():
        message = gettext_noop("A product with this number was delivered before.")
        raise Conflict("duplicate", message, faults=(Fault("number", "duplicate", message),))
    product = Product(
        case_id=address.case_id,
        person_id=address.person_id,
        key_id=address.key_id,
        request=address.request,
        supplier=address.supplier,
        kind=delivery.kind,
        number=number,
        dated=delivery.dated,
        reliability=delivery.reliability,
        credibility=delivery.credibility,
        valid_from=delivery.valid_from,
        valid_to=delivery.valid_to,
        marking=delivery.marking,
        marked_until=delivery.marked_until,
        data_regime=delivery.data_regime,
        provenance=address.supplier.name,
        caveat=delivery.caveat,
        phenomenon_knowledge=delivery.phenomenon_knowledge,
        reference_only=not delivery.text,
        replaces=replaced,
        delivered_by_id=actor.user_id,
        delivered_at=at,
    )
    product.ground_id = _shared(product, address, delivery.ground, on=timezone.localdate(at))
    product.save(force_insert=True)
    _keep_text(product, delivery.text)
    take_down_named(product, delivery.named, actor=actor, at=at)
    _announce(product)
    audit.record("product.deliver", product, scope=product.case_id, detail={"reference_only": not delivery.text})
    return product


def _shared(product: Product, address: _Address, ground: str, *, on: date) -> str:
    """Pass the gate; the ground on which the product was shared."""
    sharing = gate.share(
        InformationType.THREAT_PRODUCT,
        product,
        provider=address.supplier.kind,
        receiver=OrganisationKind.NCTV,
        on=on,
        ground=ground,
        scope=address.case_id,
    )
    return str(sharing.ground_id)


def _keep_text(product: Product, text: str) -> None:
    if not text:
        return
    content = ProductContent(product=product, case_id=product.case_id, supplier_id=product.supplier_id)
    vault.box(product.key_id).seal(content, "text", text, key=product.key_id)
    content.save(force_insert=True)


def _announce(product: Product) -> None:
    work.open_item(
        "threat.product",
        product,
        owner_role=Role.THREAT_ANALYST,
        organisation=nctv().pk,
        label=product.request.number if product.request else product.number,
        scope=product.case_id,
        due=norms.due("threat.product", since=product.delivered_at),
    )


def _delivery_faults(delivery: Delivery, *, on: date) -> list[Fault]:
    checks = (
        ("kind", delivery.kind not in set(ProductKind), gettext_noop("Choose a product.")),
        ("reliability", delivery.reliability not in set("ABCDEF"), gettext_noop("Grade the source from A to F.")),
        ("credibility", delivery.credibility not in range(1, 7), gettext_noop("Grade the information from 1 to 6.")),
        ("dated", delivery.dated > on, gettext_noop("The date lies in the future.")),
        (
            "valid_to",
            delivery.valid_to is not None and delivery.valid_to < delivery.valid_from,
            gettext_noop("The end lies before the beginning."),
        ),
        ("marking", delivery.marking not in set(Marking), gettext_noop("Choose a marking.")),
        ("data_regime", delivery.data_regime not in set(DataRegime), gettext_noop("Choose a data regime.")),
        ("caveat", delivery.caveat not in set(Caveat), gettext_noop("Choose how it may be handled.")),
        ("number", len(delivery.number) > 60, gettext_noop("At most 60 characters.")),  # noqa: PLR2004  # the column
    )
    faults = text_faults(number=delivery.number) + [
        fault for fault in text_faults(text=delivery.text) if fault.code == "too_long"
    ]
    return faults + [Fault(name, "invalid", message) for name, wrong, message in checks if wrong]


def _replaced(delivery: Delivery, address: _Address, *, actor: Actor, at: datetime) -> Product | None:
    """The earlier product of the same supplier on the same case that this one replaces."""
    if delivery.replaces_id is None:
        return None
    earlier = (
        Product.objects.visible_to(actor, at=at)
        .filter(supplier=address.supplier, case_id=address.case_id, replaced_by=None)
        .filter(pk=delivery.replaces_id)
        .first()
    )
    if earlier is None:
        message = gettext_noop("This product cannot be replaced: it is not there, or was replaced already.")
        refuse_if([Fault("replaces_id", "invalid", message)])
    return earlier


@act
def withdraw_product(*, product_id: UUID, reason: str, actor: Actor, at: datetime) -> Product:
    """The supplier takes a product back. It stays, marked as withdrawn; analysts must look at the evidence from it."""
    product = Product.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=product_id)
    require(may_withdraw_product(actor, supplier=product.supplier_id))
    refuse_if(text_faults(reason=reason))
    if product.withdrawn_at is not None:
        raise Conflict("withdrawn", gettext_noop("This product was withdrawn already."))
    vault.box(product.key_id).seal(product, "withdrawal_reason", reason, key=product.key_id)
    product.withdrawn_at, product.withdrawn_by_id = at, actor.user_id
    product.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    work.open_item(
        "threat.product_withdrawn",
        product,
        owner_role=Role.THREAT_ANALYST,
        organisation=nctv().pk,
        label=product.number,
        scope=product.case_id,
        due=norms.due("threat.product", since=at),
    )
    audit.record("product.withdraw", product, scope=product.case_id)
    return product


@act
def acknowledge_product(*, product_id: UUID, actor: Actor, at: datetime) -> Product:
    """An analyst has looked at the product (or at its withdrawal): what it says is used, or deliberately not."""
    product = Product.objects.visible_to(actor, at=at).get(pk=product_id)
    require(may_register_product(actor))
    for kind in ("threat.product", "threat.product_withdrawn"):
        work.close_items(product.pk, kind=kind, verb="product.acknowledge")
    audit.record("product.acknowledge", product, scope=product.case_id)
    return product
