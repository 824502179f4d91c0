"""The demonstration is loaded by the worker's database role: it alone lets the system see cases."""

from collections.abc import Iterator

import environ
import pytest
from django.conf import settings
from django.db import connections

from tests.services import Services


@pytest.fixture
def as_worker(fresh_db: str, services: Services) -> Iterator[None]:  # noqa: ARG001  # asked for its effect
    """This test's connection logs in as stelsel_worker, on a fresh database."""
    connection = connections["default"]
    web = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    worker = environ.Env.db_url_config(services.database_address("stelsel_worker"))
    connection.close()
    connection.settings_dict.update({name: worker[name] for name in web})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PROCESS", "worker")
        yield
    connection.close()
    connection.settings_dict.update(web)
