"""The files of the method: reading EVIDENCE documents strictly, and the canonical form that is hashed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from stelsel.kernel.errors import Fault
from threat.methodology import GDB_1_0, METHODOLOGIES, Factor, Methodology, Phenomenon
from threat.scoring.evidence import (
    Bound,
    Evidence,
    EvidenceSet,
    InvalidEvidence,
    Kind,
    evidence_faults,
    fault,
)

Choice = TypeVar("Choice", bound=StrEnum)

SET_KEYS: Final = frozenset({"method", "asOf", "phenomenon", "withheld", "items"})
ITEM_KEYS: Final = frozenset(
    {
        "factor",
        "value",
        "bound",
        "kind",
        "reliability",
        "credibility",
        "group",
        "validAsOf",
        "windowEnd",
        "lapsed",
        "orderWithdrawn",
    }
)
DEFAULTS: Final[Mapping[str, object]] = MappingProxyType(
    {
        "bound": Bound.AT_LEAST.value,
        "windowEnd": None,
        "lapsed": False,
        "orderWithdrawn": False,
        "withheld": [],
    }
)
ABSENT: Final[Mapping[str, str]] = MappingProxyType(
    {"reliability": "grade_missing", "credibility": "grade_missing", "group": "origin_missing"}
)
UNREADABLE: Final = date.min


def canonical(document: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the same document always gives the same bytes.

    Raises:
        ValueError: a number that JSON does not know (not a number, infinite).
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def input_hash(document: object) -> str:
    """SHA-256 of the canonical form, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def read(content: bytes, *, methods: Mapping[str, Methodology] = METHODOLOGIES) -> EvidenceSet:
    """The evidence set in a file; `methods` are the versions it may name.

    Raises:
        InvalidEvidence: with every fault; a file that is no JSON document has one fault.
    """
    try:
        document = json.loads(content.decode(), object_pairs_hook=_each_key_once)
    except (ValueError, RecursionError) as error:
        raise InvalidEvidence((fault("document", "json_unreadable"),)) from error
    return parse(document, methods=methods)


def parse(document: object, *, methods: Mapping[str, Methodology] = METHODOLOGIES) -> EvidenceSet:
    """The evidence set in a decoded JSON document; whatever may be left out gets its default.

    Raises:
        InvalidEvidence: with every fault: of form, and for the items whose form is right, of content.
    """
    faults: list[Fault] = []
    fields = _fields(document, "", SET_KEYS, faults)
    listed = fields.members("items")
    items = [_item(each, f"items[{position}].", faults) for position, each in enumerate(listed)]
    evidence = EvidenceSet(
        method=fields.method(methods),
        as_of=fields.day("asOf"),
        phenomenon=fields.phenomenon(),
        withheld=fields.withheld(),
        items=tuple(item for item, sound in items if sound),
    )
    places = [position for position, (_, sound) in enumerate(items) if sound]
    named = frozenset(each.field for each in faults)
    faults += [_placed(each, places) for each in evidence_faults(evidence) if _new(each, named)]
    if faults:
        raise InvalidEvidence(tuple(faults))
    return evidence


def _new(each: Fault, named: frozenset[str]) -> bool:
    """Whether a fault is more than the consequence of an unreadable date or version, which has been named."""
    return "method" not in named and (each.code != "observed_in_future" or "asOf" not in named)


def _placed(each: Fault, places: list[int]) -> Fault:
    """The fault with the item's place in the file, which counts the unreadable items too."""
    if not each.field.startswith("items["):
        return each
    position, _, name = each.field.removeprefix("items[").partition("]")
    return Fault(field=f"items[{places[int(position)]}]{name}", code=each.code, message=each.message)


def _item(document: object, where: str, faults: list[Fault]) -> tuple[Evidence, bool]:
    """The item, and whether its form is right; if not, it only stands in for what could not be read."""
    before = len(faults)
    fields = _fields(document, where, ITEM_KEYS, faults)
    item = Evidence(
        factor=fields.choice("factor", Factor, Factor.INTENT),
        value=fields.whole("value", "value_outside_scale"),
        bound=fields.choice("bound", Bound, Bound.AT_LEAST),
        kind=fields.choice("kind", Kind, Kind.CONCRETE),
        reliability=fields.text("reliability", "grade_missing"),
        credibility=fields.whole("credibility", "grade_missing"),
        group=fields.text("group", "origin_missing"),
        valid_as_of=fields.day("validAsOf"),
        window_end=fields.day_or_none("windowEnd"),
        lapsed=fields.flag("lapsed"),
        order_withdrawn=fields.flag("orderWithdrawn"),
    )
    return item, len(faults) == before


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return document


def _fields(document: object, where: str, keys: frozenset[str], faults: list[Fault]) -> "_Fields":
    """The fields of one object; unknown and missing keys are noted."""
    if not isinstance(document, dict):
        faults.append(fault(where.removesuffix(".") or "document", "not_an_object"))
        return _Fields({}, where, faults)
    faults.extend(fault(f"{where}{_shown(key)}", "key_unknown") for key in sorted(document.keys() - keys))
    missing = sorted(keys - document.keys() - DEFAULTS.keys())
    faults.extend(fault(f"{where}{key}", ABSENT.get(key, "key_missing")) for key in missing)
    return _Fields(document, where, faults)


@dataclass(frozen=True, slots=True)
class _Fields:
    """One JSON object, read field by field: what is wrong goes to `faults`, a stand-in is returned."""

    values: Mapping[str, object]
    where: str
    faults: list[Fault]

    def get(self, key: str) -> object:
        return self.values.get(key, DEFAULTS.get(key))

    def wrong(self, key: str, code: str) -> None:
        """Note a wrong value; a key that is not there was noted before or has its default."""
        if key in self.values:
            self.faults.append(fault(f"{self.where}{key}", code))

    def text(self, key: str, code: str = "not_in_list") -> str:
        value = self.get(key)
        if isinstance(value, str):
            return value
        self.wrong(key, code)
        return ""

    def whole(self, key: str, code: str) -> int:
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(key, code)
        return 0

    def choice(self, key: str, kind: type[Choice], stand_in: Choice) -> Choice:
        value = self.get(key)
        if isinstance(value, str) and value in {each.value for each in kind}:
            return kind(value)
        self.wrong(key, "not_in_list")
        return stand_in

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if isinstance(value, bool):
            return value
        self.wrong(key, "not_a_flag")
        return False

    def day(self, key: str) -> date:
        value = self.get(key)
        day = _day(value) if isinstance(value, str) else None
        if day is None:
            self.wrong(key, "date_unreadable")
            return UNREADABLE
        return day

    def day_or_none(self, key: str) -> date | None:
        return None if self.get(key) is None else self.day(key)

    def members(self, key: str) -> tuple[object, ...]:
        value = self.get(key)
        if isinstance(value, list):
            return tuple(value)
        self.wrong(key, "not_a_list")
        return ()

    def method(self, methods: Mapping[str, Methodology]) -> Methodology:
        value = self.get("method")
        if isinstance(value, str) and value in methods:
            return methods[value]
        self.wrong("method", "method_unknown" if isinstance(value, str) else "not_in_list")
        return GDB_1_0

    def phenomenon(self) -> Phenomenon:
        value = self.get("phenomenon")
        for each in Phenomenon:
            if value == each.value and type(value) is int:
                return each
        self.wrong("phenomenon", "not_in_list")
        return Phenomenon.ORGANISED_CRIME

    def withheld(self) -> frozenset[Factor]:
        named = self.members("withheld")
        known = {factor.value for factor in Factor}
        for position, value in enumerate(named):
            if not isinstance(value, str) or value not in known:
                self.faults.append(fault(f"withheld[{position}]", "not_in_list"))
            elif value in named[:position]:
                self.faults.append(fault(f"withheld[{position}]", "named_twice"))
        return frozenset(Factor(value) for value in named if isinstance(value, str) and value in known)


def _day(value: str) -> date | None:
    """A date written in full; the shorter ISO forms are refused, so that one day has one spelling."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def _shown(key: str) -> str:
    """An unknown key as it may be printed: short, and without signs that steer a terminal."""
    return ascii(key[:40])[1:-1]
