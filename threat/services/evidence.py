"""Evidence on a line: checked by the rules of the method, every fault at once, before it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.legal.gate import ORDER
from stelsel.legal.models import Marking
from threat.methodology import Factor, Phenomenon
from threat.models import EvidenceItem, Picture, Product, Signal, ThreatLine
from threat.policies import may_make_picture
from threat.scoring import (
    Bound,
    Evidence,
    EvidenceSet,
    InvalidEvidence,
    Kind,
    Link,
    evidence_faults,
    refuse_links,
)
from threat.services.case import box_for, refuse_if, text_faults
from threat.services.methods import published
from threat.services.pictures import changed, locked_picture

FIELDS: Final = {"validAsOf": "valid_as_of", "windowEnd": "window_end", "orderWithdrawn": "order_withdrawn"}


@dataclass(frozen=True)
class Finding:
    """One item as an analyst writes it down. `group` "" lets the source's own origin stand until another is shown."""

    factor: str
    value: int
    kind: str
    reliability: str
    credibility: int
    valid_as_of: date
    text: str
    bound: str = Bound.AT_LEAST
    group: str = ""
    window_end: date | None = None
    order_withdrawn: bool = False
    product_id: UUID | None = None
    signal_id: UUID | None = None
    provenance: str = ""
    entity: str = ""
    searched: str = ""
    searched_from: date | None = None
    searched_to: date | None = None
    would_have_shown: bool | None = None


@dataclass(frozen=True)
class _Source:
    """Where an item comes from, as far as this actor may see it."""

    product: Product | None
    signal: Signal | None

    @property
    def origin(self) -> str:
        """Ungrouped items of one supplier, or of informants in one role, are one group until shown otherwise."""
        if self.product is not None:
            return self.product.supplier.code
        return f"informant-{self.signal.informant}" if self.signal is not None else ""

    @property
    def marking(self) -> str:
        return self.product.marking if self.product is not None else str(Marking.DEP_V)


@act
def add_evidence(
    *, line_id: UUID, finding: Finding, revision: int | None = None, actor: Actor, at: datetime
) -> EvidenceItem:
    """Add an item to a line.

    Raises:
        ThreatLine.DoesNotExist: unknown, or not visible to `actor`.
        Invalid: with every fault, those of the scoring rules included.
        IllegalMove: the picture is proposed, adopted or abandoned.
    """
    line = ThreatLine.objects.visible_to(actor, at=at).kept().get(pk=line_id)
    picture = locked_picture(line.picture_id, actor=actor, at=at, revision=revision)
    require(may_make_picture(actor))
    item = EvidenceItem(line=line, picture=picture, case=picture.case, added_by_id=actor.user_id, added_at=at)
    _write(item, finding, actor=actor, at=at)
    changed(picture)
    item.save(force_insert=True)
    audit.record("evidence.add", item, scope=picture.case_id)
    return item


@act
def change_evidence(
    *, evidence_id: UUID, finding: Finding, revision: int | None = None, actor: Actor, at: datetime
) -> EvidenceItem:
    """Correct an item of the draft; it is checked as a new one is, and the history keeps the earlier one."""
    item, picture = _locked_item(evidence_id, actor=actor, at=at, revision=revision)
    _write(item, finding, actor=actor, at=at)
    changed(picture)
    item.save()
    audit.record("evidence.change", item, scope=picture.case_id)
    return item


@act
def lapse_evidence(*, evidence_id: UUID, reason: str, actor: Actor, at: datetime) -> EvidenceItem:
    """Mark an item as lapsed: it no longer holds up a floor. Only this dated act disarms a warning, never time."""
    item, picture = _locked_item(evidence_id, actor=actor, at=at)
    refuse_if(text_faults(reason=reason))
    changed(picture)
    box_for(picture.case).seal(item, "lapse_reason", reason, key=picture.case.person.key_id)
    item.lapsed, item.lapsed_by_id, item.lapsed_at = True, actor.user_id, at
    item.save(update_fields=["lapsed", "lapsed_by", "lapsed_at", "lapse_reason"])
    audit.record("evidence.lapse", item, scope=picture.case_id)
    return item


@act
def remove_evidence(*, evidence_id: UUID, actor: Actor, at: datetime) -> EvidenceItem:
    """Take an item out of the draft; the history keeps it."""
    item, picture = _locked_item(evidence_id, actor=actor, at=at)
    changed(picture)
    item.removed_at = at
    item.save(update_fields=["removed_at"])
    audit.record("evidence.remove", item, scope=picture.case_id)
    return item


@act
def regroup_evidence(*, evidence_id: UUID, group: str, actor: Actor, at: datetime) -> EvidenceItem:
    """Move an item to the group of its root origin: items of one origin count once (R067, circular reporting)."""
    item, picture = _locked_item(evidence_id, actor=actor, at=at)
    item.group = group
    refuse_if(_rule_faults(item))
    changed(picture)
    item.save(update_fields=["group"])
    audit.record("evidence.regroup", item, scope=picture.case_id)
    return item


def _locked_item(
    evidence_id: UUID, *, actor: Actor, at: datetime, revision: int | None = None
) -> tuple[EvidenceItem, Picture]:
    item = EvidenceItem.objects.visible_to(actor, at=at).kept().select_related("line").get(pk=evidence_id)
    picture = locked_picture(item.picture_id, actor=actor, at=at, revision=revision)
    require(may_make_picture(actor))
    return item, picture


def _write(item: EvidenceItem, finding: Finding, *, actor: Actor, at: datetime) -> None:
    """Put the finding into the row, or refuse with every fault.

    Raises:
        InvalidEvidence: with every fault.
    """
    source = _source(item, finding, actor=actor, at=at)
    for name in ("factor", "value", "bound", "kind", "reliability", "credibility", "valid_as_of", "window_end"):
        setattr(item, name, getattr(finding, name))
    item.group = finding.group or source.origin
    item.order_withdrawn = finding.order_withdrawn
    item.product, item.signal = source.product, source.signal
    item.marking = source.marking
    item.provenance = finding.provenance
    item.searched_from, item.searched_to = finding.searched_from, finding.searched_to
    item.would_have_shown = finding.would_have_shown
    item.entity_index = vault.blind_index(finding.entity) if finding.entity.strip() else b""
    faults = _form_faults(finding, source, on=timezone.localdate(at))
    if not any(fault.field in {"factor", "bound", "kind", "valid_as_of"} for fault in faults):
        faults += _rule_faults(item, on=timezone.localdate(at)) + _link_faults(source, finding)
    if faults:
        raise InvalidEvidence(tuple(faults))
    box, key = box_for(item.case), item.case.person.key_id
    box.seal(item, "text", finding.text, key=key)
    if finding.searched:
        box.seal(item, "searched", finding.searched, key=key)


def _source(item: EvidenceItem, finding: Finding, *, actor: Actor, at: datetime) -> _Source:
    products = Product.objects.visible_to(actor, at=at).filter(case_id=item.case_id).select_related("supplier")
    signals = Signal.objects.visible_to(actor, at=at).filter(case_id=item.case_id)
    return _Source(
        product=products.get(pk=finding.product_id) if finding.product_id else None,
        signal=signals.get(pk=finding.signal_id) if finding.signal_id else None,
    )


def _form_faults(finding: Finding, source: _Source, *, on: date) -> list[Fault]:
    at_most = finding.bound == Bound.AT_MOST
    bare = source.product is None and source.signal is None
    search = (finding.searched.strip(), finding.searched_from, finding.searched_to)
    withdrawn = source.product is not None and source.product.withdrawn_at is not None
    checks = (
        ("factor", finding.factor not in set(Factor), gettext_noop("Choose a factor.")),
        ("bound", finding.bound not in set(Bound), gettext_noop("Choose at least or at most.")),
        ("kind", finding.kind not in set(Kind), gettext_noop("Choose what kind of information it is.")),
        (
            "product_id",
            finding.kind == Kind.CONCRETE and source.product is None,
            gettext_noop("Concrete information comes from a product: choose it."),
        ),
        (
            "signal_id",
            (finding.kind == Kind.SIGNAL) != (source.signal is not None),
            gettext_noop("A signal is the kind “signal”, and that kind names its signal."),
        ),
        ("product_id", withdrawn, gettext_noop("This product was withdrawn by its supplier.")),
        (
            "provenance",
            bare and not finding.provenance.strip(),
            gettext_noop("Without a product or signal, say where this knowledge comes from."),
        ),
        (
            "searched",
            at_most and not all(search),
            gettext_noop("Name what was searched, where, and over which period."),
        ),
        (
            "would_have_shown",
            at_most and finding.would_have_shown is not True,
            gettext_noop("A search that could not have seen it is no finding. Leave it out."),
        ),
        (
            "searched_to",
            at_most and _wrong_period(finding.searched_from, finding.searched_to, on=on),
            gettext_noop("The period searched ends after it begins, and not in the future."),
        ),
    )
    faults = text_faults(text=finding.text)
    return faults + [Fault(name, "invalid", message) for name, wrong, message in checks if wrong]


def _wrong_period(start: date | None, end: date | None, *, on: date) -> bool:
    return start is not None and end is not None and (end < start or end > on)


def _link_faults(source: _Source, finding: Finding) -> list[Fault]:
    """Markings and phenomenon knowledge, which the scored document does not hold."""
    link = Link(
        kind=Kind(finding.kind),
        phenomenon_product=source.product is not None and source.product.phenomenon_knowledge,
        marking=ORDER.index(source.marking),
    )
    try:
        refuse_links((link,), ceiling=ORDER.index(settings.MARKING_CEILING))
    except InvalidEvidence as refusal:
        return [_named(fault) for fault in refusal.faults]
    return []


def _rule_faults(item: EvidenceItem, *, on: date | None = None) -> list[Fault]:
    """What the method says of this item beside the line's other items."""
    others = list(EvidenceItem.objects.filter(line=item.line).kept().exclude(pk=item.pk).order_by("added_at", "pk"))
    day = on or max([item.valid_as_of, *(other.valid_as_of for other in others)])
    together = evidence_set(item.line, [*others, item], as_of=day, withheld=frozenset())
    place = f"items[{len(others)}]."
    return [_named(fault) for fault in evidence_faults(together) if fault.field.startswith(place)]


def _named(fault: Fault) -> Fault:
    """The fault at the field of the form."""
    name = fault.field.rpartition(".")[2]
    return Fault(field=FIELDS.get(name, name), code=fault.code, message=fault.message)


def evidence_set(
    line: ThreatLine, items: Sequence[EvidenceItem], *, as_of: date, withheld: frozenset[Factor]
) -> EvidenceSet:
    """The rows of a line as the method reads them."""
    return EvidenceSet(
        as_of=as_of,
        phenomenon=Phenomenon(line.phenomenon),
        items=tuple(as_evidence(item) for item in items),
        withheld=withheld,
        method=published()[line.picture.method_version],
    )


def as_evidence(item: EvidenceItem) -> Evidence:
    return Evidence(
        factor=Factor(item.factor),
        value=item.value,
        kind=Kind(item.kind),
        reliability=item.reliability,
        credibility=item.credibility,
        group=item.group,
        valid_as_of=item.valid_as_of,
        bound=Bound(item.bound),
        window_end=item.window_end,
        lapsed=item.lapsed,
        order_withdrawn=item.order_withdrawn,
    )


def proposed_merges(items: Sequence[EvidenceItem]) -> list[tuple[EvidenceItem, EvidenceItem]]:
    """Pairs in different groups on the same day about the same entity: likely one origin; the analyst decides."""
    seen: dict[tuple[date, bytes], EvidenceItem] = {}
    pairs = []
    for item in items:
        about = (item.valid_as_of, bytes(item.entity_index))
        if not about[1]:
            continue
        first = seen.setdefault(about, item)
        if first.group != item.group:
            pairs.append((first, item))
    return pairs
