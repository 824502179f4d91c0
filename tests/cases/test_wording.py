"""Reasons that say again what an earlier decision said (R060)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.wording import repeated, says_again, similarity

VOCABULARY = ["de", "dader", "kent", "het", "huis", "en", "volgt", "iedere", "week", "auto"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=30).map(" ".join)
REASON = "De betrokkene is tweemaal gevolgd; lichtere maatregelen boden op die dagen geen bescherming."


@given(WORDS, WORDS)
def test_r060_similarity_is_the_same_both_ways_and_a_share(one: str, other: str) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1


@given(WORDS)
def test_r060_layout_and_case_hide_no_copy(text: str) -> None:
    assert similarity(text, f"  {text.upper()}!\n") == 1


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (REASON, True),
        (REASON.replace("tweemaal", "driemaal"), True),
        ("Op 3 maart werd bij de woning een explosief gevonden; de dader kent het adres.", False),
        ("", False),
    ],
    ids=["equal", "one word", "another", "empty"],
)
def test_r060_nearly_the_same_words_are_a_copy(text: str, *, again: bool) -> None:
    assert says_again(text, REASON) is again


def test_r060_each_text_is_compared_with_the_same_text_of_earlier_records() -> None:
    texts = {"necessity": REASON, "subsidiarity": "Een camera alleen volstaat niet."}

    assert repeated(texts, [{"necessity": "Iets anders.", "subsidiarity": REASON}]) == ()
    assert repeated(texts, [{}, {"necessity": REASON}]) == ("necessity",)
