"""Merge (samenvoegen) of two cases about one person: how a proposal goes, and what one of the two must lack first.

No record moves. The resting case is closed and reads as it was, the leading case goes on, and to undo the merge is to
open the resting case again. Plain Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stelsel.kernel.errors import gettext_noop
from stelsel.kernel.lifecycle import Lifecycle, Move


class MergeState(StrEnum):
    PROPOSED = "proposed"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"  # they were two persons after all


MERGE_LIFECYCLE = Lifecycle(
    initial=MergeState.PROPOSED,
    moves=(
        Move("confirm", {MergeState.PROPOSED}, MergeState.MERGED),
        Move("decline", {MergeState.PROPOSED}, MergeState.DECLINED),
        Move("withdraw", {MergeState.PROPOSED}, MergeState.WITHDRAWN),
        Move("undo", {MergeState.MERGED}, MergeState.UNDONE),
    ),
)
STANDING = (MergeState.PROPOSED, MergeState.MERGED)


@dataclass(frozen=True)
class Known:
    """By which blind indexes somebody of a household is found; 32 bytes each, `born` empty without a birth date."""

    name: bytes
    born: bytes = b""

    def is_among(self, others: Sequence["Known"]) -> bool:
        """Whether one of the others is the same by name and birth date, or by name where a birth date is missing."""
        return any(self.born == one.born if self.born and one.born else self.name == one.name for one in others)


@dataclass(frozen=True)
class Pair:
    """What counts about the two cases. `kept_open` are the reasons for which the resting case cannot be closed."""

    kept_open: Sequence[str]
    resting: Sequence[Known]  # the core household of the resting case, without the person
    leading: Sequence[Known]  # everybody close to the person of the leading case
    moments_ahead: bool
    asked: bool  # a request, complaint or promise of the resting case is open


def what_keeps_apart(pair: Pair) -> list[str]:
    """Why the resting case cannot go on in the leading one now, each reason a sentence; empty when it can."""
    reasons = list(pair.kept_open)
    if not all(one.is_among(pair.leading) for one in pair.resting):
        reasons.append(
            gettext_noop("Somebody of the core household is missing in the other case: nobody would have authority.")
        )
    if pair.moments_ahead:
        reasons.append(gettext_noop("A moment of raised risk lies ahead: report it on the other case first."))
    if pair.asked:
        reasons.append(gettext_noop("A request, complaint or promise is open: settle it first."))
    return reasons
