"""Real services for every test: PostgreSQL as the web role, Valkey, and a Celery worker when asked for."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import django.test
import environ
import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from psycopg2 import extensions
from pytest_django.plugin import DjangoDbBlocker

from stelsel.embedded.errors import CannotStart
from tests import services as test_services
from tests.services import HANDED_DOWN, ROOT, Services
from tests.worker import CeleryWorker

pytest_plugins = ["tests.world"]

RUNNING = pytest.StashKey[contextlib.ExitStack]()
LONGEST = ("tests/stelsel/embedded/test_run.py", "tests/e2e/test_main_job.py")  # a minute and more
ROLES = {
    "owner": "stelsel_migrator",
    **{name: f"stelsel_{name}" for name in ("web", "worker", "sealer", "verifier")},
}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the services in the first process, and point Django at them in every process."""
    if config.option.collectonly or config.option.help or config.option.version:
        return
    if not hasattr(config, "workerinput"):
        stack = config.stash[RUNNING] = contextlib.ExitStack()
        data = Path(os.environ.get("STELSEL_DATA", ROOT / ".stelsel")).resolve()
        try:
            stack.enter_context(test_services.running(data)).hand_down()
        except CannotStart as error:
            raise pytest.UsageError(str(error)) from error
    _point_django_at(Services.handed_down())


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUNNING in config.stash:
        config.stash[RUNNING].close()
        os.environ.pop(HANDED_DOWN, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest tests first, at the head of what each process begins with: none of them runs alone at the end."""
    long = [item for name in LONGEST for item in items if item.path == ROOT / name]
    rest = [item for item in items if item not in long]
    share = len(items) // getattr(config, "workerinput", {"workercount": 1})["workercount"]
    for place, item in enumerate(long):
        rest.insert(min(place * share, len(rest)), item)
    items[:] = rest


def _point_django_at(services: Services) -> None:
    """The settings came first: pytest-django reads them before any conftest.py."""
    os.environ.update(services.environment("web"))
    settings.DATABASES["default"].update(environ.Env().db_url("DATABASE_URL"))
    settings.CACHES["default"]["LOCATION"] = services.cache
    settings.CELERY_BROKER_URL = services.broker
    settings.ANCHOR = os.environ["STELSEL_ANCHOR"]
    settings.SEAL_PUBLIC_KEY = os.environ["STELSEL_SEAL_PUBLIC_KEY"]
    settings.PROCESS = os.environ["STELSEL_PROCESS"]


@pytest.fixture(scope="session")
def services() -> Services:
    """Where the real services of this test process are."""
    return Services.handed_down()


@pytest.fixture(scope="session")
def django_db_setup(services: Services, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of its own for this test process, and a fresh one after each test that commits.

    Django would truncate the tables instead, which the append-only tables rightly refuse to the web role.
    """
    services.make_template()
    services.remake_database()

    def give_a_fresh_database(_: django.test.TransactionTestCase) -> None:
        connections.close_all()
        services.remake_database()

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(django.test.TransactionTestCase, "_fixture_teardown", give_a_fresh_database)
        yield
        connections.close_all()
    services.cluster.drop_database(services.database)


@pytest.fixture
def fresh_db(transactional_db: None, services: Services) -> str:
    """For a test that commits or uses several connections: the name of an untouched database."""
    return services.database


@pytest.fixture
def as_role(services: Services) -> Iterator[Callable[[str], extensions.connection]]:
    """Connect to the test database as "owner" (by the migrator), "web", "worker", "sealer" or "verifier".

    A connection sees what is committed only: use it with `fresh_db`.
    """
    with contextlib.ExitStack() as stack:

        def connect(name: str) -> extensions.connection:
            connection = psycopg2.connect(services.database_address(ROLES[name]))
            stack.callback(connection.close)
            return connection

        yield connect


@pytest.fixture(scope="session")
def valkey_url(services: Services) -> str:
    """The cache's address in the real Valkey, as redis-py reads it, of this test process alone."""
    return services.cache


@pytest.fixture(scope="session")
def _celery_worker(
    services: Services,
    django_db_setup: None,
) -> Iterator[CeleryWorker]:
    with contextlib.closing(CeleryWorker(services)) as worker:
        yield worker


@pytest.fixture
def celery_worker_process(
    _celery_worker: CeleryWorker,
    fresh_db: str,
) -> CeleryWorker:
    """A real Celery worker on the test database, logged in as stelsel_worker, with a queue of its own."""
    _celery_worker.ready()
    return _celery_worker
