"""Level, advice, package, measures: separate hands, frozen facts, nothing done twice (R008, R019, R068, R069)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases import services
from cases.models import InformDuty, LevelDecision, Measure, Package
from cases.services.package import TEXTS
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import OutboxMessage, WorkItem
from tests.cases.walk import Walk
from tests.world import World, code_for


def level(walk: Walk, picture_id: UUID, **changes: object) -> LevelDecision:
    chosen: dict[str, Any] = {"severity": 4, "likelihood": 4, "resistance": 4, "departure": "", "reasons": "Clear."}
    return services.decide_level(
        picture_id=picture_id, actor=walk.actor(Role.DECIDER), at=walk.tick(), **{**chosen, **changes}
    )


def test_r068_the_level_departs_from_the_picture_only_with_a_category(world: World) -> None:
    walk = Walk(world)
    picture = walk.pictured()

    with pytest.raises(Invalid) as refusal:
        level(walk, picture.pk, likelihood=3)

    assert refusal.value.faults[0].field == "departure"
    walk.answered("level", picture.pk)
    assert level(walk, picture.pk, likelihood=5, departure="newer_information").likelihood == 5


def test_r068_a_newer_picture_comes_first(world: World) -> None:
    walk = Walk(world)
    old = walk.pictured()
    walk.adopt_picture(version=2, likelihood=3)

    with pytest.raises(Conflict) as refusal:
        level(walk, old.pk)

    assert refusal.value.code == "newer_picture"


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.THREAT_ANALYST, Role.DUTY_OFFICER])
def test_r069_nobody_but_the_decider_sets_the_level(world: World, role: Role) -> None:
    walk = Walk(world)
    picture = walk.pictured()

    with pytest.raises(Forbidden):
        services.decide_level(
            picture_id=picture.pk,
            severity=4,
            likelihood=4,
            resistance=4,
            departure="",
            reasons="x",
            actor=walk.actor(role),
            at=walk.tick(),
        )


def test_an_adopted_picture_never_changes(world: World) -> None:
    walk = Walk(world)
    picture = walk.pictured()

    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        acting(walk.actor(Role.DECIDER), at=walk.at),
    ):
        picture.severity = 1
        picture.save()


def test_r019_advice_states_feasibility_and_the_safety_of_the_guards(world: World) -> None:
    walk = Walk(world)
    decided = walk.levelled()

    with pytest.raises(Invalid) as refusal:
        services.give_advice(
            level_id=decided.pk,
            feasible="yes",
            advice="x",
            guard_safety="",
            actor=walk.actor(Role.LCC_ADVISER),
            at=walk.tick(),
        )

    assert [fault.field for fault in refusal.value.faults] == ["guard_safety"]


def test_a_package_without_its_reasons_is_not_submitted(world: World) -> None:
    walk = Walk(world)
    package = walk.drafted()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        planned = [
            services.Planned(person_id=line.person_id, kind=line.kind, starts_on=line.starts_on, region=line.region)
            for line in package.planned.all()
        ]
    manager = walk.actor(Role.CASE_MANAGER)
    package = services.write_package(
        package_id=package.pk,
        texts={"necessity": "needed"},
        planned=planned,
        tier=2,
        review_due=package.review_due,
        version=package.version,
        actor=manager,
        at=walk.tick(),
    )

    with pytest.raises(Invalid) as refusal:
        services.submit_package(package_id=package.pk, version=package.version, actor=manager, at=walk.tick())

    assert {fault.field for fault in refusal.value.faults} == set(TEXTS) - {"necessity"}


def decide(walk: Walk, package: Package) -> Package:
    decider = walk.actor(Role.DECIDER)
    return services.decide_package(
        package_id=package.pk,
        reasons="Proportionate.",
        version=package.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


def test_a_decision_orders_the_measures_opens_the_duty_to_inform_and_writes_its_job(world: World) -> None:
    walk = Walk(world)

    package = walk.decided()

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert {measure.kind for measure in Measure.objects.all()} == {"close_protection", "camera"}
        assert InformDuty.objects.filter(about="decision", subject_id=package.pk, settled_at=None).exists()
    job = OutboxMessage.objects.get(task="capacity.raise_demand")
    assert job.ids == {"package_id": str(package.pk)}


def test_a_package_is_decided_once(world: World) -> None:
    walk = Walk(world)
    package = walk.decided()

    with pytest.raises(IllegalMove):
        decide(walk, package)


def test_a_decided_package_never_changes(world: World) -> None:
    walk = Walk(world)
    package = walk.decided()

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(Role.DECIDER), at=walk.at):
        Package.objects.filter(pk=package.pk).update(tier=4)


def test_the_case_manager_does_not_decide_what_they_prepared(world: World) -> None:
    walk = Walk(world)
    package = walk.submitted()
    manager = walk.actor(Role.CASE_MANAGER)

    with pytest.raises(Forbidden):
        services.decide_package(
            package_id=package.pk,
            reasons="x",
            version=package.version,
            code=code_for(manager),
            actor=manager,
            at=walk.tick(),
        )


def test_a_level_set_anew_stops_a_package_on_the_old_one(world: World) -> None:
    walk = Walk(world)
    package = walk.submitted()
    level(walk, walk.adopt_picture(version=2).pk)

    with pytest.raises(Conflict) as refusal:
        decide(walk, package)

    assert refusal.value.code == "newer_level"


# --- measures -------------------------------------------------------------------------------------------------------


def one_measure(walk: Walk) -> Measure:
    walk.decided()
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        return Measure.objects.get(kind="close_protection")


def report(walk: Walk, measure: Measure, step: str, note: str = "") -> Measure:
    coordinator = walk.actor(Role.LCC_COORDINATOR)
    services.report_measure(measure_id=measure.pk, step=step, note=note, actor=coordinator, at=walk.tick())
    measure.refresh_from_db()
    return measure


def test_a_measure_goes_from_order_to_verified(world: World) -> None:
    walk = Walk(world)
    measure = one_measure(walk)

    for step, state in (("accept", "accepted"), ("put_in_place", "in_place"), ("verify", "verified")):
        assert report(walk, measure, step).state == state

    assert measure.in_place_at is not None


def test_r049_a_measure_that_falls_away_is_ordered_still_and_somebody_is_told(world: World) -> None:
    walk = Walk(world)
    measure = one_measure(walk)
    report(walk, measure, "put_in_place")

    report(walk, measure, "fall_away", "the team was called away")

    assert measure.state == "ordered"
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        assert WorkItem.objects.filter(kind="measure.fell_away", subject_id=measure.pk, closed_at=None).exists()


def test_those_who_carry_it_out_do_not_end_a_measure(world: World) -> None:
    walk = Walk(world)
    measure = one_measure(walk)

    with pytest.raises(Forbidden):
        services.end_measure(
            measure_id=measure.pk,
            reason="done",
            version=measure.version,
            actor=walk.actor(Role.LCC_COORDINATOR),
            at=walk.tick(),
        )


def test_the_authority_ends_a_measure_with_a_reason_and_then_it_is_final(world: World) -> None:
    walk = Walk(world)
    measure = one_measure(walk)
    decider = walk.actor(Role.DECIDER)
    walk.answered("ending", measure.pk)

    ended = services.end_measure(
        measure_id=measure.pk, reason="The threat has gone.", version=measure.version, actor=decider, at=walk.tick()
    )

    assert ended.ended_at == walk.at
    with pytest.raises(IllegalMove):
        services.end_measure(
            measure_id=measure.pk, reason="again", version=ended.version, actor=decider, at=walk.tick()
        )


# --- contact --------------------------------------------------------------------------------------------------------


def settle(walk: Walk, duty: InformDuty, **given: str) -> InformDuty:
    said: dict[str, Any] = {"channel": "", "told": "", "withheld_ground": "", **given}
    return services.settle_duty(duty_id=duty.pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.tick(), **said)


def test_r008_the_duty_to_inform_is_settled_by_telling_or_by_a_ground_never_by_nothing(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        duty = InformDuty.objects.get(about="designation")

    with pytest.raises(Invalid):
        settle(walk, duty)
    with pytest.raises(Invalid):
        settle(walk, duty, channel="letter", told="x", withheld_ground="safety")

    assert settle(walk, duty, channel="face_to_face", told="Explained what the scheme means.").settled_at == walk.at
    with pytest.raises(Conflict):
        settle(walk, duty, withheld_ground="safety")


def test_a_signal_of_the_person_goes_to_threat_analysis(world: World) -> None:
    walk = Walk(world)
    walk.designated()

    entry = services.log_contact(
        case_id=walk.nomination.case_id,
        person_id=walk.case.person_id,
        text="A grey van again.",
        is_signal=True,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    job = OutboxMessage.objects.get(task="threat.take_signal")
    assert job.ids == {"contact_id": str(entry.pk)}


def test_a_moment_of_raised_risk_lies_ahead(world: World) -> None:
    walk = Walk(world)
    walk.designated()

    with pytest.raises(Invalid):
        services.report_risk_moment(
            case_id=walk.nomination.case_id,
            kind="hearing",
            starts_at=walk.at - timedelta(days=1),
            ends_at=walk.at,
            region="noord",
            description="",
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )
