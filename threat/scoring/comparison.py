"""Do assessors agree? Blind codings of the same frozen evidence, compared; each coding stays visible."""

from collections import Counter
from collections.abc import Sequence

from threat.methodology import GDB_1_0, Methodology
from threat.scoring.beliefs import TOLERANCE
from threat.scoring.outcome import Result


def raw_agreement(first: Sequence[int], second: Sequence[int]) -> float:
    """Share (0..1) of cases that two assessors rated alike.

    Raises:
        ValueError: no ratings, or not one per case from both.
    """
    _pairs(first, second)
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def quadratic_weighted_kappa(first: Sequence[int], second: Sequence[int]) -> float | None:
    """Agreement of two assessors on an ordinal scale, corrected for chance; 1 is perfect, 0 is chance.

    The number of categories cancels out, so the ratings suffice. None when it is not defined: both gave every
    case one and the same rating.

    Raises:
        ValueError: no ratings, or not one per case from both.
    """
    _pairs(first, second)
    seen = sum((a - b) ** 2 for a, b in zip(first, second, strict=True))
    by_chance = sum(
        (a - b) ** 2 * times_a * times_b
        for a, times_a in Counter(first).items()
        for b, times_b in Counter(second).items()
    )
    return None if by_chance == 0 else 1.0 - seen * len(first) / by_chance


def needs_calibration(kappa: float | None, *, method: Methodology = GDB_1_0) -> bool:
    """Whether a calibration session follows; ratings that cannot be compared (None) do not ask for one."""
    return kappa is not None and kappa < method.norms.calibration_kappa - TOLERANCE


def needs_consensus(first: Result, second: Result) -> bool:
    """Whether two codings of one case lie so far apart (index, or another level) that assessors meet."""
    gap = first.method.norms.consensus_index_gap
    return abs(first.index - second.index) > gap + TOLERANCE or first.level != second.level


def _pairs(first: Sequence[int], second: Sequence[int]) -> None:
    if not first or len(first) != len(second):
        raise ValueError("two assessors give one rating each per case, for at least one case")
