"""What PostgreSQL and Valkey share: a program started in the background, with its output in a file."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from stelsel.embedded.account import Account
from stelsel.embedded.errors import CannotStart

READY_WITHIN = 60.0  # seconds
LINES_SHOWN = 15
FULL_DISK = "No space left on device"


def start_program(
    argv: Sequence[str | Path],
    *,
    log: Path,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program away from the terminal: Ctrl-C reaches the supervisor alone. Output goes to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account and account.uid is not None else None,
        )


def wait_until(ready: Callable[[], bool], *, child: subprocess.Popen[bytes], name: str, log: Path) -> None:
    """Wait until the child answers.

    Raises:
        CannotStart: it ended, or did not answer within READY_WITHIN; the message holds the end of its log.
    """
    last = time.monotonic() + READY_WITHIN
    while not ready():
        if child.poll() is not None:
            raise CannotStart(f"{name} did not start.\n{explain(log)}")
        if time.monotonic() > last:
            stop_program(child)
            raise CannotStart(f"{name} did not answer within {READY_WITHIN:.0f} seconds.\n{explain(log)}")
        time.sleep(0.05)


def stop_program(child: subprocess.Popen[bytes], *, ask: signal.Signals = signal.SIGTERM, within: float = 30) -> None:
    """Ask the child to end, and end its whole group when it does not within `within` seconds."""
    if child.poll() is None:
        child.send_signal(ask)
        try:
            child.wait(within)
        except subprocess.TimeoutExpired:
            end_group(child)
            child.wait()


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End at once what is left of the child and of the processes that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def explain(log: Path, since: int = 0) -> str:
    """The end of a log from byte `since`, with the meaning of the failures that people meet most."""
    text = log.read_bytes()[since:].decode(errors="replace") if log.exists() else ""
    shown = "\n".join(f"    {line}" for line in text.splitlines()[-LINES_SHOWN:])
    if FULL_DISK in shown:
        return f"The disk is full: free some space beside {log.parent} and start again.\n{shown}"
    return f"The end of {log}:\n{shown}"


def size(log: Path) -> int:
    """How long a log is now, in bytes: what comes after is new."""
    return log.stat().st_size if log.exists() else 0


def end_leftover(pid: int, *, mark: str, name: str, ask: signal.Signals = signal.SIGTERM) -> None:
    """End what a killed run left behind: process `pid`, if its command line still holds `mark`.

    Raises:
        CannotStart: it does not stop.
    """
    if mark in command_of(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ask)
    last = time.monotonic() + READY_WITHIN
    while mark in command_of(pid):
        if time.monotonic() > last:
            raise CannotStart(f"An earlier {name} (process {pid}) does not stop; end it and start again.")
        time.sleep(0.05)


def command_of(pid: int) -> str:
    """The command line of a running process, empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "" if Path("/proc/self").exists() else _command_by_ps(pid)


def _command_by_ps(pid: int) -> str:
    """Systems without /proc."""
    return subprocess.run(
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    ).stdout
