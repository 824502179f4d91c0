"""Jobs of threat analysis: each one service call, idempotent, ids only."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.jobs import job
from threat.services import (
    compute_score,
    follow_request,
    keep_aged,
    keep_shadow,
    match_entity,
    plan_ageing,
    plan_shadow,
    store_score,
    watch,
)
from threat.services import take_signal as take
from threat.services.rescoring import Scored, scored_again

READ_AND_OPEN = frozenset({Right.READ_CASES, Right.OPEN_WORK})


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


@job("threat.follow_request", rights=READ_AND_OPEN)
def follow(*, actor: Actor, at: datetime, request_id: str, verb: str) -> None:
    """After a supplier's answer, set the work of those who asked: the supplier sees no case."""
    follow_request(request_id=UUID(request_id), verb=verb, actor=actor, at=at)


@job("threat.match_entity", rights=READ_AND_OPEN)
def match(*, actor: Actor, at: datetime, entity_id: str) -> None:
    """Compare an entity that was taken down over all cases, or settle what it matched when it was taken out."""
    match_entity(entity_id=UUID(entity_id), actor=actor, at=at)


@job("threat.watch", rights=READ_AND_OPEN)
def watch_all(*, actor: Actor, at: datetime) -> None:
    """Hourly: overdue requests, refusals to review, undisposed signals, waiting proposals, reviews, matches."""
    watch(actor=actor, at=at)


@job("threat.age", rights=READ_AND_OPEN)
def age(*, actor: Actor, at: datetime) -> None:
    """Daily: have every picture in force scored as of today."""
    plan_ageing(actor=actor, at=at)


def _as_of(*, actor: Actor, at: datetime, first: str, last: str, day: str) -> list[Scored]:
    return scored_again(UUID(first), UUID(last), as_of=date.fromisoformat(day), actor=actor, at=at)


@job("threat.age_part", compute=_as_of, rights=READ_AND_OPEN)
def age_part(*, actor: Actor, at: datetime, day: str, result: Sequence[Scored], **_part: str) -> None:
    """Keep what changed by ageing alone."""
    keep_aged(scored=result, day=date.fromisoformat(day), actor=actor, at=at)


@job("threat.plan_shadow", rights=READ_AND_OPEN)
def cut_shadow(*, actor: Actor, at: datetime, run_id: str) -> None:
    """Cut a shadow run into parts."""
    plan_shadow(run_id=UUID(run_id), actor=actor, at=at)


def _by_version(*, actor: Actor, at: datetime, run_id: str, first: str, last: str) -> list[Scored]:
    return scored_again(UUID(first), UUID(last), run_id=UUID(run_id), actor=actor, at=at)


@job("threat.shadow_part", compute=_by_version, rights=READ_AND_OPEN)
def shadow_part(*, actor: Actor, at: datetime, run_id: str, result: Sequence[Scored], **_part: str) -> None:
    """Keep one part of a shadow run."""
    keep_shadow(run_id=UUID(run_id), scored=result, actor=actor, at=at)
