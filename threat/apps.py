from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy

from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.composition import (
    Link,
    Panel,
    TimelineSource,
    WorkKind,
    add_evidence,
    add_link,
    add_panel,
    add_timeline,
    add_work,
)
from stelsel.kernel.errors import gettext_noop
from threat.lifecycle import LOCAL_SCALES, NORMS

Shown = TypeVar("Shown")

# kind of work: what it is called, and the page of its subject (or of the case, "information")
WORK = {
    "threat.request": (gettext_noop("Information is asked of your organisation"), "request"),
    "threat.code": (gettext_noop("Code evidence blind"), "coding"),
    "threat.code_overdue": (gettext_noop("Blind coding not handed in in time"), "coding"),
    "threat.compare": (gettext_noop("Compare blind codings"), "comparison"),
    "threat.shielded_check": (gettext_noop("Look along shielded investigations again"), "request"),
    "threat.gap": (gettext_noop("Something is missing about a person"), "information"),
    "threat.match": (gettext_noop("Products of two cases name the same thing"), "hit"),
    "threat.match_question": (gettext_noop("May one of your products be shared?"), "match_question"),
    "threat.refusal_review_own": (gettext_noop("Look again at your refusal"), "request"),
    "threat.request_overdue": (gettext_noop("A supplier did not answer"), "request"),
    "threat.refused": (gettext_noop("A supplier refused or withholds information"), "request"),
    "threat.refusal_review": (gettext_noop("A refusal is due for review"), "request"),
    "threat.product": (gettext_noop("A product came in"), "product"),
    "threat.product_withdrawn": (gettext_noop("A supplier withdrew a product"), "product"),
    "threat.product_review": (
        gettext_noop("The quality of your product was reviewed"),
        "review_answer",
    ),
    "threat.signal": (gettext_noop("A signal waits for its disposition"), "signal"),
    "threat.signal_overdue": (gettext_noop("A signal lies undisposed too long"), "signal"),
    "threat.make_picture": (gettext_noop("Make the threat picture"), "information"),
    "threat.urgent_question": (gettext_noop("Are urgent measures needed?"), "urgent"),
    "threat.confirm_elsewhere": (gettext_noop("Confirm a threat picture made elsewhere"), "elsewhere"),
    "threat.elsewhere_review": (gettext_noop("Review the threat picture that was made elsewhere"), "elsewhere"),
    "threat.assumption": (gettext_noop("Check whether an assumption still holds"), "assumption"),
    "threat.picture_aged": (gettext_noop("What is known has aged: review the threat picture"), "picture"),
    "threat.shadow_done": (gettext_noop("Look at what a version of the method would change"), "shadow_run"),
    "threat.adopt": (gettext_noop("Adopt a threat picture, or give it back"), "adopt"),
    "threat.adopt_overdue": (gettext_noop("A proposed threat picture waits too long"), "adopt"),
    "threat.second": (gettext_noop("Second a departure from the score"), "adopt"),
    "threat.picture_review": (gettext_noop("Review the threat picture"), "picture"),
}


# kind of work that is about no case: what it is called, and the list where it is done
DECIDED = {
    "threat.blind_match": (gettext_noop("Settle a blind match"), "matches"),
    "threat.match_answered": (gettext_noop("A supplier answered about a blind match"), "matches"),
    "methoduse.approve": (gettext_noop("Approve a decision about a method version"), "methods"),
    "picturetemplate.approve": (gettext_noop("Approve a template of the picture"), "templates"),
    "informationneed.approve": (gettext_noop("Approve a change of the needs for information"), "needs"),
    "localmapping.approve": (gettext_noop("Approve a table of a local scale"), "mappings"),
}
HEAD = frozenset({Role.HEAD_OF_ANALYSIS})
ANALYSTS = HEAD | {Role.THREAT_ANALYST}
SUPPLIERS = frozenset({Role.PRODUCT_SUPPLIER})
BOARD = frozenset({Role.METHOD_BOARD})
LINKS = (
    Link(30, gettext_noop("Threat analysis"), "threat:desk", "radar", ANALYSTS),
    Link(31, gettext_noop("Gaps and silences"), "threat:gaps", "circle-dashed", ANALYSTS),
    Link(32, gettext_noop("Calibration"), "threat:calibration", "ruler", HEAD),
    Link(32, gettext_noop("Double run"), "threat:double_run", "scale", ANALYSTS),
    Link(32, gettext_noop("Blind matches"), "threat:matches", "link-2", HEAD),
    Link(
        33, gettext_noop("Quality of products"), "threat:reviews", "clipboard-check", ANALYSTS | {Role.QUALITY_MANAGER}
    ),
    Link(30, gettext_noop("Method versions"), "threat:methods", "scale", BOARD),
    Link(31, gettext_noop("Levels of the local domain"), "threat:mappings", "arrow-left-right", BOARD),
    Link(32, gettext_noop("Template of the picture"), "threat:templates", "file-text", BOARD),
    Link(30, gettext_noop("Asked of us"), "threat:requests", "inbox", SUPPLIERS),
    Link(
        34,
        gettext_noop("Needs for information"),
        "threat:needs",
        "list-checks",
        ANALYSTS | SUPPLIERS | BOARD | {Role.CASE_MANAGER},
    ),
)


class ThreatConfig(AppConfig):
    name = "threat"
    verbose_name = gettext_lazy("Threat analysis")

    def ready(self) -> None:
        """Hang panel, timeline, work and links on the pages of the whole."""
        from stelsel.kernel import codes, norms  # noqa: PLC0415  # models are there only now
        from threat import checks  # noqa: F401, PLC0415  # registers the system check
        from threat.policies import may_see_information  # noqa: PLC0415  # models are there only now
        from threat.services import panel  # noqa: PLC0415  # as above

        for kind, (title, page) in WORK.items():
            add_work(WorkKind(kind, title, _leads_to(page)))
        norms.add(NORMS)
        codes.add((LOCAL_SCALES,))
        add_panel(Panel("threat", 30, "threat/panel.html", may_see_information, _loads(panel.panel)))
        add_timeline(TimelineSource(panel.KIND, may_see_information, _loads(panel.events)))
        add_evidence(panel.products_known)
        for kind, (title, listing) in DECIDED.items():
            add_work(WorkKind(kind, title, _lists(listing)))
        for link in LINKS:
            add_link(link)


def _leads_to(page: str) -> Callable[[UUID, UUID | None], str]:
    return lambda subject, _scope: reverse(f"threat:{page}", args=[subject])


def _lists(page: str) -> Callable[[UUID, UUID | None], str]:
    return lambda _subject, _scope: reverse(f"threat:{page}")


def _loads(service: Callable[..., Shown]) -> Callable[[UUID, Actor, datetime], Shown]:
    """A read service in the shape that composition calls."""

    def load(case_id: UUID, actor: Actor, at: datetime) -> Shown:
        return service(case_id, actor=actor, at=at)

    return load
