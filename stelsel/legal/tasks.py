"""Work of the register of agreements for the worker: what time causes."""

from datetime import datetime

from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.jobs import job
from stelsel.legal import services


@job("legal.watch", rights=frozenset({Right.OPEN_WORK}))
def watch(*, actor: Actor, at: datetime) -> None:
    """Open the work of looking again at agreements."""
    services.watch(actor=actor, at=at)
