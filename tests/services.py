"""Real PostgreSQL and Valkey for the tests, a migrated template, and a database for each test process."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from stelsel.embedded import fingerprint, lock, translations
from stelsel.embedded.account import Account, service_account, service_folder, socket_folder
from stelsel.embedded.cluster import LOG_INS, Cluster
from stelsel.embedded.environment import Addresses, Secrets, process_environment, with_surroundings
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.postgres import FAST, Postgres
from stelsel.embedded.processes import PROCESSES
from stelsel.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "stelsel_template"
HANDED_DOWN = "STELSEL_TEST_SERVICES"  # how the first process tells the others where the services are
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own in it, closed to others
ROOM = 4 * 1024**3  # bytes that must be free there
MOST_RUNS = 4  # test runs at the same moment in one data folder


class TemplateFailed(Exception):
    """The migrations do not run; the text is what they said."""


def process_name() -> str:
    """The name of this test process: gw0, gw1 and so on under pytest-xdist, else main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass(frozen=True)
class Services:
    """Where the services of this test run are. `valkey` is the path of its socket, or an address redis://host:port."""

    folder: str
    host: str
    port: int
    superuser: str
    superuser_password: str
    valkey: str

    @classmethod
    def handed_down(cls) -> "Services":
        """Those that the first process started."""
        return cls(**json.loads(os.environ[HANDED_DOWN]))

    def hand_down(self) -> None:
        os.environ[HANDED_DOWN] = json.dumps(asdict(self))

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.host, self.superuser, self.superuser_password, self.port)

    @property
    def secrets(self) -> Secrets:
        return Secrets(Path(self.folder) / "secrets")

    @property
    def database(self) -> str:
        """The database of this test process."""
        return f"test_{process_name()}"

    @property
    def broker(self) -> str:
        number = self._first_number()
        return (
            f"{self.valkey}/{number}" if "://" in self.valkey else f"redis+socket://{self.valkey}?virtual_host={number}"
        )

    @property
    def cache(self) -> str:
        return self.valkey_address(self._first_number() + 1)

    @property
    def broker_in_valkey(self) -> str:
        """The broker's numbered database, as redis-py reads it."""
        return self.valkey_address(self._first_number())

    def valkey_address(self, number: int) -> str:
        return f"{self.valkey}/{number}" if "://" in self.valkey else f"unix://{self.valkey}?db={number}"

    def database_address(self, role: str, database: str | None = None) -> str:
        """The address of a log-in, such as stelsel_web, in this test process's database or another."""
        return self.cluster.address(role, self.secrets.password(role), database or self.database)

    def environment(self, process: str, database: str | None = None) -> dict[str, str]:
        """The whole environment of a process of the product, on the services of this test process."""
        own = process_environment(
            PROCESSES[process],
            addresses=Addresses(
                {role: self.database_address(role, database) for role in LOG_INS}, self.broker, self.cache
            ),
            keys=self.secrets.keys(),
            anchor=self.anchor,
            settings_module=os.environ.get("DJANGO_SETTINGS_MODULE", "stelsel.settings.test"),
        )
        return with_surroundings({**own, "STELSEL_ANCHOR": str(self.anchor)})

    @property
    def anchor(self) -> Path:
        """Where the seals of this test process are anchored, whatever the process that started it was given."""
        return Path(self.folder) / f"anchor-{process_name()}" / "seals.log"

    def remake_database(self) -> None:
        """Give this test process a database as the migrations leave it."""
        self.cluster.drop_database(self.database)
        self.cluster.copy_database(TEMPLATE, self.database)

    def make_template(self) -> None:
        """Make the migrated template, unless it is there from the same source; one process at a time.

        Raises:
            TemplateFailed: the migrations do not run.
        """
        made_from = Path(self.folder) / "template.sha256"
        with (Path(self.folder) / "template.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            source = fingerprint.of_schema(ROOT)
            if fingerprint.unchanged(made_from, source) and self.cluster.has_database(TEMPLATE):
                return
            made_from.unlink(missing_ok=True)
            self.cluster.drop_database(TEMPLATE)
            self.cluster.make_database(TEMPLATE)
            self.cluster.make_roles(TEMPLATE, {role: self.secrets.password(role) for role in LOG_INS})
            done = subprocess.run(
                [sys.executable, *PROCESSES["migrate"].argv[1:]],
                cwd=ROOT,
                env=self.environment("migrate", TEMPLATE),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise TemplateFailed(f"manage.py migrate failed:\n{done.stdout}{done.stderr}")
            made_from.write_text(source)

    def _first_number(self) -> int:
        """Each test process has two numbered databases in Valkey: the broker's and the cache's."""
        name = process_name()
        return 0 if name == "main" else 2 * (int(name.removeprefix("gw")) + 1)


@contextlib.contextmanager
def running(data: Path) -> Iterator[Services]:
    """Start what the tests need below `data`/test.

    STELSEL_TEST_POSTGRES_URL (a superuser's address) and STELSEL_TEST_VALKEY_URL are used instead when given.

    Raises:
        CannotStart: with the reason.
    """
    translations.compile_changed(ROOT)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(_free_folder(data))
        account = service_account()
        base = _in_memory(folder, account) or service_folder(folder, account)
        sockets = socket_folder(base)
        postgres_given = os.environ.get("STELSEL_TEST_POSTGRES_URL")
        valkey_given = os.environ.get("STELSEL_TEST_VALKEY_URL")
        password = Secrets(folder / "secrets").password("postgres")
        if postgres_given:
            cluster = Cluster.at(postgres_given)
        else:
            postgres = Postgres(base, sockets, account, password, FAST, folder / "postgres.log")
            stack.callback(postgres.stop)
            postgres.start()
            cluster = postgres.cluster
        if not valkey_given:
            valkey = Valkey(base, sockets, account, folder / "valkey.log", keep=False)
            stack.callback(valkey.stop)
            valkey.start()
        yield Services(
            str(folder),
            cluster.host,
            cluster.port,
            cluster.user,
            cluster.password,
            _without_path(valkey_given) if valkey_given else str(sockets / "valkey.sock"),
        )


def _in_memory(folder: Path, account: Account) -> Path | None:
    """Where the services keep their files when there is room in memory; STELSEL_TEST_ON_DISK=1 keeps them on disk.

    Every test that commits gets a fresh database of 1,500 files. File systems on disk do not give out at once what was
    just taken back: there that takes a second each time, in memory a tenth of it.
    """
    if os.environ.get("STELSEL_TEST_ON_DISK") or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    base = MEMORY / f"stelsel-{os.geteuid()}-{sha256(bytes(folder)).hexdigest()[:8]}"
    known = folder / "in-memory"
    if not known.exists():  # the folder with their passwords was removed meanwhile
        shutil.rmtree(base, ignore_errors=True)
    known.touch()
    return account.make_folder(base)


def _without_path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@contextlib.contextmanager
def _free_folder(data: Path) -> Iterator[Path]:
    """The first test folder that no other run uses, so that two runs at the same moment do not meet."""
    for number in range(1, MOST_RUNS + 1):
        folder = data / ("test" if number == 1 else f"test-{number}")
        if lock.holder(folder / "lock") is None:
            with lock.held(folder / "lock"):
                yield folder
            return
    raise CannotStart(f"{MOST_RUNS} test runs already use {data}; set STELSEL_DATA to another folder.")
