"""What a level or state of the local domain (lokaal domein) means in the scheme: read from tables, never guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stelsel.kernel.errors import Fault, gettext_noop

LONGEST = 60  # characters of a level or state as the local domain writes it
FAR = 2  # levels apart that force a consultation
MOST = 30  # rows of one table
LEVELS = range(1, 6)  # W1 to W5
MESSAGES = {
    "row": gettext_noop("Each line is a level or state of the local domain, an equals sign, and W1 to W5."),
    "twice": gettext_noop("The same level or state stands in more than one line."),
    "size": gettext_noop("A table has 1 to 30 rows."),
}


@dataclass(frozen=True)
class LocalTable:
    """One approved table of a local scale: what it calls its levels or states, and the level of likelihood of each."""

    starts_at: datetime
    levels: Mapping[str, int]

    def level(self, original: str) -> int | None:
        """The level of the scheme; None when the table does not name this one."""
        wanted = as_written(original).casefold()
        return next((level for name, level in self.levels.items() if name.casefold() == wanted), None)


@dataclass(frozen=True)
class Mapped:
    """A level of the scheme, and from when the table holds that says so."""

    level: int
    table_from: datetime


def map_level(original: str, *, recorded_at: datetime, tables: Iterable[LocalTable]) -> Mapped | None:
    """The level by the table that held when it was recorded or, where that does not name it, by the first later one.

    So a value that was mapped once never changes, and an unmapped one (None) waits for a table that names it.
    """
    ordered = sorted(tables, key=lambda each: each.starts_at)
    held = [each for each in ordered if each.starts_at <= recorded_at][-1:]
    for table in [*held, *(each for each in ordered if each.starts_at > recorded_at)]:
        level = table.level(original)
        if level is not None:
            return Mapped(level, table.starts_at)
    return None


def as_written(text: str) -> str:
    """The words without the space around and doubled between them."""
    return " ".join(text.split())


def read_table(text: str) -> tuple[dict[str, int], tuple[Fault, ...]]:
    """The table that somebody typed, a row a line ("hoog = W4"), and every kind of fault in it."""
    levels: dict[str, int] = {}
    faults: dict[str, Fault] = {}
    for line in filter(str.strip, text.splitlines()):
        name, _, level = line.rpartition("=")
        name, level = as_written(name), level.strip().upper().removeprefix("W")
        if not name or len(name) > LONGEST or level not in {str(each) for each in LEVELS}:
            faults["row"] = Fault("levels", "row", MESSAGES["row"])
        elif name.casefold() in {each.casefold() for each in levels}:
            faults["twice"] = Fault("levels", "twice", MESSAGES["twice"])
        else:
            levels[name] = int(level)
    if not faults and not 0 < len(levels) <= MOST:
        faults["size"] = Fault("levels", "size", MESSAGES["size"])
    return levels, tuple(faults.values())


def must_consult(old: int, new: int | None) -> bool:
    """Whether an earlier product lies so far from the level of a picture that its supplier is consulted first."""
    return new is not None and abs(old - new) >= FAR
