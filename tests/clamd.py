"""A little daemon that speaks clamd's INSTREAM on a real socket, and answers what a test tells it to."""

import contextlib
import socket
import threading
import time
from pathlib import Path


class Clamd:
    """Answers each scan with `answer`, or hangs when it is None; `pause` seconds pass between two bytes of it.

    `received` holds what was sent for scanning, joined from its chunks.
    """

    def __init__(self, answer: bytes | None, *, path: Path | None = None) -> None:
        self.answer, self.pause = answer, 0.0
        self.received: list[bytes] = []
        self._ended = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
        self._listener.bind(str(path) if path else ("127.0.0.1", 0))
        self._listener.listen()
        name = self._listener.getsockname()
        self.setting = f"clamd:{name}" if path else f"clamd:{name[0]}:{name[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with link, contextlib.suppress(OSError):
                self._talk(link)

    def _talk(self, link: socket.socket) -> None:
        with link.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            content = b""
            while length := int.from_bytes(sent.read(4), "big"):
                content += sent.read(length)
        self.received.append(content)
        if self.answer is None:
            self._ended.wait(timeout=10)
        elif not self.pause:
            link.sendall(self.answer)
        for byte in self.answer if self.answer and self.pause else b"":
            link.sendall(bytes([byte]))
            time.sleep(self.pause)
