"""Demarcation (afbakening): the regimes beside the scheme and the local domain, and how a person goes there and back.

Plain Python, as cases.authority. Somebody is responsible at every instant (R016): authority stays where it is until the
other regime says that it took the person over, and is here again from the instant at which that regime hands back.
"""

from enum import StrEnum

from stelsel.kernel.lifecycle import Lifecycle, Move


class Regime(StrEnum):
    """Who else looks after the person; NONE is the scheme or the local domain, whichever the case's state says."""

    NONE = "none"
    WITNESS_PROTECTION = "witness_protection"  # getuigenbescherming, art. 226g-226l Sv
    BASIC_POLICE_CARE = "basic_police_care"  # basispolitiezorg
    OTHER = "other"


class DemarcationState(StrEnum):
    WAITING = "waiting"  # decided; the other regime did not say yet that it took the person over
    DECLINED = "declined"  # it did not take the person over: nothing changed
    TAKEN_OVER = "taken_over"
    BACK = "back"  # it handed the person back; the prosecutor's office did not say yet that it has the person in hand
    RECEIVED = "received"


DEMARCATION_LIFECYCLE = Lifecycle(
    initial=DemarcationState.WAITING,
    moves=(
        Move("confirm", {DemarcationState.WAITING}, DemarcationState.TAKEN_OVER),
        Move("decline", {DemarcationState.WAITING}, DemarcationState.DECLINED),
        Move("hand_back", {DemarcationState.TAKEN_OVER}, DemarcationState.BACK),
        Move("receive", {DemarcationState.BACK}, DemarcationState.RECEIVED),
    ),
)

OPEN = frozenset({DemarcationState.WAITING, DemarcationState.TAKEN_OVER, DemarcationState.BACK})
BETWEEN = frozenset({DemarcationState.WAITING, DemarcationState.BACK})
"""Between two regimes: it has a term, and alarms after it."""


def is_block_alone(regime: Regime | str) -> bool:
    """Of witness protection there is nothing here but that it blocks: no reason, no reference, no text (R002)."""
    return regime == Regime.WITNESS_PROTECTION
