"""What would change a level is told by what really happens when it is found."""

import pytest
from hypothesis import given, settings

from tests.threat.scoring_cases import ORGANISED_CRIME, line
from tests.threat.test_scoring_properties import EVIDENCE
from threat.methodology import GDB_1_0
from threat.scoring import Bound, EvidenceSet, score, what_would_change
from threat.scoring.sensitivity import with_finding
from threat.views.explain import matrix_of


@settings(deadline=None, max_examples=40)
@given(EVIDENCE)
def test_r061_each_finding_that_is_told_gives_the_outcome_that_is_told(evidence: EvidenceSet) -> None:
    now = score(evidence)

    for change in what_would_change(evidence):
        found = score(with_finding(evidence, change.factor, change.bound, change.value))
        assert (found.level, found.outcome) == (change.level, change.outcome) != (now.level, now.outcome)
        milder = change.value - 1 if change.bound is Bound.AT_LEAST else change.value + 1
        if 1 <= milder <= 3:
            same = score(with_finding(evidence, change.factor, change.bound, milder))
            assert (same.level, same.outcome) == (now.level, now.outcome)


def test_r061_each_factor_and_direction_is_told_once() -> None:
    told = [(change.factor, change.bound) for change in what_would_change(line(ORGANISED_CRIME))]

    assert told
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("severity", "level", "interval", "marked"),
    [
        (4, 4, (55.0, 85.0), {("E4", 3): "interval", ("E4", 4): "here", ("E4", 5): "interval"}),
        (2, None, (0.0, 100.0), {("E2", column): "interval" for column in range(1, 6)}),
        (None, 3, (50.0, 50.0), {}),
        (5, 5, (80.0, 80.0), {("E5", 5): "here"}),
    ],
)
def test_r061_the_matrix_marks_the_pair_and_what_the_interval_spans(
    severity: int | None, level: int | None, interval: tuple[float, float], marked: dict[tuple[str, int], str]
) -> None:
    cells = {
        (row, column): mark
        for row, marks in matrix_of(severity, level, interval, GDB_1_0)
        for column, mark in enumerate(marks, start=1)
    }

    assert len(cells) == 25
    assert {place: mark for place, mark in cells.items() if mark} == marked
