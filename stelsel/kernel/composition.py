"""What apps hang on each other's pages: panels and timeline rows on the case, links in the navigation.

Registered from an app's apps.py; the page renders on the server those the viewer may see.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stelsel.kernel.authorisation import Actor, Role, Verdict


@dataclass(frozen=True)
class Panel:
    """A part of the case page.

    `load` returns the template's context, or None when there is nothing for this viewer.
    """

    name: str
    order: int
    template: str
    policy: Callable[[Actor], Verdict]
    load: Callable[[UUID, Actor, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Event:
    """One row of the timeline."""

    at: datetime
    kind: str
    text: str
    by: str = ""
    url: str = ""


@dataclass(frozen=True)
class TimelineSource:
    """Where rows of the timeline come from, for those who may see them."""

    kind: str
    policy: Callable[[Actor], Verdict]
    load: Callable[[UUID, Actor, datetime], Sequence[Event]]


@dataclass(frozen=True)
class Link:
    """An entry of the navigation, for these roles."""

    order: int
    label: str
    url_name: str
    icon: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class WorkKind:
    """How a kind of work item reads and where it leads.

    `url` is called with the item's subject and scope ids.
    """

    kind: str
    title: str
    url: Callable[[UUID, UUID | None], str]


PANELS: list[Panel] = []
NIGHT: list[Panel] = []  # the same on the night card of a case
EVIDENCE: list[Callable[[UUID, datetime], Sequence[str]]] = []  # numbers of what lay there about a case; no content
TIMELINE: list[TimelineSource] = []
LINKS: list[Link] = []
SEARCH: list[Link] = []  # the one search of the header, per role
WORK: dict[str, WorkKind] = {}


def add_panel(panel: Panel) -> None:
    PANELS.append(panel)
    PANELS.sort(key=lambda known: known.order)


def add_to_night_card(panel: Panel) -> None:
    NIGHT.append(panel)
    NIGHT.sort(key=lambda known: known.order)


def add_evidence(source: Callable[[UUID, datetime], Sequence[str]]) -> None:
    EVIDENCE.append(source)


def add_timeline(source: TimelineSource) -> None:
    TIMELINE.append(source)


def add_link(link: Link) -> None:
    LINKS.append(link)
    LINKS.sort(key=lambda known: known.order)


def add_search(link: Link) -> None:
    SEARCH.append(link)


def add_work(kind: WorkKind) -> None:
    WORK[kind.kind] = kind
