"""Work of cases for the worker: what time causes, and files that are handed over in bulk."""

from datetime import datetime
from uuid import UUID

from cases import services
from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.jobs import job


@job("cases.watch", rights=frozenset({Right.READ_CASES, Right.OPEN_WORK}))
def watch(*, actor: Actor, at: datetime) -> None:
    """Open the work that time has caused."""
    services.watch(actor=actor, at=at)


@job("cases.hand_over_item")
def hand_over_item(*, item_id: str, actor: Actor, at: datetime) -> None:
    """Hand over one file of a batch, with the rights of who started it."""
    services.hand_over_item(item_id=UUID(item_id), actor=actor, at=at)


@job("cases.event_reply", rights=frozenset({Right.READ_CASES, Right.OPEN_WORK}))
def event_reply(*, actor: Actor, at: datetime, event_id: str) -> None:
    """Bring the reply of an event's owner to the case, which the owner does not see."""
    services.take_reply(event_id=UUID(event_id), actor=actor, at=at)
