"""What the kernel's tests share: the owner's hand, and the trail as the owner reads it."""

from collections.abc import Callable, Iterator, Sequence

import environ
import pytest
from django.db import connection as ours
from psycopg2 import extensions

from tests.services import Services

Run = Callable[..., list[tuple[object, ...]]]


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
