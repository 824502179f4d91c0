"""From lines to a person, from a proposal to an adopted level, and from one assessor to two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from stelsel.kernel.scales import Likelihood
from tests.threat.scoring_cases import (
    AS_OF,
    ONLINE_THREATS,
    ONLY_SIGNALS,
    ORGANISED_CRIME,
    at_most,
    item,
    line,
    nothing_found,
)
from threat.methodology import Factor
from threat.scoring import (
    EvidenceSet,
    InvalidEvidence,
    Line,
    Outcome,
    adoption_blockers,
    decisive_groups,
    explain,
    latest_review,
    missing_factors,
    needs_calibration,
    needs_consensus,
    override_requirements,
    quadratic_weighted_kappa,
    score,
    score_person,
)

W = Likelihood
HIGH = line(ORGANISED_CRIME)
MEDIUM = line(ONLY_SIGNALS)
LOW = line(ONLINE_THREATS, phenomenon=4)
NOTHING = line([])


def threat(key: str, evidence: EvidenceSet, *, actor: str | None = "known", target: str = "person") -> Line:
    return Line(key=key, target=target, actor=actor, evidence=evidence)


def test_a_person_has_the_level_of_the_highest_line_and_never_a_sum() -> None:
    person = score_person([threat("1", LOW, actor="a"), threat("2", HIGH, actor="b"), threat("3", LOW, actor="c")])

    assert person.level is W.HIGH
    assert not person.multiple_threat


def test_a_line_at_the_next_level_makes_it_multiple_threat() -> None:
    assert score_person([threat("1", HIGH, actor="a"), threat("2", MEDIUM, actor="b")]).multiple_threat


def test_one_line_is_no_multiple_threat() -> None:
    assert not score_person([threat("1", HIGH)]).multiple_threat


def test_a_line_without_level_is_named_and_lowers_nothing() -> None:
    person = score_person([threat("1", NOTHING, actor="a"), threat("2", LOW, actor="b")])

    assert (person.level, person.insufficient) == (W.LOW, ("1",))
    assert person.ask_urgent


def test_a_person_without_any_level_has_none() -> None:
    person = score_person([threat("1", NOTHING)])

    assert (person.level, person.provisional, person.multiple_threat) == (None, False, False)
    assert score_person([]).level is None


def test_an_unknown_actor_is_read_with_each_named_line_of_the_same_target() -> None:
    named = line([item("F1", 3, "B2", "a", 5), item("F2", 3, "B2", "b", 5)])
    unknown = line([item("F3", 3, "B2", "c", 5)])
    partner = threat("3", named, actor="k", target="partner")

    person = score_person([threat("1", named, actor="k"), threat("2", unknown, actor=None), partner])

    first, second, third = person.lines
    together = line([*named.items, *unknown.items])
    assert first.with_unknown["2"].reading == score(together).reading
    assert first.highest is first.with_unknown["2"]
    assert first.alone.level is W.MEDIUM
    assert first.highest.level is W.HIGH
    assert second.with_unknown == {}
    assert third.with_unknown == {}


def test_an_unknown_actors_negative_finding_does_not_lower_a_named_line() -> None:
    unknown = line(nothing_found("Z", 1))

    person = score_person([threat("1", HIGH, actor="k"), threat("2", unknown, actor=None)])

    assert person.lines[0].highest is person.lines[0].alone


@pytest.mark.parametrize(
    ("actors", "needed"),
    [(("a", "b", "c"), True), (("a", "b"), False), (("a", "b", "b"), False), (("a", None, None), True)],
)
def test_three_actors_at_medium_need_a_statement_on_cumulation(actors: tuple[str | None, ...], *, needed: bool) -> None:
    lines = [threat(str(n), MEDIUM, actor=actor, target=f"target {n}") for n, actor in enumerate(actors)]

    assert score_person(lines).cumulation_statement_needed is needed


def test_a_person_is_provisional_only_when_every_highest_line_is() -> None:
    provisional = threat("1", MEDIUM, actor="a")
    firm = threat("2", line([replace(each, kind=ONLY_SIGNALS[1].kind) for each in ONLY_SIGNALS]), actor="b")

    assert score_person([provisional]).provisional
    assert not score_person([provisional, firm]).provisional


def test_a_withheld_request_on_one_line_blocks_low_levels_of_the_person() -> None:
    open_request = replace(LOW, withheld=frozenset({Factor.PREPARATION}))

    assert score_person([threat("1", LOW, actor="a"), threat("2", open_request, actor="b")]).low_level_blocked
    assert not score_person([threat("1", LOW)]).low_level_blocked


def test_faults_of_all_lines_are_named_at_once() -> None:
    wrong = line([item("F1", 9, "B2", "a", 5)])
    later = replace(HIGH, as_of=AS_OF + timedelta(days=1))

    with pytest.raises(InvalidEvidence) as refusal:
        score_person([threat("1", HIGH), threat("1", wrong), threat("3", later)])

    assert [(each.field, each.code) for each in refusal.value.faults] == [
        ("lines[1].items[0].value", "value_outside_scale"),
        ("lines[1].key", "named_twice"),
        ("lines[2].asOf", "lines_differ"),
    ]


@pytest.mark.parametrize(
    ("proposed", "final", "reason", "second"),
    [
        (W.MEDIUM, W.MEDIUM, False, False),
        (W.MEDIUM, W.HIGH, True, False),
        (W.MEDIUM, W.VERY_HIGH, True, True),
        (W.MEDIUM, W.LOW, True, True),
        (W.VERY_HIGH, W.VERY_LOW, True, True),
        (None, W.LOW, True, True),
        (W.HIGH, None, True, True),
        (None, None, False, False),
    ],
)
def test_a_departure_asks_a_reason_and_sometimes_a_second_analyst(
    proposed: Likelihood | None, final: Likelihood | None, *, reason: bool, second: bool
) -> None:
    departure = override_requirements(proposed, final)

    assert (departure.reason_required, departure.second_analyst_required) == (reason, second)


def test_no_level_blocks_nothing_and_without_open_request_low_is_free() -> None:
    assert adoption_blockers(score(replace(LOW, withheld=frozenset({Factor.INTENT}))), None) == ()
    assert adoption_blockers(score(LOW), W.LOW) == ()


def test_only_a_provisional_outcome_has_a_review_norm() -> None:
    assert score(HIGH).outcome is Outcome.LEVEL
    assert latest_review(score(HIGH)) is None


def test_damping_that_is_withheld_does_not_damp_the_highest_reading() -> None:
    withheld = replace(LOW, withheld=frozenset({Factor.DAMPING}))

    assert score(withheld).reading.high > score(LOW).reading.high
    assert score(withheld).index == score(LOW).index


def test_r061_the_explanation_tells_items_groups_prior_and_what_is_missing() -> None:
    result = score(HIGH)
    by_factor = {each.definition.factor: each for each in explain(result)}

    assert by_factor[Factor.INTENT].groups == ("G1", "G2")
    assert [each.position for each in by_factor[Factor.PREPARATION].items] == [4, 5]
    assert by_factor[Factor.CONCRETENESS].from_prior == pytest.approx(4.125)
    assert by_factor[Factor.CONCRETENESS].missing
    assert sum(each.contribution for each in by_factor.values()) == pytest.approx(result.index)
    assert missing_factors(result) == (Factor.CONCRETENESS,)
    assert decisive_groups(result) == ("G4",)


def test_r051_a_withheld_factor_is_missing_although_something_is_known() -> None:
    result = score(replace(HIGH, withheld=frozenset({Factor.INTENT, Factor.DAMPING})))

    assert missing_factors(result) == (Factor.INTENT, Factor.CONCRETENESS, Factor.DAMPING)


def test_assessors_meet_when_the_index_or_the_level_differs() -> None:
    assert needs_consensus(score(HIGH), score(MEDIUM))
    assert needs_consensus(score(MEDIUM), score(NOTHING))
    assert not needs_consensus(score(HIGH), score(HIGH))
    far = line([*nothing_found("Z", 5), item("F2", 4, "A2", "a", 1), item("F5", 4, "A2", "b", 1)])
    near = line(nothing_found("Z", 5))
    assert score(far).level is score(near).level
    assert abs(score(far).index - score(near).index) <= 15
    assert not needs_consensus(score(far), score(near))


def test_an_index_apart_within_one_level_is_a_meeting_too() -> None:
    bottom = line([at_most("F1", 0, "A2", "n", 0), item("F3", 3, "B2", "c", 5), item("F2", 1, "B2", "d", 5)])
    top = line([*ORGANISED_CRIME, item("F2", 4, "A2", "h", 1), item("F5", 4, "A2", "i", 1)])

    assert score(bottom).level is score(top).level is W.HIGH
    assert needs_consensus(score(bottom), score(top))


def test_kappa_is_one_for_equal_ratings_and_undefined_without_variation() -> None:
    assert quadratic_weighted_kappa([1, 2, 3], [1, 2, 3]) == pytest.approx(1.0)
    assert quadratic_weighted_kappa([3, 3], [3, 3]) is None
    assert quadratic_weighted_kappa([3, 3], [4, 4]) == pytest.approx(0.0)
    with pytest.raises(ValueError, match="one rating each"):
        quadratic_weighted_kappa([], [])
    with pytest.raises(ValueError, match="one rating each"):
        quadratic_weighted_kappa([1], [1, 2])


@pytest.mark.parametrize(("kappa", "needed"), [(0.59, True), (0.60, False), (0.8450, False), (None, False)])
def test_low_agreement_asks_a_calibration_session(kappa: float | None, *, needed: bool) -> None:
    assert needs_calibration(kappa) is needed
