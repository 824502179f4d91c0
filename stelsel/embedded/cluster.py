"""Making databases and roles in a PostgreSQL that runs, our own or one that is given."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import psycopg2
from psycopg2 import extensions, sql

PORT = 5432
ROLES_SQL = Path(__file__).resolve().parent.parent / "kernel" / "sql" / "roles.sql"
LOG_INS = ("stelsel_migrator", "stelsel_web", "stelsel_worker", "stelsel_sealer", "stelsel_verifier")


@dataclass(frozen=True)
class Cluster:
    """Where a PostgreSQL answers, and its superuser. `host`: a name, or the folder of its unix socket."""

    host: str
    user: str
    password: str
    port: int = PORT

    @classmethod
    def at(cls, address: str) -> "Cluster":
        """Read a superuser's address, `postgresql://user:password@host:port/` or with `?host=/folder`."""
        parts = urlsplit(address)
        host = parse_qs(parts.query).get("host", [parts.hostname or "localhost"])[0]
        return cls(host, unquote(parts.username or "postgres"), unquote(parts.password or ""), parts.port or PORT)

    def address(self, user: str, password: str, database: str) -> str:
        """A database address that libpq and django-environ both read, over a unix socket too."""
        where = urlencode({"host": self.host, "port": self.port}, quote_via=quote)
        return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{database}?{where}"

    @contextlib.contextmanager
    def superuser(self, database: str = "postgres") -> Iterator[extensions.connection]:
        """A connection with all rights, in autocommit: for making databases and roles, and nothing else."""
        connection = psycopg2.connect(self.address(self.user, self.password, database))
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            with self.superuser():
                return True
        except psycopg2.OperationalError:
            return False

    def has_database(self, name: str) -> bool:
        with self.superuser() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def make_database(self, name: str) -> None:
        """Make an empty database."""
        with self.superuser() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def copy_database(self, template: str, name: str) -> None:
        """Make `name` a copy of `template`, which nobody may be connected to; who may connect is set anew."""
        names = {
            "name": sql.Identifier(name),
            "template": sql.Identifier(template),
            "log_ins": sql.SQL(", ").join(map(sql.Identifier, LOG_INS)),
        }
        with self.superuser() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER stelsel_owner").format(**names))
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**names))
            cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {name} TO {log_ins}").format(**names))

    def drop_database(self, name: str) -> None:
        """Drop a database if it is there, ending whoever is still connected to it."""
        with self.superuser() as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def make_roles(self, database: str, passwords: Mapping[str, str]) -> None:
        """Run roles.sql in `database` and set the password of each log-in, by role name."""
        with self.superuser(database) as connection, connection.cursor() as cursor:
            cursor.execute(ROLES_SQL.read_text())
            for role, password in passwords.items():
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(role)), [password])
