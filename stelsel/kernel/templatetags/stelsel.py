"""The building blocks of a page: pages name what they show, not how it looks (examples: docs/pages.md).

Each tag is explicit about its arguments; none reads the clock: `now` comes from the view. Colour never stands
alone: every state has words and an icon beside it (WCAG 2.2, 1.4.1).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stelsel.kernel import codes, norms
from stelsel.kernel.templatetags.demonstration import register_demonstration
from stelsel.kernel.templatetags.fields import register_fields
from stelsel.kernel.templatetags.lists import register_lists

Parts = dict[str, object]
register = template.Library()
register_demonstration(register)
register_fields(register)
register_lists(register)

ICON_FILE: Final = "@iconify-json/lucide/icons.json"
BADGES: Final = {
    "neutral": ("neutral", "circle-dashed"),
    "info": ("active", "info"),
    "ok": ("success", "circle-check"),
    "warning": ("warning", "triangle-alert"),
    "danger": ("error", "octagon-alert"),
}
ALERTS: Final = {"info": "info", "ok": "circle-check", "warning": "triangle-alert", "error": "octagon-alert"}
BUTTONS: Final = {
    "primary": "nl-button--primary",
    "secondary": "nl-button--secondary",
    "subtle": "nl-button--subtle",
    "danger": "nl-button--primary nl-button--negative",
}
NOTHING: Final = SafeString("&ndash;")
TIMELINE_KEYS: Final = ("at", "icon", "title", "text", "actor", "url")


@cache
def icon_bodies() -> dict[str, str]:
    """Give the drawing of each icon by its lucide name; read once per process.

    Raises:
        FileNotFoundError: the packages of package-lock.json are not installed (`npm ci`).
    """
    found = json.loads((Path(settings.NODE) / ICON_FILE).read_text(encoding="utf-8"))
    bodies = {name: str(icon["body"]) for name, icon in found["icons"].items()}
    bodies.update({name: bodies[alias["parent"]] for name, alias in found["aliases"].items()})
    return bodies


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a lucide icon: hidden from screen readers unless `label` names it; an unknown name fails."""
    body = SafeString(icon_bodies()[name])
    naming = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" width="18" height="18" viewBox="0 0 24 24" {}>{}</svg>', naming, body)


@register.inclusion_tag("components/badge.html")
def badge(state: str, text: object, icon: str = "") -> Parts:
    """Show a status: `state` is neutral, info, ok, warning or danger; the words carry the meaning."""
    variant, default_icon = BADGES[state]
    return {"variant": variant, "icon": icon or default_icon, "text": text}


@register.inclusion_tag("components/button.html")
def button(label: object, variant: str = "primary", icon: str = "", name: str = "", value: object = "") -> Parts:
    """Submit the form it stands in; `name` and `value` tell several buttons of one form apart."""
    return {"label": label, "look": BUTTONS[variant], "icon": icon, "name": name, "value": value}


@register.inclusion_tag("components/link_button.html")
def link_button(label: object, url: str, variant: str = "secondary", icon: str = "") -> Parts:
    return {"label": label, "url": url, "look": BUTTONS[variant], "icon": icon}


@register.inclusion_tag("components/act.html", takes_context=True)
def act(
    context: Context,
    label: object,
    url: str,
    why_not: object = "",
    icon: str = "",
    method: str = "get",
    variant: str = "secondary",
) -> Parts:
    """Offer an act; where it may not be done now, `why_not` is shown instead of a door that refuses."""
    return {
        "label": label,
        "url": url,
        "why_not": why_not,
        "icon": icon,
        "post": method == "post",
        "variant": variant,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag
def card(
    content: str, title: object = "", icon: str = "", link: object = "", url: str = "", ident: str = ""
) -> SafeString:
    """Put content on a white card; `link` and `url` give the card one way on; `ident` is its anchor."""
    parts = {"content": content, "title": title, "icon": icon, "link": link, "url": url, "ident": ident}
    return render_to_string("components/card.html", parts)


@register.simple_block_tag
def panel(content: str, title: object, ident: str, refresh_url: str = "", icon: str = "") -> SafeString:
    """A card that asks the server for itself again when the event `refresh` is sent to it (htmx)."""
    parts = {"content": content, "title": title, "icon": icon, "ident": ident, "refresh_url": refresh_url}
    return render_to_string("components/panel.html", parts)


@register.simple_block_tag
def facts(content: str, dense: str = "") -> SafeString:
    """A list of named facts; inside it stand `fact` blocks."""
    return format_html('<dl class="facts{}">{}</dl>', " facts--dense" if dense else "", content)


@register.simple_block_tag
def fact(content: str, label: object) -> SafeString:
    value = content.strip() or format_html('<span class="quiet">{}</span>', _("not known"))
    return format_html('<div class="facts__item"><dt>{}</dt><dd>{}</dd></div>', label, SafeString(value))


@register.simple_block_tag
def data_table(
    content: str, caption: object, rows: object, empty: object, show_caption: object = "", board: object = ""
) -> SafeString:
    """A table with a caption; with no `rows` it says what would be there (`empty`), no bare headings.

    A `board` keeps its first column in sight and has cells with a state (`cell--filled`, `cell--short`, `cell--rest`).
    """
    parts = {
        "content": content,
        "caption": caption,
        "rows": rows,
        "empty": empty,
        "show_caption": show_caption,
        "board": board,
    }
    return render_to_string("components/data_table.html", parts)


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: object = "") -> SafeString:
    """Tell something that needs notice: `kind` is info, ok, warning or error."""
    return render_to_string(
        "components/alert.html", {"content": content, "kind": kind, "title": title, "icon": ALERTS[kind]}
    )


@register.inclusion_tag("components/empty.html")
def empty_state(title: object, text: object = "", icon: str = "inbox") -> Parts:
    return {"title": title, "text": text, "icon": icon}


@register.inclusion_tag("components/person.html")
def person(pseudonym: object, number: object = "", url: str = "", detail: object = "", side: object = "") -> Parts:
    """Name a protected person by pseudonym and case number; identity opens elsewhere, by a logged click.

    With `side` the case opens beside the list on a wide screen.
    """
    return {"pseudonym": pseudonym, "number": number, "url": url, "detail": detail, "side": side}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*pairs: object) -> Parts:
    """Labels and addresses by turns, from the top down: `{% breadcrumbs _("Cases") url case.number "" %}`."""
    return {"crumbs": [{"label": label, "url": url} for label, url in zip(pairs[::2], pairs[1::2], strict=True)]}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Mapping[str, object]], label: object) -> Parts:
    """Links to the parts of one page; each item has label, url, current and, where it helps, count."""
    return {"items": [{"count": "", **item} for item in items], "label": label}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[object], empty: object) -> Parts:
    """Moments, newest first as given; each item has at and title, and may have icon, text, actor and url."""
    return {"items": [_moment_of(item) for item in items], "empty": empty}


def _moment_of(item: object) -> Parts:
    if isinstance(item, Mapping):
        return {key: item.get(key, "") for key in TIMELINE_KEYS}
    return {key: getattr(item, key, "") for key in TIMELINE_KEYS}


@register.inclusion_tag("components/bar.html")
def bar(label: object, value: float, text: object, maximum: float = 1) -> Parts:
    """A quantity between 0 and `maximum` as a bar, always beside its figure in words (`text`)."""
    return {"label": label, "value": f"{value:.4f}", "maximum": f"{maximum:.4f}", "text": text}


@register.inclusion_tag("components/checklist.html")
def checklist(items: Iterable[Mapping[str, object]]) -> Parts:
    """What is present and what is missing; each item has label and done, and may have text and url."""
    return {"items": [{"text": "", "url": "", **item} for item in items]}


@register.inclusion_tag("components/due.html")
def due(at: datetime | None, now: datetime, near_hours: int = 24) -> Parts:
    """Show a clock in words: amber within `near_hours` of its end, red once past; nothing blinks."""
    if at is None:
        return {"state": "none", "icon": "clock", "words": _("no date set"), "at": None}
    left = at - now
    if left < timedelta(0):
        return {
            "state": "past",
            "icon": "circle-alert",
            "words": _("%(time)s late") % {"time": span(-left)},
            "at": at,
        }
    near = left <= timedelta(hours=near_hours)
    words = _("%(time)s left") % {"time": span(left)}
    return {
        "state": "near" if near else "far",
        "icon": "clock-alert" if near else "clock",
        "words": words,
        "at": at,
    }


def span(length: timedelta) -> str:
    """Say a length of time in its largest fitting unit: minutes up to 2 h, hours up to 48 h, then days."""
    minutes = int(length.total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if hours < 2:  # noqa: PLR2004 -- the docstring's own bounds
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if days < 2:  # noqa: PLR2004 -- the docstring's own bounds
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.simple_tag
def house_norm(code: str, at: datetime) -> str:
    """The length of time that this house norm sets at `at`, in words."""
    return span(norms.term(code, at=at))


@register.simple_tag
def code_name(name: str, code: str, on: datetime) -> str:
    """What a code of the list `name` is called on the day of `on`, in the reader's language."""
    return codes.label(name, code, on=timezone.localdate(on))


@register.filter(expects_localtime=True)
def moment(at: datetime | None) -> SafeString:
    """Write an instant as the Dutch do, dd-mm-jjjj HH:mm, in local time; a dash where there is none."""
    if at is None:
        return NOTHING
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), local.strftime("%d-%m-%Y %H:%M"))


@register.filter
def day(on: date | None) -> SafeString:
    """Write a day as the Dutch do, dd-mm-jjjj; of an instant the day it is then in the Netherlands; else a dash."""
    if on is None:
        return NOTHING
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return format_html('<time datetime="{}">{}</time>', on.strftime("%Y-%m-%d"), on.strftime("%d-%m-%Y"))


@register.inclusion_tag("components/sign.html", takes_context=True)
def sign(context: Context, form: BaseForm, statement: object, action: str, label: object = "") -> Parts:
    """Sign the content shown above it: a statement, who signs, a one-time code, and one button."""
    return {
        "form": form,
        "statement": statement,
        "action": action,
        "label": label or _("Sign"),
        "actor": context.get("actor"),
        "user": getattr(context.get("request"), "user", None),
        "now": context.get("now"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/conflict.html")
def conflict(rows: Iterable[tuple[object, object, object]], changed_by: object, changed_at: datetime) -> Parts:
    """Somebody else changed this meanwhile: per field (label, yours, theirs), both versions side by side."""
    listed = [
        {"label": label, "yours": yours, "theirs": theirs, "differs": yours != theirs} for label, yours, theirs in rows
    ]
    return {"rows": listed, "changed_by": changed_by, "changed_at": changed_at}


@register.inclusion_tag("components/progress.html", takes_context=True)
def progress(
    context: Context, title: object, url: str, percent: int, text: object, done: object, stop_url: str = ""
) -> Parts:
    """Long work: where it stands (0-100), its best so far, a stop button; asks `url` again until `done`."""
    return {
        "title": title,
        "url": url,
        "percent": max(0, min(100, percent)),
        "text": text,
        "done": done,
        "stop_url": stop_url,
        "csrf_token": context.get("csrf_token"),
    }
