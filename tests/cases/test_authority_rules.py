"""Authority by rule: always one answer or a named refusal, never two at a time (R037)."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.authority import (
    BEFORE,
    CIRCULAR_2026,
    RULES,
    Direction,
    Place,
    Post,
    Purpose,
    Question,
    Regime,
    Ruling,
    Whose,
    decide,
    over_person,
)
from cases.lifecycle import Authority

NOW = date(2026, 3, 2)
DAYS = st.dates(min_value=BEFORE, max_value=date(2040, 1, 1))
QUESTIONS = st.builds(
    Question,
    direction=st.sampled_from(Direction),
    on=DAYS,
    regime=st.sampled_from(Regime),
    place=st.sampled_from(Place),
    purpose=st.sampled_from(Purpose),
    post=st.sampled_from(Post),
    own_district=st.booleans(),
    official_function=st.booleans(),
    kmar_object=st.booleans(),
    several_municipalities=st.booleans(),
)


@given(QUESTIONS)
def test_r037_every_measure_on_every_day_has_one_authority_or_a_named_refusal(question: Question) -> None:
    answer = decide(question)

    assert all((answer.rule, answer.name, answer.article))
    assert answer.authority is None or answer.authority in set(Authority)
    assert answer == decide(question)


def test_r037_each_rule_is_reached_so_that_none_is_hidden_behind_another() -> None:
    reached = set()
    flags = [False, True]
    for on in (CIRCULAR_2026 - timedelta(days=1), CIRCULAR_2026):
        for parts in product(Direction, Regime, Place, Purpose, Post):
            for own, official, kmar, several in product(flags, flags, flags, flags):
                direction, regime, place, purpose, post = parts
                question = Question(direction, on, regime, place, purpose, post, own, official, kmar, several)
                reached.add(next(rule.code for rule in RULES if rule.holds(on) and rule.fits(question)))

    assert reached == {rule.code for rule in RULES}


@given(DAYS)
def test_r037_no_two_versions_of_a_rule_hold_on_one_day(on: date) -> None:
    holding = [rule.code for rule in RULES if rule.holds(on)]

    assert len(holding) == len(set(holding))


CASES = {
    "home of a person in the scheme": (Question(Direction.LOCATION, NOW, Regime.SCHEME), Authority.NCTV, Whose.ONE),
    "the same before 2026": (
        Question(Direction.LOCATION, date(2025, 12, 31), Regime.SCHEME, Place.WORK),
        Authority.CHIEF_PROSECUTOR,
        Whose.RESIDENCE,
    ),
    "escort in the scheme": (Question(Direction.PERSON, NOW, Regime.SCHEME, Place.EVENT), Authority.NCTV, Whose.ONE),
    "camera in the local domain": (Question(Direction.LOCATION, NOW), Authority.CHIEF_PROSECUTOR, Whose.RESIDENCE),
    "escort in the local domain": (Question(Direction.PERSON, NOW), None, Whose.ONE),
    "abroad": (Question(Direction.PERSON, NOW, Regime.SCHEME, Place.ABROAD), None, Whose.ONE),
    "abroad with an official function": (
        Question(Direction.PERSON, NOW, Regime.LIST_I, Place.ABROAD, official_function=True),
        Authority.NCTV,
        Whose.ONE,
    ),
    "airport": (
        Question(Direction.LOCATION, NOW, place=Place.KMAR_AREA),
        Authority.CHIEF_PROSECUTOR,
        Whose.PLACE,
    ),
    "order at an event": (
        Question(Direction.LOCATION, NOW, Regime.SCHEME, Place.EVENT, Purpose.PUBLIC_ORDER),
        Authority.MAYOR,
        Whose.PLACE,
    ),
    "military person": (Question(Direction.PERSON, NOW, Regime.MILITARY), Authority.DEFENCE, Whose.ONE),
    "palace": (
        Question(Direction.OBJECT, NOW, purpose=Purpose.PUBLIC_ORDER, kmar_object=True),
        Authority.NCTV,
        Whose.ONE,
    ),
    "embassy, order": (
        Question(Direction.OBJECT, NOW, purpose=Purpose.PUBLIC_ORDER),
        Authority.MAYOR,
        Whose.PLACE,
    ),
    "embassy, enforcement": (Question(Direction.OBJECT, NOW), Authority.CHIEF_PROSECUTOR, Whose.PLACE),
    "service in several municipalities": (
        Question(Direction.SERVICE, NOW, purpose=Purpose.PUBLIC_ORDER, several_municipalities=True),
        Authority.MAYOR,
        Whose.COORDINATING,
    ),
}


@pytest.mark.parametrize(("question", "authority", "whose"), CASES.values(), ids=CASES.keys())
def test_r037_authority_follows_from_measure_place_and_day(
    question: Question, authority: Authority | None, whose: Whose
) -> None:
    answer = decide(question)

    assert (answer.authority, answer.whose) == (authority, whose)


def test_r037_who_would_have_authority_over_themselves_falls_under_another() -> None:
    own = over_person(on=NOW, designated=False, post=Post.CHIEF_PROSECUTOR, own_district=True)
    mayor = over_person(on=NOW, designated=False, post=Post.MAYOR)

    assert (own.authority, own.whose) == (Authority.CHIEF_PROSECUTOR, Whose.ANOTHER)
    assert (mayor.rule, mayor.whose) == ("post_local", Whose.RESIDENCE)


def test_r037_a_ruling_settles_what_the_circulars_leave_open_and_nothing_else() -> None:
    open_question = Question(Direction.LOCATION, NOW, Regime.SCHEME, Place.HOLIDAY)
    settled = Question(Direction.LOCATION, NOW, Regime.SCHEME, Place.HOME)
    rulings = [
        Ruling(rule, Authority.CHIEF_PROSECUTOR, "Letter of 1 March 2026", NOW, NOW + timedelta(days=10))
        for rule in ("scheme_holiday", "scheme_home_work")
    ]

    ruled = decide(open_question, rulings=rulings)

    assert (ruled.authority, ruled.ruled, ruled.sure) == (Authority.CHIEF_PROSECUTOR, True, False)
    assert decide(settled, rulings=rulings).authority is Authority.NCTV
    after = Question(Direction.LOCATION, NOW + timedelta(days=10), Regime.SCHEME, Place.HOLIDAY)
    assert decide(after, rulings=rulings).authority is Authority.NCTV


def test_a_day_before_the_first_circular_has_no_rule() -> None:
    with pytest.raises(ValueError, match="before the first circular"):
        decide(Question(Direction.PERSON, date(2012, 12, 31)))
