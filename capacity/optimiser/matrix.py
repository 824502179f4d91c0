"""A linear model under construction: columns, rows, and the arrays that HiGHS takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import highspy
import numpy as np

Terms = Mapping[int, float]
INFINITY = highspy.kHighsInf


@dataclass
class Matrix:
    """Columns with bounds (some whole numbers) and rows with bounds; filled once, then handed over."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, lower: float, upper: float, *, whole: bool = False) -> int:
        """A new column; its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.lower) - 1

    def row(self, terms: Terms, *, lower: float = -INFINITY, upper: float = INFINITY) -> None:
        """A row lower <= sum of terms <= upper; one without terms is left out."""
        kept = {column: factor for column, factor in terms.items() if factor}
        if not kept:
            return
        self.index.extend(kept)
        self.value.extend(kept.values())
        self.starts.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    def at_least(self, terms: Terms, other: Terms) -> None:
        """A row: terms >= other."""
        self.row(minus(terms, other), lower=0)

    def equal(self, terms: Terms, other: Terms) -> None:
        """A row: terms == other."""
        self.row(minus(terms, other), lower=0, upper=0)

    def lp(self) -> highspy.HighsLp:
        """The model as HiGHS takes it, without an objective."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.lower), len(self.row_lower)
        lp.col_cost_ = np.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = np.array(self.lower), np.array(self.upper)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
        lp.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.index, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.value, dtype=float)
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        return lp


def ones(columns: Iterable[int]) -> dict[int, float]:
    """The plain sum of columns."""
    return total((column, 1.0) for column in columns)


def total(terms: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Terms added up per column."""
    summed: dict[int, float] = {}
    for column, factor in terms:
        summed[column] = summed.get(column, 0.0) + factor
    return summed


def minus(terms: Terms, other: Terms) -> dict[int, float]:
    """The difference of two sums."""
    return total([*terms.items(), *((column, -factor) for column, factor in other.items())])
