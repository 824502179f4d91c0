"""A run from request to published plan: need, plan and choice stay apart."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from capacity import services, tasks
from capacity.lifecycle import local_day
from capacity.models import DemandLine, Displacement, PlanResult, Run, RunInput, Shift, Team
from capacity.priority import read_problem
from capacity.priority.problem import digest
from capacity.working_time import RULE_SET_CODES
from cases.models import InformDuty
from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import OutboxMessage, WorkItem
from stelsel.legal.models import Sharing
from tests.capacity.supply import a_team, teams
from tests.cases.walk import Walk
from tests.world import World, code_for

assert tasks.LEASE  # importing it registers the jobs
STATEMENT = {
    "statement": "The risk of one team at night was weighed.",
    "assistance": "Asked of the KMar on 2 March; none before the weekend.",
    "duty_of_care": "Necessary, known to the person, reviewed daily.",
}
DECISION = {
    "reasons": "No team is left this week.",
    "alternatives": "Another concept; employer; moving the activity.",
    "residual_risk": "Higher at night; patrols added.",
}


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    package = walk.decided()
    services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())
    return walk


def coordinator(walk: Walk) -> Actor:
    return walk.actor(Role.LCC_COORDINATOR)


def solved(walk: Walk, run: Run) -> Run:
    """Let the job of the run do its work, at the instant of the walk."""
    message = OutboxMessage.objects.get(key=f"capacity.solve_run:{run.pk}")
    with time_machine.travel(walk.tick(), tick=False):
        assert jobs.run(message.pk)
    with acting(coordinator(walk), at=walk.at):
        return Run.objects.get(pk=run.pk)


def proposed(walk: Walk, *, days: int = 2) -> Run:
    run = services.request_run(actor=coordinator(walk), at=walk.tick(), days=days)
    return solved(walk, run)


def ample(walk: Walk) -> list[Team]:
    """Enough for two teams round the clock."""
    return teams(walk.world, 10, at=walk.at)


def displacement(walk: Walk, run: Run) -> Displacement:
    with acting(coordinator(walk), at=walk.at):
        return Displacement.objects.get(run=run)


def stated(walk: Walk, row: Displacement, actor: Actor | None = None) -> Displacement:
    decider = actor or walk.actor(Role.DECIDER)
    return services.state_risk(
        displacement_id=row.pk, **STATEMENT, code=code_for(decider), actor=decider, at=walk.tick()
    )


def decided(walk: Walk, row: Displacement, actor: Actor | None = None, **changes: Any) -> Displacement:
    decider = actor or walk.actor(Role.DECIDER)
    given = {**DECISION, "ends_on": local_day(walk.at) + timedelta(days=1), **changes}
    return services.decide_displacement(
        displacement_id=row.pk, **given, code=code_for(decider), actor=decider, at=walk.tick()
    )


def test_a_request_freezes_its_whole_input(walk: Walk) -> None:
    ample(walk)

    run = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    with acting(coordinator(walk), at=walk.at):
        document = RunInput.objects.get(run=run).document
    problem = read_problem(json.loads(document), rule_sets=RULE_SET_CODES)
    assert digest(json.loads(document)) == run.input_hash
    assert (len(problem.lines), len(problem.teams)) == (run.lines, run.teams) == (3, 10)
    assert {len(team.members) for team in problem.teams} == {4}


def test_a_plan_that_falls_short_nowhere_is_published_by_the_coordinator(walk: Walk) -> None:
    ample(walk)
    run = proposed(walk)

    assert (run.state, run.status, run.displaced) == ("proposed", "optimal", 0)
    published = services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        assert published.state == "published"
        assert Shift.objects.standing().count() == 3 * 2
        assert not InformDuty.objects.filter(about="displacement").exists()
        assert {row.receiver for row in Sharing.objects.filter(information="plan")} == {"police_lx", "nctv"}


def test_the_run_states_its_levels_beside_even_and_greedy(walk: Walk) -> None:
    ample(walk)

    run = proposed(walk)

    assert set(run.levels) == {"plan", "even", "greedy"}
    assert all(level["proven"] for level in run.levels["plan"])


def test_r083_displacement_is_the_authoritys_to_decide(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    run = proposed(walk)

    assert run.displaced == 1
    with pytest.raises(Forbidden) as refused:
        services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    assert refused.value.code == "needs_authority"
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert WorkItem.objects.filter(kind="displacement.decide", closed_at=None).count() == 1
        assert not Shift.objects.exists()


def test_r083_after_the_decision_the_coordinator_publishes(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    run = proposed(walk)
    row = stated(walk, displacement(walk, run))

    decided(walk, row)
    published = services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    assert published.state == "published"
    with acting(coordinator(walk), at=walk.at):
        assert not WorkItem.objects.filter(kind__in=["displacement.decide", "plan.publish"], closed_at=None).exists()


def test_r083_the_decision_shows_both_plans_and_no_other_person(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    run = proposed(walk)

    effect = displacement(walk, run).effect

    assert {"floorHours", "requiredHours", "evenFloorHours", "evenRequiredHours", "borneHours"} <= set(effect)
    assert all(line["cover"] < line["required"] for line in effect["lines"])
    assert all(set(line["why"]) == {"eligible", "held", "rules", "extra"} for line in effect["lines"])


def test_r084_publishing_opens_a_duty_to_inform_each_displaced_person(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    run = proposed(walk)
    row = stated(walk, displacement(walk, run))
    decided(walk, row)

    services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        duty = InformDuty.objects.get(about="displacement")
        assert (duty.person_id, duty.subject_id, duty.settled_at) == (row.person_id, row.pk, None)
        assert WorkItem.objects.filter(kind="inform.person", subject_id=duty.pk, closed_at=None).exists()


def test_r085_below_the_floor_nothing_is_decided_without_a_signed_statement(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = displacement(walk, proposed(walk))

    assert row.floor_hours > 0
    with pytest.raises(Forbidden) as refused:
        decided(walk, row)

    assert refused.value.code == "floor_statement"


def test_r085_the_database_refuses_a_choice_below_the_floor_without_signature(walk: Walk) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'below_the_floor_only_signed'"
        )
        (definition,) = cursor.fetchone()

    assert "floor_signature_id IS NOT NULL" in definition


def test_a_statement_is_complete_or_refused(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = displacement(walk, proposed(walk))
    decider = walk.actor(Role.DECIDER)

    with pytest.raises(Invalid) as refused:
        services.state_risk(
            displacement_id=row.pk,
            **{**STATEMENT, "assistance": " "},
            code=code_for(decider),
            actor=decider,
            at=walk.tick(),
        )

    assert [fault.field for fault in refused.value.faults] == ["assistance"]


def test_a_decision_needs_the_signers_own_code(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = stated(walk, displacement(walk, proposed(walk)))
    code_for(walk.actor(Role.DECIDER))

    with pytest.raises(Forbidden) as refused:
        services.decide_displacement(
            displacement_id=row.pk,
            **DECISION,
            ends_on=local_day(walk.at),
            code="000000",
            actor=walk.actor(Role.DECIDER),
            at=walk.tick(),
        )

    assert refused.value.code == "wrong_code"


@pytest.mark.parametrize("days", [-1, 30])
def test_a_decision_ends_within_the_plan(walk: Walk, days: int) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = stated(walk, displacement(walk, proposed(walk)))

    with pytest.raises(Invalid):
        decided(walk, row, ends_on=local_day(walk.at) + timedelta(days=days))


def test_a_decision_is_taken_once(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = stated(walk, displacement(walk, proposed(walk)))
    decided(walk, row)

    with pytest.raises(IllegalMove):
        decided(walk, row)


def test_a_decider_without_sight_of_the_case_finds_no_displacement(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = displacement(walk, proposed(walk))

    with pytest.raises(Displacement.DoesNotExist):
        decided(walk, row, actor=walk.world.actor(Role.DECIDER, nth=2))


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.LCC_COORDINATOR])
def test_only_a_decider_decides(walk: Walk, role: Role) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    row = displacement(walk, proposed(walk))

    with pytest.raises(Forbidden):
        decided(walk, row, actor=walk.actor(role))


def test_the_one_who_requested_the_run_does_not_decide(walk: Walk) -> None:
    """Four eyes: the same person may hold both roles, one after the other."""
    a_team(walk.world, "LX-1", at=walk.at)
    row = displacement(walk, proposed(walk))
    decider = walk.actor(Role.DECIDER)
    with acting(decider, at=walk.at):
        Displacement.objects.filter(pk=row.pk).update(requested_by=decider.user_id)

    with pytest.raises(Forbidden) as refused:
        stated(walk, row)

    assert refused.value.code == "four_eyes"


def test_a_new_request_overtakes_the_open_run(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    first = proposed(walk)

    services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    with acting(coordinator(walk), at=walk.at):
        first.refresh_from_db()
        assert (first.state, first.superseded_by) == ("superseded", "newer_run")
        assert not WorkItem.objects.filter(kind="displacement.decide", closed_at=None).exists()


def test_urgent_measures_overtake_the_open_run(walk: Walk) -> None:
    ample(walk)
    run = proposed(walk)
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        message = jobs.enqueue("capacity.need_changed", why="urgent")

    with time_machine.travel(walk.tick(), tick=False):
        assert jobs.run(message.pk)

    with acting(coordinator(walk), at=walk.at):
        run.refresh_from_db()
        assert (run.state, run.superseded_by) == ("superseded", "urgent")


def test_an_overtaken_run_keeps_no_plan(walk: Walk) -> None:
    ample(walk)
    first = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)
    services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    first = solved(walk, first)

    assert first.state == "superseded"
    with acting(coordinator(walk), at=walk.at):
        assert not PlanResult.objects.filter(run=first).exists()


def test_a_team_that_drops_out_overtakes_the_plan_and_queues_a_new_run(walk: Walk) -> None:
    ample(walk)
    services.publish_run(run_id=proposed(walk).pk, actor=coordinator(walk), at=walk.tick())
    again = proposed(walk)
    with acting(coordinator(walk), at=walk.at):
        shift = Shift.objects.standing().select_related("line").order_by("line__starts_at", "pk").first()
    assert shift is not None

    services.report_absence(
        team_id=shift.team_id,
        start=walk.at,
        end=shift.line.ends_at,
        reason="illness",
        actor=walk.world.actor(Role.UNIT_PLANNER, of="lx"),
        at=walk.tick(),
    )

    with acting(coordinator(walk), at=walk.at):
        again.refresh_from_db()
        assert (again.state, again.superseded_by) == ("superseded", "team")
    assert OutboxMessage.objects.filter(task="capacity.renew_run", state="queued").exists()


def test_the_shift_of_a_team_that_dropped_out_goes_to_another(walk: Walk) -> None:
    ample(walk)
    services.publish_run(run_id=proposed(walk).pk, actor=coordinator(walk), at=walk.tick())
    with acting(coordinator(walk), at=walk.at):
        shift = Shift.objects.standing().select_related("line").order_by("line__starts_at", "pk").first()
    assert shift is not None
    services.report_absence(
        team_id=shift.team_id,
        start=walk.at,
        end=shift.line.ends_at,
        reason="illness",
        actor=coordinator(walk),
        at=walk.tick(),
    )

    services.publish_run(run_id=proposed(walk).pk, actor=coordinator(walk), at=walk.tick())

    with acting(coordinator(walk), at=walk.at):
        on_line = Shift.objects.filter(line=shift.line)
        assert on_line.standing().count() == 2
        assert shift.team_id not in set(on_line.standing().values_list("team_id", flat=True))
        assert on_line.exclude(withdrawn_at=None).get().team_id == shift.team_id


def test_a_run_that_is_stopped_proposes_nothing(walk: Walk) -> None:
    ample(walk)
    run = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)
    services.stop_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    run = solved(walk, run)

    assert (run.state, run.failure) == ("failed", "stopped")
    cache.clear()


def test_progress_is_told_while_the_run_is_solved(walk: Walk) -> None:
    ample(walk)

    run = proposed(walk)

    progress = services.progress_of(run.pk)
    assert progress is not None
    assert 0 < float(progress["done"]) <= 1


def test_nothing_is_planned_without_teams(walk: Walk) -> None:
    with pytest.raises(Conflict):
        services.request_run(actor=coordinator(walk), at=walk.tick())


@pytest.mark.parametrize("role", [Role.DECIDER, Role.CASE_MANAGER, Role.UNIT_PLANNER, Role.LCC_ADVISER])
def test_only_the_coordinator_requests_a_run(walk: Walk, role: Role) -> None:
    ample(walk)

    with pytest.raises(Forbidden):
        services.request_run(actor=walk.actor(role), at=walk.tick())


def test_a_plan_on_changed_need_is_not_published(walk: Walk) -> None:
    ample(walk)
    run = proposed(walk)
    with acting(coordinator(walk), at=walk.at):
        DemandLine.objects.filter(starts_at__lt=run.ends_at).update(withdrawn_at=walk.at)

    with pytest.raises(Conflict) as refused:
        services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    assert refused.value.code == "need_changed"


def test_a_published_plan_is_published_once(walk: Walk) -> None:
    ample(walk)
    run = proposed(walk)
    services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())

    with pytest.raises(IllegalMove):
        services.publish_run(run_id=run.pk, actor=coordinator(walk), at=walk.tick())


def test_r011_the_kmar_serves_persons_by_assistance_and_never_on_the_police_ground(walk: Walk) -> None:
    for number in range(10):
        a_team(walk.world, f"KMAR-{number}", at=walk.at, kind="KMAR")

    run = proposed(walk)

    assert (run.status, run.displaced) == ("optimal", 0)
    with pytest.raises(Invalid) as refused:
        a_team_on_the_police_ground(walk)
    assert [fault.field for fault in refused.value.faults] == ["legal_bases"]


def a_team_on_the_police_ground(walk: Walk) -> None:
    services.register_team(
        team=services.NewTeam(
            code="KMAR-X",
            kind="KMAR",
            rule_set="DEFENCE",
            region="noord",
            legal_bases=["pw42-1c"],
            competences=["close_protection"],
            staff=["KX-1"],
        ),
        start=walk.at,
        actor=walk.world.actor(Role.UNIT_PLANNER, of="kmar"),
        at=walk.at,
    )
