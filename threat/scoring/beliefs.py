"""From graded items to beliefs per factor: ageing, independent groups, support, contradiction and prior."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from threat.methodology import SCALE_TOP, Factor, Methodology, Phenomenon
from threat.scoring.evidence import Bound, Evidence, EvidenceSet

TOLERANCE: Final = 1e-9
STEPS: Final = range(1, SCALE_TOP + 1)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An item with its weights, 0..1.

    `weight` is aged, and 0 once an F4 window has passed. `lasting` is the weight for floors: neither age nor
    a passed window lowers it, only the mark of an analyst that the item lapsed. `position` is its place in
    the evidence set.
    """

    item: Evidence
    position: int
    weight: float
    lasting: float


@dataclass(frozen=True, slots=True)
class FactorReading:
    """What is believed of one factor: `beliefs[k-1]` is the belief (0..1) that its value is at least k.

    `evidence_*` leaves the prior out. `expected` runs from 0 to 4, `spread` is its standard deviation.
    `covered` says that at least one item has weight enough to count as coverage.
    """

    factor: Factor
    beliefs: tuple[float, ...]
    evidence_beliefs: tuple[float, ...]
    expected: float
    evidence_expected: float
    spread: float
    evidence_spread: float
    covered: bool


def reaches(value: float, threshold: float) -> bool:
    """Whether `value` is at or above `threshold`, forgiving the last digits of a double."""
    return value >= threshold - TOLERANCE


def weigh(evidence: EvidenceSet, method: Methodology) -> tuple[Weighed, ...]:
    """The items with their weights, in the order of the set."""
    return tuple(
        Weighed(
            item=item,
            position=position,
            weight=_weight(item, evidence.as_of, method),
            lasting=0.0 if item.lapsed else _grade(item, method),
        )
        for position, item in enumerate(evidence.items)
    )


def _grade(item: Evidence, method: Methodology) -> float:
    """Geometric mean of both grades: the axes are correlated, and a product would count that twice."""
    return math.sqrt(method.reliability[item.reliability] * method.credibility[item.credibility])


def _weight(item: Evidence, as_of: date, method: Methodology) -> float:
    if item.window_end is not None and item.window_end < as_of:
        return 0.0
    age_days = (as_of - item.valid_as_of).days
    freshness = math.pow(0.5, age_days / method.factors[item.factor].half_life_days)
    return _grade(item, method) * max(freshness, method.least_freshness)


def either(weighed: Iterable[Weighed], weight: Callable[[Weighed], float]) -> float:
    """Noisy-or over groups, each by its strongest item; sorted, so that the order changes no digit."""
    strongest: dict[str, float] = {}
    for each in weighed:
        strongest[each.item.group] = max(weight(each), strongest.get(each.item.group, 0.0))
    return 1.0 - math.prod(1.0 - strongest[group] for group in sorted(strongest))


def support(weighed: Iterable[Weighed], value: int, weight: Callable[[Weighed], float]) -> float:
    return either((each for each in weighed if each.item.says_at_least(value)), weight)


def read_factor(
    factor: Factor, weighed: Sequence[Weighed], *, phenomenon: Phenomenon, method: Methodology
) -> FactorReading:
    """Beliefs about one factor from all weighed items of the line."""
    acting = [each for each in weighed if each.item.factor is factor and _acts(each.item, phenomenon, method)]
    priors = (0.0,) * SCALE_TOP if factor is Factor.DAMPING else method.priors
    supports = [support(acting, k, _aged) for k in STEPS]
    contradictions = [either((each for each in acting if each.item.says_less_than(k)), _aged) for k in STEPS]
    left = [1.0 - method.contradiction_strength * contradiction for contradiction in contradictions]
    evidence_beliefs = tuple(s * x for s, x in zip(supports, left, strict=True))
    beliefs = tuple((1.0 - (1.0 - prior) * (1.0 - s)) * x for prior, s, x in zip(priors, supports, left, strict=True))
    return FactorReading(
        factor=factor,
        beliefs=beliefs,
        evidence_beliefs=evidence_beliefs,
        expected=math.fsum(beliefs),
        evidence_expected=math.fsum(evidence_beliefs),
        spread=_spread(beliefs),
        evidence_spread=_spread(evidence_beliefs),
        covered=any(reaches(each.weight, method.covering_weight) for each in acting),
    )


def _aged(weighed: Weighed) -> float:
    return weighed.weight


def _acts(item: Evidence, phenomenon: Phenomenon, method: Methodology) -> bool:
    """Detaining a principal does not end a contract: there only the withdrawal of the order itself damps.

    A negative finding about damping (AT_MOST) always acts, since it can only lower the damping.
    """
    if item.factor is not Factor.DAMPING or item.bound is Bound.AT_MOST:
        return True
    return phenomenon in method.damped_phenomena or item.order_withdrawn


def _spread(beliefs: Sequence[float]) -> float:
    """Standard deviation of a value 0..4 whose point masses follow from the beliefs "at least k"."""
    masses = [upper - lower for upper, lower in zip((1.0, *beliefs), (*beliefs, 0.0), strict=True)]
    mean = math.fsum(beliefs)
    return math.sqrt(max(0.0, math.fsum(mass * (value - mean) ** 2 for value, mass in enumerate(masses))))
