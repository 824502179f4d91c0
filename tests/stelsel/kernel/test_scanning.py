"""The malware scanner's port against a real socket that speaks clamd's INSTREAM: only a clear "OK" is clean."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from stelsel.kernel import scanning
from stelsel.kernel.checks import malware_scanner
from stelsel.kernel.errors import Unavailable
from stelsel.kernel.scanning import CHUNK, ClamdScanner, Finding, NoScanner
from tests.clamd import Clamd

FOUND = b"stream: Eicar-Test-Signature FOUND\0"
Starts = Callable[..., Clamd]


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Starts]:
    running: list[Clamd] = []

    def start(answer: bytes | None, *, tcp: bool = False) -> Clamd:
        running.append(Clamd(answer, path=None if tcp else tmp_path / "clamd"))
        return running[-1]

    yield start
    for each in running:
        each.close()


def scanner(daemon: Clamd, *, within: float = 5.0) -> ClamdScanner:
    address = scanning.address_in(daemon.setting)
    assert address is not None
    return ClamdScanner(address, within=within)


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize(("answer", "finding"), [(b"stream: OK\0", Finding.CLEAN), (FOUND, Finding.INFECTED)])
def test_a_clear_answer_is_taken_over_either_socket(
    clamd: Starts, answer: bytes, finding: Finding, *, tcp: bool
) -> None:
    assert scanner(clamd(answer, tcp=tcp)).verdict(b"content") is finding


def test_the_daemon_gets_the_content_whole(clamd: Starts) -> None:
    content = bytes(range(256)) * 1000
    assert len(content) > 3 * CHUNK
    daemon = clamd(b"stream: OK\0")

    scanner(daemon).verdict(content)

    assert daemon.received == [content]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"OK\0",
        b"stream: OK but\0",
        b"stream: INSTREAM size limit exceeded. ERROR\0",
        b"\xff\x00\xfe garbage",
        b"x" * 5000,
    ],
    ids=["closed", "cut short", "not of a stream", "more than OK", "error", "garbage", "endless"],
)
def test_an_unclear_answer_is_no_answer(clamd: Starts, answer: bytes) -> None:
    with pytest.raises(Unavailable):
        scanner(clamd(answer)).verdict(b"content")


def test_a_daemon_that_hangs_is_not_waited_for(clamd: Starts) -> None:
    with pytest.raises(Unavailable) as refusal:
        scanner(clamd(None), within=0.2).verdict(b"content")

    assert refusal.value.code == "scanner_unreachable"


def test_a_daemon_that_drips_is_not_waited_for(clamd: Starts) -> None:
    daemon = clamd(b"stream: " + b"x" * 900)
    daemon.pause = 0.05

    with pytest.raises(Unavailable) as refusal:
        scanner(daemon, within=0.3).verdict(b"content")

    assert refusal.value.code == "scanner_unreachable"


def test_a_daemon_that_is_not_there_refuses(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        ClamdScanner(str(tmp_path / "nothing")).verdict(b"content")

    assert refusal.value.code == "scanner_unreachable"


def test_without_a_scanner_only_the_demonstration_takes_files(settings: Settings) -> None:
    settings.SCANNER, settings.DEMO = "", True
    assert isinstance(scanning.scanner(), NoScanner)

    settings.DEMO = False
    with pytest.raises(Unavailable) as refusal:
        scanning.scanner()
    assert refusal.value.code == "no_scanner"
    assert [fault.id for fault in malware_scanner()] == ["stelsel.E005"]


@pytest.mark.parametrize("wrong", ["none", "clamd:", "clamd:host", "clamd::3310", "clamd:host:0", "clamd:host:x"])
def test_a_setting_that_names_no_scanner_is_an_error_and_no_scanner(settings: Settings, wrong: str) -> None:
    settings.SCANNER, settings.DEMO = wrong, True

    assert [fault.id for fault in malware_scanner()] == ["stelsel.E005"]
    with pytest.raises(Unavailable):
        scanning.scanner()


@pytest.mark.parametrize(
    ("right", "address"),
    [
        ("clamd:/run/clamd", "/run/clamd"),
        ("clamd:scanner:3310", ("scanner", 3310)),
        ("clamd:[::1]:3310", ("::1", 3310)),
    ],
)
def test_a_setting_that_names_a_scanner_is_sound(
    settings: Settings, right: str, address: str | tuple[str, int]
) -> None:
    settings.SCANNER, settings.DEMO = right, False

    assert malware_scanner() == []
    assert scanning.scanner() == ClamdScanner(address)
