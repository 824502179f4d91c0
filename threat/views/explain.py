"""A score in the words of people: each factor's part, what is missing, what each source group carries. Never a "%"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stelsel.kernel.scales import LIKELIHOOD_WORDING, Likelihood
from threat.forms.picture import in_dutch
from threat.methodology import Methodology
from threat.scoring import Bound, Change

LONGEST = 200.0  # width of a drawing
SCALE = 2.0  # drawing units per point of the index


Matrix = list[tuple[str, list[str]]]
LEVELS = range(1, 6)


@dataclass(frozen=True)
class FactorRow:
    """One factor: expected value 0-4, points of the index, how many of them from evidence and from the prior."""

    code: str
    name: str
    expected: float
    contribution: float
    from_evidence: float
    from_prior: float
    missing: bool
    withheld: bool
    damping: bool
    evidence_width: str
    prior_x: str
    prior_width: str


@dataclass(frozen=True)
class GroupRow:
    """What the line would come to without one source group."""

    group: str
    index: float
    level: str
    decisive: bool


@dataclass(frozen=True)
class ChangeRow:
    """A finding that would change the level, and to which."""

    factor: str
    at_least: bool
    value: int
    level: str


@dataclass(frozen=True)
class Explanation:
    """One reading of a line, ready to be shown."""

    outcome: str
    level: str
    index: float
    undamped: float
    low: float
    high: float
    coverage: float
    floor: str
    floor_decides: bool
    damped: bool
    ask_urgent: bool
    factors: Sequence[FactorRow]
    groups: Sequence[GroupRow]
    missing: Sequence[str]
    changes: Sequence[ChangeRow]
    low_x: str
    range_width: str
    index_x: str


def level_name(code: str | int | None) -> str:
    """W4 High, in the reader's language; "" for no level."""
    if code is None:
        return ""
    level = Likelihood(int(str(code).removeprefix("W")))
    words = LIKELIHOOD_WORDING[level]
    return f"{level.code} {words.name_nl if in_dutch() else words.name_en}"


def explanation_of(
    result: Mapping[str, Any], withheld: Sequence[str], *, method: Methodology, changes: Sequence[Change] = ()
) -> Explanation:
    """The reading of one line by itself (its `alone` in a score), by the version it was scored with."""
    names = {
        factor.value: definition.name_nl if in_dutch() else definition.name_en
        for factor, definition in method.factors.items()
    }
    return Explanation(
        outcome=result["outcome"],
        level=level_name(result["level"]),
        index=result["index"],
        undamped=result["undamped"],
        low=result["low"],
        high=result["high"],
        coverage=result["coverage"],
        floor=level_name(result["floor"]),
        floor_decides=result["floor"] is not None and result["floor"] == result["level"] != result["band"],
        damped=result["damping"] < 1.0,
        ask_urgent=result["askUrgent"],
        factors=[_factor(code, names[code], result, withheld) for code in names],
        groups=[
            GroupRow(group, without["index"], level_name(without["level"]), group in result["decisiveGroups"])
            for group, without in result["leaveOneGroupOut"].items()
        ],
        missing=[f"{code} {names[code]}" for code in result["missing"]],
        changes=[
            ChangeRow(
                f"{each.factor} {names[each.factor]}", each.bound == Bound.AT_LEAST, each.value, level_name(each.level)
            )
            for each in changes
        ],
        low_x=f"{result['low'] * SCALE:.1f}",
        range_width=f"{max(result['high'] - result['low'], 0.5) * SCALE:.1f}",
        index_x=f"{result['index'] * SCALE:.1f}",
    )


def _factor(code: str, name: str, result: Mapping[str, Any], withheld: Sequence[str]) -> FactorRow:
    contribution, prior = result["factors"][code]["contribution"], result["fromPrior"][code]
    widest = LONGEST / 25.0  # a factor carries at most 25 points
    return FactorRow(
        code=code,
        name=name,
        expected=result["factors"][code]["expected"],
        contribution=contribution,
        from_evidence=contribution - prior,
        from_prior=prior,
        missing=code in result["missing"],
        withheld=code in withheld,
        damping=code == "F6",
        evidence_width=f"{max(contribution - prior, 0.0) * widest:.1f}",
        prior_x=f"{max(contribution - prior, 0.0) * widest:.1f}",
        prior_width=f"{max(prior, 0.0) * widest:.1f}",
    )


def matrix_of(severity: int | None, level: int | None, interval: tuple[float, float], method: Methodology) -> Matrix:
    """The double qualification, E5 to E1 by W1 to W5: where the picture stands ("here") and what the interval spans."""
    low, high = (_band(bound, method) for bound in interval)

    def mark(row: int, column: int) -> str:
        if (row, column) == (severity, level):
            return "here"
        return "interval" if row == severity and low <= column <= high else ""

    return [(f"E{row}", [mark(row, column) for column in LEVELS]) for row in reversed(LEVELS)]


def _band(index: float, method: Methodology) -> int:
    return 1 + sum(index >= top for top in method.band_tops)
