"""What must hold for any evidence, searched by hypothesis."""

import math
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.kernel.scales import Likelihood
from tests.threat.scoring_cases import AS_OF, F1_TO_F5
from threat.methodology import GDB_1_0, Factor, Phenomenon
from threat.scoring import Bound, Evidence, EvidenceSet, Kind, Outcome, Result, adoption_blockers, score

DRIFT = 1e-9
UNHURRIED = settings(deadline=None)  # a busy machine is no fault of a rule
ANY_FACTOR = st.sampled_from(Factor)
ANY_BOUND = st.sampled_from(Bound)
AT_LEAST = st.just(Bound.AT_LEAST)
AT_MOST = st.just(Bound.AT_MOST)


@st.composite
def items(
    draw: st.DrawFn,
    factors: st.SearchStrategy[Factor] = ANY_FACTOR,
    bounds: st.SearchStrategy[Bound] = ANY_BOUND,
) -> Evidence:
    """Any valid item; concrete and phenomenon have different origins; credibility 1 is tested elsewhere."""
    factor, bound, kind = draw(factors), draw(bounds), draw(st.sampled_from(Kind))
    timed = factor is Factor.CONCRETENESS and draw(st.booleans())
    group = draw(st.sampled_from("abcdef"))
    return Evidence(
        factor=factor,
        value=draw(st.integers(1, 4) if bound is Bound.AT_LEAST else st.integers(0, 3)),
        bound=bound,
        kind=kind,
        reliability=draw(st.sampled_from("ABCDEF")),
        credibility=draw(st.integers(2, 6)),
        group=f"known-{group}" if kind is Kind.PHENOMENON else group,
        valid_as_of=AS_OF - timedelta(days=draw(st.integers(0, 1500))),
        window_end=AS_OF + timedelta(days=draw(st.integers(-20, 20))) if timed else None,
        lapsed=draw(st.booleans()),
        order_withdrawn=factor is Factor.DAMPING and draw(st.booleans()),
    )


WEIGHED = st.sampled_from(F1_TO_F5)
DAMPING = st.just(Factor.DAMPING)
EVIDENCE = st.builds(
    EvidenceSet,
    as_of=st.just(AS_OF),
    phenomenon=st.sampled_from(Phenomenon),
    items=st.lists(items(), max_size=12).map(tuple),
    withheld=st.frozensets(st.sampled_from(Factor), max_size=2),
    method=st.just(GDB_1_0),
)


def more(evidence: EvidenceSet, extra: Evidence) -> EvidenceSet:
    return replace(evidence, items=(*evidence.items, extra))


def assert_not_lower(before: Result, after: Result) -> None:
    """The index and the level; where no level is proposed there is nothing to compare with."""
    assert after.index >= before.index - DRIFT
    if before.level is not None and after.level is not None:
        assert after.level >= before.level


@UNHURRIED
@given(EVIDENCE, items(WEIGHED, AT_LEAST))
def test_one_more_sign_of_threat_never_lowers_index_or_level(evidence: EvidenceSet, extra: Evidence) -> None:
    before, after = score(evidence), score(more(evidence, extra))

    assert_not_lower(before, after)
    assert before.level is None or after.level is not None


@UNHURRIED
@given(EVIDENCE, items(WEIGHED, AT_MOST))
def test_one_more_negative_finding_never_raises_index_or_level(evidence: EvidenceSet, extra: Evidence) -> None:
    assert_not_lower(score(more(evidence, extra)), score(evidence))


@UNHURRIED
@given(EVIDENCE, items(DAMPING, AT_LEAST))
def test_one_more_damping_factor_never_raises_index_or_level(evidence: EvidenceSet, extra: Evidence) -> None:
    assert_not_lower(score(more(evidence, extra)), score(evidence))


@UNHURRIED
@given(EVIDENCE, items(DAMPING, AT_MOST))
def test_one_more_doubt_about_damping_never_lowers_index_or_level(evidence: EvidenceSet, extra: Evidence) -> None:
    assert_not_lower(score(evidence), score(more(evidence, extra)))


@UNHURRIED
@given(EVIDENCE, items(WEIGHED, AT_MOST))
def test_a_negative_finding_never_disarms_a_floor(evidence: EvidenceSet, extra: Evidence) -> None:
    assert score(more(evidence, extra)).reading.floor == score(evidence).reading.floor


@UNHURRIED
@given(EVIDENCE, st.integers(0, 2000))
def test_patience_never_disarms_a_floor(evidence: EvidenceSet, days: int) -> None:
    later = replace(evidence, as_of=evidence.as_of + timedelta(days=days))

    assert score(later).reading.floor == score(evidence).reading.floor


@UNHURRIED
@given(EVIDENCE, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_no_digit(evidence: EvidenceSet, random: Random) -> None:
    shuffled = list(evidence.items)
    random.shuffle(shuffled)

    before, after = score(evidence), score(replace(evidence, items=tuple(shuffled)))

    assert after.reading == before.reading
    assert after.without_group == before.without_group


@UNHURRIED
@given(EVIDENCE.filter(lambda evidence: bool(evidence.items)), st.integers(0, 11))
def test_a_copy_inside_its_group_changes_nothing(evidence: EvidenceSet, position: int) -> None:
    copy = evidence.items[position % len(evidence.items)]

    assert score(more(evidence, copy)).reading == score(evidence).reading


@UNHURRIED
@given(EVIDENCE)
def test_contributions_sum_to_the_index_inside_its_interval(evidence: EvidenceSet) -> None:
    reading = score(evidence).reading

    assert math.fsum(reading.contributions.values()) == pytest.approx(reading.index, abs=1e-9)
    assert 0 <= reading.low <= reading.index <= reading.high <= 100
    assert 0.70 - DRIFT <= reading.damping <= 1
    assert reading.index <= reading.undamped + DRIFT


@UNHURRIED
@given(EVIDENCE)
def test_beliefs_are_chances_that_fall_with_the_value(evidence: EvidenceSet) -> None:
    for each in score(evidence).reading.factors.values():
        for beliefs in (each.beliefs, each.evidence_beliefs):
            assert all(0 <= belief <= 1 for belief in beliefs)
            assert all(lower <= upper + DRIFT for upper, lower in pairwise(beliefs))


@UNHURRIED
@given(EVIDENCE)
def test_a_low_level_is_never_adoptable_while_a_request_is_open(evidence: EvidenceSet) -> None:
    result = score(evidence)

    for level in (Likelihood.VERY_LOW, Likelihood.LOW):
        assert bool(adoption_blockers(result, level)) == bool(evidence.withheld)


@UNHURRIED
@given(EVIDENCE)
def test_low_coverage_is_insufficient_or_provisional_and_never_a_plain_level(evidence: EvidenceSet) -> None:
    result = score(evidence)

    assert (result.level is None) == (result.outcome is Outcome.INSUFFICIENT)
    if result.reading.coverage < 0.40 - DRIFT:
        assert result.outcome is not Outcome.LEVEL
        assert result.level is None or result.level >= Likelihood.HIGH


@UNHURRIED
@given(EVIDENCE)
def test_a_withheld_factor_never_narrows_the_interval_from_above(evidence: EvidenceSet) -> None:
    open_request = replace(evidence, withheld=frozenset(Factor))

    assert score(open_request).reading.high >= score(replace(evidence, withheld=frozenset())).reading.high - DRIFT
