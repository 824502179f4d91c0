"""Agreement of assessors on ordinal codes: kappa of two, Krippendorff's alpha of several (GDB-1.0 par. 5.2).

Alpha is computed by the library of that name; kappa is the quadratically weighted one of `comparison`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import krippendorff

from threat.scoring.beliefs import TOLERANCE
from threat.scoring.comparison import quadratic_weighted_kappa, raw_agreement


@dataclass(frozen=True)
class Rated:
    """What one assessor's coding came to: the level (1-5, None without one), the index, and the value of each item."""

    level: int | None
    index: float
    values: Sequence[int]


@dataclass(frozen=True)
class Agreement:
    """Raw agreement (0..1), kappa (None unless there are two assessors, or where all rated alike), and alpha."""

    raw: float
    kappa: float | None
    alpha: float | None


def agreement(*ratings: Sequence[int]) -> Agreement:
    """How assessors agree on the same items, in the same order.

    Raises:
        ValueError: fewer than two assessors, no items, or not one value for each item from all.
    """
    if len(ratings) < 2 or len({len(one) for one in ratings}) > 1 or not ratings[0]:  # noqa: PLR2004  # a pair at least
        raise ValueError("at least two assessors code the same items, at least one")
    two = len(ratings) == 2  # noqa: PLR2004  # as above
    alike = sum(len(set(codes)) == 1 for codes in zip(*ratings, strict=True)) / len(ratings[0])
    varied = len({value for one in ratings for value in one}) > 1
    return Agreement(
        raw=raw_agreement(ratings[0], ratings[1]) if two else alike,
        kappa=quadratic_weighted_kappa(ratings[0], ratings[1]) if two else None,
        alpha=float(krippendorff.alpha(list(map(list, ratings)), level_of_measurement="ordinal")) if varied else None,
    )


def parts(one: Rated, other: Rated, *, gap: float) -> bool:
    """Whether two codings lie so far apart that the assessors meet: another level, or more than `gap` in the index."""
    return one.level != other.level or abs(one.index - other.index) > gap + TOLERANCE
