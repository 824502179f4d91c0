"""Which way a level moves when evidence is scored by another version, or on another day."""

from enum import StrEnum


class Shift(StrEnum):
    """Insufficient information is never low: losing or gaining a level is a movement of its own."""

    UP = "up"
    DOWN = "down"
    UNCHANGED = "unchanged"
    LOST = "lost"  # a level became insufficient information
    GAINED = "gained"  # insufficient information became a level


def shift(before: int | None, after: int | None) -> Shift:
    """How a level W1 to W5 (None: insufficient information) moved."""
    if before == after:
        return Shift.UNCHANGED
    if before is None:
        return Shift.GAINED
    if after is None:
        return Shift.LOST
    return Shift.UP if after > before else Shift.DOWN
