"""Emergency access: an hour, seen by others, once until it was reviewed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import services
from cases.models import Case
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Forbidden, NotVisible
from stelsel.kernel.models import WorkItem
from tests.cases.walk import Walk
from tests.world import World


def fresh(actor: Actor, walk: Walk) -> Actor:
    return replace(actor, confirmed_at=walk.at)


def sees(actor: Actor, walk: Walk) -> bool:
    with acting(actor, at=walk.at):
        return Case.objects.exists()


def test_emergency_access_opens_the_case_for_one_hour_and_tells_the_security_officer(world: World) -> None:
    walk = Walk(world)
    number = walk.opened().case.number
    manager = fresh(world.actor(Role.CASE_MANAGER), walk)

    services.break_glass(number=number, reason="Called by the family at night", actor=manager, at=walk.at)

    assert sees(manager, walk)
    assert WorkItem.objects.filter(kind="emergency.review", owner_role=Role.SECURITY_OFFICER).exists()
    walk.at += timedelta(hours=1, seconds=1)
    assert not sees(manager, walk)


def test_emergency_access_needs_a_confirmation_of_just_now(world: World) -> None:
    walk = Walk(world)
    number = walk.opened().case.number
    stale = replace(world.actor(Role.CASE_MANAGER), confirmed_at=walk.at - timedelta(minutes=6))

    with pytest.raises(Forbidden) as refusal:
        services.break_glass(number=number, reason="x", actor=stale, at=walk.at)

    assert refusal.value.code == "not_fresh"


def test_emergency_access_is_not_used_again_before_another_reviewed_it(world: World) -> None:
    walk = Walk(world)
    number = walk.opened().case.number
    manager = fresh(world.actor(Role.CASE_MANAGER), walk)
    used = services.break_glass(number=number, reason="night", actor=manager, at=walk.at)

    with pytest.raises(Forbidden) as refusal:
        services.break_glass(number=number, reason="again", actor=manager, at=walk.at)
    assert refusal.value.code == "unreviewed"

    officer = world.actor(Role.SECURITY_OFFICER)
    services.review_emergency(emergency_id=used.pk, justified=True, actor=officer, at=walk.at)
    again = walk.at + timedelta(minutes=1)
    opened = services.break_glass(number=number, reason="again", actor=manager, at=again)
    assert opened.granted_at == again


def test_an_unknown_number_says_nothing(world: World) -> None:
    walk = Walk(world)
    walk.opened()
    manager = fresh(world.actor(Role.CASE_MANAGER), walk)

    with pytest.raises(NotVisible):
        services.break_glass(number="2026-99999", reason="x", actor=manager, at=walk.at)
