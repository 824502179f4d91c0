"""What waits for whom.

Services open an item with the act that causes it and close it with the act that settles it.
"""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet

from stelsel.kernel.access import current
from stelsel.kernel.authorisation import Actor, Role
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
    unit = current()
    if unit is None:
        raise RuntimeError("work needs a unit of work")
    for item in WorkItem.objects.filter(subject_id=subject_id, kind=kind, closed_at=None):
        item.closed_at, item.closed_verb = unit.at, verb
        item.closed_by_id = unit.actor.user_id if unit.actor and not unit.actor.is_system else None
        item.save(update_fields=["closed_at", "closed_verb", "closed_by"])


def waiting(actor: Actor) -> QuerySet[WorkItem]:
    """What waits for this actor in this role, most urgent first; cases one may not see are left out."""
    mine = Q(owner_id=actor.user_id) | Q(owner=None, owner_organisation_id=actor.organisation_id)
    anyones = Q(owner=None, owner_organisation=None)
    return WorkItem.objects.filter(mine | anyones, owner_role=actor.role, closed_at=None).order_by(
        F("due_at").asc(nulls_last=True), "opened_at", "pk"
    )
