"""The port to a malware scanner: what is not known to be clean does not come in.

Setting STELSEL_SCANNER: "clamd:/path/of/socket" or "clamd:host:port". Left empty there is no scanner; only
demonstration mode takes files then.
"""

import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from django.conf import settings

from stelsel.kernel.errors import Unavailable, gettext_noop

WITHIN: Final = 20.0  # seconds for a whole scan; the web server gives up a request after 60
CHUNK: Final = 65_536  # bytes
LONGEST_ANSWER: Final = 1024  # bytes
HIGHEST_PORT: Final = 65_535


class Finding(StrEnum):
    """What a scanner says of content."""

    CLEAN = "clean"
    INFECTED = "infected"


class Scanner(Protocol):
    """Looks at content.

    Raises (from `verdict`):
        Unavailable: no answer, or one that is neither clean nor infected.
    """

    def verdict(self, content: bytes) -> Finding: ...


def _unavailable(code: str) -> Unavailable:
    return Unavailable(
        code, gettext_noop("The file could not be checked for malware, so it was not taken in. Try again later.")
    )


@dataclass(frozen=True)
class ClamdScanner:
    """ClamAV's daemon, by its INSTREAM command; `address` is the path of a socket, or host and port."""

    address: str | tuple[str, int]
    within: float = WITHIN

    def verdict(self, content: bytes) -> Finding:
        """Send the content in chunks, each with its length before it, and read one answer, all within the limit."""
        deadline = time.monotonic() + self.within
        try:
            with self._connected() as link:
                link.sendall(_instream(content))
                answer = _answer(link, deadline=deadline)
        except OSError as error:
            raise _unavailable("scanner_unreachable") from error
        if answer == b"stream: OK\0":
            return Finding.CLEAN
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
            return Finding.INFECTED
        raise _unavailable("scanner_unclear")

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.within)
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(self.within)
            link.connect(self.address)
        except OSError:
            link.close()
            raise
        return link


def _instream(content: bytes) -> bytes:
    parts = [b"zINSTREAM\0"]
    for start in range(0, len(content), CHUNK):
        part = content[start : start + CHUNK]
        parts += [len(part).to_bytes(4, "big"), part]
    return b"".join([*parts, bytes(4)])


def _answer(link: socket.socket, *, deadline: float) -> bytes:
    """One answer up to its closing zero; what came before the line was closed or grew too long.

    Raises:
        TimeoutError: the deadline passed, also when bytes kept dripping in.
    """
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        link.settimeout(left)
        part = link.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer


class NoScanner:
    """Takes everything for clean: in demonstration mode, where nothing is real."""

    def verdict(self, content: bytes) -> Finding:  # noqa: ARG002  # the shape of the port
        return Finding.CLEAN


def scanner() -> Scanner:
    """The scanner of the settings.

    Raises:
        Unavailable: there is none, or its address cannot be read.
    """
    if settings.SCANNER:
        address = address_in(settings.SCANNER)
        if address is not None:
            return ClamdScanner(address)
    elif settings.DEMO:
        return NoScanner()
    raise _unavailable("no_scanner")


def address_in(setting: str) -> str | tuple[str, int] | None:
    """Where clamd answers; None when the setting says no such thing."""
    kind, _, place = setting.partition(":")
    if kind != "clamd":
        return None
    if place.startswith("/"):
        return place
    host, _, port = place.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT):
        return None
    return host.strip("[]"), int(port)
