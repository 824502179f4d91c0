"""The optimiser finds the best lawful plan: as good as any, never worse than greedy, the same every time."""

import subprocess
import sys
from json import dumps, loads
from pathlib import Path

import pytest

from capacity.optimiser import Cancelled, Progress, solve
from capacity.optimiser.check import check
from capacity.optimiser.values import aims, values
from capacity.priority import Plan, Problem, Roster, Service, Status, plan_document, read_problem
from capacity.working_time import RULE_SET_CODES
from tests.capacity.brute import best_value, tiny_problem
from tests.capacity.problems import Row, at, example_problem

MOST_PLANS = 1100
Solved = tuple[Problem, Plan]


def read(document: Row) -> Problem:
    return read_problem(document, rule_sets=RULE_SET_CODES)


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_no_plan_beats_the_optimum_in_tiny_problems(first: int) -> None:
    """Objective and feasibility agree with trying every plan."""
    for seed in range(first, first + 10):
        problem = read(tiny_problem(seed))
        if 2 ** (len(problem.teams) * len(problem.lines)) > MOST_PLANS:
            continue
        plan, best = solve(problem), best_value(problem)
        if plan.status is Status.REFUSED:
            assert best is None, seed
        else:
            assert check(problem, plan.roster) == check(problem, plan.even) == (), seed
            assert values(problem, plan.roster, aims()) == best, seed


@pytest.fixture(scope="module")
def solved() -> Solved:
    problem = read(example_problem(5, 5, 4, 3))
    return problem, solve(problem)


def test_a_plan_breaks_no_rule_and_is_never_worse_than_greedy(solved: Solved) -> None:
    problem, plan = solved

    assert check(problem, plan.roster) == check(problem, plan.even) == check(problem, plan.greedy) == ()
    assert values(problem, plan.roster, aims()) <= values(problem, plan.greedy, aims())


def test_the_levels_say_what_the_plan_reaches(solved: Solved) -> None:
    problem, plan = solved

    counted = values(problem, plan.roster, aims())

    assert [level.value for level in plan.roster.levels] == [
        pytest.approx(value / aim.unit, abs=1e-3) for aim, value in zip(aims(), counted, strict=True)
    ]
    assert all(level.bound <= level.value for level in plan.roster.levels)


def test_the_same_input_gives_the_same_plan(solved: Solved) -> None:
    problem, plan = solved

    assert solve(problem).plan_hash == plan.plan_hash


def test_every_shortfall_is_explained(solved: Solved) -> None:
    problem, plan = solved

    for row in plan.shortfalls:
        named = {*row.eligible, *(out.team for out in row.excluded)}
        assert named == set(problem.team)
        assert all(problem.line[held.line].tier <= problem.line[row.line].tier for held in row.held_by)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_the_checker_finds_each_broken_rule(number: int) -> None:
    document = example_problem(1, 1, 3, 2)
    line, team = document["lines"][0], document["teams"][0]
    team["competences"][0]["code"], team["legalBases"] = line["competence"], line["legalBases"]
    document["pins"] = [{"line": line["id"], "team": team["id"], "must": False}] if number == 4 else []
    document["assignments"][0]["authority"] = "Mayor" if number == 5 else "NCTV"
    later = 8 if number == 3 else 0
    others = [{**line, "id": f"again-{n}", "start": at(later * n), "end": at(later * n + 8)} for n in range(2)]
    document["lines"] += others if number in (1, 3) else []
    if number == 2:
        team["competences"] = []
    problem = read(document)
    served = [line["id"], *(other["id"] for other in others if number in (1, 3))]
    concepts = tuple((a.id, a.concepts[0]) for a in problem.assignments)
    if number == 3:
        served = [other["id"] for other in others]

    found = check(problem, Roster(tuple(Service(name, team["id"]) for name in served), concepts))

    assert number in {broken.number for broken in found}


def test_fixed_services_that_break_a_rule_refuse_the_run_by_name() -> None:
    document = example_problem(1, 1, 2, 2)
    line, team = document["lines"][0]["id"], document["teams"][0]["id"]
    document["pins"] = [{"line": line, "team": team, "must": must} for must in (True, False)]

    plan = solve(read(document))

    assert plan.status is Status.REFUSED
    assert any(line in conflict and team in conflict for conflict in plan.conflicts)


def test_a_run_reports_and_stops_when_asked() -> None:
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        solve(read(example_problem(3, 3, 3, 1)), report=seen.append, cancelled=lambda: bool(seen))

    assert seen


def test_the_commands_solve_and_check_without_a_database(tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(dumps(example_problem(3, 3, 2, 1)))
    run = [sys.executable, "manage.py"]

    made = subprocess.run([*run, "capacity_solve", str(problem)], capture_output=True, text=True, check=False)
    plan.write_text(made.stdout)
    held = subprocess.run([*run, "capacity_check", str(problem), str(plan)], capture_output=True, check=False)
    broken = loads(made.stdout)
    broken["assignments"] = broken["assignments"][:1] * 2
    plan.write_text(dumps(broken))
    found = subprocess.run([*run, "capacity_check", str(problem), str(plan)], capture_output=True, check=False)

    assert (made.returncode, held.returncode, found.returncode) == (0, 0, 1), made.stderr + held.stdout.decode()


def test_a_plan_document_has_all_keys(solved: Solved) -> None:
    document = plan_document(solved[1])

    assert set(document) == {
        *("inputHash", "planHash", "solver", "status", "conflicts", "concepts"),
        *("assignments", "levels", "shortfalls", "even", "greedy"),
    }
