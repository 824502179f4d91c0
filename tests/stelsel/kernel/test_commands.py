"""The commands as processes of their own: each in its own role, with its own keys, and no other."""

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from stelsel.kernel.access import acting
from stelsel.kernel.jobs import enqueue, system_actor
from stelsel.kernel.models import OutboxMessage, PersonKey
from tests.cases.walk import Walk
from tests.services import ROOT, Services
from tests.stelsel.kernel.conftest import Run, others_ended
from tests.world import World

Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(services: Services, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """The environment of one of the product's processes, with an anchor of this test's own."""

    def of(process: str, database: str | None = None, **more: str) -> dict[str, str]:
        return {**services.environment(process, database), "STELSEL_ANCHOR": str(tmp_path / "seals.log"), **more}

    return of


@pytest.fixture
def manage(fresh_db: str, environment: Callable[..., dict[str, str]]) -> Manage:
    def run(*argv: str, process: str, database: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        if argv == ("audit", "seal"):
            others_ended()
        return subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *argv],
            cwd=ROOT,
            env=environment(process, database, **more),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def admin(services: Services) -> str:
    cluster = services.cluster
    return cluster.address(cluster.user, cluster.password, services.database)


@pytest.fixture
def elsewhere(services: Services) -> Iterator[str]:
    """The name of a database that is not there yet, and is gone afterwards."""
    name = f"restored_{uuid4().hex[:8]}"
    yield name
    services.cluster.drop_database(name)


# --- the trail ---


def test_what_the_sealer_seals_the_verifier_finds_whole(world: World, manage: Manage, owner: Run) -> None:
    Walk(world).opened()

    sealed = manage("audit", "seal", process="sealer")
    verified = manage("audit", "verify", process="verify")

    assert sealed.returncode == 0, sealed.stderr
    assert sealed.stdout.startswith("seal 1: ")
    assert verified.returncode == 0, verified.stderr
    assert "no faults" in verified.stdout
    assert owner("SELECT count(*) FROM kernel_seal") == [(1,)]


def test_verify_ends_with_1_and_the_faults(manage: Manage, owner: Run) -> None:
    owner(
        "INSERT INTO kernel_organisation (id, code, name, kind, region) VALUES (gen_random_uuid(), 'a', '', 'team', '')"
    )
    manage("audit", "seal", process="sealer")
    owner("ALTER TABLE kernel_historyentry DISABLE TRIGGER append_only")
    owner("UPDATE kernel_historyentry SET row_id = 'other' WHERE id = (SELECT max(id) FROM kernel_historyentry)")

    verified = manage("audit", "verify", process="verify")

    assert verified.returncode == 1
    assert "the row is not what was written" in verified.stderr


def test_the_sealer_goes_on_until_it_is_asked_to_stop(
    fresh_db: str, environment: Callable[..., dict[str, str]], owner: Run
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "audit", "seal", "--forever"], cwd=ROOT, env=environment("sealer")
    )
    try:
        for number in range(2):
            owner(
                "INSERT INTO kernel_organisation (id, code, name, kind, region)"
                " VALUES (gen_random_uuid(), %s, '', 'team', '')",
                [f"a{number}"],
            )
            wait_for(functools.partial(seals_are, owner, number + 1))
    finally:
        child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0


def seals_are(owner: Run, wanted: int) -> bool:
    return owner("SELECT count(*) FROM kernel_seal") == [(wanted,)]


def wait_for(done: Callable[[], bool]) -> None:
    last = time.monotonic() + 30
    while not done():
        assert time.monotonic() < last
        time.sleep(0.1)


# --- the relay ---


@pytest.mark.django_db
def test_the_relay_rings_once_and_stops(manage: Manage) -> None:
    with acting(system_actor(), at=timezone.now()):
        enqueue("cases.watch")

    done = manage("outbox_relay", "--once", process="relay")

    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr


def test_the_relay_survives_a_broker_that_is_away(fresh_db: str, environment: Callable[..., dict[str, str]]) -> None:
    with acting(system_actor(), at=timezone.now()):
        message = enqueue("cases.watch")
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "manage.py", "outbox_relay"],
        cwd=ROOT,
        env=environment("relay", STELSEL_BROKER_URL="redis+socket:///tmp/stelsel-no-such.sock"),
    )
    try:
        time.sleep(6)
        assert child.poll() is None
    finally:
        child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    message.refresh_from_db()
    assert message.state == "queued"
    assert message.available_at < timezone.now() + timedelta(seconds=1)


# --- each process in its own role ---


def test_the_web_server_starts_as_the_web_role_alone(
    fresh_db: str, environment: Callable[..., dict[str, str]], services: Services
) -> None:
    for role in ("stelsel_worker", "stelsel_web"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", "import stelsel.wsgi"],
            cwd=ROOT,
            env=environment("web", DATABASE_URL=services.database_address(role)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) is (role == "stelsel_web"), done.stderr


def test_a_worker_in_another_role_refuses_to_start(
    fresh_db: str, environment: Callable[..., dict[str, str]], services: Services
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "celery", "-A", "stelsel", "worker", "--pool", "solo"],
        cwd=ROOT,
        env=environment("worker", DATABASE_URL=services.database_address("stelsel_web")),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0
    assert "stelsel.E002" in done.stdout + done.stderr


# --- keys ---


def test_keys_are_rotated_with_proof(world: World, manage: Manage, environment: Callable[..., dict[str, str]]) -> None:
    Walk(world).opened()
    assert PersonKey.objects.count() == 3
    code = (
        "import django; django.setup(); from django.conf import settings;"
        "settings.MASTER_KEYS += ',k9:' + 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=';"
        "from django.core.management import call_command; call_command('keys', 'rotate')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env=environment("worker"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "3 keys wrapped now" in done.stdout
    assert "3 keys open with k9" in done.stdout
    assert set(PersonKey.objects.values_list("master", flat=True)) == {"k9"}


# --- backup and restore ---


def test_a_backup_restored_into_a_new_database_is_whole(
    world: World, manage: Manage, admin: str, elsewhere: str, tmp_path: Path, owner: Run, services: Services
) -> None:
    Walk(world).signed()
    manage("audit", "seal", process="sealer")
    OutboxMessage.objects.update(attempts=1)  # a tail that is not sealed yet
    owner("UPDATE kernel_organisation SET region = 'zuid'")
    file = tmp_path / "backup"

    made = manage("backup", str(file), process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)
    restored = manage("restore", str(file), elsewhere, process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)

    assert made.returncode == 0, made.stderr
    assert restored.returncode == 0, restored.stderr
    assert file.stat().st_mode & 0o077 == 0
    verified = manage("audit", "verify", process="verify", database=elsewhere)
    assert verified.returncode == 0, verified.stderr
    assert manage("audit", "seal", process="sealer", database=elsewhere).stdout.startswith("seal 2: ")
    again = manage("audit", "verify", process="verify", database=elsewhere)
    assert again.returncode == 0, again.stderr
    assert " 0 not yet sealed" in again.stdout
    assert rights(services, elsewhere) == rights(services, services.database)


def rights(services: Services, database: str) -> dict[str, list[tuple[object, ...]]]:
    """What stands between a process and the data, read from a database's catalogue."""
    questions = {
        "tables": """SELECT relname, pg_get_userbyid(relowner), relrowsecurity, relacl::text[] FROM pg_class
                     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY 1""",
        "policies": "SELECT tablename, policyname, roles::text[], cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
        "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY 1, 2",
        "functions": """SELECT proname, pg_get_userbyid(proowner), prosecdef, proacl::text[], proconfig FROM pg_proc
                        WHERE pronamespace = 'public'::regnamespace AND proname LIKE ANY (ARRAY['kernel%', 'cases%'])
                        ORDER BY 1""",
        "constraints": """SELECT conrelid::regclass::text, conname, contype, condeferrable, convalidated
                          FROM pg_constraint ORDER BY 1, 2, 3""",
        "connect": """SELECT rolname, wanted, has_database_privilege(rolname, current_database(), wanted)
                      FROM pg_roles, unnest(ARRAY['CONNECT', 'CREATE', 'TEMP']) AS wanted
                      WHERE rolname LIKE 'stelsel%' ORDER BY 1, 2""",
    }
    with services.cluster.superuser(database) as superuser, superuser.cursor() as cursor:
        answers = {}
        for name, question in questions.items():
            cursor.execute(question)
            answers[name] = cursor.fetchall()
    return answers


def test_a_backup_goes_into_no_database_that_is_there(
    manage: Manage, admin: str, tmp_path: Path, services: Services
) -> None:
    file = tmp_path / "backup"
    manage("backup", str(file), process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)

    twice = manage("backup", str(file), process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)
    over = manage("restore", str(file), services.database, process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)

    assert twice.returncode != 0
    assert "exists already" in twice.stderr
    assert over.returncode != 0
    assert "exists already" in over.stderr


def test_an_older_backup_gives_up_the_seals_after_it_in_the_open(
    manage: Manage, admin: str, elsewhere: str, tmp_path: Path, owner: Run
) -> None:
    manage("audit", "seal", process="sealer")
    file = tmp_path / "backup"
    manage("backup", str(file), process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)
    owner(
        "INSERT INTO kernel_organisation (id, code, name, kind, region) VALUES (gen_random_uuid(), 'a', '', 'team', '')"
    )
    manage("audit", "seal", process="sealer")

    manage("restore", str(file), elsewhere, process="migrate", STELSEL_ADMIN_DATABASE_URL=admin)
    verified = manage("audit", "verify", process="verify", database=elsewhere)

    assert verified.returncode == 0, verified.stderr
    assert "a backup was put back: restored 1" in verified.stdout


def test_without_the_superusers_address_neither_starts(manage: Manage, tmp_path: Path) -> None:
    done = manage("backup", str(tmp_path / "backup"), process="migrate", STELSEL_ADMIN_DATABASE_URL="")

    assert done.returncode != 0
    assert "STELSEL_ADMIN_DATABASE_URL is not set" in done.stderr
    assert not list(tmp_path.iterdir())


# --- settings ---


@pytest.mark.parametrize("value", ["true", "1"])
def test_demonstration_mode_cannot_be_on_in_production(value: str) -> None:
    done = production(STELSEL_DEMO=value)

    assert done.returncode != 0
    assert "Demonstration mode cannot be switched on" in done.stderr


def test_production_has_no_default_secrets() -> None:
    for name in ("STELSEL_SECRET_KEY", "STELSEL_HOSTS", "DATABASE_URL"):
        done = production(**{name: ""})
        assert done.returncode != 0
        assert f"{name} is not set" in done.stderr


def test_production_is_closed() -> None:
    done = production()

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False", "True", "True", "True"]


def production(**changed: str) -> subprocess.CompletedProcess[str]:
    given = {
        "STELSEL_SECRET_KEY": "x" * 50,
        "STELSEL_HOSTS": "stelsel.example",
        "DATABASE_URL": "postgresql:///stelsel",
        "STELSEL_MASTER_KEYS": "a:" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=",
        **changed,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STELSEL_", "DATABASE_URL"))}
    code = (
        "from stelsel.settings import production as p;"
        "print(p.DEBUG, p.DEMO, p.SESSION_COOKIE_SECURE, p.CSRF_COOKIE_SECURE, p.SECURE_SSL_REDIRECT)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, **given, "DJANGO_SETTINGS_MODULE": "stelsel.settings.production"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_the_one_click_log_in_is_not_there_outside_the_demonstration(client: object, settings: object) -> None:
    from django.test import Client  # noqa: PLC0415  # only here

    settings.DEMO = False  # type: ignore[attr-defined]  # pytest-django's
    answer = Client().post("/demonstration/log-in", {"username": "anybody"})

    assert answer.status_code == 404
    assert connection.is_usable()
