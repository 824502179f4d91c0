"""Levels of the local domain: recorded as written, mapped by tables that two of the method board approve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from stelsel.kernel import audit, codes, proposals
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from stelsel.kernel.models import ChangeState
from threat.lifecycle import LOCAL_SCALES
from threat.models import LocalLevel, LocalMapping, Product
from threat.policies import may_register_product
from threat.querysets import ANALYSTS
from threat.scoring.local import LONGEST, LocalTable, Mapped, as_written, map_level, read_table
from threat.services.case import refuse_if, visible_case

HISTORY = 50  # tables shown
SHOWN = 200
MESSAGES = {
    "scale": gettext_noop("Choose a scale of the local domain."),
    "original": gettext_noop("Write the level or state as the local domain does, in at most 60 characters."),
    "same": gettext_noop("This is the table that was approved last."),
    "no_content": gettext_noop("Of this product no content is kept, or it was withdrawn: no level is recorded of it."),
}


@dataclass(frozen=True)
class ScaleView:
    """A local scale as the method board sees it: the table that holds, the one that waits, and all decisions."""

    code: str
    name: str
    holds: LocalMapping | None
    waiting: LocalMapping | None
    history: tuple[LocalMapping, ...]


@dataclass(frozen=True)
class LevelView:
    """A recorded level: as written, and mapped; `mapped` is None where no approved table names it."""

    row: LocalLevel
    scale: str
    mapped: Mapped | None


@act
def propose_mapping(
    *, scale: str, table: str, starts_at: datetime, reason: str, actor: Actor, at: datetime
) -> LocalMapping:
    """Propose the table of a local scale, a row a line, from an instant.

    Raises:
        Forbidden: not of the method board.
        Invalid: an unknown scale, faults in the table, no change, no reason, or in the past; every fault is named.
        Conflict: a proposal about this scale waits already.
    """
    require(proposals.may_propose(actor, keeper=LocalMapping.keeper))
    levels, faults = read_table(table)
    if scale not in _scales(at):
        faults += (Fault("scale", "invalid", MESSAGES["scale"]),)
    decided = proposals.approved(LocalMapping).get(scale, [])
    if decided and decided[0].levels == levels:
        faults += (Fault("levels", "no_change", MESSAGES["same"]),)
    change = LocalMapping(code=scale, levels=levels, starts_at=starts_at, reason=reason.strip())
    return proposals.propose(change, faults=faults, actor=actor, at=at)


@act
def approve_mapping(*, change_id: UUID, actor: Actor, at: datetime) -> LocalMapping:
    """Let somebody else's table hold.

    Raises:
        Forbidden: not of the method board, or it is the actor's own.
        Conflict: it was decided already.
    """
    return proposals.approve(proposals.locked(LocalMapping, change_id), actor=actor, at=at)


@act
def refuse_mapping(*, change_id: UUID, actor: Actor, at: datetime) -> LocalMapping:
    """Do not let a table hold; who proposed it takes it back this way."""
    return proposals.refuse(model=LocalMapping, change_id=change_id, actor=actor, at=at)


def read_mappings(*, at: datetime) -> list[ScaleView]:
    """Every local scale with its tables. Nothing of any case."""
    decided = proposals.approved(LocalMapping)
    rows = list(LocalMapping.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at")[:HISTORY])
    return [
        ScaleView(
            code=code,
            name=name,
            holds=next((each for each in decided.get(code, []) if each.starts_at <= at), None),
            waiting=next((row for row in rows if row.code == code and row.state == ChangeState.PROPOSED), None),
            history=tuple(row for row in rows if row.code == code),
        )
        for code, name in _scales(at).items()
    ]


@act
def record_local_level(*, product_id: UUID, scale: str, original: str, actor: Actor, at: datetime) -> LocalLevel:
    """Record the level or state that a product of the local domain gives, as it is written; twice is once.

    Raises:
        Product.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Conflict: the product is a reference without content, or was withdrawn.
        Invalid: an unknown scale, or nothing written.
    """
    product = Product.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=product_id)
    require(may_register_product(actor))
    visible_case(product.case_id, actor=actor, at=at)
    if product.reference_only or product.withdrawn_at:
        raise Conflict("no_content", MESSAGES["no_content"])
    original = as_written(original)
    faults = []
    if scale not in _scales(at):
        faults.append(Fault("scale", "invalid", MESSAGES["scale"]))
    if not 0 < len(original) <= LONGEST:
        faults.append(Fault("original", "invalid", MESSAGES["original"]))
    refuse_if(faults)
    newest = LocalLevel.objects.filter(product=product).order_by("-recorded_at", "-pk").first()
    if newest is not None and (newest.scale, newest.original) == (scale, original):
        return newest
    row = LocalLevel(
        case_id=product.case_id,
        product=product,
        scale=scale,
        original=original,
        marking=product.marking,
        marked_until=product.marked_until,
        data_regime=product.data_regime,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    row.save(force_insert=True)
    audit.record("local_level.record", row, scope=row.case_id)
    return row


def local_levels(case_id: UUID, *, actor: Actor, at: datetime) -> list[LevelView]:
    """The newest recorded level of each product of a case, for analysts. Part of a read that was logged."""
    if actor.role not in ANALYSTS:
        return []
    rows = LocalLevel.objects.visible_to(actor, at=at).filter(case_id=case_id)
    return mapped_views(newest_of_each(rows)[:SHOWN], at=at)


def newest_of_each(rows: QuerySet[LocalLevel]) -> list[LocalLevel]:
    """The newest of these levels of each product, the newest first. Part of a read."""
    newest: dict[UUID, LocalLevel] = {}
    for row in rows.select_related("product__supplier", "recorded_by").order_by("-recorded_at", "-pk"):
        newest.setdefault(row.product_id, row)
    return list(newest.values())


def level_of_product(product: Product, *, actor: Actor, at: datetime) -> LevelView | None:
    """The newest recorded level of one product, for analysts. Part of a read that was logged."""
    if actor.role not in ANALYSTS:
        return None
    rows = LocalLevel.objects.visible_to(actor, at=at).filter(product=product).select_related("product", "recorded_by")
    newest = rows.order_by("-recorded_at", "-pk").first()
    return mapped_views([newest], at=at)[0] if newest else None


def mapped_views(rows: Sequence[LocalLevel], *, at: datetime) -> list[LevelView]:
    """These levels, each mapped as it stands at an instant. Part of a read."""
    tables = {
        code: [LocalTable(each.starts_at, each.levels) for each in decided if each.starts_at <= at]
        for code, decided in proposals.approved(LocalMapping).items()
    }
    names = {code: name for code, name, _ in codes.everything(LOCAL_SCALES.name, on=timezone.localdate(at))}
    return [
        LevelView(
            row,
            names.get(row.scale, row.scale),
            map_level(row.original, recorded_at=row.recorded_at, tables=tables.get(row.scale, [])),
        )
        for row in rows
    ]


def _scales(at: datetime) -> dict[str, str]:
    return dict(codes.choices(LOCAL_SCALES.name, on=timezone.localdate(at)))
