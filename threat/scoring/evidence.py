"""What a score is made of: evidence items frozen at one date, and every reason to refuse them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from unicodedata import is_normalized

from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from threat.methodology import GDB_1_0, SCALE_TOP, Factor, Methodology, Phenomenon

GROUP_LENGTH: Final = 200


class Bound(StrEnum):
    """`AT_LEAST` says the factor is no lower than the value; `AT_MOST` is an explicit negative finding."""

    AT_LEAST = "AT_LEAST"
    AT_MOST = "AT_MOST"


class Kind(StrEnum):
    """What the item is: a concrete fact, context information, phenomenon knowledge, or a (soft) signal."""

    CONCRETE = "concrete"
    CONTEXT = "context"
    PHENOMENON = "phenomenon"
    SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item about one factor.

    `value` is 0..4. `reliability` (A-F) grades the source, `credibility` (1-6) the information. `group` is
    the root origin: items of one group count once. `valid_as_of` is the date of observation, which sending it
    again does not renew. `window_end` is the last day of the period an F4 item speaks of. `lapsed` is set by
    an analyst at a review: the item no longer holds up a floor. `order_withdrawn` says that an F6 item shows
    that the order itself was withdrawn.
    """

    factor: Factor
    value: int
    kind: Kind
    reliability: str
    credibility: int
    group: str
    valid_as_of: date
    bound: Bound = Bound.AT_LEAST
    window_end: date | None = None
    lapsed: bool = False
    order_withdrawn: bool = False

    def says_at_least(self, value: int) -> bool:
        """Whether this item supports that the factor is at least `value` (1..4)."""
        return self.bound is Bound.AT_LEAST and self.value >= value

    def says_less_than(self, value: int) -> bool:
        """Whether this item contradicts that the factor is at least `value` (1..4)."""
        return self.bound is Bound.AT_MOST and self.value < value

    def document(self) -> dict[str, object]:
        return {
            "factor": self.factor.value,
            "value": self.value,
            "bound": self.bound.value,
            "kind": self.kind.value,
            "reliability": self.reliability,
            "credibility": self.credibility,
            "group": self.group,
            "validAsOf": self.valid_as_of.isoformat(),
            "windowEnd": self.window_end.isoformat() if self.window_end else None,
            "lapsed": self.lapsed,
            "orderWithdrawn": self.order_withdrawn,
        }


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """All evidence of one threat line, frozen on `as_of`.

    `withheld` names the factors on which a request for information is open, refused or withheld.
    """

    as_of: date
    phenomenon: Phenomenon
    items: tuple[Evidence, ...]
    withheld: frozenset[Factor] = frozenset()
    method: Methodology = GDB_1_0

    def document(self) -> dict[str, object]:
        """The EVIDENCE document, defaults written out; its canonical form is a picture's frozen input."""
        return {
            "method": self.method.version,
            "asOf": self.as_of.isoformat(),
            "phenomenon": self.phenomenon.value,
            "withheld": sorted(factor.value for factor in self.withheld),
            "items": [item.document() for item in self.items],
        }


@dataclass(frozen=True, slots=True)
class Link:
    """How an item hangs on its product, as far as scoring needs it.

    `marking` is a rank, higher is more secret. `phenomenon_product`: the product holds phenomenon knowledge.
    """

    kind: Kind
    phenomenon_product: bool
    marking: int


class InvalidEvidence(Invalid):
    """The evidence cannot be scored; `faults` names every fault, each with its place and a stable code."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "evidence_invalid",
            gettext_noop("This evidence cannot be scored. Every fault is named."),
            faults=faults,
        )

    def __str__(self) -> str:
        return "; ".join(f"{fault.field}: {fault.message} [{fault.code}]" for fault in self.faults)


MESSAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "json_unreadable": gettext_noop("This is not one JSON document in UTF-8 with each key once."),
        "not_an_object": gettext_noop("A JSON object is expected here."),
        "not_a_list": gettext_noop("A list is expected here."),
        "key_missing": gettext_noop("This is missing."),
        "key_unknown": gettext_noop("The file format has no such key."),
        "not_in_list": gettext_noop("This value is not one the file format knows."),
        "named_twice": gettext_noop("This is named twice."),
        "date_unreadable": gettext_noop("Write a date as year-month-day, for instance 2026-03-01."),
        "not_a_flag": gettext_noop("Write true or false."),
        "lines_differ": gettext_noop("The lines of one person share one date and one version of the method."),
        "method_unknown": gettext_noop("No method of this version exists."),
        "value_outside_scale": gettext_noop("A value is a whole number from 0 to 4."),
        "says_nothing": gettext_noop("At least 0 and at most 4 say nothing."),
        "grade_missing": gettext_noop("Grade the source from A to F and the information from 1 to 6."),
        "observed_in_future": gettext_noop("The date of observation lies after the date of the picture."),
        "origin_missing": gettext_noop("Name the origin group, at most 200 characters, without spaces around it."),
        "confirmation_missing": gettext_noop(
            "Credibility 1 needs another origin group that supports the same factor and bound."
        ),
        "window_not_f4": gettext_noop("Only an item on concreteness of time and place (F4) has a window."),
        "withdrawal_not_f6": gettext_noop("Only a damping factor (F6) can show that the order was withdrawn."),
        "fact_used_twice": gettext_noop(
            "One fact is not used as concrete evidence and as phenomenon knowledge at once."
        ),
        "phenomenon_as_concrete": gettext_noop("Phenomenon knowledge cannot be linked as concrete evidence."),
        "marking_above_ceiling": gettext_noop("The marking of this evidence lies above the ceiling."),
    }
)


def fault(field: str, code: str) -> Fault:
    return Fault(field=field, code=code, message=MESSAGES[code])


def evidence_faults(evidence: EvidenceSet) -> tuple[Fault, ...]:
    """Every reason why this set cannot be scored, in the order of the items; empty when it can."""
    method = evidence.method
    confirmed = _confirmations(evidence)
    twice = _facts_used_twice(evidence)
    faults: list[Fault] = []
    for position, item in enumerate(evidence.items):
        where = f"items[{position}]"
        faults.extend(fault(f"{where}.{name}", code) for name, code in _item_faults(item, evidence.as_of, method))
        if item.credibility == method.confirmed_credibility and not confirmed(item):
            faults.append(fault(f"{where}.credibility", "confirmation_missing"))
        if (item.group, item.valid_as_of) in twice:
            faults.append(fault(f"{where}.kind", "fact_used_twice"))
    return tuple(faults)


def refuse_links(links: tuple[Link, ...], *, ceiling: int) -> None:
    """Check what the file does not hold: markings, and the kind of product behind each item.

    Raises:
        InvalidEvidence: an item is marked above the ceiling, or calls phenomenon knowledge concrete.
    """
    faults: list[Fault] = []
    for position, link in enumerate(links):
        if link.marking > ceiling:
            faults.append(fault(f"items[{position}].marking", "marking_above_ceiling"))
        if link.phenomenon_product and link.kind is Kind.CONCRETE:
            faults.append(fault(f"items[{position}].kind", "phenomenon_as_concrete"))
    if faults:
        raise InvalidEvidence(tuple(faults))


def _item_faults(item: Evidence, as_of: date, method: Methodology) -> Iterator[tuple[str, str]]:
    nothing = 0 if item.bound is Bound.AT_LEAST else SCALE_TOP
    checks = (
        ("value", "value_outside_scale", not 0 <= item.value <= SCALE_TOP),
        ("value", "says_nothing", item.value == nothing),
        ("reliability", "grade_missing", item.reliability not in method.reliability),
        ("credibility", "grade_missing", item.credibility not in method.credibility),
        ("group", "origin_missing", not names_an_origin(item.group)),
        ("validAsOf", "observed_in_future", item.valid_as_of > as_of),
        (
            "windowEnd",
            "window_not_f4",
            item.window_end is not None and item.factor is not Factor.CONCRETENESS,
        ),
        ("orderWithdrawn", "withdrawal_not_f6", item.order_withdrawn and item.factor is not Factor.DAMPING),
    )
    return ((name, code) for name, code, wrong in checks if wrong)


def names_an_origin(group: str) -> bool:
    """Whether it is filled, and written so that equal origins look equal (no stray space or odd accent)."""
    plain = group.isprintable() and group == group.strip() and is_normalized("NFC", group)
    return plain and 0 < len(group) <= GROUP_LENGTH


def _confirmations(evidence: EvidenceSet) -> Callable[[Evidence], bool]:
    """Whether another group says the same of the same factor, at least as strongly."""
    strongest: dict[tuple[Factor, Bound], dict[str, int]] = defaultdict(dict)
    for item in evidence.items:
        groups = strongest[item.factor, item.bound]
        choose = max if item.bound is Bound.AT_LEAST else min
        groups[item.group] = choose(item.value, groups.get(item.group, item.value))

    def confirmed(item: Evidence) -> bool:
        others = (value for group, value in strongest[item.factor, item.bound].items() if group != item.group)
        if item.bound is Bound.AT_LEAST:
            return any(value >= item.value for value in others)
        return any(value <= item.value for value in others)

    return confirmed


def _facts_used_twice(evidence: EvidenceSet) -> set[tuple[str, date]]:
    """Origin and date that occur as concrete and as phenomenon: as far as the file can tell, one fact."""
    kinds: dict[tuple[str, date], set[Kind]] = defaultdict(set)
    for item in evidence.items:
        kinds[item.group, item.valid_as_of].add(item.kind)
    return {fact for fact, seen in kinds.items() if {Kind.CONCRETE, Kind.PHENOMENON} <= seen}
