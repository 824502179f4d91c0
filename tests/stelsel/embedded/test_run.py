"""`make run` itself, on the real product: what a new user types first."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from stelsel.embedded import lock, service
from stelsel.embedded.environment import ADDRESSES, KEYS
from tests.services import ROOT

WITHIN = 300.0  # seconds, for a first start on a busy machine


class Started:
    """A run in a process of its own, and what it has printed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.output = data / "output"
        self.child = service.start_program(
            [sys.executable, "-m", "stelsel.embedded", "run"],
            log=self.output,
            environment=surroundings(data),
            folder=ROOT,
        )

    def wait_for(self, text: str) -> str:
        last = time.monotonic() + WITHIN
        while not (found := re.search(text, self.output.read_text())):
            assert self.child.poll() is None, self.output.read_text()
            assert time.monotonic() < last, self.output.read_text()
            time.sleep(0.1)
        return found.group()

    def pid(self, name: str) -> int:
        return int((self.data / "run" / f"{name}.pid").read_text())


def surroundings(data: Path) -> dict[str, str]:
    """The environment of somebody who has just got the product: no address and no secret of these tests."""
    hidden = {
        *KEYS,
        *ADDRESSES,
        "STELSEL_BROKER_URL",
        "STELSEL_CACHE_URL",
        "STELSEL_ANCHOR",
        "STELSEL_PROCESS",
    }
    hidden |= {"DJANGO_SETTINGS_MODULE", "STELSEL_PORT"}
    return {
        **{name: value for name, value in os.environ.items() if name not in hidden},
        "STELSEL_DATA": str(data),
    }


def command(data: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "stelsel.embedded", *argv],
        cwd=ROOT,
        env=surroundings(data),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def run(ground: Path) -> Iterator[Started]:
    started = Started(ground)
    yield started
    service.stop_program(started.child, within=60)


def test_run_starts_everything_mends_what_is_killed_and_stops_cleanly(run: Started) -> None:
    address = run.wait_for(r"http://localhost:\d+/").replace("localhost", "127.0.0.1")
    assert [f"[{step}/6]" in run.output.read_text() for step in range(1, 7)] == [True] * 6
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
        assert answer.status == 200

    second = command(run.data, "run")
    assert second.returncode == 1
    assert f"is in use by process {run.child.pid}" in second.stderr

    beat = run.pid("beat")
    os.kill(beat, signal.SIGKILL)
    run.wait_for("beat was killed by SIGKILL; starting it again in 1 s")
    run.wait_for("beat runs again")
    assert run.pid("beat") != beat

    whose = command(run.data, "exec", "sealer", "--", "python", "-c", "import os; print(os.environ['DATABASE_URL'])")
    assert whose.stdout.startswith("postgresql://stelsel_sealer:")

    pids = [run.pid(name) for name in ("web", "worker", "beat", "relay", "sealer")]
    assert command(run.data, "stop").stdout == "Stopped.\n"
    assert [service.command_of(pid) for pid in pids] == [""] * 5
    assert lock.holder(run.data / "lock") is None
    assert "failed" not in run.output.read_text()
    assert "ended with code" not in run.output.read_text()
