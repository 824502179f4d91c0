"""docs/requirements.md is true: every number once, every place there, and the tests those that are."""

import re

from tests.requirements import PAGE, ROOT, ROW, defined, listed

PARTS = {"cases", "threat", "resilience", "capacity", "legal", "oversight", "kernel"}


def test_every_number_stands_there_once() -> None:
    assert [number for number, _ in ROW.findall(PAGE.read_text())] == [f"R{number:03}" for number in range(1, 117)]


def test_each_row_says_what_is_asked_and_who_owns_it() -> None:
    for number, row in ROW.findall(PAGE.read_text()):
        asks, owner, *_ = (cell.strip() for cell in row.split("|"))
        assert asks, number
        assert owner.split(" (")[0] in {"cases", "threat", "resilience", "capacity", "legal", "oversight", "kernel"}, (
            number
        )


def test_each_named_place_is_there() -> None:
    for number, row in ROW.findall(PAGE.read_text()):
        place = row.split("|")[2]
        for path in re.findall(r"`([\w/.-]+)`", place):
            assert (ROOT / path).exists(), f"{number}: {path}"


def test_the_tests_listed_are_the_tests_there_are() -> None:
    """When this fails: `python -m tests.requirements` writes the column anew."""
    there = {
        number: {(file, name) for file, names in files.items() for name in names} for number, files in defined().items()
    }

    assert {number: tests for number, tests in listed().items() if tests} == there


def test_what_is_later_names_no_place() -> None:
    for number, row in ROW.findall(PAGE.read_text()):
        cells = [cell.strip() for cell in row.split("|")]
        assert not (cells[1].endswith("(later)") and cells[2]), number
