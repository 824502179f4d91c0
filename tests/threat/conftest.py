"""A case that reached the analysis, and the people around it."""

from collections.abc import Iterator

import pytest
from django.db import connection

from stelsel.kernel.models import Organisation
from tests.services import Services
from tests.threat.matching import Two, allow, set_two
from tests.threat.scene import Scene, set_scene
from tests.world import ORGANISATIONS, World


@pytest.fixture
def scene(world: World) -> Scene:
    return set_scene(world)


@pytest.fixture
def pair(world: World) -> Two:
    """In one transaction, for what needs no worker."""
    return set_two(world)


@pytest.fixture
def two(fresh_db: str, services: Services) -> Iterator[Two]:  # commits
    """Committed, so that the worker's database role sees it; matching the vehicles of one supplier is allowed."""
    world = World(
        {
            code: Organisation.objects.create(code=code, name=name, kind=kind, region="noord")
            for code, name, kind in ORGANISATIONS
        }
    )
    made = set_two(world, services)
    allow()
    yield made
    connection.close()
