"""What acts of the duty of care share: their row, locked and visible, and the work that they open."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models

from cases.models import Case
from cases.querysets import CaseScoped
from cases.services import case as cases
from stelsel.kernel import audit, work
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Stale

M = TypeVar("M", bound=models.Model)


def locked(rows: CaseScoped[M], wanted: UUID, *, actor: Actor, at: datetime, version: int | None = None) -> M:
    """The record, locked for this act.

    Raises:
        DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the case is about the actor.
        Stale: somebody changed it after version `version`.
    """
    row = (
        rows.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(pk=wanted)
    )
    cases.require_no_conflict(actor, case_of(row))
    now: int | None = getattr(row, "version", None)
    if version is not None and version != now:
        state = getattr(row, "get_state_display", lambda: "")()
        raise Stale(theirs={"state": str(state)}, version=now)
    return row


def case_of(row: models.Model) -> Case:
    case: Case = row.case  # type: ignore[attr-defined]  # every record here belongs to a case
    return case


def changed(row: M, verb: str, **detail: str | int) -> M:
    """Save a step of a record, and write it in the trail."""
    row.version += 1  # type: ignore[attr-defined]  # a record that takes steps has a version
    row.save()
    audit.record(verb, row, scope=case_of(row).pk, detail=detail or None)
    return row


def ask(kind: str, row: models.Model, *, case: Case, due: datetime | None, role: Role = Role.CASE_MANAGER) -> None:
    """Put work about this record on the start page of whoever has this role on the case."""
    named = {Role.CASE_MANAGER: case.case_manager_id, Role.DECIDER: case.decider_id}
    office = case.office_id if role is Role.PROSECUTION_ADVISER else None
    work.open_item(
        kind,
        row,
        owner_role=role,
        owner=named.get(role),
        organisation=office,
        label=case.number,
        scope=case.pk,
        due=due,
    )
