"""The tests stand on real services, in the role that the product has there."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from psycopg2 import errors, extensions

from tests.worker import CeleryWorker

Connect = Callable[[str], extensions.connection]


@pytest.mark.django_db
def test_tests_connect_as_the_web_role_to_a_database_of_their_own_process() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("stelsel_web", False, False)
        cursor.execute("SELECT current_database() LIKE 'test\\_%%'", [])
        assert cursor.fetchone() == (True,)


@pytest.mark.usefixtures("fresh_db")
@pytest.mark.parametrize("name", ["web", "worker", "sealer", "verifier"])
def test_no_process_may_make_tables(name: str, as_role: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege), as_role(name).cursor() as cursor:
        cursor.execute("CREATE TABLE public.of_its_own (number int)")


@pytest.mark.usefixtures("fresh_db")
def test_the_migrator_works_as_the_owner(as_role: Connect) -> None:
    with as_role("owner") as owner, owner.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("stelsel_migrator", "stelsel_owner")


@pytest.mark.usefixtures("fresh_db")
def test_what_a_test_commits_is_gone_afterwards(as_role: Connect) -> None:
    with as_role("owner") as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE public.left_behind (number int)")

    TransactionTestCase("__init__")._fixture_teardown()  # type: ignore[attr-defined]  # the hook that the stubs leave out

    with as_role("owner") as owner, owner.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.left_behind')")
        assert cursor.fetchone() == (None,)


def test_cache_is_the_real_valkey(valkey_url: str) -> None:
    cache.set("a", 1)

    assert cache.get("a") == 1
    assert valkey_url.startswith(("unix://", "redis://"))


def test_celery_worker_answers(celery_worker_process: CeleryWorker) -> None:
    assert celery_worker_process.child is not None
    assert celery_worker_process.child.poll() is None
