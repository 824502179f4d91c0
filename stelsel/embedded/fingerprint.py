"""What a result was made from, so that an unchanged source is not worked through again."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

APPS = ("stelsel", "cases", "threat", "resilience", "capacity")
SCHEMA_FOLDERS = {"migrations", "models", "settings", "sql"}
SCHEMA_FILES = {"models.py", "apps.py"}


def of_schema(root: Path) -> str:
    """Of all that the migrated database follows from: migrations, models, settings, SQL, packages."""
    found = (path for app in APPS for path in (root / app).rglob("*") if path.suffix in {".py", ".sql"})
    mine = (path for path in found if path.name in SCHEMA_FILES or SCHEMA_FOLDERS & set(path.parts))
    return _of([root / "requirements.txt", *mine], root)


def of_static(root: Path) -> str:
    """Of all that the collected static files follow from: our own, npm's lock file, settings, packages."""
    names = ("requirements.txt", "package-lock.json", "node_modules/.package-lock.json")
    own = [path for folder in ("static", "stelsel/settings") for path in (root / folder).rglob("*")]
    return _of([*(root / name for name in names), *own], root)


def _of(paths: Iterable[Path], root: Path) -> str:
    total = sha256()
    for path in sorted(paths):
        if path.is_file() and path.suffix != ".pyc":
            total.update(str(path.relative_to(root)).encode() + b"\0" + sha256(path.read_bytes()).digest())
    return total.hexdigest()


def unchanged(record: Path, fingerprint: str) -> bool:
    """Whether `record`, a file, holds this fingerprint."""
    return record.exists() and record.read_text() == fingerprint
