"""Changing configuration: one keeper proposes, another approves; each step is in the trail.

Shared by everything that is a `Change` (stelsel.kernel.models): the caller says what may be proposed.
"""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from stelsel.kernel import audit, work
from stelsel.kernel.access import act, current
from stelsel.kernel.authorisation import Actor, Role, Verdict, all_of, differs, has_role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import Change, ChangeState

C = TypeVar("C", bound=Change)


def may_propose(actor: Actor, *, keeper: Role) -> Verdict:
    return has_role(actor, keeper)


def may_approve(actor: Actor, *, keeper: Role, proposed_by: UUID) -> Verdict:
    return all_of(has_role(actor, keeper), differs(actor, proposed_by))


def propose(change: C, *, faults: tuple[Fault, ...], actor: Actor, at: datetime) -> C:
    """Keep a change that waits for its approval; `faults` is what its owner has against it. Part of a service.

    Raises:
        Invalid: a fault, no reason, or it would begin in the past; every fault is named.
        Conflict: a proposal about the same waits already.
    """
    require(may_propose(actor, keeper=change.keeper))
    if not change.reason.strip():
        faults += (Fault("reason", "required", gettext_noop("Fill this in.")),)
    if change.starts_at < at:
        faults += (Fault("starts_at", "past", gettext_noop("This lies in the past: a change begins now or later.")),)
    if faults:
        raise Invalid("invalid", gettext_noop("This cannot be proposed; every fault is named."), faults=faults)
    if _rows(type(change)).filter(code=change.code, state=ChangeState.PROPOSED).exists():
        raise Conflict("proposed", gettext_noop("A proposal about this waits already. Decide about that one first."))
    change.proposed_by_id, change.proposed_at = actor.user_id, at
    change.save(force_insert=True)
    kind = _kind(change)
    work.open_item(f"{kind}.approve", change, owner_role=change.keeper, label=change.code)
    audit.record(f"{kind}.propose", change, detail={"code": change.code})
    return change


def locked(model: type[C], change_id: UUID) -> C:
    """The proposal, locked for a decision.

    Raises:
        Conflict: it was decided already.
    """
    change: C = _rows(model).select_for_update().get(pk=change_id)
    if change.state != ChangeState.PROPOSED:
        raise Conflict("decided", gettext_noop("This proposal was decided already."))
    return change


def approve(change: C, *, actor: Actor, at: datetime) -> C:
    """Let the change hold, from the instant that was proposed or, when that has passed, from now. Part of a service.

    Raises:
        Forbidden: no keeper, or the one who proposed it.
    """
    require(may_approve(actor, keeper=change.keeper, proposed_by=change.proposed_by_id))
    change.starts_at = max(change.starts_at, at)
    return _decide(change, ChangeState.APPROVED, verb="approve", actor=actor, at=at)


@act
def refuse(*, model: type[C], change_id: UUID, actor: Actor, at: datetime) -> C:
    """Do not let it hold; who proposed it may take it back this way."""
    change = locked(model, change_id)
    require(may_propose(actor, keeper=change.keeper))
    return _decide(change, ChangeState.REFUSED, verb="refuse", actor=actor, at=at)


def _decide(change: C, state: ChangeState, *, verb: str, actor: Actor, at: datetime) -> C:
    change.state, change.decided_by_id, change.decided_at = state, actor.user_id, at
    change.save()
    unit = current()
    if unit is not None:
        unit.kept.pop(type(change), None)
    kind = _kind(change)
    work.close_items(change.pk, kind=f"{kind}.approve", verb=f"{kind}.{verb}")
    audit.record(f"{kind}.{verb}", change, detail={"code": change.code})
    return change


def approved(model: type[C]) -> dict[str, list[C]]:
    """Every approved change by code, newest first: read once per unit of work."""
    unit = current()
    if unit is not None and model in unit.kept:
        kept: dict[str, list[C]] = unit.kept[model]
        return kept
    found: dict[str, list[C]] = {}
    for row in _rows(model).filter(state=ChangeState.APPROVED).order_by("-starts_at"):
        found.setdefault(row.code, []).append(row)
    if unit is not None:
        unit.kept[model] = found
    return found


def _kind(change: Change) -> str:
    return str(change._meta.model_name).removesuffix("value")


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._default_manager.all()  # noqa: SLF001  # Django's documented way to a model given as a value
