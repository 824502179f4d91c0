"""The threat-assessment method as pure functions (docs/method/gdb-1.0.md).

The same evidence and version always give the same result, here, in the command `threat_score` and years
later. Nothing here reads a clock, a database or a setting.
"""

from threat.scoring.adoption import (
    Departure,
    adoption_blockers,
    asks_urgent_measures,
    latest_review,
    override_requirements,
)
from threat.scoring.comparison import (
    needs_calibration,
    needs_consensus,
    quadratic_weighted_kappa,
    raw_agreement,
)
from threat.scoring.document import canonical, input_hash, parse, read
from threat.scoring.evidence import (
    Bound,
    Evidence,
    EvidenceSet,
    InvalidEvidence,
    Kind,
    Link,
    evidence_faults,
    refuse_links,
)
from threat.scoring.explanation import FactorExplanation, decisive_groups, explain, missing_factors
from threat.scoring.outcome import Outcome, Reading, Result, WithoutGroup, score
from threat.scoring.person import Line, LineReading, PersonReading, score_person
from threat.scoring.sensitivity import Change, what_would_change

__all__ = [
    "Bound",
    "Change",
    "Departure",
    "Evidence",
    "EvidenceSet",
    "FactorExplanation",
    "InvalidEvidence",
    "Kind",
    "Line",
    "LineReading",
    "Link",
    "Outcome",
    "PersonReading",
    "Reading",
    "Result",
    "WithoutGroup",
    "adoption_blockers",
    "asks_urgent_measures",
    "canonical",
    "decisive_groups",
    "evidence_faults",
    "explain",
    "input_hash",
    "latest_review",
    "missing_factors",
    "needs_calibration",
    "needs_consensus",
    "override_requirements",
    "parse",
    "quadratic_weighted_kappa",
    "raw_agreement",
    "read",
    "refuse_links",
    "score",
    "score_person",
    "what_would_change",
]
