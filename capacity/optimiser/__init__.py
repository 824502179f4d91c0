"""The optimiser: the best lawful plan for a planning problem, proven where it can be.

With reasons for each shortfall.
"""

from collections.abc import Callable
from importlib.metadata import version

from capacity.optimiser.baseline import carried_on, greedy, levelled
from capacity.optimiser.conflicts import conflicts
from capacity.optimiser.explain import explain
from capacity.optimiser.field import Field
from capacity.optimiser.levels import Cancelled, Progress, Watch, known_level, lexicographic
from capacity.optimiser.model import Model
from capacity.optimiser.values import aims, values
from capacity.priority.plan import Plan, Roster, Solver, Status
from capacity.priority.problem import Problem, input_hash

__all__ = ["Cancelled", "Progress", "solve"]


def solve(
    problem: Problem,
    *,
    report: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """The plan for a problem, with the even plan and the greedy plan beside it.

    Raises:
        Cancelled: `cancelled` answered yes.
    """
    field = Field(problem)
    solver = Solver("HiGHS", version("highspy"), problem.limits.seed)
    found = conflicts(field)
    if found:
        return Plan(input_hash(problem), solver, Status.REFUSED, conflicts=found)
    watch = Watch(report, cancelled)
    starts = [greedy(field), carried_on(field), levelled(field)]
    model = Model(field)
    main, levels = lexicographic(model, starts, aims(), watch)
    even, even_levels = lexicographic(model, [*starts, main], aims(even=True), watch)
    proven = all(level.proven for level in levels)
    plan = Roster(main.services, main.concepts, levels)
    return Plan(
        input_hash(problem),
        solver,
        Status.OPTIMAL if proven else Status.FEASIBLE,
        roster=plan,
        shortfalls=explain(field, plan),
        even=Roster(even.services, even.concepts, even_levels),
        greedy=_counted(problem, starts[0]),
    )


def _counted(problem: Problem, plan: Roster) -> Roster:
    levels = aims()
    reached = zip(levels, values(problem, plan, levels), strict=True)
    return Roster(plan.services, plan.concepts, tuple(known_level(aim, value) for aim, value in reached))
