"""House norms (huisnormen): numbers that nobody prescribes, changed by administrators and read by services.

An app defines its norms beside its rules and adds them when it starts. A due date that was set stays as it was set:
services ask for the norm at the instant of the act.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from stelsel.kernel import proposals
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.configuration import HouseNorm
from stelsel.kernel.errors import Invalid, gettext_noop
from stelsel.kernel.models import NormValue

KNOWN: dict[str, HouseNorm] = {}


def add(norms: Iterable[HouseNorm]) -> None:
    """Make the norms of an app known; called when it starts."""
    KNOWN.update({norm.code: norm for norm in norms})


def number(code: str, *, at: datetime) -> int:
    """The value in force at `at`, in the norm's own unit: the newest approved one, or the default.

    Raises:
        KeyError: no such norm.
    """
    norm = KNOWN[code]
    rows = proposals.approved(NormValue).get(code, ())
    return next((row.value for row in rows if row.starts_at <= at), norm.default)


def term(code: str, *, at: datetime) -> timedelta:
    """The length of time in force at `at`.

    Raises:
        KeyError: no such norm.
        TypeError: the norm is no length of time.
    """
    return KNOWN[code].length(number(code, at=at))


def due(code: str, *, since: datetime) -> datetime:
    """When what began at `since` must have been done, by the norm that was in force then: a later norm moves nothing.

    Raises:
        KeyError: no such norm.
        TypeError: the norm is no length of time.
    """
    return since + term(code, at=since)


@act
def propose(*, code: str, value: int, starts_at: datetime, reason: str, actor: Actor, at: datetime) -> NormValue:
    """Propose another value, from an instant that is not in the past.

    Raises:
        Invalid: out of range, no reason, or in the past; every fault is named.
        Conflict: a proposal about this norm waits already.
    """
    faults = KNOWN[code].faults(value)
    change = NormValue(code=code, value=value, starts_at=starts_at, reason=reason.strip())
    return proposals.propose(change, faults=faults, actor=actor, at=at)


@act
def approve(*, change_id: UUID, actor: Actor, at: datetime) -> NormValue:
    """Let somebody else's proposal hold.

    Raises:
        Forbidden: it is the actor's own.
        Invalid: the range became narrower since it was proposed.
        Conflict: it was decided already.
    """
    change = proposals.locked(NormValue, change_id)
    faults = KNOWN[change.code].faults(change.value)
    if faults:
        raise Invalid("invalid", gettext_noop("This value is outside the range in which the norm makes sense."))
    return proposals.approve(change, actor=actor, at=at)
