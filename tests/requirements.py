"""The tests that show a requirement, named `test_rNNN_...`, and the column of docs/requirements.md that lists them.

`python -m tests.requirements` writes that column anew; tests/test_requirements.py holds it to what is there.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "requirements.md"
ROW = re.compile(r"^\| (R\d{3}) \|(.*)\|$", re.MULTILINE)
DEFINED = re.compile(r"^ *def (test_(r\d{3})_\w+)\(", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)`: ([^|`]*(?:`test_\w+`(?:, )?)+)")


def defined() -> dict[str, dict[str, list[str]]]:
    """The tests in the code: by requirement and file, in the order in which they stand there."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, requirement in DEFINED.findall(path.read_text()):
            found[requirement.upper()][str(path.relative_to(ROOT))].append(name)
    return found


def listed() -> dict[str, set[tuple[str, str]]]:
    """The tests that docs/requirements.md names: (file, test) by requirement."""
    found: dict[str, set[tuple[str, str]]] = {}
    for requirement, row in ROW.findall(PAGE.read_text()):
        found[requirement] = {
            (file, name) for file, names in NAMED.findall(row) for name in re.findall(r"`(test_\w+)`", names)
        }
    return found


def _cell(tests: Mapping[str, list[str]]) -> str:
    return "; ".join(f"`{file}`: {', '.join(f'`{name}`' for name in names)}" for file, names in sorted(tests.items()))


def write() -> None:
    """Write the last column of docs/requirements.md anew; the other columns stay as they are."""
    found = defined()

    def anew(row: re.Match[str]) -> str:
        requirement, rest = row[1], row[2]
        kept = rest.rsplit("|", 1)[0].rstrip()
        return f"| {requirement} |{kept} | {_cell(found.get(requirement, {}))} |".replace("|  |", "| |")

    PAGE.write_text(ROW.sub(anew, PAGE.read_text()))


if __name__ == "__main__":
    write()
