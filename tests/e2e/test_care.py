"""From an agreement not kept to a decision anew, by keyboard alone and in Dutch."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import expect

from cases.models import Breach, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.caring import a_breach
from tests.cases.walk import Walk
from tests.e2e.people import Somebody, a_browser
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World, code_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABS = 80  # more than any of these pages has stops
WITHIN = 30  # seconds of walking, log-ins left out


@pytest.fixture
def address(services: Services, world: World) -> Iterator[str]:
    with running(services) as address:
        yield address


def typed(today: date) -> str:
    """The last day on which day and month are alike: a picker reads it in whatever order it has them."""
    alike = (date(year, month, month) for year in (today.year, today.year - 1) for month in range(12, 0, -1))
    return f"{next(day for day in alike if day <= today):%d%m%Y}"


def reach(who: Somebody, selector: str) -> None:
    """Move the focus there with the Tab key."""
    for _ in range(TABS):
        if who.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        who.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard on {who.page.url}")


def enter(who: Somebody, selector: str) -> None:
    """Press Enter there, and wait for the page that follows."""
    reach(who, selector)
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")


def put(who: Somebody, form: str, **values: str) -> None:
    """Type into the fields of a form in their order, and send it with Enter on its button."""
    for name, value in values.items():
        reach(who, f"#{form}_{name}, input[type=radio][name={name}]")
        who.page.keyboard.press("Space") if value == " " else who.page.keyboard.type(value)
    enter(who, "main form button")
    who.accepted()


def test_an_agreement_not_kept_goes_to_a_decision_anew_by_keyboard(address: str, world: World) -> None:
    walk = Walk(world, at=datetime.now(UTC) - timedelta(days=3))
    with transaction.atomic():
        walk.decided()
        breach = a_breach(walk)
    code_for(walk.actor(Role.DECIDER))  # the codes that the walk spent may be typed again
    today = typed(datetime.now(UTC).date())
    with a_browser() as browser:
        manager = Somebody(browser, address, walk.actor(Role.CASE_MANAGER))
        decider = Somebody(browser, address, walk.actor(Role.DECIDER))
        began = time.monotonic()

        manager.go("/")
        enter(manager, f"a[href='/cases/breaches/{breach.pk}']")
        expect(manager.page.locator("h1")).to_have_text("Afspraak niet nagekomen")
        put(manager, "talk", talked_on=today, said="Vergeten in de drukte.", interpreter=" ")
        put(manager, "warn", letter_on=today, consequences="Er kan anders worden besloten.")
        put(manager, "submit", alternatives="Een vast moment per week.", residual_risk="Een onbekende reis.")
        decider.go("/")
        enter(decider, f"a[href='/cases/breaches/{breach.pk}']")
        put(decider, "decide", outcome=" ", reasons="De dreiging is niet veranderd.", code=decider.code())

        assert time.monotonic() - began < WITHIN
        assert "De maatregelen blijven zoals ze zijn" in decider.text()
    with acting(walk.actor(Role.DECIDER), at=datetime.now(UTC)):
        assert Breach.objects.get().state == "decided"
        assert Measure.objects.in_force().count() == 2
