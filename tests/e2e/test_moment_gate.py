"""A moment with its gate, by keyboard alone and in Dutch: word of the LCC, answer of the authority, owner."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page

from cases import services
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.e2e.people import Somebody, a_browser, sweep
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World, code_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FURTHEST = 150  # presses of Tab to anything on a page


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:
    """A designated person whose agreement is published next week; the chief prosecutor decides on that."""
    walk = Walk(world, at=datetime.now(UTC) - timedelta(days=2))
    with transaction.atomic():
        walk.designated()
    services.report_risk_moment(
        case_id=walk.case.pk,
        kind="publication",
        starts_at=datetime.now(UTC) + timedelta(days=6),
        ends_at=datetime.now(UTC) + timedelta(days=6, hours=2),
        region="noord",
        description="The agreement is made known.",
        owner_id=walk.actor(Role.CHIEF_PROSECUTOR).user_id,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )
    return walk


def to(page: Page, selector: str) -> None:
    """Walk with Tab to the first thing that matches."""
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector} on {page.url}")


def open_moment(somebody: Somebody) -> Page:
    """From the start page to the moment that waits."""
    somebody.go("/")
    page = somebody.page
    to(page, "#work a[href*='/moments/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/moments/*")
    return page


def say(page: Page, choice: str, *, act: str) -> None:
    """Choose the first radio button of the form and send it; whoever waits first is chosen already."""
    to(page, f"input[name='{choice}']")
    page.keyboard.press("Space")
    to(page, f"button[value='{act}']")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_moment_becomes_ready_by_keyboard_alone(services: Services, browser: Browser, walk: Walk) -> None:
    with running(services) as address:
        roles = (Role.LCC_COORDINATOR, Role.DECIDER, Role.CHIEF_PROSECUTOR)
        for role in roles:
            code_for(walk.actor(role))  # forgets the codes that the walk signed with
        coordinator, decider, owner = (Somebody(browser, address, walk.actor(role)) for role in roles)
        before = owner.go("/cases/events").text()
        page = open_moment(coordinator)
        for _person in range(2):
            say(page, "word", act="word")
        page = open_moment(decider)
        for _person in range(2):
            say(page, "answer", act="answer")

        assert "Nog niet" in before
        assert "Klaar" in decider.page.locator("h1").locator("xpath=ancestor::*[1]").inner_text() + decider.text()
        owner.go("/cases/events")
        to(owner.page, "main a[href*='/events/']")
        owner.page.keyboard.press("Enter")
        owner.page.wait_for_url("**/events/*")
        assert "Klaar" in owner.text()
        assert walk.case.number not in re.sub(r"M-\S+", "", owner.text())  # the event counts by itself, from 1 too
        assert sweep([coordinator, owner]) == []
