"""A single handover with the keyboard alone, in Dutch: both sides see every measure before and after, and sign."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import expect

from cases import services as case_services
from cases.lifecycle import HANDOVER_CHECKLIST
from cases.models import Handover
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.e2e.people import Somebody, a_browser
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 150  # presses of Tab


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:  # committed
    """Designated three hours ago with a patrol of the region; the file is complete and waits for the office."""
    with transaction.atomic():
        walk = Walk(world, at=datetime.now(UTC) - timedelta(hours=12))
        walk.opened()
        police = walk.actor(Role.POLICE_RCCB)
        case_services.order_urgent_measures(
            case_id=walk.case.pk, caller="RCCB", note="Patrol", kinds=["patrol"], actor=police, at=walk.tick()
        )
        walk.designated()
        adviser = walk.actor(Role.PROSECUTION_ADVISER)
        with acting(adviser, at=walk.at):
            file = Handover.objects.get()
        case_services.supply(
            handover_id=file.pk,
            items=[case_services.Supplied(code=code, text=f"Over {code}.") for code in HANDOVER_CHECKLIST],
            version=file.version,
            actor=adviser,
            at=walk.tick(),
        )
    return walk


@pytest.fixture
def address(walk: Walk, services: Services) -> Iterator[str]:
    with running(services) as address:
        yield address


def press_to(somebody: Somebody, selector: str) -> None:
    """Press Tab until the focus is on what the selector names."""
    for _ in range(MOST):
        somebody.page.keyboard.press("Tab")
        if somebody.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def enter(somebody: Somebody) -> None:
    with somebody.page.expect_navigation():
        somebody.page.keyboard.press("Enter")


def follow(somebody: Somebody, selector: str) -> None:
    press_to(somebody, selector)
    enter(somebody)


def sign(somebody: Somebody) -> None:
    press_to(somebody, "[name=code]")
    somebody.page.keyboard.type(somebody.code())
    enter(somebody)
    somebody.accepted()


def test_a_single_handover_by_keyboard_shows_every_measure_and_both_signatures(walk: Walk, address: str) -> None:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        file = Handover.objects.get()
    with a_browser() as browser:
        chief = Somebody(browser, address, walk.actor(Role.CHIEF_PROSECUTOR)).go(f"/cases/handovers/{file.pk}")
        expect(chief.page.locator("#continuity")).to_contain_text("Verscherpt rijdend toezicht")
        sign(chief)

        manager = Somebody(browser, address, walk.actor(Role.CASE_MANAGER)).go("/")
        follow(manager, "main a[href*='/handovers/']")
        follow(manager, "main a[href$='/measures']")
        expect(manager.page.locator("main")).to_contain_text("loopt door")
        expect(manager.page.locator("main")).to_contain_text("Geen maatregel, vóór noch na.")
        manager.page.go_back()
        sign(manager)

        assert "Aanvaard door" in manager.text()
    with acting(walk.actor(Role.CASE_MANAGER), at=datetime.now(UTC)):
        assert Handover.objects.get().state == "accepted"
