"""Scheduled work of cases."""

from datetime import datetime

from cases import services
from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.jobs import job


@job("cases.watch", rights=frozenset({Right.READ_CASES, Right.OPEN_WORK}))
def watch(*, actor: Actor, at: datetime) -> None:
    """Open the work that time has caused."""
    services.watch(actor=actor, at=at)
