"""Jobs of threat analysis: each one service call, idempotent, ids only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.jobs import job
from threat.services import (
    compute_score,
    follow_request,
    match_entity,
    store_score,
    watch,
)
from threat.services import take_signal as take


@job("threat.take_signal")
def take_signal(*, actor: Actor, at: datetime, contact_id: str) -> None:
    """Take a signal in from the contact log, with the rights of who logged it."""
    take(contact_id=UUID(contact_id), actor=actor, at=at)


def _compute(*, actor: Actor, at: datetime, score_id: str) -> dict[str, Any]:
    return compute_score(score_id=UUID(score_id), actor=actor, at=at)


@job("threat.score_picture", compute=_compute)
def score_picture(*, actor: Actor, at: datetime, score_id: str, result: dict[str, Any]) -> None:
    """Store a score, with the rights of the analyst who asked for it."""
    store_score(score_id=UUID(score_id), result=result, actor=actor, at=at)


@job("threat.follow_request", rights=frozenset({Right.READ_CASES, Right.OPEN_WORK}))
def follow(*, actor: Actor, at: datetime, request_id: str, verb: str) -> None:
    """After a supplier's answer, set the work of those who asked: the supplier sees no case."""
    follow_request(request_id=UUID(request_id), verb=verb, actor=actor, at=at)


@job("threat.match_entity", rights=frozenset({Right.READ_CASES, Right.OPEN_WORK}))
def match(*, actor: Actor, at: datetime, entity_id: str) -> None:
    """Compare an entity that was taken down over all cases, or settle what it matched when it was taken out."""
    match_entity(entity_id=UUID(entity_id), actor=actor, at=at)


@job("threat.watch", rights=frozenset({Right.READ_CASES, Right.OPEN_WORK}))
def watch_all(*, actor: Actor, at: datetime) -> None:
    """Hourly: overdue requests, refusals to review, undisposed signals, waiting proposals, reviews, matches."""
    watch(actor=actor, at=at)
