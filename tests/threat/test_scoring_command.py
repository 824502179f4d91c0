"""`manage.py threat_score` as an auditor runs it: a process of its own, files in and out, no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.threat.scoring_cases import ORGANISED_CRIME, item, line
from threat.scoring import canonical, score

ROOT = Path(__file__).parents[2]
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing"


def threat_score(argument: str, *, content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "threat_score", argument],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": NOWHERE},
        input=content,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_a_file_is_scored_without_a_database(tmp_path: Path) -> None:
    evidence = line(ORGANISED_CRIME, withheld=["F2"])
    file = tmp_path / "EVIDENCE.json"
    file.write_text(json.dumps(evidence.document(), indent=2), encoding="utf-8")

    done = threat_score(str(file))

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == canonical(score(evidence).document()) + b"\n"


def test_every_fault_of_standard_input_is_told_with_status_2() -> None:
    wrong = line([item("F1", 9, "B2", "a", 5), item("F2", 3, "B1", "", 5)])

    done = threat_score("-", content=canonical(wrong.document()))

    assert (done.returncode, done.stdout) == (2, b"")
    told = done.stderr.decode().splitlines()
    assert [each.split(":")[0] for each in told] == [
        "items[0].value",
        "items[1].group",
        "items[1].credibility",
    ]


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_a_file_that_cannot_be_opened_is_told_with_status_2(tmp_path: Path, name: str) -> None:
    done = threat_score(str(tmp_path / name))

    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1
