"""Lists of cases: flat in the number of cases, each row logged as read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from cases.lifecycle import Scope
from cases.models import AuthorityPeriod, Case, LevelDecision
from cases.policies import may_see
from cases.services.naming import Keys
from cases.services.reading.duplicates import Alike, Likeness, alike
from cases.services.reading.window import Wanted, next_due, within
from stelsel.kernel import access, audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import NotVisible

FOUND = 50


@dataclass(frozen=True)
class Row:
    """A case as lists show it; `level` is empty for roles that do not need it, `due` is the actor's own next clock."""

    case: Case
    authority: str
    holder: str
    level: str
    due: datetime | None


@dataclass(frozen=True)
class Listed:
    """Part of the list, and the cursors of the parts after and before it ("" at an end).

    `bounded` says that only the newest cases were looked at, and that there are more.
    """

    rows: Sequence[Row]
    following: str
    preceding: str
    bounded: bool = False


@dataclass(frozen=True)
class Found:
    """Whom a look-up finds: who has this name (and birth date), and who is possibly the same person."""

    rows: Sequence[Row]
    possibly: Sequence[Alike]


@act
def list_cases(
    *,
    filters: Mapping[str, Any],
    after: str = "",
    before: str = "",
    size: int = 25,
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    actor: Actor,
    at: datetime,
) -> Listed:
    """The newest cases the actor may see; `filters` are on the grant's own columns state, kind and mine.

    What is `wanted` beyond these is done within the newest 1,000 (window.py); a level only for roles that see it.
    """
    if not may_see("level", actor) and (wanted.by == "level" or wanted.no_level):
        raise NotVisible
    if not wanted.plain:
        part = within(wanted, filters=filters, after=after, before=before, size=size, actor=actor, at=at)
        rows = _rows(part.ids, actor=actor, at=at)
        return Listed(rows=rows, following=part.following, preceding=part.preceding, bounded=part.more)
    found = access.page(Case, to=actor, at=at, size=size, after=after, before=before, filters=filters)
    return Listed(rows=_rows(found.ids, actor=actor, at=at), following=found.following, preceding=found.preceding)


@act
def search_cases(*, text: str, actor: Actor, at: datetime) -> list[Row]:
    """The cases whose number or pseudonym begins with `text`, of those the actor may see."""
    begin = text.strip().upper()
    if not begin:
        return []
    match = Q(number__startswith=begin) | Q(person__pseudonym__startswith=begin)
    ids = Case.objects.visible_to(actor, at=at).filter(match).order_by("number").values_list("pk", flat=True)[:FOUND]
    return _rows(list(ids), actor=actor, at=at)


@act
def find_person(*, name: str, birth_date: str, actor: Actor, at: datetime) -> Found:
    """Look a person up by name, another name and birth date where it is known, among the cases the actor may see."""
    like = alike([Keys.of(name, birth_date)], actor=actor, at=at)
    strongest = Likeness.BORN if birth_date else Likeness.NAME
    rows = {row.case.pk: row for row in _rows([one.case.pk for one in like], actor=actor, at=at, kind="lookup")}
    return Found(
        rows=[rows[one.case.pk] for one in like if one.likeness <= strongest],
        possibly=[one for one in like if one.likeness > strongest],
    )


def _rows(ids: Sequence[UUID], *, actor: Actor, at: datetime, kind: str = "list") -> list[Row]:
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids).select_related("person", "office")}
    shown = [cases[key] for key in ids if key in cases]
    holds = {
        period.person_id: period
        for period in AuthorityPeriod.objects.filter(
            person__in=[case.person_id for case in shown], scope=Scope.PERSON_DIRECTED, period__contains=at
        ).select_related("holder")
    }
    levels = _levels(ids) if may_see("level", actor) else {}
    dues = next_due(ids, actor=actor)
    audit.saw([(case.person_id, case.pk) for case in shown], kind=kind)
    return [
        Row(
            case=case,
            authority=holds[case.person_id].get_authority_display() if case.person_id in holds else "",
            holder=holds[case.person_id].holder.name if case.person_id in holds else "",
            level=levels.get(case.pk, ""),
            due=dues.get(case.pk),
        )
        for case in shown
    ]


def _levels(ids: Sequence[UUID]) -> dict[UUID, str]:
    newest = LevelDecision.objects.filter(case__in=ids).order_by("case_id", "-decided_at").distinct("case_id")
    space = "\N{NO-BREAK SPACE}"
    return {one.case_id: f"E{one.severity}{space}W{one.likelihood}{space}R{one.resistance}" for one in newest}
