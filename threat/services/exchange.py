"""What a supplier's system reads of the requests to its organisation: never the case behind them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stelsel.kernel import audit, vault
from stelsel.kernel.authorisation import Actor, require
from threat.models import InformationRequest
from threat.policies import may_read_own_requests


@dataclass(frozen=True)
class RequestRow:
    """A request as its supplier sees it: number, pseudonym, question, factors and term."""

    id: UUID
    number: str
    pseudonym: str
    kind: str
    question: str
    factors: list[str]
    due_at: datetime
    state: str
    version: int


def requests_to_supplier(*, actor: Actor, at: datetime) -> list[RequestRow]:
    """Requests that wait for this supplier, most urgent first; one read of each person goes to the trail."""
    require(may_read_own_requests(actor))
    rows = list(InformationRequest.objects.visible_to(actor, at=at).unanswered().order_by("due_at", "pk"))
    keys = vault.box(*(row.key_id for row in rows))
    audit.saw([(row.person_id, None) for row in rows], kind="list")
    return [
        RequestRow(
            id=row.pk,
            number=row.number,
            pseudonym=row.pseudonym,
            kind=row.kind,
            question=keys.open(row, "question"),
            factors=list(row.factors),
            due_at=row.due_at,
            state=row.state,
            version=row.version,
        )
        for row in rows
    ]
