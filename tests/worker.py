"""A real Celery worker as a process of its own, on the services of this test process."""

import subprocess
import sys
import time
from pathlib import Path

import redis

from stelsel.celery import app
from stelsel.embedded.processes import PROCESSES
from stelsel.embedded.service import explain, start_program, stop_program
from tests.services import ROOT, Services, process_name

STARTS_WITHIN = 40.0  # seconds


class CeleryWorker:
    """Started when first needed; started again when a test has killed it."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.log = Path(services.folder) / f"worker-{process_name()}.log"
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.child is not None
        return self.child.pid

    def ready(self) -> None:
        """Empty the queue, start the worker unless it runs, and wait until it answers."""
        if self.child is None or self.child.poll() is not None:
            self._purge()
            self.log.unlink(missing_ok=True)
            argv = [sys.executable, "-m", *PROCESSES["worker"].argv, "--concurrency", "1"]
            self.child = start_program(argv, log=self.log, environment=self.services.environment("worker"), folder=ROOT)
        last = time.monotonic() + STARTS_WITHIN
        while not app.control.ping(timeout=1, limit=1):
            assert self.child.poll() is None, explain(self.log)
            assert time.monotonic() < last, explain(self.log)

    def close(self) -> None:
        if self.child is not None:
            stop_program(self.child, within=10)
            self.child = None

    def _purge(self) -> None:
        with redis.Redis.from_url(self.services.broker_in_valkey) as client:
            client.flushdb()
