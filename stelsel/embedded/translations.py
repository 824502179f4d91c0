"""The translations in the form that Django reads (.mo), made from the .po files that are kept."""

import shutil
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from stelsel.embedded.errors import CannotStart


def compile_changed(root: Path) -> int:
    """Compile each .po file newer than its .mo file, by gettext or polib, and return how many there were.

    Raises:
        CannotStart: neither is there, or a file is not in order.
    """
    changed = [path for path in sorted((root / "locale").rglob("*.po")) if _is_newer(path, path.with_suffix(".mo"))]
    for path in changed:
        _compile(path, path.with_suffix(".mo"))
    return len(changed)


def _is_newer(source: Path, result: Path) -> bool:
    return not result.exists() or source.stat().st_mtime > result.stat().st_mtime


def _compile(source: Path, result: Path) -> None:
    msgfmt = shutil.which("msgfmt")
    if msgfmt:
        done = subprocess.run(
            [msgfmt, "--check-format", "-o", result, source], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise CannotStart(f"{source} is not in order:\n{done.stderr}")
    elif find_spec("polib"):
        import_module("polib").pofile(str(source)).save_as_mofile(str(result))
    else:
        raise CannotStart("The translations need gettext (msgfmt) or the Python package polib; neither is here.")
