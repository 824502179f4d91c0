"""What waits for whom.

Services open an item with the act that causes it and close it with the act that settles it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet

from stelsel.kernel.access import current
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import NotVisible
from stelsel.kernel.models import WorkItem


def open_item(  # noqa: PLR0913  # the facts of one row, keyword-only but for the first two
    kind: str,
    subject: models.Model,
    *,
    owner_role: Role,
    label: str,
    scope: UUID | None = None,
    owner: UUID | None = None,
    organisation: UUID | None = None,
    due: datetime | None = None,
) -> WorkItem:
    """Put work on somebody's start page. The same work that is open already stays as it is."""
    unit = current()
    if unit is None:
        raise RuntimeError("work needs a unit of work")
    item = WorkItem.objects.filter(kind=kind, subject_id=subject.pk, owner_role=owner_role, closed_at=None).first()
    if item is not None:
        return item
    return WorkItem.objects.create(
        kind=kind,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        owner_role=owner_role,
        owner_id=owner,
        owner_organisation_id=organisation,
        scope_id=scope,
        label=label,
        opened_at=unit.at,
        due_at=due,
    )


def close_items(subject_id: UUID, *, kind: str, verb: str) -> None:
    """The act `verb` settled this work."""
    _close(WorkItem.objects.filter(subject_id=subject_id, kind=kind), verb=verb)


def close_scope(scope: UUID, *, kinds: Collection[str], verb: str) -> None:
    """The act `verb` took away the cause of all work of these kinds on one case."""
    _close(WorkItem.objects.filter(scope_id=scope, kind__in=kinds), verb=verb)


def _close(items: QuerySet[WorkItem], *, verb: str) -> None:
    unit = current()
    if unit is None:
        raise RuntimeError("work needs a unit of work")
    for item in items.filter(closed_at=None):
        item.closed_at, item.closed_verb = unit.at, verb
        item.closed_by_id = unit.actor.user_id if unit.actor and not unit.actor.is_system else None
        item.save(update_fields=["closed_at", "closed_verb", "closed_by"])


def waiting(actor: Actor) -> QuerySet[WorkItem]:
    """What waits for this actor in this role, most urgent first; cases one may not see are left out."""
    mine, ours, anyones = _owned(actor)
    return WorkItem.objects.filter(mine | ours | anyones, owner_role=actor.role, closed_at=None).order_by(*ORDER)


ORDER = (F("due_at").asc(nulls_last=True), "opened_at", "pk")
BACKWARDS = (F("due_at").desc(nulls_first=True), "-opened_at", "-pk")


def _owned(actor: Actor) -> tuple[Q, Q, Q]:
    """Mine by name, my organisation's, and anybody's: apart, because each has an index of its own."""
    return (
        Q(owner_id=actor.user_id),
        Q(owner=None, owner_organisation_id=actor.organisation_id),
        Q(owner=None, owner_organisation=None),
    )


def kinds_waiting(actor: Actor, *, among: int) -> list[str]:
    """The kinds of work among so many of the most urgent items: to choose from, at a bounded cost."""
    found: set[str] = set()
    for owned in _owned(actor):
        items = WorkItem.objects.filter(owned, owner_role=actor.role, closed_at=None)
        found.update(items.order_by(*ORDER).values_list("kind", flat=True)[:among])
    return sorted(found)


@dataclass(frozen=True)
class Waiting:
    """Part of what waits, and the cursors of the parts after and before it ("" at an end)."""

    items: list[WorkItem]
    following: str
    preceding: str


def page(
    actor: Actor, *, size: int, after: str = "", before: str = "", filters: Mapping[str, Any] | None = None
) -> Waiting:
    """The most urgent of what waits: the top of each owner's work, merged. Flat in the number of items."""
    cursor = before or after
    found: list[WorkItem] = []
    for owned in _owned(actor):
        items = WorkItem.objects.filter(owned, owner_role=actor.role, closed_at=None, **(filters or {}))
        if cursor:
            items = items.filter(_beyond(cursor, earlier=bool(before)))
        found += items.order_by(*(BACKWARDS if before else ORDER))[: size + 1]
    found.sort(key=_place, reverse=bool(before))
    shown, more = found[:size], len(found) > size
    if before:
        shown.reverse()
    return Waiting(
        items=shown,
        following=_cursor(shown[-1]) if shown and (more or before) else "",
        preceding=_cursor(shown[0]) if shown and (after or (before and more)) else "",
    )


def _place(item: WorkItem) -> tuple[bool, float, datetime, UUID]:
    return item.due_at is None, item.due_at.timestamp() if item.due_at else 0.0, item.opened_at, item.pk


def _cursor(item: WorkItem) -> str:
    return f"{item.due_at.isoformat() if item.due_at else ''}~{item.opened_at.isoformat()}~{item.pk}"


def _beyond(cursor: str, *, earlier: bool) -> Q:
    """The items on the far side of the cursor's item; those without a date come last."""
    try:
        due, opened, key = cursor.split("~")
        due_at = datetime.fromisoformat(due) if due else None
        opened_at, last = datetime.fromisoformat(opened), UUID(key)
    except ValueError as error:
        raise NotVisible from error
    way = "lt" if earlier else "gt"
    beside = Q(due_at=due_at) & (Q(**{f"opened_at__{way}": opened_at}) | Q(opened_at=opened_at, **{f"pk__{way}": last}))
    if due_at is None:
        return beside | Q(due_at__isnull=False) if earlier else beside
    further = Q(**{f"due_at__{way}": due_at})
    return further | beside if earlier else further | beside | Q(due_at=None)
