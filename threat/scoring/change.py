"""What differs between two texts, word by word, and between two lists of items that are recognised by a key."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")
WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that both texts have, or one of them alone."""

    kind: Kind
    text: str


def words(old: str, new: str) -> list[Piece]:
    """The way from one text to the other: its same and added pieces make the new text, same and removed the old."""
    left, right = WORDS.findall(old), WORDS.findall(new)
    pieces = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Kind.SAME, "".join(left[i:j])))
            continue
        if j > i:
            pieces.append(Piece(Kind.REMOVED, "".join(left[i:j])))
        if m > k:
            pieces.append(Piece(Kind.ADDED, "".join(right[k:m])))
    return pieces


@dataclass(frozen=True, slots=True)
class Pairing(Generic[T]):
    """Two lists side by side: what both have, and what one of them has alone, each in its order."""

    both: Sequence[tuple[T, T]]
    removed: Sequence[T]
    added: Sequence[T]


def paired(old: Iterable[T], new: Iterable[T], *, key: Callable[[T], Hashable]) -> Pairing[T]:
    """Pair the elements with the same key, the first with the first where a key occurs more than once."""
    waiting: dict[Hashable, list[T]] = {}
    for each in old:
        waiting.setdefault(key(each), []).append(each)
    both, added = [], []
    for each in new:
        same = waiting.get(key(each))
        if same:
            both.append((same.pop(0), each))
        else:
            added.append(each)
    return Pairing(both=both, removed=[each for rest in waiting.values() for each in rest], added=added)
