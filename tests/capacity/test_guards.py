"""What the database itself refuses, as the web role."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_tables_of_cases_have_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relname LIKE 'capacity_%%' ORDER BY relname"
        )
        found = [name for (name,) in cursor.fetchall()]

    assert found == [
        f"capacity_{name}"
        for name in (
            "assignment",
            "demandline",
            "displacement",
            "feasibility",
            "planresult",
            "run",
            "runinput",
            "shift",
            "teammember",
            "workedshift",
        )
    ]
