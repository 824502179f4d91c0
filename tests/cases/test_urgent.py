"""The urgent route: designation at once, ratified by another within the set time, or it alarms (R038, R050)."""

from datetime import timedelta

import pytest

from cases import services
from cases.models import AuthorityPeriod, Designation, Measure
from cases.services import case as cases
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden
from stelsel.kernel.models import User, WorkItem
from tests.cases.walk import Walk, an_intake
from tests.world import World, code_for


def urgently(walk: Walk, *kinds: str, role: Role = Role.DUTY_OFFICER) -> Designation | None:
    actor = walk.actor(role)
    case = services.open_urgent_case(intake=an_intake(walk.world), actor=actor, at=walk.tick())
    services.order_urgent_measures(
        case_id=case.pk, caller="duty prosecutor", note="shots fired", kinds=kinds, actor=actor, at=walk.tick()
    )
    return Designation.objects.filter(case=case).first()


def test_r038_person_directed_measures_designate_at_once_and_wait_for_ratification(world: World) -> None:
    walk = Walk(world)

    designation = urgently(walk, "close_protection")

    assert designation is not None
    assert designation.ratify_due == walk.at + timedelta(hours=24)
    assert cases.authority_now(designation.case.person_id, at=walk.at).authority == "nctv"
    assert Measure.objects.get().provisional
    with acting(world.actor(Role.DECIDER), at=walk.at):
        assert WorkItem.objects.filter(kind="designation.ratify", closed_at=None).exists()


def test_r038_the_one_who_designated_does_not_ratify(world: World) -> None:
    walk = Walk(world)
    designation = urgently(walk, "close_protection")
    assert designation is not None
    duty_officer = walk.actor(Role.DUTY_OFFICER)
    also_decider = world.appoint(User.objects.get(pk=duty_officer.user_id), Role.DECIDER, of="nctv")

    with pytest.raises(Forbidden) as refusal:
        services.ratify_designation(
            designation_id=designation.pk,
            reasons="right",
            code=code_for(also_decider),
            actor=also_decider,
            at=walk.tick(),
        )

    assert refusal.value.code == "four_eyes"


def test_r038_ratifying_closes_the_alarm(world: World) -> None:
    walk = Walk(world)
    designation = urgently(walk, "escort")
    assert designation is not None
    decider = walk.actor(Role.DECIDER)

    ratified = services.ratify_designation(
        designation_id=designation.pk, reasons="right", code=code_for(decider), actor=decider, at=walk.tick()
    )

    assert ratified.ratified_by_id == decider.user_id
    assert not WorkItem.objects.filter(kind="designation.ratify", closed_at=None).exists()


def test_r050_before_designation_the_prosecutors_side_orders_other_measures(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="RCCB",
        note="patrol at once",
        kinds=["patrol"],
        actor=walk.actor(Role.POLICE_RCCB),
        at=walk.tick(),
    )

    assert Measure.objects.get().ordered_under == "chief_prosecutor"
    assert AuthorityPeriod.objects.filter(authority="nctv").count() == 0


def test_r050_the_police_cannot_order_person_directed_measures(world: World) -> None:
    walk = Walk(world)
    walk.opened()

    with pytest.raises(Forbidden) as refusal:
        services.order_urgent_measures(
            case_id=walk.case.pk,
            caller="RCCB",
            note="guard him",
            kinds=["close_protection"],
            actor=walk.actor(Role.POLICE_RCCB),
            at=walk.tick(),
        )

    assert refusal.value.code == "nctv_orders"
    with acting(walk.actor(Role.POLICE_RCCB), at=walk.at):
        assert not Measure.objects.exists()


def test_r050_accepting_a_nomination_ratifies_a_designation_that_a_call_made_meanwhile(world: World) -> None:
    walk = Walk(world)
    walk.prepared()
    duty_officer = walk.actor(Role.DUTY_OFFICER)
    services.order_urgent_measures(
        case_id=walk.nomination.case_id,
        caller="duty prosecutor",
        note="shots fired",
        kinds=["escort"],
        actor=duty_officer,
        at=walk.tick(),
    )
    decider = walk.actor(Role.DECIDER)

    services.judge(
        nomination_id=walk.nomination.pk,
        outcome="accept",
        reasons="The criteria are met.",
        version=walk.nomination.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )

    designation = Designation.objects.get()
    assert designation.decided_by_id == duty_officer.user_id
    assert designation.ratified_by_id == decider.user_id
    assert not WorkItem.objects.filter(kind="designation.ratify", closed_at=None).exists()
