import sys
from pathlib import Path

import pytest

from stelsel.embedded.cluster import LOG_INS
from stelsel.embedded.errors import CannotStart
from stelsel.embedded.processes import PROCESSES, process


def test_the_processes_that_stay() -> None:
    assert [one.name for one in PROCESSES.values() if one.stays] == [
        "web",
        "worker",
        "beat",
        "relay",
        "sealer",
    ]


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_has_a_program_and_a_role(name: str) -> None:
    one = process(name)

    assert (Path(sys.executable).parent / one.argv[0]).exists()
    assert one.role in LOG_INS


def test_only_the_migration_works_as_the_owner() -> None:
    assert [one.name for one in PROCESSES.values() if one.role == "stelsel_migrator"] == ["migrate"]


def test_an_unknown_process_is_refused_with_those_there_are() -> None:
    with pytest.raises(CannotStart, match="there are: web, worker"):
        process("webb")
