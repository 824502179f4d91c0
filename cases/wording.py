"""Whether a text says again what another said: reasons copied from decision to decision (R060). Plain Python."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

NEARLY_THE_SAME: Final = 0.9
WIDTH: Final = 3


def normalised(text: str) -> str:
    """Letters and digits alone, in one case, single spaced: what is left when nobody looks at the layout."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _grams(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[start : start + WIDTH] for start in range(len(padded) - WIDTH + 1))


def similarity(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words): the share of trigrams both have (Dice). Linear in length."""
    left, right = normalised(one), normalised(other)
    if left == right:
        return 1.0
    mine, theirs = _grams(left), _grams(right)
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


def says_again(text: str, earlier: str) -> bool:
    """Whether `text` is, or nearly is, an earlier one. An empty text says nothing, so nothing again."""
    return bool(normalised(text)) and similarity(text, earlier) >= NEARLY_THE_SAME


def repeated(texts: Mapping[str, str], earlier: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """The names of the texts that say again what the same text of an earlier record said."""
    before = list(earlier)
    return tuple(name for name, text in texts.items() if any(says_again(text, one.get(name, "")) for one in before))
