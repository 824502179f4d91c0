"""The tier and the safety floor that a published table proposes; a decider sets both and may depart from them.

House norms, versioned: a table is added with a date, never edited, so that an old act can be read with the
table of its day. Protected characteristics, fame and political colour are no input; neither is the likelihood
index or its interval.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

URGENT_TIER, LOWEST_TIER = 1, 4
RAISED_RISK_WITHIN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class TierAnswers:
    """What the table asks: each answer is stored with its source, its author and its instant.

    `likelihood` is the scale W1 to W5 of the adopted picture and `severity` E1 to E5, None when not known.
    `raised_risk_in`: time until the next moment of raised risk (zero while it lasts), None when there is none.
    """

    urgent_or_provisional: bool = False
    likelihood: int | None = None
    severity: int | None = None
    raised_risk_in: timedelta | None = None
    information_sufficient: bool = True
    category_one_standard: bool = False


@dataclass(frozen=True, slots=True)
class TierProposal:
    """The proposed tier, the row of the table that gave it, and whether severity moved it one up."""

    tier: int
    ground: str
    moved_up: bool
    version: str


@dataclass(frozen=True, slots=True)
class _Row:
    tier: int
    ground: str
    holds: Callable[[TierAnswers], bool]


def _soon(answers: TierAnswers) -> bool:
    return answers.raised_risk_in is not None and answers.raised_risk_in <= RAISED_RISK_WITHIN


@dataclass(frozen=True, slots=True)
class TierTable:
    """First row that holds, from the top; severity `moves_up` moves one tier up."""

    version: str
    valid_from: date
    rows: tuple[_Row, ...]
    moves_up: int

    def propose(self, answers: TierAnswers) -> TierProposal:
        """The tier that the table proposes."""
        row = next(row for row in self.rows if row.holds(answers))
        up = answers.severity is not None and answers.severity >= self.moves_up and row.tier > URGENT_TIER
        return TierProposal(row.tier - up, row.ground, up, self.version)


W5, W4, W3 = 5, 4, 3
TIER_TABLES = (
    TierTable(
        version="tier-1.0",
        valid_from=date(2026, 1, 1),
        rows=(
            _Row(1, "urgent-or-provisional", lambda a: a.urgent_or_provisional),
            _Row(1, "likelihood-5", lambda a: a.likelihood == W5),
            _Row(1, "likelihood-4-raised-risk", lambda a: a.likelihood == W4 and _soon(a)),
            _Row(2, "likelihood-4", lambda a: a.likelihood == W4),
            _Row(2, "information-insufficient", lambda a: not a.information_sufficient or a.likelihood is None),
            _Row(3, "likelihood-3", lambda a: a.likelihood == W3),
            _Row(3, "category-one-standard", lambda a: a.category_one_standard),
            _Row(4, "rest", lambda _: True),
        ),
        moves_up=5,
    ),
)


@dataclass(frozen=True, slots=True)
class FloorTable:
    """The share of the required teams, in percent per required resistance level (1 to 5), that is the safety floor."""

    version: str
    valid_from: date
    percent: tuple[int, int, int, int, int]

    def floor(self, *, level: int, required: int) -> int:
        """Teams below which safety is not met, rounded up; a deviation needs a second decider.

        Raises:
            ValueError: no such resistance level, or fewer than zero teams required.
        """
        if not 1 <= level <= len(self.percent) or required < 0:
            raise ValueError(f"no floor for resistance level {level} and {required} teams")
        return -(-required * self.percent[level - 1] // 100)


FLOOR_TABLES = (FloorTable(version="floor-1.0", valid_from=date(2026, 1, 1), percent=(0, 25, 50, 75, 100)),)


def tier_table(*, on: date) -> TierTable:
    """The tier table that holds on a day.

    Raises:
        LookupError: none holds yet.
    """
    for table in reversed(TIER_TABLES):
        if table.valid_from <= on:
            return table
    raise LookupError(f"no tier table on {on.isoformat()}")


def floor_table(*, on: date) -> FloorTable:
    """The floor table that holds on a day.

    Raises:
        LookupError: none holds yet.
    """
    for table in reversed(FLOOR_TABLES):
        if table.valid_from <= on:
            return table
    raise LookupError(f"no floor table on {on.isoformat()}")
