"""The handover file completes the case and moves nothing (R048, R049)."""

import pytest

from cases import services
from cases.lifecycle import HANDOVER_CHECKLIST
from cases.models import AuthorityPeriod, Handover, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, IllegalMove, Invalid
from tests.cases.walk import Walk
from tests.world import World, code_for


def file_of(walk: Walk) -> Handover:
    with acting(walk.actor(Role.PROSECUTION_ADVISER), at=walk.at):
        return Handover.objects.get()


def supply(walk: Walk, *codes: str) -> Handover:
    return services.supply(
        handover_id=file_of(walk).pk,
        version=file_of(walk).version,
        items=[services.Supplied(code=code, text=f"About {code}.") for code in codes],
        actor=walk.actor(Role.PROSECUTION_ADVISER),
        at=walk.tick(),
    )


def sign(walk: Walk, service: object, role: Role) -> Handover:
    actor, handover = walk.actor(role), file_of(walk)
    return service(  # type: ignore[operator, no-any-return]  # offer or accept_file
        handover_id=handover.pk, version=handover.version, code=code_for(actor), actor=actor, at=walk.tick()
    )


def test_r048_an_incomplete_file_is_not_offered_and_every_gap_is_named(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST[:-2])

    with pytest.raises(Invalid) as refusal:
        sign(walk, services.offer, Role.CHIEF_PROSECUTOR)

    assert [fault.field for fault in refusal.value.faults] == list(HANDOVER_CHECKLIST[-2:])


def test_r048_a_complete_file_bears_both_signatures(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)

    sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    accepted = sign(walk, services.accept_file, Role.CASE_MANAGER)

    assert accepted.state == "accepted"
    assert accepted.offered_signature is not None
    assert accepted.accepted_signature is not None
    with pytest.raises(IllegalMove):
        supply(walk, HANDOVER_CHECKLIST[0])


def test_r048_a_returned_file_can_be_completed_and_offered_again(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)
    offered = sign(walk, services.offer, Role.CHIEF_PROSECUTOR)

    services.return_file(
        handover_id=offered.pk,
        version=offered.version,
        reason="Who holds the keys?",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    assert sign(walk, services.offer, Role.CHIEF_PROSECUTOR).state == "proposed"


def test_only_the_office_that_held_authority_offers_the_file(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)

    with pytest.raises(Forbidden):
        sign(walk, services.offer, Role.PROSECUTION_ADVISER)


def test_r049_the_handover_touches_neither_authority_nor_measures(world: World) -> None:
    walk = Walk(world)
    walk.opened()
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="RCCB",
        note="patrol",
        kinds=["patrol"],
        actor=walk.actor(Role.POLICE_RCCB),
        at=walk.tick(),
    )
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)
    before = facts(walk)

    sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    sign(walk, services.accept_file, Role.CASE_MANAGER)

    assert facts(walk) == before


def facts(walk: Walk) -> tuple[list[object], list[object]]:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return (
            list(Measure.objects.order_by("pk").values_list("pk", "state")),
            list(AuthorityPeriod.objects.order_by("pk").values_list("pk", "authority", "period")),
        )
