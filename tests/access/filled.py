"""The forms of a page as a browser has them, filled in: what it would send, and the texts somebody typed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

TEXTS = {"text", "search", ""}
NOT_SENT = {"submit", "button", "image", "reset", "file"}
TICKED = {"checkbox", "radio"}


@dataclass
class Filled:
    """One form that posts."""

    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def send(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


class FilledForms(HTMLParser):
    """Reads the forms in the main part of a page."""

    def __init__(self, address: str, page: str) -> None:
        super().__init__()
        self.forms: list[Filled] = []
        self._address = address
        self._form: Filled | None = None
        self._main = False
        self._select = self._first = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._main = self._main or tag == "main"
        if tag == "form" and self._main and given.get("method", "").lower() == "post":
            self._form = Filled(urljoin(self._address, given.get("action", "") or self._address))
            self.forms.append(self._form)
        elif self._form is not None and given.get("name") != "csrfmiddlewaretoken":
            self._control(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        self._main = self._main and tag != "main"
        if tag == "form":
            self._form = None
        elif tag == "select" and self._form is not None:
            if self._select not in self._form.sent:
                self._form.send(self._select, self._first)
            self._select = ""

    def _control(self, form: Filled, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "option" and self._select:
            self._first = self._first or given.get("value", "")
            if "selected" in given:
                form.send(self._select, given.get("value", ""))
        elif tag == "select":
            self._select, self._first = name, ""
        elif tag == "textarea" or (tag == "input" and kind in TEXTS):
            self._type(form, name)
        elif tag == "input" and kind not in NOT_SENT and (kind not in TICKED or "checked" in given):
            form.send(name, given.get("value", ""))

    def _type(self, form: Filled, name: str) -> None:
        text = f"typed in {name} of {len(self.forms)}"
        form.send(name, text)
        if name.rpartition("-")[2] != "code":
            form.texts[name] = text
