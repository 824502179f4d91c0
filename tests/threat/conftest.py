"""A case that reached the analysis, and the people around it; once committed, for other database roles to see."""

from collections.abc import Iterator

import environ
import pytest
from django.db import connection

from stelsel.kernel.models import Organisation
from tests.services import Services
from tests.threat.scene import Scene, set_scene
from tests.world import ORGANISATIONS, World


@pytest.fixture
def scene(world: World) -> Scene:
    return set_scene(world)


@pytest.fixture
def stage(fresh_db: str, services: Services) -> Iterator[Scene]:  # commits
    """The scene, committed, so that another database role sees it."""
    yield set_scene(
        World(
            {
                code: Organisation.objects.create(code=code, name=name, kind=kind, region="noord")
                for code, name, kind in ORGANISATIONS
            }
        )
    )
    connect(services, "stelsel_web")


def connect(services: Services, role: str) -> None:
    """Go on as another role of the database."""
    connection.close()
    connection.settings_dict.update(environ.Env.db_url_config(services.database_address(role)))
