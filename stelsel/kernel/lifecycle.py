"""Lifecycles as data: one row per legal step; no row, no step."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from stelsel.kernel.errors import IllegalMove, gettext_noop

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[State]):
    """A legal step: its name, the states it may start from, the state it leads to."""

    name: str
    sources: AbstractSet[State]
    target: State


@dataclass(frozen=True)
class Lifecycle(Generic[State]):
    """Every legal step of one kind of record."""

    initial: State
    moves: tuple[Move[State], ...]

    def apply(self, name: str, *, state: State | str) -> State:
        """Return the state after the step `name`.

        Raises:
            IllegalMove: there is no such step from `state`.
        """
        for move in self.moves:
            if move.name == name and state in move.sources:
                return move.target
        raise IllegalMove(
            "illegal_move",
            gettext_noop("This step is not possible any more: the state is now “%(state)s”."),
            params={"state": str(state), "step": name},
        )

    def allows(self, name: str, *, state: State | str) -> bool:
        return any(move.name == name and state in move.sources for move in self.moves)

    def steps_from(self, state: State | str) -> Iterable[str]:
        return [move.name for move in self.moves if state in move.sources]

    def final(self, state: State | str) -> bool:
        return not self.steps_from(state)
