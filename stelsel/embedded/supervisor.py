"""Keeps the children running: starts again, later each time, what ended by itself, and says so."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stelsel.embedded.errors import CannotStart
from stelsel.embedded.service import end_group, explain, size, stop_program

LONGEST_DELAY = 60.0  # seconds
SETTLED_AFTER = 60.0  # seconds: a child that lived this long starts again at once
TICK = 0.3  # seconds between two looks
STOPS_WITHIN = 30.0  # seconds, then it is ended the hard way


@dataclass
class Child:
    """One program to keep running. `launch` starts it and raises CannotStart when that fails."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    log: Path
    ask: signal.Signals = signal.SIGTERM
    program: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0  # of the monotonic clock, like `again`
    again: float = 0.0
    told: int = 0  # bytes of the log that were there before this start

    def start(self) -> None:
        self.told = size(self.log)
        self.started = time.monotonic()
        self.program = self.launch()


def delay_after(failures: int) -> float:
    """Seconds to wait before the next start: 1, 2, 4 and so on, never more than LONGEST_DELAY."""
    return min(2.0 ** (failures - 1), LONGEST_DELAY)


def how_it_ended(code: int) -> str:
    """An exit code as people read it."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


class Supervisor:
    """Runs until somebody stops it; the children stop in the reverse order of their start."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say

    def watch(self) -> None:
        """Look after the children until an exception, Ctrl-C above all, ends it."""
        while True:
            time.sleep(TICK)
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """See once to every child: one that ended waits, one that waited long enough starts."""
        for child in self.children:
            if child.program is None:
                if now >= child.again:
                    self._start_again(child, now)
            elif child.program.poll() is not None:
                self._ended(child, now)

    def stop(self) -> None:
        """Ask all to end at once, then see each of them gone."""
        running = [child for child in reversed(self.children) if child.program is not None]
        for child in running:
            if child.program and child.program.poll() is None:
                child.program.send_signal(child.ask)
        for child in running:
            if child.program:
                stop_program(child.program, ask=child.ask, within=STOPS_WITHIN)
                child.program = None

    def _ended(self, child: Child, now: float) -> None:
        code = child.program.returncode if child.program else 0
        if child.program:
            end_group(child.program)
        child.program = None
        child.failures = 1 if now - child.started > SETTLED_AFTER else child.failures + 1
        self._wait(child, now, f"{child.name} {how_it_ended(code)}")
        if code > 0:
            self.say(explain(child.log, since=child.told))

    def _start_again(self, child: Child, now: float) -> None:
        try:
            child.start()
        except (CannotStart, OSError) as error:
            child.failures += 1
            self._wait(child, now, str(error))
        else:
            self.say(f"{child.name} runs again.")

    def _wait(self, child: Child, now: float, what: str) -> None:
        delay = delay_after(child.failures)
        child.again = now + delay
        self.say(f"{what}; starting it again in {delay:.0f} s.")
