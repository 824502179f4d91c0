"""Every number printed in the worked examples of the method, to four decimals."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from stelsel.kernel.scales import Likelihood, Severity
from tests.threat.scoring_cases import (
    A_RELATIVES_WARNING,
    DETAINED,
    ONLINE_THREATS,
    ONLY_SIGNALS,
    ORGANISED_CRIME,
    PRINCIPAL_KNOWN,
    item,
    line,
    nothing_found,
    without,
)
from threat.methodology import GDB_1_0, Factor
from threat.scoring import (
    Evidence,
    Outcome,
    Result,
    adoption_blockers,
    asks_urgent_measures,
    latest_review,
    override_requirements,
    quadratic_weighted_kappa,
    raw_agreement,
    score,
)

W = Likelihood


def four(values: Iterable[float]) -> list[str]:
    return [f"{value:.4f}" for value in values]


def said(result: Result) -> tuple[str, Likelihood | None, Outcome]:
    return f"{result.index:.4f}", result.level, result.outcome


def interval(result: Result) -> list[str]:
    return four((result.reading.low, result.reading.high))


def weights(result: Result) -> list[str]:
    return four(each.weight for each in result.weighed)


def expected(result: Result) -> list[str]:
    return four(result.reading.factors[factor].expected for factor in list(Factor)[:5])


def copies(items: Sequence[Evidence], origin: str, names: Iterable[str]) -> tuple[Evidence, ...]:
    first = next(each for each in items if each.group == origin)
    return (*items, *(replace(first, group=name) for name in names))


class TestOrganisedCrime:
    def test_items_weigh_what_the_table_prints(self) -> None:
        assert weights(score(line(ORGANISED_CRIME))) == [
            "0.7850", "0.5776", "0.5943", "0.8235", "0.7127", "0.4243", "0.8235",
        ]  # fmt: skip

    def test_evidence_only_beliefs(self) -> None:
        factors = score(line(ORGANISED_CRIME)).reading.factors

        assert {factor.value: four(factors[factor].evidence_beliefs) for factor in list(Factor)[:5]} == {
            "F1": ["0.9128", "0.9128", "0.9128", "0.0000"],
            "F2": ["0.8235", "0.8235", "0.8235", "0.8235"],
            "F3": ["0.8346", "0.8346", "0.7127", "0.0000"],
            "F4": ["0.0000", "0.0000", "0.0000", "0.0000"],
            "F5": ["0.8235", "0.8235", "0.8235", "0.0000"],
        }

    def test_expectations_and_contributions(self) -> None:
        result = score(line(ORGANISED_CRIME))

        assert expected(result) == ["2.8799", "3.4882", "2.6300", "1.1000", "2.7058"]
        assert four(result.reading.contributions.values())[:5] == [
            "17.9993", "17.4408", "16.4373", "4.1250", "10.1469",
        ]  # fmt: skip

    def test_outcome(self) -> None:
        result = score(line(ORGANISED_CRIME))

        assert said(result) == ("66.1492", W.HIGH, Outcome.LEVEL)
        assert interval(result) == ["38.5671", "92.8720"]
        assert four([result.reading.coverage]) == ["0.8500"]
        assert (result.reading.band, result.reading.capped) == (W.HIGH, W.HIGH)

    def test_time_and_place_unknown_caps_very_high_at_high(self) -> None:
        sure = [replace(each, value=4, reliability="A") for each in ORGANISED_CRIME]

        result = score(line([*sure, *(replace(each, group=f"{each.group}-2") for each in sure)]))

        assert result.reading.band is W.VERY_HIGH
        assert result.level is W.HIGH

    @pytest.mark.parametrize(
        ("group", "index", "level"),
        [
            ("G1", "62.2683", W.HIGH),
            ("G2", "64.5915", W.HIGH),
            ("G3", "54.2084", W.HIGH),
            ("G4", "59.6363", W.MEDIUM),
            ("G5", "65.2732", W.HIGH),
            ("G6", "60.1273", W.HIGH),
        ],
    )
    def test_leaving_one_group_out(self, group: str, index: str, level: Likelihood) -> None:
        left_out = score(line(ORGANISED_CRIME)).without_group[group]

        assert (f"{left_out.index:.4f}", left_out.level) == (index, level)
        again = score(line(without(group, ORGANISED_CRIME)))
        assert (left_out.index, left_out.level, left_out.outcome) == (again.index, again.level, again.outcome)

    def test_without_the_capacity_source_the_floor_carries_the_level(self) -> None:
        reading = score(line(without("G3", ORGANISED_CRIME))).reading

        assert (reading.band, reading.floor, reading.level) == (W.MEDIUM, W.HIGH, W.HIGH)

    def test_one_source_counted_as_two_would_raise_the_index(self) -> None:
        twice = [replace(each, group="G2b") if n == 2 else each for n, each in enumerate(ORGANISED_CRIME)]

        result = score(line(twice))

        assert (expected(result)[0], said(result)[0]) == ("2.9781", "66.7634")

    def test_the_pair_with_severe_gives_advisory_step_4(self) -> None:
        assert GDB_1_0.advisory_step(Severity.SEVERE, W.HIGH) == 4

    def test_ninety_days_later_the_floor_keeps_the_level(self) -> None:
        result = score(line(ORGANISED_CRIME, days_later=90))

        assert said(result) == ("58.9925", W.HIGH, Outcome.LEVEL)
        assert interval(result) == ["23.4691", "90.0250"]
        assert (result.reading.band, result.reading.floor) == (W.MEDIUM, W.HIGH)

    def test_a_withheld_factor_counts_as_missing_above(self) -> None:
        result = score(line(ORGANISED_CRIME, withheld=["F2"]))

        assert interval(result) == ["38.5671", "90.9026"]
        assert said(result)[0] == "66.1492"


class TestOnlySignalsAndPhenomenonKnowledge:
    def test_outcome_is_medium_and_provisional_though_nothing_is_concrete(self) -> None:
        result = score(line(ONLY_SIGNALS))

        assert weights(result) == ["0.5977", "0.7210", "0.7557"]
        assert expected(result) == ["2.2656", "3.1909", "1.1000", "1.1000", "2.5736"]
        assert said(result) == ("50.7653", W.MEDIUM, Outcome.PROVISIONAL)
        assert interval(result) == ["15.1911", "95.6964"]
        assert four([result.reading.coverage]) == ["0.6000"]
        assert latest_review(result) == result.as_of + timedelta(days=14)

    def test_the_same_from_a_concrete_source_is_not_provisional(self) -> None:
        firm = [replace(each, kind=ONLY_SIGNALS[1].kind) for each in ONLY_SIGNALS]

        assert score(line(firm)).outcome is Outcome.LEVEL

    def test_the_persons_signal_alone_is_insufficient_and_asks_the_urgent_question(self) -> None:
        result = score(line(ONLY_SIGNALS[:1]))

        assert said(result) == ("34.7848", None, Outcome.INSUFFICIENT)
        assert interval(result) == ["2.0132", "97.1210"]
        assert four([result.reading.coverage]) == ["0.2500"]
        assert result.ask_urgent

    def test_nothing_at_all_is_insufficient(self) -> None:
        result = score(line([]))

        assert said(result) == ("27.5000", None, Outcome.INSUFFICIENT)
        assert interval(result) == ["0.0000", "100.0000"]

    @pytest.mark.parametrize(
        ("severity", "in_force", "asks"),
        [
            (Severity.SEVERE, False, True),
            (Severity.VERY_SEVERE, False, True),
            (Severity.MEDIUM, False, False),
            (Severity.SEVERE, True, False),
        ],
    )
    def test_the_urgent_question_needs_severity_and_no_measure_in_force(
        self, severity: Severity, *, in_force: bool, asks: bool
    ) -> None:
        result = score(line(ONLY_SIGNALS[:1]))

        assert asks_urgent_measures(result, severity, urgent_measures_in_force=in_force) is asks


class TestManyOnlineThreats:
    def test_outcome(self) -> None:
        result = score(line(ONLINE_THREATS, phenomenon=4))

        assert weights(result) == [
            "0.6915", "0.5943", "0.7850", "0.1389", "0.7698", "0.5863", "0.7138", "0.8260",
        ]  # fmt: skip
        assert expected(result) == ["2.4484", "1.0439", "0.8612", "1.3931", "1.9209"]
        assert four([result.reading.factors[Factor.DAMPING].evidence_expected]) == ["2.4781"]
        assert four([result.reading.coverage, result.reading.damping, result.reading.undamped]) == [
            "1.0000", "0.8141", "38.3327",
        ]  # fmt: skip
        assert said(result) == ("31.2084", W.LOW, Outcome.LEVEL)
        assert interval(result) == ["7.3571", "47.3578"]
        assert not result.ask_urgent

    def test_forty_copies_of_one_origin_change_nothing(self) -> None:
        forty = copies(ONLINE_THREATS, "X", ["X"] * 39)

        assert score(line(forty, phenomenon=4)).reading == score(line(ONLINE_THREATS, phenomenon=4)).reading

    def test_forty_copies_wrongly_taken_for_forty_sources(self) -> None:
        forty = copies(ONLINE_THREATS, "X", [f"X{n}" for n in range(39)])

        assert said(score(line(forty, phenomenon=4))) == ("34.2694", W.LOW, Outcome.LEVEL)

    def test_three_truly_independent_origins(self) -> None:
        result = score(line(copies(ONLINE_THREATS, "X", ["X2", "X3"]), phenomenon=4))

        assert four(result.reading.factors[Factor.INTENT].evidence_beliefs)[2] == "0.9706"
        assert said(result)[0] == "33.9781"

    def test_without_the_origin_of_the_threats(self) -> None:
        result = score(line(without("X", ONLINE_THREATS), phenomenon=4))

        assert said(result) == ("23.4520", W.LOW, Outcome.LEVEL)
        assert interval(result) == ["1.7015", "56.3960"]
        assert four([result.reading.coverage]) == ["0.6000"]

    def test_withheld_preparations_widen_the_interval_and_block_low_levels(self) -> None:
        result = score(line(ONLINE_THREATS, phenomenon=4, withheld=["F3"]))

        assert interval(result)[1] == "59.7368"
        assert [each.code for each in adoption_blockers(result, W.LOW)] == ["low_level_blocked"]
        assert adoption_blockers(result, W.MEDIUM) == ()

    def test_raising_one_step_needs_a_reason_and_lowering_a_second_analyst(self) -> None:
        up = override_requirements(W.LOW, W.MEDIUM)
        down = override_requirements(W.LOW, W.VERY_LOW)

        assert (up.reason_required, up.second_analyst_required) == (True, False)
        assert (down.reason_required, down.second_analyst_required) == (True, True)


def test_preparations_seen_propose_a_level_in_spite_of_low_coverage() -> None:
    result = score(line([item("F3", 3, "B2", "G", 1)]))

    assert said(result) == ("37.1752", W.HIGH, Outcome.PROVISIONAL)
    assert interval(result) == ["7.3000", "97.8262"]
    assert four([result.reading.coverage]) == ["0.2500"]


def test_very_low_needs_two_searches() -> None:
    one = score(line(nothing_found("Z", 5)))
    two = score(line([*nothing_found("Z", 5), *nothing_found("Y", 5)]))

    assert said(one) == ("11.5039", W.LOW, Outcome.LEVEL)
    assert interval(one) == ["0.0000", "30.9492"]
    assert (one.reading.band, four([one.reading.coverage])) == (W.VERY_LOW, ["1.0000"])
    assert said(two) == ("7.9303", W.VERY_LOW, Outcome.LEVEL)


def test_a_relatives_warning_outlives_a_search_that_found_nothing() -> None:
    result = score(line([*A_RELATIVES_WARNING, *nothing_found("Z", 1)]))

    assert said(result) == ("16.9676", W.HIGH, Outcome.PROVISIONAL)


def test_a_warning_that_cannot_be_judged_still_proposes_high() -> None:
    unjudged = [replace(each, reliability="F", credibility=6) for each in A_RELATIVES_WARNING]

    result = score(line(unjudged))

    assert said(result) == ("38.4163", W.HIGH, Outcome.PROVISIONAL)
    assert four([result.reading.coverage]) == ["0.5000"]


def test_an_analyst_who_marks_the_warning_lapsed_disarms_it() -> None:
    lapsed = [replace(each, lapsed=True) for each in A_RELATIVES_WARNING]

    result = score(line([*lapsed, *nothing_found("Z", 1)]))

    assert said(result) == ("16.9676", W.LOW, Outcome.LEVEL)


@pytest.mark.parametrize(
    ("phenomenon", "withdrawn", "index", "level"),
    [
        (1, False, "60.7586", W.HIGH),
        (1, True, "44.9292", W.MEDIUM),
        (2, False, "44.9292", W.MEDIUM),
        (3, False, "60.7586", W.HIGH),
        (4, False, "44.9292", W.MEDIUM),
    ],
)
def test_detention_damps_only_where_it_ends_the_threat(
    phenomenon: int, *, withdrawn: bool, index: str, level: Likelihood
) -> None:
    detained = replace(DETAINED, order_withdrawn=withdrawn)

    result = score(line([*PRINCIPAL_KNOWN, detained], phenomenon=phenomenon))

    assert said(result) == (index, level, Outcome.LEVEL)
    assert f"{result.reading.undamped:.4f}" == "60.7586"


def test_an_order_preparations_and_a_known_time_and_place_are_very_high() -> None:
    items = [item("F1", 4, "B2", "a", 5), item("F2", 3, "B2", "b", 5), item("F3", 3, "B2", "c", 5)]

    result = score(line([*items, item("F4", 4, "B2", "d", 2)]))

    assert said(result) == ("67.3148", W.VERY_HIGH, Outcome.LEVEL)


def test_worn_out_items_buy_no_coverage_and_are_not_low() -> None:
    worn = [item("F1", 4, "B2", "a", 700), item("F2", 4, "A2", "b", 700), item("F5", 3, "A2", "c", 700)]

    result = score(line(worn))

    assert said(result) == ("39.5277", None, Outcome.INSUFFICIENT)
    assert four([result.reading.coverage]) == ["0.2000"]


def test_kappa_of_two_assessors() -> None:
    first, second = [3, 4, 2, 4, 3, 5, 2, 3, 4, 1], [3, 4, 3, 4, 2, 4, 2, 3, 5, 1]

    assert raw_agreement(first, second) == pytest.approx(0.60)
    assert four([quadratic_weighted_kappa(first, second) or 0.0]) == ["0.8450"]
