"""Passkeys in a real browser with a virtual authenticator: added, logged in with, asked again for, and refused."""

from collections.abc import Iterator

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, CDPSession, Page, expect

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import LoginLock
from tests.e2e.people import WIDTHS, Somebody, a_browser, flaws
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(services: Services, world: World) -> Iterator[str]:
    """By name: a passkey belongs to a host that has one, and never to a bare number."""
    with running(services, "web") as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


class Key:
    """A key that the browser holds: it signs for its holder, without asking."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]

    def knows_its_holder(self, *, known: bool) -> None:
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": known})

    def held(self) -> int:
        return len(self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"])


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page, wide and narrow."""
    found = []
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{page.url} at {width}: {flaw}" for flaw in flaws(page, Axe())]
    return found


def add_passkey(somebody: Somebody, *, name: str) -> None:
    somebody.go("/account/2fa/webauthn/add/")
    if somebody.page.locator("[name=code]").count():
        somebody.fill(code=somebody.code()).submit("code")
    somebody.fill(name=name, passwordless=True)
    assert looked_at(somebody.page) == []
    with somebody.page.expect_navigation():
        somebody.page.locator("#mfa_webauthn_add").click()


def log_out(somebody: Somebody) -> None:
    somebody.page.context.clear_cookies()
    somebody.go("/account/login/")


def make_old() -> None:
    """As if everybody logged in ten minutes ago: what is sensitive asks who it is again."""
    for kept in Session.objects.all():
        told = kept.get_decoded()
        for way in told.get(AUTHENTICATION_METHODS_SESSION_KEY, []):
            way["at"] -= 600
        kept.session_data = SessionStore().encode(told)
        kept.save()


def with_passkey(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator(button).click()


def test_a_passkey_logs_in_alone_and_confirms_and_five_refused_ones_lock(  # noqa: PLR0915  # one walk, in its order
    address: str, browser: Browser, world: World
) -> None:
    somebody = Somebody(browser, address, world.actor(Role.CASE_MANAGER))
    page, key = somebody.page, Key(somebody.page)
    add_passkey(somebody, name="Toegangspas")
    somebody.go("/account/2fa/webauthn/")
    assert "Toegangspas" in somebody.text()
    assert looked_at(page) == []
    assert key.held() == 1

    # Alone it logs in, if it knows who holds it.
    log_out(somebody)
    assert looked_at(page) == []
    key.knows_its_holder(known=False)
    page.locator("#passkey_login").click()
    expect(page.locator("#messages [role=alert]")).to_contain_text("passkey")
    key.knows_its_holder(known=True)
    with_passkey(page, "#passkey_login")
    assert page.url == f"{address}/"
    expect(page.locator("h1")).to_have_text("Mijn werk")

    # A fresh confirmation: with the passkey where the log-in is managed; a signature asks a code (tests of signing).
    make_old()
    somebody.go("/account/2fa/webauthn/add/")
    assert "/reauthenticate" in page.url
    if "/webauthn/" not in page.url:
        somebody.follow("/webauthn/reauthenticate/")
    assert looked_at(page) == []
    with_passkey(page, "#mfa_webauthn_reauthenticate")
    assert page.url == f"{address}/account/2fa/webauthn/add/"

    # As one that somebody took over: it signs, and is nobody's.
    log_out(somebody)
    taken = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    taken.delete()
    for _ in range(5):
        with_passkey(page, "#passkey_login")
        assert page.url == f"{address}/account/login/"
        expect(page.locator("#messages [role=alert]")).to_be_visible()
    assert LoginLock.objects.get().locked_until
    taken.save(force_insert=True)
    with_passkey(page, "#passkey_login")
    assert "half uur" in page.locator("#messages").inner_text()
