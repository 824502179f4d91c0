"""A version of the method is sound data, and stays what was published."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from stelsel.kernel.scales import Likelihood, RequiredResistance, Severity
from threat.methodology import GDB_1_0, METHODOLOGIES, Factor, Methodology, _published


def with_weight(factor: Factor, weight: float) -> Methodology:
    factors = dict(GDB_1_0.factors)
    factors[factor] = replace(factors[factor], weight=weight)
    return replace(GDB_1_0, factors=MappingProxyType(factors))


def test_the_published_version_has_no_flaws() -> None:
    assert GDB_1_0.flaws() == ()
    assert METHODOLOGIES["GDB-1.0"] is GDB_1_0


def test_r061_weights_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to 1"):
        _published(with_weight(Factor.INTENT, 0.30))


def test_the_same_version_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        _published(GDB_1_0, GDB_1_0)


@pytest.mark.parametrize("row", range(5))
def test_an_advice_with_neighbours_two_steps_apart_is_refused(row: int) -> None:
    advice = [*GDB_1_0.advice]
    advice[row] = (5, *advice[row][1:])

    assert replace(GDB_1_0, advice=tuple(advice)).flaws()


def test_neighbouring_cells_of_the_advice_differ_by_at_most_one_step() -> None:
    for severity in Severity:
        for likelihood in Likelihood:
            here = GDB_1_0.advisory_step(severity, likelihood)
            if severity < Severity.VERY_SEVERE:
                assert 0 <= GDB_1_0.advisory_step(Severity(severity + 1), likelihood) - here <= 1
            if likelihood < Likelihood.VERY_HIGH:
                assert 0 <= GDB_1_0.advisory_step(severity, Likelihood(likelihood + 1)) - here <= 1


def test_every_factor_has_five_written_anchors_in_both_languages() -> None:
    for definition in GDB_1_0.factors.values():
        anchors = (*definition.anchors_nl, *definition.anchors_en)
        assert len(anchors) == 10
        assert all(anchors)
        assert definition.name_nl
        assert definition.name_en


def test_confirmation_is_not_counted_twice() -> None:
    assert GDB_1_0.credibility[1] == GDB_1_0.credibility[2]


def test_unknown_grades_are_not_the_worst() -> None:
    assert GDB_1_0.reliability["F"] > GDB_1_0.reliability["D"]
    assert GDB_1_0.credibility[6] > GDB_1_0.credibility[4]


def test_a_version_cannot_be_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        GDB_1_0.least_coverage = 0.0  # type: ignore[misc]  # the refusal is what is tested
    with pytest.raises(TypeError):
        GDB_1_0.reliability["A"] = 1.0  # type: ignore[index]  # the refusal is what is tested


@pytest.mark.parametrize(("scale", "letter"), [(Severity, "E"), (Likelihood, "W"), (RequiredResistance, "R")])
def test_each_step_of_a_scale_has_a_code_and_its_words(
    scale: type[Severity | Likelihood | RequiredResistance], letter: str
) -> None:
    assert [step.code for step in scale] == [f"{letter}{n}" for n in range(1, 6)]
    for step in scale:
        words = step.wording
        assert all((words.name_nl, words.name_en, words.description_nl, words.description_en))


@pytest.mark.parametrize("factor", list(Factor))
def test_the_documented_table_is_the_one_that_scores(factor: Factor) -> None:
    text = (Path(__file__).parents[2] / "docs" / "method" / "gdb-1.0.md").read_text(encoding="utf-8")
    definition = GDB_1_0.factors[factor]
    weight = f"{definition.weight:.2f}" if definition.weight else "damps at most 30 %"

    cells = (f"{factor}", definition.name_nl, definition.name_en, *definition.anchors_en, weight)
    assert f"| {' | '.join(cells)} | {definition.half_life_days} d |" in text


def test_the_published_numbers_are_never_edited() -> None:
    assert dict(GDB_1_0.reliability) == {"A": 0.95, "B": 0.80, "C": 0.60, "D": 0.35, "E": 0.15, "F": 0.45}
    assert dict(GDB_1_0.credibility) == {1: 0.80, 2: 0.80, 3: 0.60, 4: 0.35, 5: 0.10, 6: 0.45}
    assert GDB_1_0.priors == (0.50, 0.35, 0.20, 0.05)
    assert (GDB_1_0.least_freshness, GDB_1_0.contradiction_strength) == (0.10, 0.75)
    assert (GDB_1_0.covering_weight, GDB_1_0.least_coverage, GDB_1_0.largest_damping) == (0.25, 0.40, 0.30)
    assert GDB_1_0.band_tops == (20.0, 40.0, 60.0, 80.0)
    assert (GDB_1_0.cap_belief, GDB_1_0.floor_support) == (0.50, 0.40)
    assert GDB_1_0.urgent_high == 60.0
    assert GDB_1_0.urgent_severity is Severity.SEVERE
    assert (GDB_1_0.searched_value, GDB_1_0.searching_groups) == (1, 2)
    norms = GDB_1_0.norms
    assert (norms.review_provisional_days, norms.consensus_index_gap, norms.calibration_kappa) == (
        14,
        15,
        0.60,
    )
    assert (norms.assessors, norms.quality_sample_assessors) == (2, 3)
    assert GDB_1_0.advice == (
        (1, 1, 1, 1, 2),
        (1, 1, 2, 2, 3),
        (1, 2, 2, 3, 4),
        (2, 2, 3, 4, 5),
        (2, 3, 4, 5, 5),
    )
