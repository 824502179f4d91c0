"""The assessment framework as a rule: every way through a tree ends, in exactly one outcome (R039)."""

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.methodology import Answer, Outcome, Question, Tree, assess, follow, read_tree, require_whole
from stelsel.kernel.errors import Invalid

FIRST = read_tree(import_module("cases.migrations.0015_first_framework").DOCUMENT)


@st.composite
def documents(draw: st.DrawFn) -> list[dict[str, object]]:
    """Any document that says what a tree says: each answer leads onward, each question is reached."""
    size = draw(st.integers(1, 6))
    codes = [f"q{nth}" for nth in range(size)]
    rows: list[dict[str, object]] = []
    for nth, code in enumerate(codes):
        onward = [*codes[nth + 1 :], *Outcome]
        leads = draw(st.lists(st.sampled_from(onward), min_size=1, max_size=3))
        leads.insert(0, codes[nth + 1] if nth + 1 < size else draw(st.sampled_from(list(Outcome))))
        answers = [{"code": f"a{at}", "text": "An answer", "leads": lead} for at, lead in enumerate(leads)]
        rows.append({"code": code, "text": "A question", "answers": answers})
    return rows


@given(documents(), st.data())
def test_r039_whatever_is_answered_leads_to_exactly_one_outcome(
    document: list[dict[str, object]], data: st.DataObject
) -> None:
    tree = read_tree(document)
    answers = {one.code: data.draw(st.sampled_from([answer.code for answer in one.answers])) for one in tree.questions}

    walked = assess(tree, answers)

    assert walked.outcome is not None
    assert assess(tree, walked.way) == walked  # what was stored leads there again
    assert set(walked.way.items()) <= set(answers.items())


@given(documents(), st.dictionaries(st.text(max_size=3), st.text(max_size=3)))
def test_r039_any_answers_at_all_end_or_name_the_question_that_is_open(
    document: list[dict[str, object]], answers: dict[str, str]
) -> None:
    walked = follow(read_tree(document), answers)

    assert (walked.outcome is None) == bool(walked.asks)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.DIRECT),
        ({"aimed": "kin"}, Outcome.DIRECT),  # threat to kin to hurt the target: indirectly aimed at life
        ({"origin": "mixed"}, Outcome.DIRECT),
        ({"threatener": "actor"}, Outcome.DIRECT),
        ({"threatener": "anonymous"}, Outcome.TABLE),
        ({"origin": "not_traceable"}, Outcome.TABLE),
        ({"origin": "another"}, Outcome.TABLE),
        ({"serious": "unclear"}, Outcome.TABLE),
        ({"origin": "relational"}, Outcome.OTHER),
        ({"origin": "witness"}, Outcome.WITNESS_PROTECTION),
        ({"aimed": "no"}, Outcome.LOCAL),
        ({"serious": "no"}, Outcome.BASIC_POLICE_CARE),
    ],
)
def test_r039_the_first_version_tells_the_cases_of_the_circular_apart(
    changes: dict[str, str], outcome: Outcome
) -> None:
    plain = {"serious": "yes", "aimed": "direct", "origin": "phenomenon", "threatener": "known"}

    assert assess(FIRST, plain | changes).outcome is outcome


def test_r039_an_open_question_on_the_way_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        assess(FIRST, {"serious": "yes", "aimed": "direct"})

    assert [fault.field for fault in refusal.value.faults] == ["origin"]


ANSWERS = (Answer("yes", "Yes", "direct"), Answer("no", "No", "local"))


@pytest.mark.parametrize(
    "document",
    [
        [],
        "text",
        [{"code": "q", "text": "Q", "answers": [{"code": "yes", "text": "Yes", "leads": "direct"}]}],
        [{"code": "q", "text": "Q", "answers": [{"code": c, "text": c, "leads": "q"} for c in "ab"]}],
        [{"code": "q", "text": "Q", "answers": [{"code": c, "text": c, "leads": "nowhere"} for c in "ab"]}],
        [{"code": "q", "text": "", "answers": [{"code": c, "text": c, "leads": "direct"} for c in "ab"]}],
        [{"code": k, "text": "Q", "answers": [{"code": c, "text": c, "leads": "direct"} for c in "ab"]} for k in "qr"],
    ],
)
def test_r039_a_document_that_might_not_end_is_refused(document: object) -> None:
    with pytest.raises(Invalid):
        read_tree(document)


def test_r040_shares_make_a_hundred() -> None:
    require_whole({})
    require_whole({"organised_crime": 70, "terrorism": 30})
    with pytest.raises(Invalid):
        require_whole({"organised_crime": 70, "terrorism": 20})


def test_a_tree_of_one_question_ends() -> None:
    assert follow(Tree((Question("q", "Q", ANSWERS),)), {"q": "no"}).outcome is Outcome.LOCAL
