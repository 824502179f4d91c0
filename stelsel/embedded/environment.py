"""Secrets made once, and the environment of each process: its own address, and the secrets it needs alone."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.processes import PROCESSES, Process

KEY_BYTES = 32
KEYS = (
    "STELSEL_SECRET_KEY",
    "STELSEL_MASTER_KEYS",
    "STELSEL_INDEX_KEY",
    "STELSEL_SEAL_KEY",
    "STELSEL_SEAL_PUBLIC_KEY",
)
ADDRESSES = ("DATABASE_URL", *(f"DATABASE_URL_{role.removeprefix('stelsel_').upper()}" for role in LOG_INS))


@dataclass(frozen=True)
class Secrets:
    """The secrets of one installation: a file each, for its owner's eyes alone, made when first asked for."""

    folder: Path

    def password(self, role: str) -> str:
        """Of a database role or the superuser: letters and digits alone."""
        return self._once(f"password_{role}", lambda: secrets.token_hex(24))

    def keys(self) -> dict[str, str]:
        """By name of the environment variable; what the environment already gives goes first."""
        seal = given("STELSEL_SEAL_KEY") or self._once("STELSEL_SEAL_KEY", _random_key)
        made: dict[str, Callable[[], str]] = {
            "STELSEL_SECRET_KEY": lambda: secrets.token_urlsafe(48),
            "STELSEL_MASTER_KEYS": lambda: f"k1:{_random_key()}",
            "STELSEL_INDEX_KEY": _random_key,
        }
        return {
            **{name: given(name) or self._once(name, make) for name, make in made.items()},
            "STELSEL_SEAL_KEY": seal,
            "STELSEL_SEAL_PUBLIC_KEY": given("STELSEL_SEAL_PUBLIC_KEY") or public_key(seal),
        }

    def _once(self, name: str, make: Callable[[], str]) -> str:
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_closed(path, make())
        return path.read_text().strip()


def given(name: str) -> str:
    """A value of the present environment, or of the file that NAME_FILE names; else empty."""
    path = os.environ.get(f"{name}_FILE")
    if path and name not in os.environ:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise CannotStart(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    return os.environ.get(name, "")


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def public_key(private: str) -> str:
    """The public half of an Ed25519 key; both are base64 of the 32 raw bytes."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private))
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def write_closed(path: Path, text: str) -> None:
    """Write a file that only its owner may read, never open for a moment and never half written.

    Raises:
        CannotStart: it cannot be written, for instance because the disk is full.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{text}\n")
        unfinished.replace(path)
    except OSError as error:
        raise CannotStart(f"Cannot write {path}: {error.strerror}.") from error


@dataclass(frozen=True)
class Addresses:
    """Where the services answer: a database address by role, and those of broker and cache."""

    databases: Mapping[str, str]
    broker: str
    cache: str


def process_environment(
    process: Process, *, addresses: Addresses, keys: Mapping[str, str], anchor: Path, settings_module: str
) -> dict[str, str]:
    """What this process needs and no more: the sealer alone gets the private key, and no content key."""
    everything = {
        **keys,
        "DATABASE_URL": addresses.databases[process.role],
        "STELSEL_PROCESS": process.name,
        "STELSEL_BROKER_URL": addresses.broker,
        "STELSEL_CACHE_URL": addresses.cache,
        "STELSEL_ANCHOR": given("STELSEL_ANCHOR") or str(anchor),
    }
    return {"DJANGO_SETTINGS_MODULE": settings_module, **{name: everything[name] for name in process.needs}}


def with_surroundings(own: Mapping[str, str]) -> dict[str, str]:
    """A process's own environment on top of the present one, without the addresses and secrets of others."""
    hidden = {*KEYS, *ADDRESSES}
    hidden |= {f"{name}_FILE" for name in hidden}
    return {**{name: value for name, value in os.environ.items() if name not in hidden}, **own}


def write_files(folder: Path, environments: Mapping[str, Mapping[str, str]]) -> None:
    """Write `folder`/<process>.env for each process: a command started by hand finds the same services."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, values in environments.items():
        write_closed(folder / f"{name}.env", "\n".join(f"{key}={value}" for key, value in values.items()))


def read_file(path: Path) -> dict[str, str]:
    """The environment that `write_files` wrote.

    Raises:
        CannotStart: it is not there.
    """
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise CannotStart(f"Cannot read {path}: {error.strerror}; `make run` writes it.") from error
    return dict(line.split("=", 1) for line in lines if line)


def environments(*, data: Path, addresses: Addresses, settings_module: str) -> dict[str, dict[str, str]]:
    """The environment of every process, by name."""
    keys = Secrets(data / "secrets").keys()
    return {
        name: process_environment(
            process,
            addresses=addresses,
            keys=keys,
            anchor=data / "anchor" / "seals.log",
            settings_module=settings_module,
        )
        for name, process in PROCESSES.items()
    }
