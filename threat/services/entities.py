"""Entities (O2): taken down from products and signals, sealed, and only while a legal ground to match is in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils import timezone

from cases.models import Case
from stelsel.kernel import audit, vault
from stelsel.kernel.access import GUARDS, act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, Forbidden, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType
from threat.lifecycle import Informant
from threat.models import Entity, Product, Signal
from threat.policies import may_take_down
from threat.scoring.entities import EntityKind, fault_of, normal
from threat.services.case import nctv, refuse_if, visible_case

TYPES: Final = {kind: InformationType(f"match_{kind}") for kind in EntityKind}
"""The row of the provision matrix that each kind of entity needs."""
PROVIDERS: Final = {
    Informant.EMPLOYER: OrganisationKind.EMPLOYER,
    Informant.POLICE: OrganisationKind.POLICE_REGION,
}
"""Whose data a signal is; who is not named here told it to the NCTV."""
MOST: Final = 50  # named with one delivery
OFF: Final = gettext_noop(
    "Matching is off for these data: no legal ground in force allows comparing them over cases. Nothing is taken down."
)
MESSAGES = {
    "no_content": gettext_noop("Of this product no content is kept, or it was withdrawn: nothing is taken down of it."),
    "reference": gettext_noop("A reference names nothing: leave this empty."),
    "many": gettext_noop("Too many at once."),
    "removed": gettext_noop("This was taken out already."),
}


def _off() -> Forbidden:
    return Forbidden("no_provision", OFF)


GUARDS["no_ground_to_match"] = _off


@dataclass(frozen=True)
class Named:
    """An entity as somebody writes it."""

    kind: str
    value: str


def matchable(*, at: datetime) -> frozenset[tuple[str, str]]:
    """What may be matched today: a kind of entity, with the kind of organisation whose data it is."""
    kinds = {information.value: kind.value for kind, information in TYPES.items()}
    rows = gate.allowed(list(kinds), receiver=OrganisationKind.NCTV, on=timezone.localdate(at))
    return frozenset((kinds[information], provider) for information, provider in rows)


def kinds_of(provider: str, *, at: datetime) -> list[str]:
    """The kinds of entities that may be matched today in the data of this kind of organisation."""
    may = matchable(at=at)
    return [kind.value for kind in EntityKind if (kind.value, provider) in may]


# --- taking down ---


@dataclass(frozen=True)
class _Origin:
    """Where an entity stands: its case and person, whose data it is, and the row that it inherits its marking from."""

    row: Product | Signal
    key_id: UUID
    supplier_id: UUID
    provider: str


def _of_product(product: Product) -> _Origin:
    return _Origin(product, product.key_id, product.supplier_id, product.supplier.kind)


def _of_signal(signal: Signal, case: Case) -> _Origin:
    provider = PROVIDERS.get(Informant(signal.informant), OrganisationKind.NCTV)
    return _Origin(signal, case.person.key_id, nctv().pk, provider)


def _found(product_id: UUID | None, signal_id: UUID | None, *, actor: Actor, at: datetime) -> tuple[_Origin, Case]:
    """The product or signal, in a case that the actor sees."""
    if product_id is not None:
        product = Product.objects.visible_to(actor, at=at).select_related("supplier").get(pk=product_id)
        require(may_take_down(actor))
        return _of_product(product), visible_case(product.case_id, actor=actor, at=at)
    signal = Signal.objects.visible_to(actor, at=at).get(pk=signal_id or UUID(int=0))
    require(may_take_down(actor))
    case = visible_case(signal.case_id, actor=actor, at=at)
    return _of_signal(signal, case), case


@act
def take_down_entity(
    *, product_id: UUID | None = None, signal_id: UUID | None = None, named: Named, actor: Actor, at: datetime
) -> Entity:
    """Take an entity down from a product or a signal, to be compared with those of other cases; twice is once.

    Raises:
        Product.DoesNotExist, Signal.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst; or no legal ground in force allows matching this kind of data of its supplier.
        Conflict: the product is a reference without content or was withdrawn, or the case is closed.
        Invalid: it is no such thing.
    """
    origin, _case = _found(product_id, signal_id, actor=actor, at=at)
    if isinstance(origin.row, Product) and not _has_content(origin.row):
        raise Conflict("no_content", MESSAGES["no_content"])
    if not kinds_of(origin.provider, at=at):
        raise _off()
    refuse_if(fault_of(named.kind, named.value))
    if named.kind not in kinds_of(origin.provider, at=at):
        raise _off()
    found = _standing(origin, named)
    return found or _take_down(origin, named, actor=actor, at=at)


def _has_content(product: Product) -> bool:
    return not product.reference_only and product.withdrawn_at is None


def index_of(named: Named) -> bytes:
    """What is compared: the keyed hash of kind and normal form."""
    return vault.blind_index(named.kind, normal(named.kind, named.value) or "")


def _standing(origin: _Origin, named: Named) -> Entity | None:
    rows = Entity.objects.filter(kind=named.kind, blind_index=index_of(named), removed_at=None)
    of = {"product": origin.row} if isinstance(origin.row, Product) else {"signal": origin.row}
    return rows.filter(**of).first()


def _take_down(origin: _Origin, named: Named, *, actor: Actor, at: datetime) -> Entity:
    row = origin.row
    entity = Entity(
        case_id=row.case_id,
        person_id=row.person_id,
        key_id=origin.key_id,
        product=row if isinstance(row, Product) else None,
        signal=row if isinstance(row, Signal) else None,
        supplier_id=origin.supplier_id,
        provider=origin.provider,
        kind=named.kind,
        blind_index=index_of(named),
        marking=row.marking,
        marked_until=row.marked_until,
        data_regime=row.data_regime,
        provenance=row.provenance,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    value = normal(named.kind, named.value) or ""
    vault.box(origin.key_id).seal(entity, "value", value, key=origin.key_id)
    entity.save(force_insert=True)
    enqueue("threat.match_entity", key=str(entity.pk), entity_id=entity.pk)
    audit.record("entity.take_down", entity, scope=row.case_id, detail={"kind": named.kind})
    return entity


def named_faults(named: Collection[Named], *, provider: str, content: bool, at: datetime) -> list[Fault]:
    """What is wrong with the entities that a supplier names with its delivery, by kind. Part of delivering."""
    if not named:
        return []
    may = kinds_of(provider, at=at)
    faults = [Fault(each.kind, "off", OFF) for each in named if each.kind not in may]
    if not content:
        faults += [Fault(each.kind, "reference", MESSAGES["reference"]) for each in named]
    if len(named) > MOST:
        faults.append(Fault("", "many", MESSAGES["many"]))
    for each in named:
        faults += fault_of(each.kind, each.value, field=each.kind)
    return faults


def take_down_named(product: Product, named: Collection[Named], *, actor: Actor, at: datetime) -> None:
    """Take down what a supplier named; the same thing once. Part of delivering."""
    origin = _of_product(product)
    once = {(each.kind, normal(each.kind, each.value)): each for each in named}
    for each in once.values():
        _take_down(origin, each, actor=actor, at=at)


@act
def remove_entity(*, entity_id: UUID, actor: Actor, at: datetime) -> Entity:
    """Take an entity out: value and index are emptied at once, and what it matched lapses.

    Raises:
        Entity.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Conflict: it was taken out before.
    """
    entity = Entity.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=entity_id)
    require(may_take_down(actor))
    visible_case(entity.case_id, actor=actor, at=at)
    if entity.removed_at is not None:
        raise Conflict("removed", MESSAGES["removed"])
    entity.value = entity.blind_index = b""
    entity.removed_at, entity.removed_by_id = at, actor.user_id
    entity.save(update_fields=["value", "blind_index", "removed_at", "removed_by"])
    enqueue("threat.match_entity", key=f"{entity.pk}:removed", entity_id=entity.pk)
    audit.record("entity.remove", entity, scope=entity.case_id, detail={"kind": entity.kind})
    return entity


# --- reading ---


@dataclass(frozen=True)
class EntitiesOf:
    """What was taken down from one product or signal, and what may be added: nothing while matching is off."""

    case: Case
    row: Product | Signal
    rows: Sequence[tuple[Entity, str]]
    kinds: Sequence[str]


@act
def read_entities(
    *, product_id: UUID | None = None, signal_id: UUID | None = None, actor: Actor, at: datetime
) -> EntitiesOf:
    """The entities of a product or a signal, for the analysts of its case.

    Raises:
        Product.DoesNotExist, Signal.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
    """
    origin, case = _found(product_id, signal_id, actor=actor, at=at)
    of = {"product": origin.row} if isinstance(origin.row, Product) else {"signal": origin.row}
    rows = Entity.objects.visible_to(actor, at=at).filter(removed_at=None, **of)
    box = vault.box(origin.key_id)
    found = [(row, box.open(row, "value")) for row in rows.order_by("kind", "recorded_at", "pk")]
    audit.saw([(origin.row.person_id, case.pk)])
    return EntitiesOf(case, origin.row, found, kinds_of(origin.provider, at=at))
