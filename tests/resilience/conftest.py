import pytest

from tests.resilience.walk import Support, begun
from tests.world import World


@pytest.fixture
def support(world: World) -> Support:
    """A designated person and their partner, each with a file in phase impact."""
    return begun(world)
