"""The register of decisions: of one case and of all one sees, with what is open on each (R068)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.services.reading.register import Wanted, register
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden
from tests.browsing import as_client
from tests.cases.stations import a_relative, to_ratify
from tests.cases.test_relatives import designated
from tests.cases.walk import Walk
from tests.world import World


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def listed(walk: Walk, **wanted: object) -> list[str]:
    rows = register(wanted=Wanted(**wanted), actor=walk.actor(Role.DECIDER), at=walk.at)  # type: ignore[arg-type]  # fields of Wanted
    return [one.kind for one in rows]


def test_r068_the_register_lists_what_was_decided_and_filters_by_what_is_open(walk: Walk) -> None:
    walk.decided()
    walk.adopt_picture(version=2)

    assert listed(walk) == ["measures", "level", "designation"]
    assert listed(walk, review=True) == ["measures", "level"]
    assert listed(walk, kind="level", state="holds") == ["level"]
    assert listed(walk, unratified=True) == []
    assert listed(walk, by="nobody of this name") == []


def test_r038_the_register_lists_relatives_one_by_one(walk: Walk) -> None:
    designated(walk, a_relative(walk))

    assert listed(walk) == ["relative", "designation"]


def test_r050_orders_by_telephone_stand_in_the_register_until_they_are_ratified(walk: Walk) -> None:
    to_ratify(walk)

    assert listed(walk, unratified=True) == ["urgent"]


def test_r068_strangers_and_other_roles_read_no_register(walk: Walk) -> None:
    walk.decided()
    stranger = walk.world.actor(Role.DECIDER, nth=9)

    assert register(wanted=Wanted(), actor=stranger, at=walk.at) == []
    with pytest.raises(Forbidden):
        register(wanted=Wanted(), actor=walk.actor(Role.LCC_COORDINATOR), at=walk.at)


def test_r068_the_register_reads_in_a_bounded_number_of_queries(walk: Walk) -> None:
    walk.decided()
    client = as_client(walk.actor(Role.DECIDER))
    address = reverse("cases:case_decisions", args=[walk.case.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    walk.adopt_picture(version=2)
    with CaptureQueriesContext(connection) as more:
        client.get(address)

    assert len(more) == len(few)
