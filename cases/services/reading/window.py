"""Other orders and filters of the list of cases: within the newest cases one may see, and no further.

What is not on the grant row cannot be read from an index per viewer, so it is looked at for a bounded number of
cases (docs/decisions/0003-need-to-know.md); the list says so when there are more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from cases.lifecycle import CaseState, Scope
from cases.models import AuthorityPeriod, Case, LevelDecision
from stelsel.kernel import access, work
from stelsel.kernel.authorisation import Actor

WITHIN = 1_000
SORTS = ("number", "person", "state", "level", "due", "authority", "opened", "changed")
DEFAULT_SORT = "-changed"
PLACE = {state.value: place for place, state in enumerate(CaseState)}


@dataclass(frozen=True)
class Wanted:
    """What is asked of the list beyond the grant's own columns. `sort` is a name of SORTS, with - for descending."""

    sort: str = DEFAULT_SORT
    region: str = ""
    office: str = ""
    authority: str = ""
    overdue: bool = False
    no_level: bool = False

    @property
    def by(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def plain(self) -> bool:
        """The list's own order, which has no bound."""
        return self == Wanted()


@dataclass(frozen=True)
class Facts:
    """What one case is ordered and chosen by; None is not known, and stands last in either direction."""

    key: UUID
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Window:
    """Part of the ordered cases, the cursors beside it, and whether there are more cases than were looked at."""

    ids: Sequence[UUID]
    following: str
    preceding: str
    more: bool


def within(
    wanted: Wanted, *, filters: Mapping[str, Any], after: str, before: str, size: int, actor: Actor, at: datetime
) -> Window:
    """A part of the newest cases in the order and choice that is wanted.

    The cursor is the id of a case: its place is where it stands now, so nothing is shown twice or left out because
    cases came in; a case that left the window makes the list begin anew.
    """
    found = access.page(Case, to=actor, at=at, size=WITHIN, filters=filters)
    ordered = _ordered(_facts(found.ids, wanted, actor=actor, at=at), wanted)
    cursor = before or after
    place = next((place for place, row in enumerate(ordered) if str(row.key) == cursor), None)
    fitting = [(at_place, row.key) for at_place, row in enumerate(ordered) if _fits(row, wanted, at=at)]
    if place is None:
        chosen = fitting[:size]
    elif before:
        chosen = [one for one in fitting if one[0] < place][-size:]
    else:
        chosen = [one for one in fitting if one[0] > place][:size]
    return Window(
        ids=[key for _, key in chosen],
        following=str(chosen[-1][1]) if chosen and chosen[-1] != fitting[-1] else "",
        preceding=str(chosen[0][1]) if chosen and chosen[0] != fitting[0] else "",
        more=bool(found.following),
    )


def _ordered(rows: Sequence[Facts], wanted: Wanted) -> list[Facts]:
    known = [row for row in rows if row.values[wanted.by] is not None]
    known.sort(key=lambda row: (row.values[wanted.by], row.key), reverse=wanted.sort.startswith("-"))
    return known + sorted((row for row in rows if row.values[wanted.by] is None), key=lambda row: row.key)


def _fits(row: Facts, wanted: Wanted, *, at: datetime) -> bool:
    values = row.values
    return (
        wanted.region in ("", values["region"])
        and wanted.office in ("", values["office"])
        and wanted.authority in ("", values.get("held"))
        and not (wanted.overdue and (values["due"] is None or values["due"] >= at))
        and not (wanted.no_level and values["level"] is not None)
    )


def _facts(ids: Sequence[UUID], wanted: Wanted, *, actor: Actor, at: datetime) -> list[Facts]:
    """One query for each kind of fact, and only for the facts that are asked for."""
    cases = Case.objects.filter(pk__in=ids).values(
        "pk", "person_id", "number", "state", "region", "office_id", "opened_at", "sort_at"
    )
    pseudonyms: dict[UUID, str] = {}
    if wanted.by == "person":
        pseudonyms = dict(Case.objects.filter(pk__in=ids).values_list("pk", "person__pseudonym"))
    held = _held(ids, at=at) if wanted.by == "authority" or wanted.authority else {}
    levels = _levels(ids) if wanted.by == "level" or wanted.no_level else {}
    dues = next_due(ids, actor=actor) if wanted.by == "due" or wanted.overdue else {}
    return [
        Facts(
            case["pk"],
            {
                "number": case["number"],
                "person": pseudonyms.get(case["pk"]),
                "state": PLACE.get(case["state"]),
                "region": case["region"],
                "office": str(case["office_id"]),
                "opened": case["opened_at"],
                "changed": case["sort_at"],
                "held": held.get(case["person_id"], ("", ""))[0],
                "authority": held.get(case["person_id"], ("", None))[1],
                "level": levels.get(case["pk"]),
                "due": dues.get(case["pk"]),
            },
        )
        for case in cases
    ]


def _held(ids: Sequence[UUID], *, at: datetime) -> dict[UUID, tuple[str, str | None]]:
    """Per person of these cases: which authority, and the name of who holds it."""
    periods = AuthorityPeriod.objects.filter(case__in=ids, scope=Scope.PERSON_DIRECTED, period__contains=at)
    return {
        person: (authority, holder)
        for person, authority, holder in periods.values_list("person_id", "authority", "holder__name")
    }


def _levels(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """Per case the newest decided level, as it is ordered: severity and likelihood first, then resistance."""
    newest = LevelDecision.objects.filter(case__in=ids).order_by("case_id", "-decided_at").distinct("case_id")
    return {
        case: (severity, likelihood, resistance)
        for case, severity, likelihood, resistance in newest.values_list(
            "case_id", "severity", "likelihood", "resistance"
        )
    }


def next_due(ids: Sequence[UUID], *, actor: Actor) -> dict[UUID, datetime]:
    """Per case the first date of what waits there for this actor."""
    waiting = work.waiting(actor).order_by().filter(scope_id__in=ids)
    return dict(waiting.values_list("scope_id").annotate(Min("due_at")))
