"""Escalation (opschaling) after a rejected nomination: its rungs and states (Circulaire 2026 par. 2.3.3). Plain Python.

Of one nomination the rungs are taken in order, each once and never back. The rejection stands until an answer says
otherwise, and the chief prosecutor stays the authority.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from stelsel.kernel.lifecycle import Lifecycle, Move


class Rung(IntEnum):
    """Who speak with each other about the rejection; before the first stands the judgement itself."""

    FIRST = 1  # landelijk coordinerend HOvJ and the director of the NCTV
    SECOND = 2  # portefeuillehoudend PG and the NCTV


class EscalationState(StrEnum):
    RAISED = "raised"
    UPHELD = "upheld"  # the rejection stands
    OVERTURNED = "overturned"  # the nomination is judged anew, by others
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # the threat rose: an urgent designation came first


ESCALATION_LIFECYCLE = Lifecycle(
    initial=EscalationState.RAISED,
    moves=(
        Move("uphold", {EscalationState.RAISED}, EscalationState.UPHELD),
        Move("overturn", {EscalationState.RAISED}, EscalationState.OVERTURNED),
        Move("withdraw", {EscalationState.RAISED}, EscalationState.WITHDRAWN),
        Move("overtake", {EscalationState.RAISED}, EscalationState.OVERTAKEN),
    ),
)


def next_rung(taken: Iterable[tuple[int, str]]) -> Rung | None:
    """The rung that can be taken now, after these (rung, state); None when there is none, or one is open."""
    last = max(taken, default=None)
    if last is None:
        return Rung.FIRST
    rung, state = last
    return Rung.SECOND if (rung, state) == (Rung.FIRST, EscalationState.UPHELD) else None
