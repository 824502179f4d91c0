"""From beliefs to an outcome: index, interval, band, caps, floors, and the same without each group."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from stelsel.kernel.scales import Likelihood
from threat.methodology import (
    SCALE_TOP,
    Cap,
    Condition,
    Factor,
    Floor,
    Methodology,
)
from threat.scoring.beliefs import FactorReading, Weighed, reaches, read_factor, support, weigh
from threat.scoring.document import input_hash
from threat.scoring.evidence import Bound, EvidenceSet, InvalidEvidence, Kind, evidence_faults

POINTS = 100.0 / SCALE_TOP
"""Points of the index that one step of a factor with weight 1 is worth."""


class Outcome(StrEnum):
    """`INSUFFICIENT` (onvoldoende informatie) is never "low": no level is proposed, tasks are made."""

    LEVEL = "LEVEL"
    PROVISIONAL = "PROVISIONAL"
    INSUFFICIENT = "INSUFFICIENT"


@dataclass(frozen=True, slots=True)
class Reading:
    """One pass over a set of weighed items.

    `index`, `undamped`, `low` and `high` run from 0 to 100 and are never a percentage or a probability;
    `damping` is the factor 0.70..1 on the index; `coverage` is 0..1. `band` follows from the index alone,
    `capped` is the band after the caps, `floor` the highest floor that fires, `level` what is proposed (None
    when information is insufficient).
    """

    factors: Mapping[Factor, FactorReading]
    contributions: Mapping[Factor, float]
    prior_contributions: Mapping[Factor, float]
    coverage: float
    damping: float
    index: float
    undamped: float
    low: float
    high: float
    band: Likelihood
    capped: Likelihood
    floor: Likelihood | None
    level: Likelihood | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class WithoutGroup:
    """What the proposal would be if one source group were left out."""

    index: float
    level: Likelihood | None
    outcome: Outcome


@dataclass(frozen=True)
class Result:
    """The outcome of one evidence set; the same set and version always give the same result."""

    evidence: EvidenceSet
    weighed: tuple[Weighed, ...]
    reading: Reading

    @cached_property
    def input_hash(self) -> str:
        return input_hash(self.evidence.document())

    @cached_property
    def without_group(self) -> Mapping[str, WithoutGroup]:
        """What it would be without each group; the largest part of the arithmetic, so only where it is asked for."""
        found = {}
        for group in sorted({item.group for item in self.evidence.items}):
            rest = _read([each for each in self.weighed if each.item.group != group], self.evidence, self.method)
            found[group] = WithoutGroup(index=rest.index, level=rest.level, outcome=rest.outcome)
        return found

    @property
    def method(self) -> Methodology:
        return self.evidence.method

    @property
    def as_of(self) -> date:
        return self.evidence.as_of

    @property
    def index(self) -> float:
        return self.reading.index

    @property
    def level(self) -> Likelihood | None:
        return self.reading.level

    @property
    def outcome(self) -> Outcome:
        return self.reading.outcome

    @property
    def ask_urgent(self) -> bool:
        """Whether the evidence leaves room for so high a threat that urgent measures must be asked about."""
        return reaches(self.reading.high, self.method.urgent_high)

    @property
    def low_level_blocked(self) -> bool:
        """Whether W1 and W2 cannot be adopted: a request is open, and silence lowers no level."""
        return bool(self.evidence.withheld)

    def document(self) -> dict[str, object]:
        """The RESULT document; numbers are not rounded."""
        reading = self.reading
        return {
            "method": self.method.version,
            "asOf": self.as_of.isoformat(),
            "inputHash": self.input_hash,
            "coverage": reading.coverage,
            "damping": reading.damping,
            "index": reading.index,
            "undamped": reading.undamped,
            "low": reading.low,
            "high": reading.high,
            "band": reading.band.code,
            "floor": _code(reading.floor),
            "level": _code(reading.level),
            "outcome": reading.outcome.value,
            "askUrgent": self.ask_urgent,
            "lowLevelBlocked": self.low_level_blocked,
            "factors": {
                factor.value: {
                    "beliefs": list(each.beliefs),
                    "evidenceBeliefs": list(each.evidence_beliefs),
                    "expected": each.expected,
                    "spread": each.spread,
                    "contribution": reading.contributions[factor],
                }
                for factor, each in reading.factors.items()
            },
            "leaveOneGroupOut": {
                group: {"index": each.index, "level": _code(each.level), "outcome": each.outcome.value}
                for group, each in self.without_group.items()
            },
        }


def _code(level: Likelihood | None) -> str | None:
    return None if level is None else level.code


def score(evidence: EvidenceSet) -> Result:
    """Score one threat line by the version its evidence names.

    Raises:
        InvalidEvidence: with every fault of the set.
    """
    faults = evidence_faults(evidence)
    if faults:
        raise InvalidEvidence(faults)
    return appraise(evidence)


def appraise(evidence: EvidenceSet) -> Result:
    """Score a set that was checked before, such as lines that were each checked and are now read together."""
    method = evidence.method
    weighed = weigh(evidence, method)
    return Result(evidence=evidence, weighed=weighed, reading=_read(weighed, evidence, method))


def _read(weighed: Sequence[Weighed], evidence: EvidenceSet, method: Methodology) -> Reading:
    factors = {
        factor: read_factor(factor, weighed, phenomenon=evidence.phenomenon, method=method) for factor in method.factors
    }
    damping = 1.0 - method.largest_damping * factors[Factor.DAMPING].evidence_expected / SCALE_TOP
    points = {definition.factor: POINTS * definition.weight for definition in method.factors.values()}
    contributions = {factor: points[factor] * each.expected * damping for factor, each in factors.items()}
    shares = {
        factor: points[factor] * (each.expected - each.evidence_expected) * damping for factor, each in factors.items()
    }
    index = math.fsum(contributions.values())
    low, high = _interval(factors, evidence.withheld, damping, method)
    coverage = _coverage(factors, frozenset(), method)
    band = _band(index, method)
    capped = _capped(band, factors, method)
    floor = _floor(weighed, method)
    level, outcome = _proposal(weighed, capped, floor, coverage, method)
    return Reading(
        factors=factors,
        contributions=contributions,
        prior_contributions=shares,
        coverage=coverage,
        damping=damping,
        index=index,
        undamped=math.fsum(points[factor] * each.expected for factor, each in factors.items()),
        low=min(low, index),
        high=max(high, index),
        band=band,
        capped=capped,
        floor=floor,
        level=level,
        outcome=outcome,
    )


def _coverage(factors: Mapping[Factor, FactorReading], missing: frozenset[Factor], method: Methodology) -> float:
    """Weight (0..1) of the factors of which something is really known."""
    known = (d.weight for d in method.weighed if factors[d.factor].covered and d.factor not in missing)
    return math.fsum(known)


def _interval(
    factors: Mapping[Factor, FactorReading], withheld: frozenset[Factor], damping: float, method: Methodology
) -> tuple[float, float]:
    """Lowest and highest index that the evidence leaves open; a missing factor is 0 below and 4 above.

    Half of the squared spread is taken as independent between factors, half as moving together.
    """
    known = [d for d in method.weighed if factors[d.factor].covered]
    below = math.fsum(POINTS * d.weight * factors[d.factor].evidence_expected for d in known)
    below -= _joint_spread([POINTS * d.weight * factors[d.factor].evidence_spread for d in known])
    shown = [d for d in known if d.factor not in withheld]
    above = math.fsum(POINTS * d.weight * factors[d.factor].expected for d in shown)
    above += _joint_spread([POINTS * d.weight * factors[d.factor].spread for d in shown])
    above += 100.0 * (1.0 - _coverage(factors, withheld, method))
    damping_above = 1.0 if Factor.DAMPING in withheld else damping
    return max(0.0, below * damping), min(100.0, above * damping_above)


def _joint_spread(spreads: Sequence[float]) -> float:
    return math.sqrt(0.5 * math.fsum(x * x for x in spreads) + 0.5 * math.fsum(spreads) ** 2)


def _band(index: float, method: Methodology) -> Likelihood:
    return Likelihood(1 + sum(reaches(index, top) for top in method.band_tops))


def _capped(band: Likelihood, factors: Mapping[Factor, FactorReading], method: Methodology) -> Likelihood:
    """The band, lowered to what the published table allows when preparations or intent are not shown."""

    def holds(condition: Condition) -> bool:
        return reaches(factors[condition.factor].evidence_beliefs[condition.value - 1], method.cap_belief)

    def allows(cap: Cap) -> bool:
        return any(all(holds(condition) for condition in conditions) for conditions in cap.any_of)

    level = band
    for cap in sorted(method.caps, key=lambda each: each.level, reverse=True):
        if level >= cap.level and not allows(cap):
            level = Likelihood(cap.level - 1)
    return level


def _floor(weighed: Iterable[Weighed], method: Methodology) -> Likelihood | None:
    """The highest floor that fires, on lasting support alone: no patience or negative finding disarms it."""
    lasting = [each for each in weighed if each.lasting > 0]

    def fires(floor: Floor) -> bool:
        return all(holds(condition) for condition in floor.all_of)

    def holds(condition: Condition) -> bool:
        about = (each for each in lasting if each.item.factor is condition.factor)
        return reaches(support(about, condition.value, lambda each: each.lasting), method.floor_support)

    return max((floor.level for floor in method.floors if fires(floor)), default=None)


def _proposal(
    weighed: Sequence[Weighed],
    capped: Likelihood,
    floor: Likelihood | None,
    coverage: float,
    method: Methodology,
) -> tuple[Likelihood | None, Outcome]:
    covered = reaches(coverage, method.least_coverage)
    if not covered and (floor is None or floor < method.proposing_floor):
        return None, Outcome.INSUFFICIENT
    level = capped if floor is None else max(capped, floor)
    if level is Likelihood.VERY_LOW and not _searched(weighed, method):
        level = Likelihood.LOW
    if not covered or (floor == level and _rests_on_signals(weighed, level, method)):
        return level, Outcome.PROVISIONAL
    return level, Outcome.LEVEL


def _searched(weighed: Sequence[Weighed], method: Methodology) -> bool:
    """Whether independent groups looked for what very low needs to be absent, and did not find it."""

    def groups(factor: Factor) -> set[str]:
        return {
            each.item.group
            for each in weighed
            if each.item.factor is factor
            and each.item.bound is Bound.AT_MOST
            and each.item.value <= method.searched_value
            and reaches(each.weight, method.covering_weight)
        }

    return all(len(groups(factor)) >= method.searching_groups for factor in method.searched_factors)


def _rests_on_signals(weighed: Sequence[Weighed], floor: Likelihood, method: Methodology) -> bool:
    if floor < method.provisional_floor:
        return False
    firm = _floor((each for each in weighed if each.item.kind is not Kind.SIGNAL), method)
    return firm is None or firm < floor
