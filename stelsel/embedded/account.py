"""The account that the services run as: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from stelsel.embedded.errors import CannotStart

LONGEST_SOCKET_FOLDER = 80  # characters; the socket itself must stay under 100 (the system's own limit is 107)


@dataclass(frozen=True)
class Account:
    """Who a service runs as. `uid` and `gid` are None when it is simply the present user."""

    uid: int | None
    gid: int | None

    def reaches(self, path: Path) -> bool:
        """Whether the account may pass through every folder above `path`, `path` included where it exists."""
        return self.uid is None or all(
            folder.stat().st_mode & stat.S_IXOTH or folder.stat().st_uid == self.uid
            for folder in (path, *path.parents)
            if folder.exists()
        )

    def make_folder(self, path: Path) -> Path:
        """Make `path`, closed to everybody but the account.

        Raises:
            CannotStart: the folder cannot be made, or somebody else owns it.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.uid is not None and self.gid is not None:
                os.chown(path, self.uid, self.gid)
            path.chmod(0o700)
        except OSError as error:
            raise CannotStart(f"Cannot prepare the folder {path}: {error.strerror}.") from error
        return path


def service_account() -> Account:
    """The present user, or `nobody` when that is root."""
    if os.geteuid() != 0:
        return Account(None, None)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise CannotStart("Started as root, and there is no account 'nobody' to run PostgreSQL as.") from error
    return Account(nobody.pw_uid, nobody.pw_gid)


def service_folder(data: Path, account: Account) -> Path:
    """Where the services keep their files: in `data`, or under /var/lib when the account cannot reach that.

    A checkout in root's own home is closed to every other account, and opening that is not ours to do.

    Raises:
        CannotStart: the folder cannot be made.
    """
    _make_passable(data)
    if account.reaches(data):
        return data
    base = Path("/var/lib") / f"stelsel-{_mark(data)}"
    _make_passable(base)
    return base


def _make_passable(folder: Path) -> None:
    """Make a folder that every account may pass through, whatever the umask; one that is there stays so."""
    if not folder.exists():
        try:
            folder.mkdir(parents=True)
            folder.chmod(0o755)
        except OSError as error:
            raise CannotStart(f"Cannot make the folder {folder}: {error.strerror}.") from error


def socket_folder(base: Path) -> Path:
    """Where the unix sockets live: below `base`, or in the temporary folder when that path is too long."""
    own = base / "socket"
    if len(str(own)) <= LONGEST_SOCKET_FOLDER:
        return own
    return Path(tempfile.gettempdir()) / f"stelsel-{os.geteuid()}-{_mark(base)}"


def _mark(path: Path) -> str:
    return sha256(str(path).encode()).hexdigest()[:8]
