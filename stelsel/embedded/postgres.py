"""An embedded PostgreSQL: made once, started as a child, reached over a unix socket alone."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stelsel.embedded import binaries, service
from stelsel.embedded.account import Account
from stelsel.embedded.cluster import PORT, Cluster
from stelsel.embedded.errors import CannotStart

SUPERUSER = "postgres"
SAFE = {"max_connections": "100", "shared_buffers": "128MB", "synchronous_commit": "on"}
FAST = {**SAFE, "max_connections": "200", "fsync": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


@dataclass
class Postgres:
    """One cluster. `account` must reach `base`; `settings` are SAFE (fsync on) or, for tests only, FAST."""

    base: Path
    sockets: Path
    account: Account
    password: str
    settings: Mapping[str, str]
    log: Path
    child: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        return self.base / "postgres"

    @property
    def cluster(self) -> Cluster:
        return Cluster(str(self.sockets), SUPERUSER, self.password)

    def start(self) -> subprocess.Popen[bytes]:
        """Start, making the cluster first when there is none, and wait until it answers.

        Raises:
            CannotStart: with the reason, such as a full disk or a wrong version.
        """
        programs = binaries.postgres_folder(self.base, self.account)
        self.account.make_folder(self.sockets)
        if not (self.folder / "PG_VERSION").exists():
            self._initialise(programs)
        self._refuse_other_version(programs)
        self._end_leftover()
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        self.child = service.start_program(
            [
                programs / "postgres",
                "-D",
                self.folder,
                "-k",
                self.sockets,
                "-p",
                str(PORT),
                "-h",
                "",
                *options,
            ],
            log=self.log,
            account=self.account,
            folder=self.folder,
        )
        service.wait_until(self.cluster.answers, child=self.child, name="PostgreSQL", log=self.log)
        return self.child

    def stop(self) -> None:
        """End it the fast way: open transactions are rolled back, everything committed is on disk."""
        if self.child is not None:
            service.stop_program(self.child, ask=signal.SIGINT, within=60)
            self.child = None

    def _initialise(self, programs: Path) -> None:
        """Make the cluster beside its place and move it there whole: a killed run leaves no half of one."""
        unfinished = self.base / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        secret = self.account.make_folder(self.base / "initdb") / "password"
        secret.write_text(self.password)
        if self.account.uid is not None and self.account.gid is not None:
            os.chown(secret, self.account.uid, self.account.gid)
        secret.chmod(0o600)
        flags = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256"]
        if self.settings.get("fsync") == "off":
            flags.append("--no-sync")
        try:
            child = service.start_program(
                [
                    programs / "initdb",
                    "-D",
                    unfinished,
                    f"--username={SUPERUSER}",
                    f"--pwfile={secret}",
                    *flags,
                ],
                log=self.log,
                account=self.account,
                folder=self.account.make_folder(unfinished),
            )
            if child.wait() != 0:
                raise CannotStart(f"PostgreSQL could not make its data folder.\n{service.explain(self.log)}")
        finally:
            secret.unlink()
            secret.parent.rmdir()
        unfinished.rename(self.folder)

    def _refuse_other_version(self, programs: Path) -> None:
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        if f" {made_by}." not in answer:
            raise CannotStart(
                f"{self.folder} was made by PostgreSQL {made_by}, and this is {answer.strip()}: "
                "point STELSEL_PG_BIN at that version, or move the folder away to start empty."
            )

    def _end_leftover(self) -> None:
        """A killed run leaves its server or its lock file behind.

        The caller holds the lock of the data folder, so no other run of ours can own what is found here.
        A lock file whose process is gone stays: PostgreSQL judges by it whether anything still uses its
        memory. It goes only when it is empty, or when another program has the process number by now.
        """
        lock = self.folder / "postmaster.pid"
        if not lock.exists():
            return
        first = lock.read_text().split()[:1]
        running = service.command_of(int(first[0])) if first else "nothing that a lock file could name"
        if str(self.folder) in running:
            service.end_leftover(int(first[0]), mark=str(self.folder), name="PostgreSQL", ask=signal.SIGINT)
        elif running:
            lock.unlink(missing_ok=True)
