"""A letter with the keyboard alone, in Dutch: begun, written, signed, and a numbered copy taken along as PDF."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from cases import services as case_services
from cases.models import Case, Letter, LetterCopy
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.e2e.keyboard import find, follow, reach, refused, send, write
from tests.e2e.people import Somebody, a_browser
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World, code_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANAGER, DECIDER = Role.CASE_MANAGER, Role.DECIDER


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:  # committed
    """Designated some hours ago."""
    walk = Walk(world, at=datetime.now(UTC) - timedelta(hours=12))
    with transaction.atomic():
        walk.designated()
    code_for(walk.actor(DECIDER))  # forgets the codes that the walk signed with
    return walk


@pytest.fixture
def address(walk: Walk, services: Services) -> Iterator[str]:
    with running(services, "web") as address:
        yield address


def writes(manager: Somebody, case: Case) -> None:
    """Begin the letter about the designation, and lay it before the decider."""
    find(manager.go("/"), case.number)
    follow(manager, f"/cases/{case.pk}/letters")
    write(manager, about="Aanwijzing", to=case.person.pseudonym)
    send(manager, "")
    refused(manager, "submit", at="reasons")
    write(manager, reasons="Er is een opdracht bekend.", meaning="De NCTV beslist nu over uw beveiliging.")
    write(manager, reach="Uw casemanager, op het afgesproken nummer.")
    send(manager, "submit")


def signs(decider: Somebody) -> None:
    follow(decider.go("/"), "/cases/letters/")
    assert "Er is een opdracht bekend." in decider.text()
    refused(decider, "sign", at="code")
    write(decider, code=decider.code())
    send(decider, "sign")


def makes_a_copy(manager: Somebody, case: Case) -> None:
    follow(manager, f"/cases/{case.pk}/letters", "/cases/letters/")
    refused(manager, "copy", at="recipient")
    write(manager, recipient="F. van der Wold", channel="Per koerier")
    send(manager, "copy")
    row = manager.page.locator("tr", has=manager.page.locator("a[href*='/copies/']"))
    assert [cell.strip() for cell in row.inner_text().split("\t")[:3]] == ["1", "F. van der Wold", "Per koerier"]


def takes_along(manager: Somebody) -> tuple[str, bytes]:
    """The copy as the browser keeps it: its name, what is in it."""
    reach(manager, "a[href*='/copies/']")
    with manager.page.expect_download() as download:
        manager.page.keyboard.press("Enter")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_r038_a_decision_becomes_a_signed_letter_with_a_numbered_copy_by_keyboard(walk: Walk, address: str) -> None:
    with acting(walk.actor(MANAGER), at=walk.at):
        case = Case.objects.select_related("person").get()
    with a_browser() as browser:
        manager, decider = (Somebody(browser, address, walk.actor(role)) for role in (MANAGER, DECIDER))
        writes(manager, case)
        signs(decider)
        makes_a_copy(manager, case)
        name, paper = takes_along(manager)

    now = datetime.now(UTC)
    with acting(walk.actor(MANAGER), at=now):
        assert Letter.objects.get().state == "final"
        copy = LetterCopy.objects.get()
    assert name == f"{case.number}-1-1.pdf"
    assert paper == case_services.open_copy(copy_id=copy.pk, actor=walk.actor(MANAGER), at=now).content
