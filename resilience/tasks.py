"""Work of resilience in the background: support begins with the designation; what is overdue is found."""

from datetime import datetime
from uuid import UUID

from resilience import services
from stelsel.kernel.authorisation import Actor, Right
from stelsel.kernel.jobs import job

RIGHTS = frozenset({Right.READ_CASES, Right.OPEN_WORK})


@job("resilience.begin", rights=RIGHTS)
def begin(*, actor: Actor, at: datetime, designation_id: str) -> None:
    """Open the files of everybody a designation covers."""
    services.begin(designation_id=UUID(designation_id), actor=actor, at=at)


@job("resilience.watch", rights=RIGHTS)
def watch(*, actor: Actor, at: datetime) -> None:
    """Open the work that time has caused."""
    services.watch(actor=actor, at=at)
