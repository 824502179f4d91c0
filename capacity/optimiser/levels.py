"""Solving the levels of the objective one after the other with HiGHS; each holds for all that follow.

Deterministic: one thread, a fixed seed, no clock; the limit is a number of the solver's own checkpoints (nodes,
dives and rounds of cuts) over the whole run. Where the limit ends a level early, its value, best bound and gap
are stated and the level is not called proven.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import highspy
import numpy as np

from capacity.optimiser.matrix import INFINITY
from capacity.optimiser.model import Expression, Model
from capacity.optimiser.values import Aim, values
from capacity.priority.plan import Level, Roster

WHOLE = 0.999
"""Values are whole numbers: a bound less than one below the value proves it."""
NEARLY = 1e-6
CLOSE = 1e-4


class Cancelled(Exception):
    """The caller asked to stop; nothing was decided."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `best` and `bound` in the units of the level; `done` from 0 to 1 over all levels."""

    level: str
    tier: int
    best: float
    bound: float
    done: float


@dataclass(frozen=True, slots=True)
class Watch:
    """How a caller follows and stops a run."""

    report: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def tell(self, progress: Progress) -> None:
        """Report, if anybody listens."""
        if self.report is not None:
            self.report(progress)

    def stopped(self) -> bool:
        """Whether the caller asked to stop."""
        return self.cancelled is not None and self.cancelled()


class Ladder:
    """A model in HiGHS with the best plan so far; `climb` proves one level and then holds it."""

    def __init__(self, model: Model, *, seed: int, work: int, watch: Watch) -> None:
        self.model, self.watch = model, watch
        self.left = work
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
        for option, setting in (
            ("output_flag", False),
            ("threads", 1),
            ("mip_lp_solver", "ipm"),
            ("random_seed", seed),
            ("mip_rel_gap", 0.0),
            ("mip_feasibility_tolerance", NEARLY),
        ):
            self.highs.setOptionValue(option, setting)
        self.highs.passModel(model.matrix.lp())
        self.solution: np.ndarray | None = None
        self._budget = self.checks = 0
        self._seen = Progress("", 0, 0, 0, 0)
        self._enough = NEARLY
        self.highs.cbMipInterrupt.subscribe(self._interrupt)

    def _interrupt(self, event: highspy.HighsCallbackEvent) -> None:
        out = event.data_out
        self.watch.tell(
            Progress(self._seen.level, self._seen.tier, out.mip_primal_bound, out.mip_dual_bound, self._seen.done)
        )
        self.checks += 1
        if self.watch.stopped() or self.checks > self._budget:
            event.interrupt()

    def climb(self, aim: Aim, start: Mapping[int, float], *, share: float, done: float) -> tuple[Level, bool]:
        """Minimise one level from a start; the level reached, and whether a new solution was found."""
        expression, unit = self.model.objective(aim)
        self._seen = Progress(aim.name, aim.tier, 0, 0, done)
        self._enough = NEARLY if aim.name == "fairness" else WHOLE
        self._budget, self.checks = max(1, int(self.left * share)), 0
        self._aim_at(expression)
        self._start(start)
        before = self.highs.getRunTime()
        self.highs.run()
        if self._dishonest(expression):  # the reported value is not that of the solution: start afresh
            self.highs.clearSolver()
            self.highs.run()
        if self.watch.stopped():
            raise Cancelled
        return self._outcome(aim, unit, before)

    def _dishonest(self, expression: Expression) -> bool:
        """HiGHS may hand back the start it was given with the value of a better solution that it proved and dropped."""
        info = self.highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return False
        found = self.highs.getSolution().col_value
        real = expression.constant + sum(factor * found[column] for column, factor in expression.terms.items())
        return abs(real - info.objective_function_value) > CLOSE * max(1.0, abs(real))

    def _aim_at(self, expression: Expression) -> None:
        columns = self.highs.getNumCol()
        cost = np.zeros(columns)
        for column, factor in expression.terms.items():
            cost[column] = factor
        self.highs.changeColsCost(columns, np.arange(columns, dtype=np.int32), cost)
        self.highs.changeObjectiveOffset(expression.constant)
        self.highs.setOptionValue("mip_abs_gap", self._enough)

    def _start(self, start: Mapping[int, float]) -> None:
        if self.solution is not None:
            whole = highspy.HighsSolution()
            whole.col_value = list(self.solution)
            self.highs.setSolution(whole)
        elif start:
            self.highs.setSolution(
                len(start), np.array(list(start), dtype=np.int32), np.array(list(start.values()), dtype=float)
            )

    def _outcome(self, aim: Aim, unit: int, before: float) -> tuple[Level, bool]:
        self.left = max(0, self.left - self.checks)
        info = self.highs.getInfo()
        found = self.highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if found:
            self.solution = np.array(self.highs.getSolution().col_value)
        value = info.objective_function_value if found else INFINITY
        bound = max(0.0, info.mip_dual_bound) if found and info.mip_dual_bound < INFINITY else 0.0
        return _level(aim, value, bound, unit, self.highs.getRunTime() - before), found

    def hold(self, aim: Aim, value: float) -> None:
        """Never let a level get worse again. `value` in minutes or lines."""
        expression, unit = self.model.objective(aim)
        if expression.terms:
            columns = np.array(list(expression.terms), dtype=np.int32)
            factors = np.array(list(expression.terms.values()), dtype=float)
            self.highs.addRow(-INFINITY, value / unit - expression.constant, len(columns), columns, factors)

    def plan(self) -> Roster | None:
        """The plan of the last solution."""
        solution = self.solution
        if solution is None:
            return None
        return self.model.plan(lambda column: 0.0 if column < 0 else float(solution[column]))


def _level(aim: Aim, value: float, bound: float, unit: int, seconds: float) -> Level:
    if aim.name != "fairness":
        value, bound = float(round(value)) if value < INFINITY else value, float(ceil(bound - NEARLY))
    return _as_level(aim, value * unit, bound * unit, seconds)


def _as_level(aim: Aim, value: float, bound: float, seconds: float) -> Level:
    bound = min(bound, value)
    proven = value - bound <= NEARLY * max(1.0, value)
    bound = value if proven else bound
    gap = 0.0 if proven else (value - bound) / value
    return Level(
        aim.name,
        aim.tier,
        round(value / aim.unit, 4),
        round(bound / aim.unit, 4),
        round(gap, 6),
        round(seconds, 3),
        proven,
    )


def known_level(aim: Aim, value: int, bound: int = 0) -> Level:
    """A level whose value was counted from a plan; proven only where it meets the bound."""
    return _as_level(aim, float(value), float(bound), 0.0)


def lexicographic(
    model: Model, starts: Sequence[Roster], levels: Sequence[Aim], watch: Watch
) -> tuple[Roster, tuple[Level, ...]]:
    """The best plan found, never worse than any start, with each level as reached."""
    problem = model.field.problem
    best = min(starts, key=lambda plan: values(problem, plan, levels))
    ladder = Ladder(model, seed=problem.limits.seed, work=problem.limits.work, watch=watch)
    reached: list[Level] = []
    for number, aim in enumerate(levels):
        now = values(problem, best, levels)[number]
        done = number / len(levels)
        floor = max(problem.borne_minutes.values(), default=0) if aim.name == "fairness" else 0
        level = known_level(aim, now, floor)
        if not level.proven:
            level, best = _improve(ladder, aim, best, levels, done)
            now = values(problem, best, levels)[number]
        ladder.hold(aim, now)
        reached.append(level)
        watch.tell(Progress(aim.name, aim.tier, level.value, level.bound, (number + 1) / len(levels)))
        if watch.stopped():
            raise Cancelled
    return best, tuple(reached)


def _improve(ladder: Ladder, aim: Aim, best: Roster, levels: Sequence[Aim], done: float) -> tuple[Level, Roster]:
    problem = ladder.model.field.problem
    level, found = ladder.climb(aim, ladder.model.start(best), share=0.25, done=done)
    plan = ladder.plan() if found else None
    if plan is not None and values(problem, plan, levels) < values(problem, best, levels):
        best = plan
    now = values(problem, best, levels)[levels.index(aim)]
    return _as_level(aim, float(now), level.bound * aim.unit, level.seconds), best
