"""People at their browsers: each logs in with password and code, finds the work that waits, and does it."""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Frame, Locator, Page, expect, sync_playwright

from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import User
from tests.world import SECRET

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WIDTHS = (1280, 390)
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
WIDER = """() => {
    const root = document.documentElement
    if (root.scrollWidth <= innerWidth + 1) return null
    const wide = [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    return wide.map(e => `${e.tagName}.${e.className}`).slice(0, 6).join(" > ")
}"""
PASSWORD = "a long password of this test"


@contextmanager
def a_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        expect.set_options(timeout=30_000)  # as long as the driver waits for everything else
        yield browser
        browser.close()
        connections.close_all()  # those that this thread opened beside the driver's event loop


class Somebody:
    """One user in a browser of their own, in Dutch."""

    def __init__(self, browser: Browser, address: str, actor: Actor) -> None:
        self.address = address
        self.actor = actor
        self.page: Page = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900}).new_page()
        self.page.on("framenavigated", self._note)
        self.seen: dict[str, str] = {}  # address without ids -> address
        self._spent: set[int] = set()
        self._log_in()

    def _log_in(self) -> None:
        user = User.objects.get(pk=self.actor.user_id)
        user.set_password(PASSWORD)
        user.save()
        if not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, SECRET)
        self.go("/account/login/")
        self.fill(login=user.username, password=PASSWORD)
        self.submit("password")
        self.fill(code=self.code())
        self.submit("code")
        expect(self.page.locator("h1")).to_be_visible()
        assert "/account/" not in self.page.url, self.text()

    def code(self) -> str:
        """A code that was not typed before; waits for the next one when this half minute's are used up."""
        while True:
            now = int(time.time()) // 30
            fresh = next((counter for counter in (now, now + 1, now - 1) if counter not in self._spent), None)
            if fresh is not None:
                self._spent.add(fresh)
                return str(format_hotp_value(hotp_value(SECRET, fresh)))
            time.sleep(1)

    def _note(self, frame: Frame) -> None:
        path = urlsplit(frame.url).path
        if path.startswith("/") and not path.startswith("/account/"):
            self.seen.setdefault(UUIDS.sub("*", path), frame.url)

    # --- reading ---

    def go(self, path: str) -> "Somebody":
        self.page.goto(urljoin(self.address, path))
        return self

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def open_work(self, number: str, *, to: str = "/") -> "Somebody":
        """Open what waits about this case from the start page; `to` is part of its address when more than one waits."""
        self.go("/")
        link = self.page.locator("#work tbody tr", has_text=number).locator(f"a[href*='{to}']").first
        expect(link, f"work about {number}").to_be_visible()
        link.click()
        self.page.wait_for_load_state()
        return self

    def follow(self, path_part: str) -> "Somebody":
        """Follow the first link of the page whose address holds `path_part`."""
        self.page.locator(f"main a[href*='{path_part}']").first.click()
        self.page.wait_for_load_state()
        return self

    def no_link(self, path_part: str) -> bool:
        return self.page.locator(f"main a[href*='{path_part}']").count() == 0

    # --- acting ---

    def fill(self, **values: object) -> "Somebody":
        for name, value in values.items():
            self._put(self.page.locator(f"main [name='{name.replace('__', '-')}']"), value)
        return self

    def _put(self, control: Locator, value: object) -> None:
        kind = control.first.evaluate("e => e.type || e.tagName")
        if kind in ("checkbox", "radio"):
            if value in (True, False):
                control.first.set_checked(bool(value))
            else:
                for each in value if isinstance(value, list | tuple) else [value]:
                    control.and_(self.page.locator(f"[value='{each}']")).first.check()
        elif kind == "select-one":
            control.first.select_option(str(value))
        else:
            control.first.fill(str(value))

    def submit(self, field: str, *, act: str = "") -> "Somebody":
        """Send the form that holds `field`, by its button `act` where it has several."""
        form = self.page.locator("main form", has=self.page.locator(f"[name='{field}']")).first
        button = form.locator(f"button[value='{act}']" if act else "button:not([type=button])")
        button.first.click()
        self.page.wait_for_load_state()
        return self

    def accepted(self) -> "Somebody":
        """The page shows no refusal."""
        refusals = self.page.locator(".error-summary, .utrecht-form-field-error-message")
        assert refusals.count() == 0, f"{self.page.url}\n{self.text()}"
        return self


def sweep(people: Iterable[Somebody]) -> list[str]:
    """Open each kind of page that these people saw once more, at both widths; what axe finds, or what overflows."""
    axe, found, done = Axe(), [], set[str]()
    for somebody in people:
        for kind, address in sorted(somebody.seen.items()):
            if kind in done:
                continue
            done.add(kind)
            for width in WIDTHS:
                somebody.page.set_viewport_size({"width": width, "height": 900})
                answer = somebody.page.goto(address)
                if answer is None or answer.status != HTTPStatus.OK:  # the step is over
                    continue
                found += [f"{kind} at {width}: {flaw}" for flaw in flaws(somebody.page, axe)]
    return found


def flaws(page: Page, axe: Axe) -> list[str]:
    """What axe finds on the page as it is, or what overflows."""
    found = [str(each["id"]) for each in axe.run(page).response["violations"]]
    wide = page.evaluate(WIDER)
    return [*found, f"wider than the window: {wide}"] if wide else found
