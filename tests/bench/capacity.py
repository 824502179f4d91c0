"""How long a plan takes to prove: `python -m tests.bench.capacity 50 60 14` (persons, teams, days)."""

import sys
from json import dumps

from capacity.optimiser import solve
from capacity.priority import read_problem
from capacity.working_time import RULE_SET_CODES
from tests.capacity.problems import example_problem


def main(persons: int, teams: int, days: int, seed: int = 1) -> None:
    """Solve one example and print each level with its seconds, as lines of JSON."""
    problem = read_problem(example_problem(persons, teams, days, seed), rule_sets=RULE_SET_CODES)
    plan = solve(problem)
    sys.stdout.write(dumps({"lines": len(problem.lines), "status": plan.status.value}) + "\n")
    for name, roster in (("plan", plan.roster), ("even", plan.even), ("greedy", plan.greedy)):
        for level in roster.levels:
            row = (name, level.name, level.tier, level.value, level.bound, level.seconds, level.proven)
            sys.stdout.write(dumps(row) + "\n")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
