"""What this machine and its environment give: addresses of services, a port, room on the disk."""

import os
import shutil
import socket
from pathlib import Path

from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.environment import given
from stelsel.embedded.errors import CannotStart

FIRST_PORT = 8000
PORTS_TRIED = 50
LEAST_ROOM = 300 * 1024 * 1024  # bytes


def given_databases() -> dict[str, str] | None:
    """Database addresses by role, from DATABASE_URL_WEB, _WORKER and so on, or DATABASE_URL.

    None when the environment gives none of them.

    Raises:
        CannotStart: some are given, and others are missing.
    """
    names = {role: f"DATABASE_URL_{role.removeprefix('stelsel_').upper()}" for role in LOG_INS}
    found = {role: given(name) or given("DATABASE_URL") for role, name in names.items()}
    if not any(found.values()):
        return None
    missing = [names[role] for role, address in found.items() if not address]
    if missing:
        raise CannotStart(f"Some database addresses are given, and these are missing: {', '.join(missing)}.")
    return found


def given_broker() -> tuple[str, str] | None:
    """The addresses of broker and cache, or None when neither is given.

    Raises:
        CannotStart: one of the two is missing.
    """
    broker, cache = given("STELSEL_BROKER_URL"), given("STELSEL_CACHE_URL")
    if bool(broker) != bool(cache):
        missing = "STELSEL_CACHE_URL" if broker else "STELSEL_BROKER_URL"
        raise CannotStart(f"Broker and cache go together: {missing} is missing.")
    return (broker, cache) if broker else None


def free_port(host: str) -> int:
    """The port in STELSEL_PORT, or the first free one from FIRST_PORT.

    Raises:
        CannotStart: it is no port, or it is in use.
    """
    wanted = os.environ.get("STELSEL_PORT", "")
    if wanted:
        if not wanted.isdigit() or not 0 < int(wanted) < 2**16:
            raise CannotStart(f"STELSEL_PORT must be a number from 1 to 65535, and is {wanted!r}.")
        if not _is_free(host, int(wanted)):
            raise CannotStart(
                f"Port {wanted} is in use: stop what uses it, give another number in STELSEL_PORT, "
                "or leave STELSEL_PORT out to have a free one chosen."
            )
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if _is_free(host, port):
            return port
    raise CannotStart(f"No port from {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED} is free: set STELSEL_PORT.")


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def refuse_full_disk(folder: Path) -> None:
    """Say that the disk is (nearly) full before a database breaks off in the middle of a write.

    Raises:
        CannotStart: less than LEAST_ROOM is free.
    """
    free = shutil.disk_usage(folder).free
    if free < LEAST_ROOM:
        megabytes = 1024 * 1024
        raise CannotStart(
            f"Disk full: {free // megabytes} MB free for {folder}, {LEAST_ROOM // megabytes} MB needed. "
            "Free some space, or point STELSEL_DATA at another disk."
        )
