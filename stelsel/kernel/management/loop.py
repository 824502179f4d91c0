"""A process that does the same thing again and again until it is asked to stop."""

import signal
import threading
from collections.abc import Callable

import structlog
from django.db import Error as DatabaseError
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

log = structlog.get_logger(__name__)


def every(seconds: float, step: Callable[[], object], *, name: str) -> None:
    """Call `step`, wait, and so on, until SIGTERM or SIGINT; the step that runs then is finished first.

    A database or broker that is away is waited for.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            step()
        except (DatabaseError, BrokerError, OSError) as error:
            log.warning("loop.waiting", process=name, error=type(error).__name__)
            connection.close()
            stop.wait(1.0)
        stop.wait(seconds)
    connection.close()
