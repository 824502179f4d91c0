"""What would change a level: the mildest single finding, per factor and direction, that gives another outcome."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from stelsel.kernel.scales import Likelihood
from threat.methodology import SCALE_TOP, Factor
from threat.scoring.evidence import Bound, Evidence, EvidenceSet, Kind
from threat.scoring.outcome import Outcome, appraise, score

ORIGIN: Final = "what-if"
RELIABILITY, CREDIBILITY = "B", 2
MILDEST_FIRST: Final = (
    (Bound.AT_LEAST, tuple(range(1, SCALE_TOP + 1))),
    (Bound.AT_MOST, tuple(range(SCALE_TOP - 1, -1, -1))),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One finding of a new origin, graded B2 and observed on the day of the picture, and what it would make of it."""

    factor: Factor
    bound: Bound
    value: int
    level: Likelihood | None
    outcome: Outcome


def what_would_change(evidence: EvidenceSet) -> tuple[Change, ...]:
    """For every factor and direction the mildest finding that changes level or outcome; at most 48 scorings.

    Raises:
        InvalidEvidence: with every fault of the set.
    """
    now = score(evidence)
    return tuple(_changes(evidence, level=now.level, outcome=now.outcome))


def with_finding(evidence: EvidenceSet, factor: Factor, bound: Bound, value: int) -> EvidenceSet:
    """The same evidence with one finding more."""
    finding = Evidence(
        factor=factor,
        value=value,
        kind=Kind.CONCRETE,
        reliability=RELIABILITY,
        credibility=CREDIBILITY,
        group=ORIGIN,
        valid_as_of=evidence.as_of,
        bound=bound,
    )
    return replace(evidence, items=(*evidence.items, finding))


def _changes(evidence: EvidenceSet, *, level: Likelihood | None, outcome: Outcome) -> Iterator[Change]:
    for factor in evidence.method.factors:
        for bound, values in MILDEST_FIRST:
            for value in values:
                result = appraise(with_finding(evidence, factor, bound, value))
                if (result.level, result.outcome) != (level, outcome):
                    yield Change(factor, bound, value, result.level, result.outcome)
                    break
