"""The work list: files by when the next talk is due, and talks planned, held and missed. A page at a time, by row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from resilience.lifecycle import TalkState
from resilience.models import ResilienceFile, Talk
from resilience.policies import may_see_files
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import NotVisible

SIZE: Final = 25
LISTS: Final = {  # name: states, newest first
    "planned": ((TalkState.PLANNED,), False),
    "held": ((TalkState.HELD,), True),
    "missed": ((TalkState.NO_SHOW, TalkState.REFUSED, TalkState.CANCELLED), True),
}
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """Part of a list: the rows, and the cursor of the next part ("" at the end)."""

    rows: list[Row]
    following: str


@act
def list_files(
    *, due_only: bool = False, phase: str = "", after: str = "", size: int = SIZE, actor: Actor, at: datetime
) -> Listed[ResilienceFile]:
    """Open files, the talk that is due first on top; with `due_only` those whose talk should have been held."""
    require(may_see_files(actor))
    rows = ResilienceFile.objects.visible_to(actor, at=at).filter(closed_at=None)
    rows = rows.select_related("person", "case", "relation").defer("needs", "agreements")
    if due_only:
        rows = rows.filter(talk_due_at__lt=at)
    if phase:
        rows = rows.filter(phase=phase)
    found = _part(rows, by="talk_due_at", newest_first=False, after=after, size=size)
    audit.saw([(file.person_id, file.case_id) for file in found.rows], kind="list")
    return found


@act
def list_talks(
    *, show: str, mine: bool = False, after: str = "", size: int = SIZE, actor: Actor, at: datetime
) -> Listed[Talk]:
    """Talks that are "planned" (soonest first), "held" or "missed" (latest first); with `mine` those of the actor.

    Raises:
        NotVisible: there is no such list.
    """
    require(may_see_files(actor))
    if show not in LISTS:
        raise NotVisible
    states, newest_first = LISTS[show]
    rows = Talk.objects.visible_to(actor, at=at).filter(state__in=states)
    rows = rows.select_related("file__person", "case", "expert")
    rows = rows.defer("preparation", "summary", "why", "follow_up", "file__needs", "file__agreements")
    if mine:
        rows = rows.filter(expert_id=actor.user_id)
    found = _part(rows, by="planned_for", newest_first=newest_first, after=after, size=size)
    audit.saw([(talk.file.person_id, talk.case_id) for talk in found.rows], kind="list")
    return found


def _part(rows: QuerySet[Row], *, by: str, newest_first: bool, after: str, size: int) -> Listed[Row]:
    sign, beyond = ("-", "lt") if newest_first else ("", "gt")
    if after:
        instant, key = _cursor(after)
        rows = rows.filter(Q(**{f"{by}__{beyond}": instant}) | Q(**{by: instant, f"pk__{beyond}": key}))
    found = list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    following = f"{getattr(last, by).isoformat()}~{last.pk}" if last is not None else ""
    return Listed(found[:size], following)


def _cursor(text: str) -> tuple[datetime, UUID]:
    instant, _, key = text.partition("~")
    try:
        return datetime.fromisoformat(instant), UUID(key)
    except ValueError as error:
        raise NotVisible from error
