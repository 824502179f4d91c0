"""Each cap, floor and threshold on both of its sides."""

from dataclasses import replace

import pytest

from stelsel.kernel.scales import Likelihood
from tests.threat.scoring_cases import DETAINED, PRINCIPAL_KNOWN, at_most, item, line, nothing_found
from threat.scoring import Evidence, Kind, Outcome, score
from threat.scoring.beliefs import reaches

W = Likelihood
STRONG = (item("F1", 4, "A2", "a", 0), item("F4", 3, "A2", "d", 0), item("F5", 4, "A2", "e", 0))
PARTLY_ABLE = item("F2", 2, "A2", "b", 0)


@pytest.mark.parametrize(("value", "reached"), [(0.40, True), (0.40 - 5e-10, True), (0.40 - 5e-9, False), (0.41, True)])
def test_a_threshold_forgives_only_the_last_digits(value: float, *, reached: bool) -> None:
    assert reaches(value, 0.40) is reached


@pytest.mark.parametrize(
    ("extra", "level"),
    [
        ((), W.MEDIUM),
        ((item("F3", 2, "D2", "c", 0),), W.HIGH),
        ((item("F3", 2, "F6", "c", 0),), W.MEDIUM),
        ((item("F3", 1, "A2", "c", 0),), W.MEDIUM),
        ((item("F2", 3, "A2", "b2", 0),), W.HIGH),
    ],
)
def test_high_needs_preparations_or_intent_with_capacity(extra: tuple[Evidence, ...], level: Likelihood) -> None:
    reading = score(line([*STRONG, PARTLY_ABLE, *extra])).reading

    assert reading.band >= W.HIGH
    assert (reading.capped, reading.level) == (level, level)


def test_capacity_without_known_intent_is_not_high() -> None:
    items = [replace(STRONG[0], value=2), *STRONG[1:], replace(PARTLY_ABLE, value=4)]

    reading = score(line(items)).reading

    assert (reading.band, reading.capped) == (W.HIGH, W.MEDIUM)


def test_belief_and_not_only_support_lifts_a_cap() -> None:
    seen = item("F3", 2, "A2", "c", 0)
    contradicted = at_most("F3", 1, "A2", "n", 0)

    reading = score(line([*STRONG, PARTLY_ABLE, seen, contradicted])).reading

    assert (reading.band, reading.capped) == (W.HIGH, W.MEDIUM)


@pytest.mark.parametrize(
    ("items", "floor"),
    [
        ([item("F1", 1, "A2", "a", 0)], None),
        ([item("F1", 2, "F6", "a", 0)], W.LOW),
        ([item("F1", 2, "D6", "a", 0)], None),
        ([item("F1", 2, "D6", "a", 0), item("F1", 2, "D6", "b", 0)], W.LOW),
        ([item("F2", 4, "A2", "a", 0)], None),
        ([item("F1", 2, "A2", "a", 0), item("F2", 1, "A2", "b", 0)], W.LOW),
        ([item("F1", 2, "A2", "a", 0), item("F2", 2, "A2", "b", 0)], W.MEDIUM),
        ([item("F3", 2, "A2", "a", 0)], None),
        ([item("F3", 3, "D4", "a", 0)], None),
        ([item("F3", 3, "A2", "a", 5000)], W.HIGH),
        ([item("F4", 4, "A2", "a", 0), item("F3", 2, "A2", "b", 0)], None),
        ([item("F4", 3, "A2", "a", 0), item("F3", 2, "A2", "b", 0), item("F1", 2, "A2", "c", 0)], W.LOW),
        ([item("F4", 4, "A2", "a", 0), item("F3", 1, "A2", "b", 0), item("F1", 2, "A2", "c", 0)], W.LOW),
        (
            [item("F4", 4, "A2", "a", 0), item("F3", 2, "A2", "b", 0), item("F1", 2, "A2", "c", 0)],
            W.VERY_HIGH,
        ),
    ],
)
def test_floors_stand_on_support_alone(items: list[Evidence], floor: Likelihood | None) -> None:
    assert score(line(items)).reading.floor == floor


@pytest.mark.parametrize(
    ("grade", "age", "coverage"), [("E2", 0, 0.25), ("E4", 0, 0.0), ("A2", 600, 0.25), ("A2", 900, 0.0)]
)
def test_weak_or_worn_items_buy_no_coverage(grade: str, age: int, coverage: float) -> None:
    assert score(line([item("F1", 1, grade, "a", age)])).reading.coverage == pytest.approx(coverage)


def test_an_item_never_ages_below_a_tenth() -> None:
    (weighed,) = score(line([item("F3", 3, "B2", "a", 5000)])).weighed

    assert weighed.weight == pytest.approx(0.08)


def test_coverage_of_exactly_the_least_is_enough() -> None:
    covered = score(line([item("F1", 2, "A2", "a", 0), item("F5", 2, "A2", "b", 0)]))

    assert covered.outcome is Outcome.LEVEL
    assert score(line([item("F1", 2, "A2", "a", 0)])).outcome is Outcome.INSUFFICIENT


@pytest.mark.parametrize(
    "second",
    [
        [at_most("F1", 2, "B2", "Y", 5), at_most("F3", 0, "B2", "Y", 5)],
        [at_most("F1", 0, "B2", "Y", 5), at_most("F3", 0, "B2", "Y", 900)],
        [at_most("F1", 0, "B2", "Y", 5), at_most("F3", 0, "B2", "Z", 4)],
        [at_most("F1", 0, "B2", "Y", 5), item("F3", 1, "E2", "Y", 5)],
        [at_most("F1", 0, "B2", "Y", 5), at_most("F2", 0, "B2", "Y", 5)],
    ],
)
def test_very_low_is_refused_to_a_search_too_wide_worn_out_repeated_or_elsewhere(
    second: list[Evidence],
) -> None:
    result = score(line([*nothing_found("Z", 5), *second]))

    assert (result.reading.band, result.level) == (W.VERY_LOW, W.LOW)


def test_very_low_is_granted_to_a_second_search_of_intent_and_preparations() -> None:
    second = [at_most("F1", 1, "B2", "Y", 5), at_most("F3", 1, "B2", "Y", 5)]

    assert score(line([*nothing_found("Z", 5), *second])).level is W.VERY_LOW


def test_a_signal_that_lifts_a_firm_lower_floor_is_provisional() -> None:
    firm = item("F1", 3, "B2", "a", 5)
    signal = item("F3", 3, "C3", "fam", 1, kind=Kind.SIGNAL)

    assert score(line([firm, signal])).outcome is Outcome.PROVISIONAL
    assert score(line([firm, replace(signal, kind=Kind.CONCRETE)])).outcome is Outcome.LEVEL


def test_a_signal_beneath_a_higher_index_leaves_the_level_firm() -> None:
    items = [replace(each, kind=Kind.SIGNAL) for each in PRINCIPAL_KNOWN]

    reading = score(line(items)).reading

    assert (reading.floor, reading.level, reading.outcome) == (W.MEDIUM, W.HIGH, Outcome.LEVEL)


@pytest.mark.parametrize("phenomenon", [1, 2])
def test_doubt_about_damping_always_acts(phenomenon: int) -> None:
    damped = [*PRINCIPAL_KNOWN, replace(DETAINED, order_withdrawn=True)]
    doubt = at_most("F6", 1, "B2", "z", 1)

    before, after = (score(line(items, phenomenon=phenomenon)) for items in (damped, [*damped, doubt]))

    assert after.index > before.index
