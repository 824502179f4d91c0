"""An embedded Valkey: broker and cache over a unix socket, kept on disk, never evicting a message."""

import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stelsel.embedded import binaries, service
from stelsel.embedded.account import Account

DATABASES = 64  # numbered databases: one for the broker and one for the cache of every test process


@dataclass
class Valkey:
    """One server whose files live in `base`/valkey."""

    base: Path
    sockets: Path
    account: Account
    log: Path
    keep: bool = True  # append every write to a file; tests do without
    child: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def broker_address(self, database: int = 0) -> str:
        """As Celery reads it."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def cache_address(self, database: int = 1) -> str:
        """As redis-py and Django's cache read it."""
        return f"unix://{self.socket}?db={database}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start and wait until it answers.

        Raises:
            CannotStart: with the end of its log.
        """
        folder = self.account.make_folder(self.base / "valkey")
        self.account.make_folder(self.sockets)
        self._end_leftover()
        self.socket.unlink(missing_ok=True)
        program = binaries.valkey_program(self.base, self.account)
        flags = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(folder),
            "--databases": str(DATABASES),
            "--appendonly": "yes" if self.keep else "no",
            "--save": "",
            "--maxmemory-policy": "noeviction",
        }
        self.child = service.start_program(
            [program, *(part for flag in flags.items() for part in flag)],
            log=self.log,
            account=self.account,
            folder=folder,
        )
        (self.base / "valkey.pid").write_text(str(self.child.pid))
        service.wait_until(self._answers, child=self.child, name="Valkey", log=self.log)
        return self.child

    def stop(self) -> None:
        if self.child is not None:
            service.stop_program(self.child)
            self.child = None

    def _end_leftover(self) -> None:
        """A killed run leaves its server behind; the caller holds the data folder's lock, so it is ours."""
        written = self.base / "valkey.pid"
        if written.exists():
            service.end_leftover(int(written.read_text()), mark=str(self.socket), name="Valkey")
            written.unlink()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
