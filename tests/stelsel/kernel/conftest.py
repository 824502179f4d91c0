"""What the kernel's tests share: the owner's hand, and the trail as the owner reads it."""

import time
from collections.abc import Callable, Iterator, Sequence

import environ
import pytest
from django.db import connection as ours
from psycopg2 import extensions

from tests.services import Services

Run = Callable[..., list[tuple[object, ...]]]
OTHERS_END_WITHIN = 240.0  # seconds; a module of tests may hold one transaction open


@pytest.fixture
def owner(fresh_db: str, as_role: Callable[[str], extensions.connection]) -> Run:  # asked for its effect
    """Run a statement as the owner of the database, at once: what a thief of that role could do."""
    connection = as_role("owner")
    connection.autocommit = True

    def run(sql: str, args: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, args or None)
            return list(cursor.fetchall()) if cursor.description else []

    return run


def others_ended() -> None:
    """Wait until the transactions that run now, those of tests in other databases too, are over: then all is sealed."""
    with ours.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
        last = time.monotonic() + OTHERS_END_WITHIN
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > now:
                return
            assert time.monotonic() < last, "a transaction of another test does not end"
            time.sleep(0.1)


@pytest.fixture
def connected_as(fresh_db: str, services: Services) -> Iterator[Callable[[str], None]]:
    """Let this process's own connection be that of another role, as another process has it, until the test ends."""
    kept = dict(ours.settings_dict)

    def become(role: str, *, options: str = "") -> None:
        ours.close()
        cluster = services.cluster
        address = (
            cluster.address(cluster.user, cluster.password, services.database)
            if role == "superuser"
            else services.database_address(f"stelsel_{role}")
        )
        ours.settings_dict.update(environ.Env.db_url_config(address + options))

    yield become
    ours.close()
    ours.settings_dict.clear()
    ours.settings_dict.update(kept)
