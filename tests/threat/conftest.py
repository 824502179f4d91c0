"""Cases that reached the analysis, and the people around them; once committed, for other database roles to see."""

from collections.abc import Iterator

import environ
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
def stage(fresh_db: str, services: Services) -> Iterator[Scene]:  # commits
    """The scene, committed, so that another database role sees it."""
    yield set_scene(_committed())
    connect(services, "stelsel_web")


@pytest.fixture
def pair(world: World) -> Two:
    """In one transaction, for what needs no worker."""
    return set_two(world)


@pytest.fixture
def two(fresh_db: str, services: Services) -> Iterator[Two]:  # commits
    """Committed, so that the worker's database role sees it; matching the vehicles of one supplier is allowed."""
    made = set_two(_committed(), services)
    allow()
    yield made
    connection.close()


def _committed() -> World:
    return World(
        {
            code: Organisation.objects.create(code=code, name=name, kind=kind, region="noord")
            for code, name, kind in ORGANISATIONS
        }
    )


def connect(services: Services, role: str) -> None:
    """Go on as another role of the database."""
    connection.close()
    connection.settings_dict.update(environ.Env.db_url_config(services.database_address(role)))
