"""The real processes of the product on the services of this test process: web server, worker, relay and sealer."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError

from stelsel.embedded.processes import PROCESSES
from stelsel.embedded.service import explain, start_program, stop_program
from tests.services import ROOT, Services, process_name

ALL = ("web", "relay", "sealer")
STARTS_WITHIN = 60.0  # seconds, on a machine that is busy with other tests


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(services: Services, *names: str) -> Iterator[str]:
    """Start the processes as `make run` does (all, or these), and give the address of the web server."""
    port = free_port()
    services.anchor.unlink(missing_ok=True)  # of a database that is gone
    with ExitStack() as stack:
        logs = {name: Path(services.folder) / f"{name}-{process_name()}-e2e.log" for name in names or ALL}
        for name, log in logs.items():
            log.unlink(missing_ok=True)
            child = _start(services, name, log=log, port=port)
            stack.callback(stop_program, child, within=10)
        address = f"http://127.0.0.1:{port}"
        _wait(address, logs["web"])
        yield address


def _start(services: Services, name: str, *, log: Path, port: int) -> "subprocess.Popen[bytes]":
    program, *arguments = PROCESSES[name].argv
    argv = [sys.executable, *([] if program == "python" else ["-m", program]), *arguments]
    environment = {**services.environment(name), "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port}"}
    return start_program(argv, log=log, environment=environment, folder=ROOT)


def _wait(address: str, log: Path) -> None:
    last = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < last:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310  # our own address
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(explain(log))
