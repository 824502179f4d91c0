"""What tests of scheduled work share: running something on the worker's own database role."""

from collections.abc import Callable, Iterator

import environ
import pytest
from django.db import connection

from tests.services import Services

Scheduled = Callable[[Callable[[], object]], object]


@pytest.fixture
def as_worker(fresh_db: str, services: Services) -> Iterator[Scheduled]:  # commits
    """Run a call as the worker does, on its database role, and be the web server again afterwards."""

    def connect(role: str) -> None:
        connection.close()
        connection.settings_dict.update(environ.Env.db_url_config(services.database_address(role)))

    def run(call: Callable[[], object]) -> object:
        connect("stelsel_worker")
        try:
            return call()
        finally:
            connect("stelsel_web")

    yield run
    connect("stelsel_web")
