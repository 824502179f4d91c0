"""PostgreSQL and Valkey for one data folder: started here, or given by the environment."""

import signal
from pathlib import Path

from stelsel.embedded.account import service_account, service_folder, socket_folder
from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.environment import Addresses, Secrets
from stelsel.embedded.postgres import SAFE, Postgres
from stelsel.embedded.supervisor import Child
from stelsel.embedded.surroundings import given_broker, given_databases
from stelsel.embedded.valkey import Valkey

DATABASE = "stelsel"


class Services:
    """The services of one data folder; the caller holds its lock."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.log = data / "log"
        self.children: list[Child] = []
        self.new_database = False  # made by this start: nothing is in it
        self._started: list[Postgres | Valkey] = []

    def start(self) -> Addresses:
        """Start what the environment does not give, and answer where everything is.

        Raises:
            CannotStart: with the reason; what did start, `stop` ends.
        """
        base = service_folder(self.data, service_account())
        self.log.mkdir(mode=0o700, exist_ok=True)
        databases = given_databases() or self._start_postgres(base)
        broker, cache = given_broker() or self._start_valkey(base)
        return Addresses(databases, broker, cache)

    def stop(self) -> None:
        """Valkey first, the database last."""
        while self._started:
            self._started.pop().stop()

    def _start_postgres(self, base: Path) -> dict[str, str]:
        secrets = Secrets(self.data / "secrets")
        log = self.log / "postgres.log"
        server = Postgres(base, socket_folder(base), service_account(), secrets.password("postgres"), SAFE, log)
        self._keep("PostgreSQL", server, signal.SIGINT)
        self.new_database = not server.cluster.has_database(DATABASE)
        if self.new_database:
            server.cluster.make_database(DATABASE)
        passwords = {role: secrets.password(role) for role in LOG_INS}
        server.cluster.make_roles(DATABASE, passwords)
        return {role: server.cluster.address(role, password, DATABASE) for role, password in passwords.items()}

    def _start_valkey(self, base: Path) -> tuple[str, str]:
        server = Valkey(base, socket_folder(base), service_account(), self.log / "valkey.log")
        self._keep("Valkey", server, signal.SIGTERM)
        return server.broker_address(), server.cache_address()

    def _keep(self, name: str, server: Postgres | Valkey, ask: signal.Signals) -> None:
        self._started.append(server)
        child = Child(name, server.start, server.log, ask)
        child.start()
        self.children.append(child)
