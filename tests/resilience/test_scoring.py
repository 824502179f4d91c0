"""Texts that look clinical: what warns and what does not (R029)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.scoring import clinical_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Slikt sinds maart oxazepam.", ("oxazepam",)),
        ("Diagnose: PTSS", ("diagnose", "ptss")),
        ("Is twice a week in therapy for a depression", ("therapy", "depression")),
        ("Neemt 20 mg per dag", ("20 mg",)),
        ("Suïcidale gedachten", ("suicidale",)),
        ("ANTIDEPRESSIVA en antidepressiva", ("antidepressiva",)),
        ("Zegt dat hij ADHD heeft", ("adhd",)),
    ],
)
def test_r029_a_diagnosis_or_medicine_is_noticed(text: str, words: tuple[str, ...]) -> None:
    assert clinical_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Slaapt slecht sinds de verhuizing en wil weten wat stress doet.",
        "Wants to add a second contact person.",
        "Vraagt om een gesprek met de school van de kinderen.",
        "De impression of the house: rustig.",
        "Is vaak moe en boos; partner ook.",
    ],
)
def test_everyday_words_do_not_warn(text: str) -> None:
    assert clinical_words(text) == ()


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(word == word.casefold() for word in clinical_words(text))
