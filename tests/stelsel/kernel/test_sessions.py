"""A session ends when it was idle too long or is too old; roles are chosen among those one holds now."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

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


def test_no_page_stays_in_the_browser(world: World) -> None:
    for client in (Client(), logged_in(world.actor(Role.CASE_MANAGER))):
        for address in ("/", "/account/login/", "/account/2fa/", "/nowhere"):
            assert "no-store" in client.get(address)["Cache-Control"]


def test_the_log_in_makes_a_new_session(world: World) -> None:
    """Whoever planted a session in a browser does not hold the one that follows."""
    user = User.objects.get(pk=world.actor(Role.CASE_MANAGER).user_id)
    user.set_password("a quiet long password")
    user.save()
    client = Client()
    planted = client.session
    planted["language"] = "nl"
    planted.save()
    client.cookies["sessionid"] = planted.session_key or ""

    client.post("/account/login/", {"login": user.username, "password": "a quiet long password"})

    assert client.cookies["sessionid"].value not in {"", planted.session_key}


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_log_in_leads_to_no_other_site(world: World, to: str) -> None:
    user = User.objects.get(pk=world.actor(Role.CASE_MANAGER).user_id)
    for address, sent in (
        ("/demonstration/log-in", {"username": user.username}),
        ("/account/logout/", {}),
    ):
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        assert client.post(address, {**sent, "next": to})["Location"].startswith("/")
        assert not client.post(address, {**sent, "next": to})["Location"].startswith("//")


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "192.0.2.7")])
def test_a_client_does_not_say_where_it_comes_from(world: World, settings: Settings, proxies: int, seen: str) -> None:
    """The list of sessions shows what our own proxy added, never what was in the header before."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client = logged_in(world.actor(Role.CASE_MANAGER))

    page = client.get("/account/sessions/", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}).text

    assert seen in page
    assert "198.51.100.1" not in page
