"""The walk of these tests: a case with demand."""

import pytest

from capacity import services
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.world import World


@pytest.fixture
def walk(world: World) -> Walk:
    """A case whose decided measures ask for teams."""
    walk = Walk(world)
    package = walk.decided()
    services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())
    return walk
