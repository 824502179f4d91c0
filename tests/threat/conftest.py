"""A case that reached the analysis, and the people around it."""

import pytest

from tests.threat.scene import Scene, set_scene
from tests.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return set_scene(world)
