"""`make run`: from nothing to a running system, with a word at each step, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stelsel.embedded import fingerprint, lock, service, translations
from stelsel.embedded.account import service_account, service_folder
from stelsel.embedded.environment import environments, with_surroundings, write_files
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.processes import PROCESSES, Process
from stelsel.embedded.services import Services
from stelsel.embedded.supervisor import Child, Supervisor
from stelsel.embedded.surroundings import free_port, refuse_full_disk

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = 6
INTERNAL_ERROR = 500
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with what is asked for, never bound by itself
LARGEST_LOG = 10 * 1024 * 1024  # bytes; a larger one starts anew, the earlier one kept once


def data_folder() -> Path:
    """Where everything of this installation is kept: STELSEL_DATA, or .stelsel beside the code."""
    return Path(os.environ.get("STELSEL_DATA", ROOT / ".stelsel")).resolve()


def settings_module() -> str:
    return os.environ.get("DJANGO_SETTINGS_MODULE", "stelsel.settings.dev")


def say(text: str) -> None:
    print(text, flush=True)


class Run:
    """One run of the whole system in one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.services = Services(data)
        self.host = os.environ.get("STELSEL_HOST", "127.0.0.1")
        self.own: dict[str, dict[str, str]] = {}
        self.step = 0
        wanted = os.environ.get("STELSEL_DEMO", "on").lower() in {"on", "yes", "true", "1"}
        self.demonstrates = wanted and settings_module() == "stelsel.settings.dev" and has_command("demo")

    def __call__(self) -> None:
        """Run until Ctrl-C, and leave nothing running behind.

        Raises:
            CannotStart: with the reason.
        """
        with ExitStack() as stack:
            service_folder(self.data, service_account())
            stack.enter_context(lock.held(self.data / "lock"))
            refuse_full_disk(self.data)
            self._end_leftovers()
            port = free_port(self.host)
            try:
                self._run(port, stack)
            finally:
                say("\nStopping ...")
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)

    def _run(self, port: int, stack: ExitStack) -> None:
        stack.callback(self.services.stop)
        self._start_services()
        self._migrate()
        self._make_pages_ready()
        self._load_demonstration()
        supervisor = Supervisor([*self.services.children, *self._children(port)], say)
        stack.callback(supervisor.stop)
        self._start_processes(supervisor, port)
        self._welcome(port)
        supervisor.watch()

    @contextmanager
    def _progress(self, what: str) -> Iterator[None]:
        self.step += 1
        say(f"[{self.step}/{STEPS}] {what} ...")
        began = time.monotonic()
        yield
        say(f"      done in {time.monotonic() - began:.1f} s")

    def _start_services(self) -> None:
        with self._progress("Starting PostgreSQL and Valkey"):
            addresses = self.services.start()
            self.own = environments(data=self.data, addresses=addresses, settings_module=settings_module())
            write_files(self.data / "env", self.own)

    def _migrate(self) -> None:
        with self._progress("Bringing the database up to date"):
            record, source = self.data / "schema.sha256", fingerprint.of_schema(ROOT)
            embedded = any(child.name == "PostgreSQL" for child in self.services.children)
            if embedded and not self.services.new_database and fingerprint.unchanged(record, source):
                return
            self._command("migrate", *PROCESSES["migrate"].argv[2:])
            record.write_text(source)

    def _make_pages_ready(self) -> None:
        with self._progress("Preparing translations, styles and scripts"):
            translations.compile_changed(ROOT)
            record, source = self.data / "static.sha256", fingerprint.of_static(ROOT)
            if not fingerprint.unchanged(record, source):
                self._command("web", "collectstatic", "--noinput", "--verbosity", "0")
                record.write_text(source)

    def _load_demonstration(self) -> None:
        with self._progress("Loading the demonstration data, once"):
            if self.demonstrates:
                self._command("worker", "demo", "--once", show=True)
            else:
                say("      skipped: this run has no demonstration (STELSEL_DEMO, settings or version)")

    def _start_processes(self, supervisor: Supervisor, port: int) -> None:
        with self._progress("Starting web server, worker, scheduler, relay and sealer"):
            for child in supervisor.children:
                if child.program is None:
                    child.start()
            self._wait_for_page(next(child for child in supervisor.children if child.name == "web"), port)

    def _welcome(self, port: int) -> None:
        with self._progress("Ready"):
            if self.demonstrates:
                say(self._command("worker", "demo", "--logins").rstrip())
        shown = "localhost" if self.host == "127.0.0.1" else self.host
        say(f"\nStelsel runs at http://{shown}:{port}/   (Ctrl-C stops it; logs are in {self.services.log})")

    def _command(self, process: str, *argv: str, show: bool = False) -> str:
        """Run a management command with the rights of a process, and return what it prints.

        Raises:
            CannotStart: it fails; the message holds the end of its output.
        """
        printed: list[str] = []
        with subprocess.Popen(
            [sys.executable, ROOT / "manage.py", *argv],
            cwd=ROOT,
            env=with_surroundings(self.own[process]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child:
            for line in child.stdout or ():
                printed.append(line)
                if show:
                    say(f"      {line.rstrip()}")
        if child.returncode != 0:
            log = self.services.log / f"{argv[0]}.log"
            log.write_text("".join(printed))
            reason = f"See {log}." if show else service.explain(log)
            raise CannotStart(f"manage.py {' '.join(argv)} failed.\n{reason}")
        return "".join(printed)

    def _end_leftovers(self) -> None:
        """End what a killed run left behind: it would keep the port, and work on beside the new processes."""
        for process in PROCESSES.values():
            pid = self._pid(process)
            if pid.exists():
                mark = " ".join(process.argv[1:3])
                service.end_leftover(int(pid.read_text() or 0), mark=mark, name=process.name)
                pid.unlink()

    def _pid(self, process: Process) -> Path:
        return self.data / "run" / f"{process.name}.pid"

    def _children(self, port: int) -> list[Child]:
        self.own["web"]["GUNICORN_CMD_ARGS"] = f"--bind {self.host}:{port}"
        (self.data / "run").mkdir(exist_ok=True)
        return [
            Child(process.name, launcher(process, self.own[process.name], log, self._pid(process)), log)
            for process in PROCESSES.values()
            if process.stays
            for log in [self.services.log / f"{process.name}.log"]
        ]

    def _wait_for_page(self, web: Child, port: int) -> None:
        address = f"http://{'127.0.0.1' if self.host == EVERYWHERE else self.host}:{port}/"

        def answers() -> bool:
            try:
                with urllib.request.urlopen(address, timeout=30):
                    return True
            except urllib.error.HTTPError as error:
                if error.code >= INTERNAL_ERROR:
                    say(f"      the first page fails (status {error.code}): see {web.log}")
                return True
            except OSError:
                return False

        if web.program is not None:
            service.wait_until(answers, child=web.program, name="The web server", log=web.log)


def launcher(process: Process, own: Mapping[str, str], log: Path, pid: Path) -> Callable[[], "subprocess.Popen[bytes]"]:
    """How to start a process, and note its number for a later run that may have to end it."""
    program = Path(sys.executable).parent / process.argv[0]

    def launch() -> "subprocess.Popen[bytes]":
        if service.size(log) > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        child = service.start_program(
            [program, *process.argv[1:]], log=log, environment=with_surroundings(own), folder=ROOT
        )
        pid.write_text(str(child.pid))
        return child

    return launch


def has_command(name: str) -> bool:
    """Whether one of our apps has this management command; asking Django would take seconds."""
    found = (ROOT.glob(f"{pattern}/management/commands/{name}.py") for pattern in ("*", "stelsel/*"))
    return any(path for paths in found for path in paths)
