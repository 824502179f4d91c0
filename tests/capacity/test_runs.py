"""A run from request to published plan: need, plan and choice stay apart."""

import json

import pytest
from django.core.cache import cache

from capacity import services
from capacity.models import DemandLine, RunInput, Shift
from capacity.priority import read_problem
from capacity.priority.problem import digest
from capacity.working_time import RULE_SET_CODES
from cases.models import InformDuty
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.legal.models import Sharing
from tests.capacity.planning import (
    ample,
    coordinator,
    proposed,
    solved,
)
from tests.capacity.supply import a_team
from tests.cases.walk import Walk


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
