"""Need to know after a disaster: the access table on a database that was put back from a backup.

Every route once for a role it opens for, on their own and on a stranger's case, and once for a role it does not open
for. tests/test_access.py asks every role, on the database that was migrated.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connections

from stelsel.kernel.authorisation import Role
from tests.access.stage import Stage, set_stage
from tests.access.table import PEOPLE, ROWS, About, Row
from tests.services import ROOT, Services
from tests.test_access import ask, fault_of, undone

TAKES = 120  # seconds a command may take


def restored(services: Services, file: Path) -> str:
    """Back up the database of this test and put it back into a new one; the new one's name."""
    name = f"restored_{uuid4().hex[:8]}"
    cluster = services.cluster
    admin = cluster.address(cluster.user, cluster.password, services.database)
    environment = {**services.environment("migrate"), "STELSEL_ADMIN_DATABASE_URL": admin}
    for argv in (("backup", str(file)), ("restore", str(file), name)):
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *argv],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=True,
            timeout=TAKES,
        )
    return name


@contextmanager
def connected_to(services: Services, name: str) -> Iterator[None]:
    """The default connection of this process is the web role's to another database; afterwards that one is gone."""
    connection: Any = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        services.cluster.drop_database(name)


def askers(row: Row) -> Iterator[tuple[Role, bool]]:
    """Who asks: a role that it opens for (with a grant and as a stranger), and one that it does not open for."""
    if row.opens:
        yield min(row.opens), True
        if row.about is not About.NOTHING:
            yield min(row.opens), False
    closed = PEOPLE - row.opens
    if closed:
        yield min(closed), True


def test_every_route_is_as_closed_on_a_restored_database(fresh_db: str, services: Services, tmp_path: Path) -> None:
    wrong: dict[str, object] = {}
    with set_stage() as stage:
        name = restored(services, tmp_path / "backup")
        with connected_to(services, name):
            for row in ROWS:
                for role, own in askers(row):
                    fault = _checked(stage, row, role, own=own)
                    if fault:
                        wrong[f"{row.route}, {role}, {'own' if own else 'foreign'}"] = fault
    assert wrong == {}


def _checked(stage: Stage, row: Row, role: Role, *, own: bool) -> object:
    with undone():
        answer = ask(stage.client(role, own=own), row, stage.address(row))
        return fault_of(stage, row, answer, role=role, own=own)
