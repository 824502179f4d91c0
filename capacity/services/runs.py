"""A run from request to proposal: freeze the input, solve, store the plan and what it takes from whom."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache

from capacity.lifecycle import OPEN_RUN, PLANNED_DAYS, RUN_LIFECYCLE, DisplacementState, RunState
from capacity.models import Assignment, Displacement, PlanResult, Run, RunInput
from capacity.optimiser import Progress
from capacity.policies import may_request_run, may_stop_run
from capacity.priority import (
    Plan,
    Problem,
    canonical,
    cost_of_order,
    displaced,
    floor_hours_missing,
    needs_authority,
    plan_document,
)
from capacity.priority.plan import Status
from capacity.priority.problem import digest
from capacity.services.effects import Effect, effects
from capacity.services.freeze import frozen, planning_problem
from capacity.services.supersede import overtake
from cases.models import Case
from cases.services.case import lcc
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.jobs import enqueue

KEPT = int(timedelta(hours=2).total_seconds())


@dataclass(frozen=True)
class Solved:
    """What solving gave: a plan with its problem, or the code of why there is none."""

    problem: Problem | None = None
    plan: Plan | None = None
    failure: str = ""


@act
def request_run(*, actor: Actor, at: datetime, days: int = PLANNED_DAYS) -> Run:
    """Freeze everything that is asked for and that there is, and have a plan computed from it.

    An open run is overtaken by this one.

    Raises:
        Conflict: nothing to plan.
        Invalid: the records contradict each other.
    """
    require(may_request_run(actor))
    start = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = start + timedelta(days=min(max(days, 1), PLANNED_DAYS))
    problem = planning_problem(start=start, end=end, actor=actor, at=at)
    document = frozen(problem)
    overtake(why="newer_run", at=at)
    run = Run.objects.create(
        state=RunState.QUEUED,
        requested_by_id=actor.user_id,
        requested_at=at,
        starts_at=start,
        ends_at=end,
        input_hash=digest(document),
        lines=len(problem.lines),
        teams=len(problem.teams),
    )
    RunInput.objects.create(run=run, document=canonical(document))
    enqueue("capacity.solve_renewed_run" if actor.is_system else "capacity.solve_run", key=str(run.pk), run_id=run.pk)
    audit.record("run.request", run, detail={"lines": run.lines, "teams": run.teams, "input": run.input_hash})
    return run


@act
def renew_run(*, actor: Actor, at: datetime) -> Run | None:
    """Ask for a new run after need or supply changed, unless somebody did already or nothing can be planned."""
    _close_overtaken(at=at)
    if Run.objects.filter(state__in=OPEN_RUN).exists():
        return None
    try:
        return request_run(actor=actor, at=at)
    except Conflict:
        return None


def _close_overtaken(*, at: datetime) -> None:
    """Work on displacement of overtaken runs ends, also where the one who overtook them does not see the case."""
    gone = Displacement.objects.filter(
        run__state=RunState.SUPERSEDED, run__superseded_at__gte=at - timedelta(days=1), state=DisplacementState.OPEN
    )
    for displaced_person in gone.values_list("pk", flat=True):
        work.close_items(displaced_person, kind="displacement.decide", verb="run.supersede")


@act
def begin_solving(*, run_id: UUID, actor: Actor, at: datetime) -> str | None:  # noqa: ARG001  # an act has an instant
    """Take up a run: its frozen document, or None when it was overtaken meanwhile."""
    run: Run = Run.objects.visible_to(actor).select_for_update().get(pk=run_id)
    require(may_request_run(actor))
    if not RUN_LIFECYCLE.allows("start", state=run.state):
        return None
    run.state = RUN_LIFECYCLE.apply("start", state=run.state)
    run.save(update_fields=["state"])
    return str(run.input.document)


def _key(run_id: UUID | str, what: str) -> str:
    return f"capacity:run:{run_id}:{what}"


def tell_progress(run_id: UUID | str, progress: Progress) -> None:
    """Keep how far a run is where the page can read it; totals only, and only for some hours."""
    cache.set(_key(run_id, "progress"), asdict(progress), KEPT)


def progress_of(run_id: UUID) -> Mapping[str, float | int | str] | None:
    """How far a run is: level, tier, best, bound, done (0 to 1); None before the first word."""
    found: Mapping[str, float | int | str] | None = cache.get(_key(run_id, "progress"))
    return found


def stop_asked(run_id: UUID | str) -> bool:
    return bool(cache.get(_key(run_id, "stop")))


@act
def stop_run(*, run_id: UUID, actor: Actor, at: datetime) -> Run:
    """Ask the solver to stop; nothing is proposed then, and the present plan runs on."""
    run: Run = Run.objects.visible_to(actor).get(pk=run_id)
    require(may_stop_run(actor))
    RUN_LIFECYCLE.apply("fail", state=run.state)
    cache.set(_key(run_id, "stop"), at.isoformat(), KEPT)
    audit.record("run.stop", run)
    return run


@act
def store_plan(*, run_id: UUID, solved: Solved, actor: Actor, at: datetime) -> Run:
    """Store what solving gave. A run that was overtaken meanwhile stays so, and its plan is not kept."""
    run: Run = Run.objects.visible_to(actor).select_for_update().get(pk=run_id)
    require(may_request_run(actor))
    if not RUN_LIFECYCLE.allows("propose", state=run.state):
        return run
    if solved.plan is None or solved.problem is None:
        return _fail(run, code=solved.failure or "no_plan", at=at)
    if solved.plan.input_hash != run.input_hash:
        raise Conflict("other_input", gettext_noop("The plan was computed from another input than the one frozen."))
    PlanResult.objects.create(run=run, document=plan_document(solved.plan))
    run.status, run.plan_hash, run.solved_at = solved.plan.status, solved.plan.plan_hash, at
    if solved.plan.status == Status.REFUSED:
        return _fail(run, code="conflict", at=at)
    return _propose(run, solved.problem, solved.plan, actor=actor, at=at)


def _fail(run: Run, *, code: str, at: datetime) -> Run:
    run.state = RUN_LIFECYCLE.apply("fail", state=run.state)
    run.failure, run.solved_at = code, at
    run.save()
    audit.record("run.fail", run, reason=code)
    return run


def _propose(run: Run, problem: Problem, plan: Plan, *, actor: Actor, at: datetime) -> Run:
    rows = displaced(problem, plan.roster.services, dict(plan.roster.concepts))
    found = effects(problem, plan, rows) if needs_authority(rows) else []
    document = plan_document(plan)
    run.state = RUN_LIFECYCLE.apply("propose", state=run.state)
    run.displaced = len(found)
    run.levels = {
        "plan": document["levels"],
        **{name: _levels(document[name]) for name in ("even", "greedy")},
    }
    run.costs = _costs(problem, plan)
    run.save()
    _open_displacements(run, found, actor=actor, at=at)
    if not found:
        ask_publication(run, at=at)
    audit.record("run.propose", run, detail={"displaced": run.displaced, "plan": run.plan_hash, "status": run.status})
    return run


def _levels(roster: object) -> object:
    return roster["levels"] if isinstance(roster, Mapping) else []


def _costs(problem: Problem, plan: Plan) -> list[dict[str, float | bool]]:
    strict = floor_hours_missing(problem, plan.roster.services, dict(plan.roster.concepts))
    even = floor_hours_missing(problem, plan.even.services, dict(plan.even.concepts))
    norm = problem.limits.cost_norm
    return [
        {"tier": cost.tier, "won": cost.won, "lost": cost.lost, "exceeds": cost.exceeds(norm)}
        for cost in cost_of_order(strict, even)
    ]


def _open_displacements(run: Run, found: list[Effect], *, actor: Actor, at: datetime) -> None:
    assignments = Assignment.objects.visible_to(actor, at=at).filter(pk__in=[one.assignment for one in found])
    home = {str(row.pk): (row.case_id, row.marking) for row in assignments}
    cases = {case.pk: case for case in Case.objects.filter(pk__in=[case for case, _ in home.values()])}
    for one in found:
        case_id, marking = home[one.assignment]
        displacement = Displacement.objects.create(
            run=run,
            case_id=case_id,
            person_id=UUID(one.person),
            requested_by_id=run.requested_by_id,
            marking=marking,
            tier=one.tier,
            floor_hours=one.floor_hours,
            required_hours=one.required_hours,
            effect=one.document(),
        )
        work.open_item(
            "displacement.decide",
            displacement,
            owner_role=Role.DECIDER,
            owner=cases[case_id].decider_id,
            label=cases[case_id].number,
            scope=case_id,
            due=norms.due("capacity.decide", since=at),
        )


def ask_publication(run: Run, *, at: datetime) -> None:
    """Nothing stands in the way any more: the coordinator publishes."""
    work.open_item(
        "plan.publish",
        run,
        owner_role=Role.LCC_COORDINATOR,
        organisation=lcc().pk,
        label=run.starts_at.strftime("%Y-%m-%d"),
        due=norms.due("capacity.decide", since=at),
    )
