import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from stelsel.embedded import service, surroundings
from stelsel.embedded.account import Account, service_account, socket_folder
from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.postgres import FAST, Postgres
from stelsel.embedded.surroundings import free_port, refuse_full_disk
from stelsel.embedded.valkey import Valkey

Make = Callable[[], Postgres]


@pytest.fixture
def make_postgres(ground: Path) -> Iterator[Make]:
    servers: list[Postgres] = []

    def make() -> Postgres:
        account = service_account()
        servers.append(Postgres(ground, socket_folder(ground), account, "secret", FAST, ground / "postgres.log"))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def test_postgres_starts_stops_and_keeps_its_data(make_postgres: Make) -> None:
    first = make_postgres()
    first.start()
    first.cluster.make_database("kept")
    first.stop()
    assert not first.cluster.answers()

    second = make_postgres()
    second.start()

    assert second.cluster.has_database("kept")


def test_roles_have_no_powers_and_making_them_again_changes_nothing(make_postgres: Make) -> None:
    server = make_postgres()
    server.start()
    server.cluster.make_database("stelsel")
    for _ in range(2):
        server.cluster.make_roles("stelsel", dict.fromkeys(LOG_INS, "geheim"))

    with server.cluster.superuser("stelsel") as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'stelsel%' AND NOT (rolsuper OR rolbypassrls "
            "OR rolcreatedb OR rolcreaterole OR rolreplication) AND rolcanlogin = (rolname <> 'stelsel_owner')"
        )
        assert {name for (name,) in cursor.fetchall()} == {"stelsel_owner", *LOG_INS}
        cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'stelsel'")
        assert cursor.fetchone() == ("stelsel_owner",)


def test_a_wrong_password_opens_nothing(make_postgres: Make) -> None:
    server = make_postgres()
    server.start()

    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(server.cluster.address("postgres", "guess", "postgres"))


def test_a_server_left_by_a_killed_run_is_replaced(make_postgres: Make) -> None:
    left = make_postgres()
    before = left.start()

    server = make_postgres()
    server.start()

    assert before.wait(10) == 0
    assert server.cluster.answers()


@pytest.mark.parametrize("content", ["", "{own}\n/elsewhere\n", "4194999\n/elsewhere\n"])
def test_a_stale_lock_file_does_not_hinder(content: str, make_postgres: Make) -> None:
    """Empty after a full disk; of a process number that something else has now; of a process that is gone."""
    server = make_postgres()
    server.start()
    server.stop()
    stale = server.folder / "postmaster.pid"
    stale.write_text(content.format(own=os.getpid()))
    if server.account.uid is not None and server.account.gid is not None:
        os.chown(stale, server.account.uid, server.account.gid)

    server.start()

    assert server.cluster.answers()


def test_a_killed_server_starts_again(make_postgres: Make) -> None:
    server = make_postgres()
    child = server.start()
    child.kill()
    child.wait()

    for _ in range(20):  # its own children end a moment after it
        try:
            server.start()
        except CannotStart:
            continue
        break

    assert server.cluster.answers()


def test_an_older_postgres_is_refused(make_postgres: Make, ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = ground / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n")
    old.chmod(0o755)
    monkeypatch.setenv("STELSEL_PG_BIN", str(ground))

    with pytest.raises(CannotStart, match=r"18 or later is needed; .* holds postgres \(PostgreSQL\) 15\.4"):
        make_postgres().start()


def test_data_of_another_version_is_refused(make_postgres: Make) -> None:
    server = make_postgres()
    server.start()
    server.stop()
    (server.folder / "PG_VERSION").write_text("17\n")

    with pytest.raises(CannotStart, match="made by PostgreSQL 17"):
        server.start()


def test_why_postgres_did_not_start_is_told(make_postgres: Make) -> None:
    server = make_postgres()
    server.start()
    server.stop()
    with (server.folder / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")

    with pytest.raises(CannotStart, match="no_such_setting"):
        server.start()


def test_valkey_keeps_its_messages_over_a_restart(ground: Path) -> None:
    server = Valkey(ground, socket_folder(ground), service_account(), ground / "valkey.log")
    try:
        server.start()
        with redis.Redis.from_url(server.cache_address(3)) as client:
            client.set("queued", "1")
        server.stop()
        server.start()
        with redis.Redis.from_url(server.cache_address(3)) as client:
            assert client.get("queued") == b"1"
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    finally:
        server.stop()


def test_a_long_path_gets_a_short_socket_folder() -> None:
    deep = Path("/srv") / ("very-long-name-" * 8)

    assert len(str(socket_folder(deep))) < 80
    assert socket_folder(deep) == socket_folder(deep)
    assert socket_folder(deep) != socket_folder(deep / "other")


def test_a_closed_folder_is_out_of_reach(ground: Path) -> None:
    nobody = Account(65534, 65534)
    inner = ground / "closed" / "data"
    inner.mkdir(parents=True)
    assert nobody.reaches(inner)

    inner.parent.chmod(0o700)

    assert not nobody.reaches(inner)


def test_a_leftover_is_ended_only_when_it_is_ours() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        service.end_leftover(other.pid, mark="gunicorn stelsel.wsgi", name="web")
        assert other.poll() is None
        other.send_signal(signal.SIGKILL)


def test_a_port_in_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("STELSEL_PORT", str(port))
        with pytest.raises(CannotStart, match=f"Port {port} is in use"):
            free_port("127.0.0.1")

        monkeypatch.delenv("STELSEL_PORT")
        monkeypatch.setattr(surroundings, "FIRST_PORT", port)
        assert free_port("127.0.0.1") > port


@pytest.mark.parametrize("wrong", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STELSEL_PORT", wrong)

    with pytest.raises(CannotStart, match="must be a number from 1 to 65535"):
        free_port("127.0.0.1")


def test_a_full_disk_is_named_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "LEAST_ROOM", 2**60)

    with pytest.raises(CannotStart, match=r"Disk full: \d+ MB free"):
        refuse_full_disk(tmp_path)
