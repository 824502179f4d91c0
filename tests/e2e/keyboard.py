"""Hands that have a keyboard and no mouse: Tab to a place, see the focus there, type, and press Enter."""

from datetime import date

from axe_playwright_python.sync_playwright import Axe

from tests.e2e.people import Somebody, flaws

FURTHEST = 150  # presses of Tab to anything on a page
STOP = """wanted => {
    const stop = document.activeElement, box = stop.getClientRects()[0]
    if (stop === document.body || !box) return { there: false, seen: true, name: "" }
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20))
    const clear = top !== null && (stop.contains(top) || top.contains(stop))
    const marked = getComputedStyle(stop).outlineStyle !== "none"
    return { there: stop.matches(wanted), seen: clear && marked, name: stop.outerHTML.slice(0, 200) }
}"""
AXE = Axe()


def reach(who: Somebody, selector: str) -> None:
    """Move the focus there with the Tab key; on the way it is always seen where it is."""
    for _ in range(FURTHEST):
        stop = who.page.evaluate(STOP, selector)
        assert stop["seen"], f"the focus is not seen on {stop['name']} of {who.page.url}"
        if stop["there"]:
            return
        who.page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard on {who.page.url}")


def enter(who: Somebody, selector: str) -> None:
    """Press Enter there, and wait for the page that follows."""
    reach(who, selector)
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")


def follow(who: Somebody, *parts: str) -> None:
    """From the first link of the page to the next, each by a part of its address; no page has a flaw."""
    for part in parts:
        enter(who, f"a[href*='{part}']")
        sound(who)


def find(who: Somebody, number: str) -> None:
    """To a case by its number, from any page."""
    who.page.keyboard.press("Control+k")
    who.page.keyboard.type(number)
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    sound(who)


def day(who: Somebody, name: str, on: date) -> None:
    """Type a date, month first: the parts stand in the order of the browser's own language, not of the page's."""
    reach(who, f"[name='{name}']")
    who.page.keyboard.type(f"{on:%m%d%Y}")
    assert who.page.evaluate("document.activeElement.value") == on.isoformat()


def write(who: Somebody, **fields: str) -> None:
    """Type into the fields, in the order of the page."""
    for name, text in fields.items():
        reach(who, f"[name='{name}']")
        who.page.keyboard.type(text)


def choose(who: Somebody, **fields: str) -> None:
    """Choose radio buttons by their value: Space on the group, then the arrows."""
    for name, value in fields.items():
        reach(who, f"[name='{name}']")
        who.page.keyboard.press("Space")
        for _ in range(FURTHEST):
            if who.page.evaluate("document.activeElement.value") == value:
                break
            who.page.keyboard.press("ArrowDown")


def send(who: Somebody, act: str) -> None:
    """Press the button of the form; what was sent is taken, and the page that follows has no flaw."""
    enter(who, button(act))
    who.accepted()
    sound(who)


def refused(who: Somebody, act: str, *, at: str) -> None:
    """Send what is not whole: the focus is on the summary, and its link leads to the field `at`."""
    enter(who, button(act))
    assert who.page.evaluate("document.activeElement.matches('.error-summary')"), who.page.url
    sound(who)
    reach(who, ".error-summary a")
    who.page.keyboard.press("Enter")
    assert who.page.evaluate("document.activeElement.name") == at


def button(act: str) -> str:
    return f"main form button[value='{act}']" if act else "main form button:not([value])"


def sound(who: Somebody) -> None:
    assert flaws(who.page, AXE) == [], who.page.url
