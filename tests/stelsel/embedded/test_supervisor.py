import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stelsel.embedded import supervisor
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.service import FULL_DISK, explain, start_program, wait_until
from stelsel.embedded.supervisor import Child, Supervisor, delay_after, how_it_ended

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('deaf', flush=True)
time.sleep(60)
"""


class Told(list[str]):
    """What the supervisor said."""

    def text(self) -> str:
        return "\n".join(self)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def started() -> Iterator[list[Child]]:
    children: list[Child] = []
    yield children
    Supervisor(children, print).stop()


def child(tmp_path: Path, code: str) -> Child:
    log = tmp_path / "child.log"
    one = Child("relay", lambda: start_program([sys.executable, "-c", code], log=log), log)
    one.start()
    return one


def program(one: Child) -> "subprocess.Popen[bytes]":
    assert one.program is not None
    return one.program


def test_a_killed_child_is_started_again_after_a_second(tmp_path: Path, told: Told, started: list[Child]) -> None:
    one = child(tmp_path, "import time; time.sleep(60)")
    started.append(one)
    first = program(one)
    first.kill()
    first.wait()
    now = time.monotonic()
    watch = Supervisor([one], told.append)

    watch.look(now)
    watch.look(now + 0.9)
    assert one.program is None
    watch.look(now + 1.1)

    assert program(one).pid != first.pid
    assert told == ["relay was killed by SIGKILL; starting it again in 1 s.", "relay runs again."]


def test_a_child_that_keeps_failing_waits_longer_and_shows_its_last_words_once(
    tmp_path: Path, told: Told, started: list[Child]
) -> None:
    one = child(tmp_path, "import sys; sys.exit('no broker')")
    started.append(one)
    watch = Supervisor([one], told.append)
    now = time.monotonic()
    for _ in range(2):
        program(one).wait()
        watch.look(now)
        now += 10
        watch.look(now)

    assert "ended with code 1; starting it again in 1 s." in told.text()
    assert "ended with code 1; starting it again in 2 s." in told.text()
    assert told.text().count("no broker") == 2


def test_a_failure_to_launch_is_told_and_tried_again(tmp_path: Path, told: Told) -> None:
    def launch() -> "subprocess.Popen[bytes]":
        raise CannotStart("PostgreSQL did not start.")

    Supervisor([Child("PostgreSQL", launch, tmp_path / "log")], told.append).look(1.0)

    assert told == ["PostgreSQL did not start.; starting it again in 1 s."]


def test_stopping_ends_a_child_that_does_not_listen(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOPS_WITHIN", 0.2)
    one = child(tmp_path, STUBBORN)
    running = program(one)
    wait_until(lambda: "deaf" in one.log.read_text(), child=running, name="child", log=one.log)

    Supervisor([one], told.append).stop()

    assert running.returncode == -signal.SIGKILL


def test_delay_grows_to_a_minute() -> None:
    assert [delay_after(failures) for failures in (1, 2, 3, 6, 7, 50)] == [1, 2, 4, 32, 60, 60]


def test_how_a_process_ended_reads_as_words() -> None:
    assert how_it_ended(-15) == "was killed by SIGTERM"
    assert how_it_ended(3) == "ended with code 3"


def test_a_full_disk_in_a_log_is_named(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"could not write: {FULL_DISK}\n")

    assert explain(tmp_path / "log").startswith("The disk is full")
