"""What the kernel's tests share: the owner's hand, and the trail as the owner reads it."""

from collections.abc import Callable, Sequence

import pytest
from psycopg2 import extensions

Run = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def owner(fresh_db: str, as_role: Callable[[str], extensions.connection]) -> Run:  # noqa: ARG001  # asked for its effect
    """Run a statement as the owner of the database, at once: what a thief of that role could do."""
    connection = as_role("owner")
    connection.autocommit = True

    def run(sql: str, args: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, args or None)
            return list(cursor.fetchall()) if cursor.description else []

    return run
