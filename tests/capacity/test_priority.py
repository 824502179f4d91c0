"""A planning problem is read whole or refused with every fault; tiers and floors follow their tables."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from capacity.priority import (
    Problem,
    TierAnswers,
    canonical,
    cost_of_order,
    displaced,
    floor_table,
    input_hash,
    needs_authority,
    problem_document,
    read_problem,
    tier_table,
)
from capacity.working_time import RULE_SET_CODES
from stelsel.kernel.errors import Invalid
from tests.capacity.problems import Row, at, example_problem

DAY = date(2026, 3, 23)


@pytest.fixture
def document() -> Row:
    return example_problem(2, 2, 2, 1)


def read(document: Row) -> Problem:
    return read_problem(document, rule_sets=RULE_SET_CODES)


def test_a_problem_survives_reading_and_writing(document: Row) -> None:
    again = problem_document(read(document))

    assert canonical(again) == canonical(document)
    assert input_hash(read(again)) == input_hash(read(document))


def test_every_fault_is_named_at_once(document: Row) -> None:
    document["surprise"] = 1
    del document["zone"]
    line = document["lines"][0]
    line.update(floor=9, end=at(13), start="2026-03-23T06:00:00", kind="party")

    with pytest.raises(Invalid) as refusal:
        read(document)

    faults = {(fault.field, fault.code) for fault in refusal.value.faults}
    assert faults == {
        ("problem.surprise", "unknown_key"),
        ("problem.zone", "missing_key"),
        ("lines[0].start", "zone"),
        ("lines[0].kind", "unknown_code"),
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["lines"][0].update(floor=9), "floor"),
        (lambda d: d["lines"][0].update(end=at(12.1)), "too_long"),
        (lambda d: d["lines"][0].update(assignment="A999"), "unknown_id"),
        (lambda d: d["present"].append({"line": "L", "team": "T"}), "unknown_id"),
        (lambda d: d["teams"][0]["available"].append({"start": at(1), "end": at(2)}), "overlap"),
        (lambda d: d["lines"].append(d["lines"][0]), "twice"),
        (lambda d: d["assignments"][0]["concepts"].append("light"), "no_lines"),
        (lambda d: d["teams"][0].update(ruleSet="NONE"), "unknown_code"),
        (lambda d: d["borne"].append(None), "object"),
        (lambda d: d.update(pins=None), "list"),
    ],
)
def test_a_problem_that_means_nothing_is_refused(document: Row, change: Callable[[Row], object], code: str) -> None:
    document["lines"][0].update(start=at(0), end=at(8))
    change(document)

    with pytest.raises(Invalid) as refusal:
        read(document)

    assert code in {fault.code for fault in refusal.value.faults}


@pytest.mark.parametrize(
    ("answers", "tier", "ground"),
    [
        (TierAnswers(urgent_or_provisional=True, likelihood=1), 1, "urgent-or-provisional"),
        (TierAnswers(likelihood=5), 1, "likelihood-5"),
        (TierAnswers(likelihood=4, raised_risk_in=timedelta(hours=72)), 1, "likelihood-4-raised-risk"),
        (TierAnswers(likelihood=4, raised_risk_in=timedelta(hours=72, minutes=1)), 2, "likelihood-4"),
        (TierAnswers(likelihood=2, information_sufficient=False), 2, "information-insufficient"),
        (TierAnswers(), 2, "information-insufficient"),
        (TierAnswers(likelihood=3), 3, "likelihood-3"),
        (TierAnswers(likelihood=1, category_one_standard=True), 3, "category-one-standard"),
        (TierAnswers(likelihood=1), 4, "rest"),
        (TierAnswers(likelihood=1, severity=5), 3, "rest"),
        (TierAnswers(likelihood=5, severity=5), 1, "likelihood-5"),
    ],
)
def test_the_table_proposes_a_tier(answers: TierAnswers, tier: int, ground: str) -> None:
    proposal = tier_table(on=DAY).propose(answers)

    assert (proposal.tier, proposal.ground, proposal.version) == (tier, ground, "tier-1.0")


def test_the_floor_follows_the_required_resistance_level() -> None:
    assert [floor_table(on=DAY).floor(level=level, required=3) for level in range(1, 6)] == [0, 1, 2, 3, 3]


def test_a_plan_with_nothing_below_required_and_nothing_worse_needs_no_authority(document: Row) -> None:
    document["teams"] = document["teams"][:1]
    problem = read(document)
    concepts = {assignment.id: "standard" for assignment in problem.assignments}

    rows = displaced(problem, (), concepts)

    assert {row.line for row in rows} == {line.id for line in problem.lines if line.required}
    assert needs_authority(rows)
    assert not needs_authority(())


def test_the_cost_of_the_order_of_tiers_is_said_beyond_the_norm() -> None:
    costs = cost_of_order({1: 0, 2: 0, 3: 9, 4: 0}, {1: 2, 2: 0, 3: 0, 4: 0})

    assert (costs[0].tier, costs[0].won, costs[0].lost) == (1, 2, 9)
    assert costs[0].exceeds(3.0)
    assert not costs[0].exceeds(4.5)
