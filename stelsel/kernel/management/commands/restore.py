"""`manage.py restore FILE DATABASE`: puts a backup back into a new database, so that its trail goes on unbroken."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from psycopg2 import sql

from stelsel.kernel import audit
from stelsel.kernel.management import postgres

ROLES = Path(__file__).resolve().parents[2] / "sql" / "roles.sql"


class Command(BaseCommand):
    """Never into a database that is there: what holds now stays until somebody points the processes elsewhere."""

    help = "Restore the backup FILE into the new database DATABASE; then run `audit verify` on it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("database")

    def handle(self, *args: object, file: Path, database: str, **options: object) -> None:
        if not file.is_file():
            raise CommandError(f"{file} is not there.")
        _make(database)
        postgres.run("pg_restore", "--exit-on-error", "--single-transaction", str(file), database=database)
        connection = postgres.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
                restored = audit.go_on_after_restore(cursor, at=timezone.now())
        finally:
            connection.close()
        anchor = audit.FileAnchor(Path(settings.ANCHOR))
        if restored.given_up_by(anchor):
            anchor.keep(restored.line)
        self.stdout.write(f"{database} holds the backup, sealed up to seal {restored.number}")


def _make(database: str) -> None:
    connection = postgres.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if cursor.fetchone():
                raise CommandError(f"The database {database} exists already; a backup goes into a new one.")
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database)))
    finally:
        connection.close()
    connection = postgres.connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(ROLES.read_text())
    finally:
        connection.close()
