"""Every page of a case opens for its role, refuses another with a reason, and does not exist for a stranger."""

import re

import pytest

from cases.models import Case
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from tests.browsing import as_client, shown
from tests.cases.stations import STATIONS, Station
from tests.cases.walk import Walk
from tests.world import World

ABSENT = "00000000-0000-4000-8000-000000000000"

pages = pytest.mark.parametrize("station", STATIONS, ids=lambda station: station.name)


@pages
def test_a_page_opens_for_its_role_refuses_another_and_is_not_there_for_a_stranger(
    world: World, station: Station
) -> None:
    walk = Walk(world)
    address = station.address(walk)
    wrong = world.actor(station.refuses, nth=7)
    let_see(walk, wrong, as_seen_by=walk.actor(station.opens_for))
    stranger = as_client(world.actor(station.opens_for, of="kmar"))

    opened = as_client(walk.actor(station.opens_for)).get(address)
    refused = as_client(wrong).get(address)
    unseen = stranger.get(address)

    assert opened.status_code == 200, opened.text[-3000:]
    assert opened.text.count("<h1") == 1
    assert refused.status_code == 403
    assert "role" in refused.text
    assert unseen.status_code == 404
    assert shown(unseen.text) == shown(stranger.get(re.sub(r"[0-9a-f-]{36}", ABSENT, address)).text)


def let_see(walk: Walk, actor: Actor, *, as_seen_by: Actor) -> None:
    """A grant, so that the refusal is one of the role and not of sight."""
    with acting(as_seen_by, at=walk.at):
        case = Case.objects.get()
        give(case, to=Principal(role=actor.role, user_id=actor.user_id), reason="test", ground="test")


@pytest.mark.parametrize("name", ["list", "search", "report", "call"])
def test_pages_of_no_single_case_are_closed_to_the_administrator(world: World, name: str) -> None:
    client = as_client(world.actor(Role.ADMINISTRATOR))

    assert client.get({"list": "/cases/"}.get(name, f"/cases/{name}")).status_code == 403
