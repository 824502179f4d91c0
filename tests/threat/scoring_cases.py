"""The published worked examples of GDB-1.0 as evidence sets, and a short way to write an item."""

from collections.abc import Sequence
from datetime import date, timedelta

from threat.methodology import Factor, Phenomenon
from threat.scoring import Bound, Evidence, EvidenceSet, Kind

AS_OF = date(2026, 3, 1)
F1_TO_F5 = tuple(factor for factor in Factor if factor is not Factor.DAMPING)


def item(
    factor: str,
    value: int,
    grade: str,
    group: str,
    age: int,
    *,
    kind: Kind = Kind.CONCRETE,
    bound: Bound = Bound.AT_LEAST,
) -> Evidence:
    """An item as the method's tables write it: `item("F1", 3, "B2", "G1", 10)` is F1 >= 3 of ten days old."""
    return Evidence(
        factor=Factor(factor),
        value=value,
        kind=kind,
        reliability=grade[0],
        credibility=int(grade[1]),
        group=group,
        valid_as_of=AS_OF - timedelta(days=age),
        bound=bound,
    )


def at_most(factor: str, value: int, grade: str, group: str, age: int) -> Evidence:
    return item(factor, value, grade, group, age, bound=Bound.AT_MOST)


def line(
    items: Sequence[Evidence], *, phenomenon: int = 1, withheld: Sequence[str] = (), days_later: int = 0
) -> EvidenceSet:
    return EvidenceSet(
        as_of=AS_OF + timedelta(days=days_later),
        phenomenon=Phenomenon(phenomenon),
        items=tuple(items),
        withheld=frozenset(Factor(factor) for factor in withheld),
    )


def without(group: str, items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(each for each in items if each.group != group)


def nothing_found(group: str, age: int) -> tuple[Evidence, ...]:
    return tuple(at_most(factor, 0, "B2", group, age) for factor in F1_TO_F5)


ORGANISED_CRIME = (
    item("F1", 3, "B2", "G1", 10),
    item("F1", 3, "C3", "G2", 20),
    item("F1", 3, "C3", "G2", 5),
    item("F2", 4, "A2", "G3", 60),
    item("F3", 3, "B2", "G4", 15),
    item("F3", 2, "C3", "G5", 45),
    item("F5", 3, "A2", "G6", 30),
)
ONLY_SIGNALS = (
    item("F1", 3, "C3", "P", 2, kind=Kind.SIGNAL),
    item("F2", 4, "A2", "N", 200, kind=Kind.CONTEXT),
    item("F5", 3, "B2", "K", 30, kind=Kind.PHENOMENON),
)
ONLINE_THREATS = (
    item("F1", 3, "C2", "X", 1),
    item("F2", 1, "C3", "Y", 10),
    at_most("F2", 1, "B2", "Z", 20),
    item("F3", 2, "D4", "Q", 120),
    at_most("F3", 1, "B2", "Z", 5),
    item("F4", 1, "C3", "X", 1),
    item("F5", 2, "B2", "K", 60),
    item("F6", 3, "A2", "M", 14),
)
A_RELATIVES_WARNING = (
    item("F1", 3, "C3", "fam", 1, kind=Kind.SIGNAL),
    item("F3", 3, "C3", "fam", 1, kind=Kind.SIGNAL),
)
PRINCIPAL_KNOWN = (
    item("F1", 4, "B2", "a", 5),
    item("F2", 4, "A2", "b", 5),
    item("F5", 3, "A2", "c", 5),
)
DETAINED = item("F6", 4, "A2", "d", 1)
