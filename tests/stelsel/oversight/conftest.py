"""The demonstration is loaded by the worker's database role: it alone lets the system see cases."""

from collections.abc import Callable, Iterator

import environ
import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests.services import Services


@pytest.fixture(scope="module")
def worker_database(
    services: Services,
    django_db_setup: None,  # asked for its effect
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Callable[[], None]]:
    """A fresh database for the tests of a module, open as stelsel_worker; call it for another fresh one."""
    connection = connections["default"]
    web = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    worker = environ.Env.db_url_config(services.database_address("stelsel_worker"))

    def fresh() -> None:
        connections.close_all()
        services.remake_database()

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(settings, "PROCESS", "worker")
        fresh()
        connection.settings_dict.update({name: worker[name] for name in web})
        yield fresh
        fresh()
        connection.settings_dict.update(web)
