"""A session ends when it was idle too long or is too old; roles are chosen among those one holds now."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import User
from tests.stelsel.kernel.doors import logged_in
from tests.world import World

pytestmark = [pytest.mark.urls("tests.stelsel.kernel.doors"), pytest.mark.django_db]


def is_in(client: Client) -> bool:
    return client.get("/plain").content != b""


def test_half_an_hour_idle_ends_it(world: World) -> None:
    client, now = logged_in(world.actor(Role.CASE_MANAGER)), timezone.now()
    with time_machine.travel(now, tick=False):
        assert is_in(client)
    with time_machine.travel(now + timedelta(minutes=29), tick=False):
        assert is_in(client)
    with time_machine.travel(now + timedelta(minutes=58), tick=False):
        assert is_in(client)
    with time_machine.travel(now + timedelta(minutes=89), tick=False):
        assert not is_in(client)


def test_ten_hours_end_it_however_busy(world: World) -> None:
    client, now = logged_in(world.actor(Role.CASE_MANAGER)), timezone.now()
    answers = []
    for minutes in range(0, 10 * 60 + 40, 20):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            answers.append(is_in(client))

    assert answers == [True] * 31 + [False]


def test_one_acts_in_a_role_one_holds(world: World) -> None:
    actor = world.actor(Role.CASE_MANAGER)
    other = world.appoint(User.objects.get(pk=actor.user_id), Role.CONTROLLER, of="nctv")
    foreign = world.actor(Role.DECIDER)
    client = logged_in(actor)

    assert client.post("/role", {"membership": str(other.membership_id)}).status_code == 302
    assert client.session["membership"] == str(other.membership_id)
    assert client.post("/role", {"membership": str(foreign.membership_id)}).status_code == 404
    assert client.post("/role", {"membership": "nonsense"}).status_code in {404, 422}
    assert client.session["membership"] == str(other.membership_id)
