"""The case page, and the identity behind its deliberate click."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.demarcation import is_block_alone
from cases.services import reading
from cases.services.reading import CaseFile
from cases.views.acts import acts_on
from cases.views.answers import case_page, marking_of, panels
from stelsel.kernel import composition
from stelsel.kernel.composition import Event
from stelsel.kernel.web import Request, page, show

ICONS = {
    "case": "folder",
    "nomination": "file-pen-line",
    "judgement": "scale",
    "handover": "folder-check",
    "picture": "radar",
    "level": "gauge",
    "package": "clipboard-list",
    "measure": "shield",
    "contact": "message-circle",
    "letter": "mail",
    "mayor": "landmark",
    "meeting": "users",
    "access": "key-round",
    "care": "heart-handshake",
    "answers": "scale",
    "complaints": "megaphone",
    "responsibility": "users",
}


@page(purpose="case work")
def case(request: Request, case_id: UUID) -> HttpResponse:
    """Everything of one case that this actor needs, on one page."""
    file = reading.read_case(case_id=case_id, actor=request.actor, at=request.at)
    kind = request.GET.get("kind", "")
    return case_page(
        request,
        "cases/case.html",
        file.case,
        {
            "file": file,
            "acts": acts_on(file, actor=request.actor),
            "panels": panels(request, case_id, of=() if is_block_alone(file.case.demarcation) else composition.PANELS),
            **_timeline(request, file, kind=kind),
        },
    )


@page(purpose="identity")
def identity(request: Request, case_id: UUID) -> HttpResponse:
    """Who the person is: a page of its own, so that opening it is a choice, and logged as such."""
    case, people = reading.read_identity(case_id=case_id, actor=request.actor, at=request.at)
    return show(request, "cases/identity.html", {"case": case, "people": people, "marking": marking_of(case)})


def _timeline(request: Request, file: CaseFile, *, kind: str) -> dict[str, object]:
    events: list[Event] = list(file.history)
    for source in composition.TIMELINE:
        if source.policy(request.actor):
            events.extend(source.load(file.case.pk, request.actor, request.at))
    kinds = sorted({event.kind for event in events})
    labels = {name: str(known.label) for name, known in reading.KINDS.items()}
    events.sort(key=lambda event: event.at, reverse=True)
    return {
        "events": moments_of(event for event in events if kind in ("", event.kind)),
        "kinds": [
            {"label": _("Everything"), "url": f"{request.path}#timeline", "current": not kind},
            *(
                {
                    "label": labels.get(name, name),
                    "url": f"{request.path}?{urlencode({'kind': name})}#timeline",
                    "current": name == kind,
                }
                for name in kinds
            ),
        ],
    }


def moments_of(events: Iterable[Event]) -> list[dict[str, object]]:
    """Events as the timeline shows them."""
    return [
        {
            "at": event.at,
            "title": event.text,
            "actor": event.by,
            "url": event.url,
            "icon": ICONS.get(event.kind, "dot"),
        }
        for event in events
    ]
