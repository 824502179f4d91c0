"""What a plan takes from somebody is decided by the authority: residual risk signed first, with an end."""

from datetime import timedelta

import pytest
from django.db import connection

from capacity import services
from capacity.lifecycle import local_day
from capacity.models import Displacement, Shift
from cases.models import InformDuty
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import WorkItem
from tests.capacity.planning import DECISION, STATEMENT, coordinator, decided, displacement, proposed, stated
from tests.capacity.supply import a_team
from tests.cases.walk import Walk
from tests.world import code_for


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
