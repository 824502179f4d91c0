"""One run at a time per data folder. The lock ends with its process, however that ends: it is never stale."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from stelsel.embedded.errors import CannotStart


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock; the file holds the process number of the holder, for people and for `stop`.

    Raises:
        CannotStart: another process holds it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise CannotStart(f"Cannot use the folder {path.parent}: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"{path.parent} is in use by process {holder(path) or 'unknown'}: stop that one first (Ctrl-C"
                " there, or `make stop`), or give this one a folder of its own in STELSEL_DATA."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def holder(path: Path) -> int | None:
    """The process that holds the lock now, or None."""
    try:
        with path.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return int(file.read() or 0) or None
    except FileNotFoundError:
        pass
    return None
