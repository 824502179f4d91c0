"""Row history and append-only tables: every change once, nothing changed afterwards, nothing secret in it."""

import json
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction
from psycopg2 import errors, extensions

from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Organisation, User, WorkItem
from tests.stelsel.kernel.conftest import Run
from tests.world import World

Connect = Callable[[str], extensions.connection]
TRAIL = ("kernel_auditentry", "kernel_readentry", "kernel_historyentry", "kernel_seal")
ADD_ONLY_ERRORS = (errors.IntegrityConstraintViolation, errors.InsufficientPrivilege)


def history(owner: Run, table: str, row: object) -> list[str]:
    found = owner(
        "SELECT operation FROM kernel_historyentry WHERE table_name = %s AND row_id = %s ORDER BY id", [table, str(row)]
    )
    return [str(operation) for (operation,) in found]


def team(code: str) -> Organisation:
    return Organisation(code=code, name=code, kind="team")


def test_create_update_and_save_leave_one_row_each(owner: Run) -> None:
    made = team("a")
    made.save()
    made.name = "A"
    made.save()
    Organisation.objects.filter(pk=made.pk).update(name="AA")

    assert history(owner, "kernel_organisation", made.pk) == ["INSERT", "UPDATE", "UPDATE"]


def test_bulk_and_raw_sql_leave_one_row_per_row(owner: Run) -> None:
    made = [team(f"t{number}") for number in range(3)]
    Organisation.objects.bulk_create(made)
    for one in made:
        one.region = "noord"
    Organisation.objects.bulk_update(made, ["region"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_organisation SET region = 'zuid' WHERE code LIKE 't%'")

    for one in made:
        assert history(owner, "kernel_organisation", one.pk) == ["INSERT", "UPDATE", "UPDATE"]


def test_a_change_that_is_rolled_back_leaves_no_history(owner: Run) -> None:
    made = team("a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        made.save()
        raise ZeroDivisionError

    assert history(owner, "kernel_organisation", made.pk) == []


def test_history_names_the_actor(world: World, noon: datetime, owner: Run) -> None:
    actor = world.actor(Role.ADMINISTRATOR)
    made = team("a")
    with acting(actor, at=noon):
        made.save()

    assert owner("SELECT actor_id::text FROM kernel_historyentry WHERE row_id = %s", [str(made.pk)]) == [
        (str(actor.user_id),)
    ]


def test_with_the_trigger_off_history_misses_the_change(owner: Run) -> None:
    """The control, switched off by the only role that can: the test above would then fail."""
    owner("ALTER TABLE kernel_organisation DISABLE TRIGGER history")
    made = team("a")
    made.save()

    assert history(owner, "kernel_organisation", made.pk) == []


def test_a_process_cannot_switch_the_trigger_off(fresh_db: str, as_role: Connect) -> None:
    for role in ("web", "worker", "sealer", "verifier"):
        with pytest.raises(errors.InsufficientPrivilege), as_role(role).cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_organisation DISABLE TRIGGER history")
        with pytest.raises(errors.InsufficientPrivilege), as_role(role).cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")


def test_every_tracked_table_writes_exactly_one_row_per_insert_and_update(owner: Run) -> None:
    """Over every table of ours that has history: a row of nothing but defaults is inserted and updated by SQL alone."""
    tables = [
        str(name)
        for (name,) in owner(
            """SELECT tgrelid::regclass FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
               WHERE proname = 'kernel_history' ORDER BY 1"""
        )
    ]
    assert len(tables) > 20
    for number, table in enumerate(tables):
        owner(f"CREATE TABLE copy_of (LIKE {table})")
        columns = owner(
            """SELECT attname FROM pg_attribute WHERE attrelid = 'copy_of'::regclass AND attnum > 0 AND attnotnull"""
        )
        for (column,) in columns:
            owner(f'ALTER TABLE copy_of ALTER COLUMN "{column}" DROP NOT NULL')
        (arguments,) = owner(
            """SELECT array_to_string(array_agg(quote_literal(part)), ', ') FROM (
                   SELECT string_to_table(encode(tgargs, 'escape'), '\\000') AS part FROM pg_trigger
                   WHERE tgrelid = %s::regclass AND tgname = 'history') AS parts WHERE part <> ''""",
            [table],
        )[0]
        owner(
            f"""CREATE TRIGGER history AFTER INSERT OR UPDATE OR DELETE ON copy_of
                FOR EACH ROW EXECUTE FUNCTION kernel_history({arguments})"""
        )
        key = str(arguments).split(",")[0].strip("'")  # the column that names the row
        (kind,) = owner(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = 'copy_of'::regclass AND attname = %s",
            [key],
        )[0]
        value = str(uuid4()) if kind == "uuid" else str(number)
        owner(f'INSERT INTO copy_of ("{key}") VALUES (%s)', [value])  # noqa: S608  # a name of ours
        owner(f'UPDATE copy_of SET "{key}" = "{key}"')  # noqa: S608  # as above
        owner("DELETE FROM copy_of")

        assert history(owner, "copy_of", value) == ["INSERT", "UPDATE", "DELETE"], table
        owner("DROP TABLE copy_of")


@pytest.mark.parametrize("table", TRAIL)
@pytest.mark.parametrize("role", ["web", "worker", "sealer", "verifier"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES"]
)
@pytest.mark.django_db
def test_no_process_changes_the_trail(table: str, role: str, statement: str) -> None:
    """By the rights as the catalogue has them, so that no database has to be made anew for each."""
    right = statement.split(" ", maxsplit=1)[0]
    if (table, role, right) == ("kernel_seal", "sealer", "INSERT"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [f"stelsel_{role}", table, right])
        assert cursor.fetchone() == (False,)


def test_not_even_the_owner_changes_the_trail_by_accident(owner: Run) -> None:
    team("a").save()
    for table in TRAIL[:3]:
        with pytest.raises(errors.IntegrityConstraintViolation):
            owner(f"TRUNCATE {table}")
    for statement in ("UPDATE kernel_historyentry SET row_id = 'x'", "DELETE FROM kernel_historyentry"):
        with pytest.raises(errors.IntegrityConstraintViolation):
            owner(statement)


def test_with_the_guard_off_the_trail_can_be_emptied(owner: Run) -> None:
    team("a").save()
    owner("DROP TRIGGER append_only ON kernel_historyentry")
    owner("DELETE FROM kernel_historyentry")

    assert owner("SELECT count(*) FROM kernel_historyentry") == [(0,)]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM kernel_user", "TRUNCATE kernel_user", "DELETE FROM kernel_workitem"]
)
@pytest.mark.parametrize("role", ["web", "worker"])
def test_no_process_removes_a_tracked_row(statement: str, role: str, fresh_db: str, as_role: Connect) -> None:
    with pytest.raises(ADD_ONLY_ERRORS), as_role(role).cursor() as cursor:
        cursor.execute(statement)


def test_acts_are_written_by_the_function_alone(fresh_db: str, as_role: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege), as_role("web").cursor() as cursor:
        cursor.execute("INSERT INTO kernel_auditentry (verb) VALUES ('forged')")
    for role in ("sealer", "verifier"):
        with pytest.raises(errors.InsufficientPrivilege), as_role(role).cursor() as cursor:
            cursor.execute("SELECT kernel_record_act(now(), 'a', 'b', 'c', NULL, NULL, NULL, 'done')")


def test_history_holds_no_password_and_no_wrapped_key(noon: datetime, owner: Run) -> None:
    """A destroyed key that lived on in the history would open what was destroyed."""
    with transaction.atomic():
        key = vault.make_key(at=noon)
    user = User.objects.create(username="somebody", password="a hash")
    images = owner("SELECT data FROM kernel_historyentry WHERE row_id IN (%s, %s)", [str(key.pk), str(user.pk)])

    assert len(images) == 2
    assert not any({"wrapped", "password"} & set(image) for (image,) in images if isinstance(image, dict))
    assert "a hash" not in json.dumps(images)


def test_work_items_are_tracked_when_they_close(world: World, noon: datetime, owner: Run) -> None:
    item = WorkItem.objects.create(
        kind="test", owner_role=Role.CASE_MANAGER, subject="a", subject_id=uuid4(), label="A", opened_at=noon
    )
    item.closed_at, item.closed_verb = noon, "test.done"
    item.save()

    assert history(owner, "kernel_workitem", item.pk) == ["INSERT", "UPDATE"]
