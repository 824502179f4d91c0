"""A rejected nomination and what its escalation came to, as the page of it reads that."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cases.escalation import Rung, next_rung
from cases.models import Case, Escalation, Judgement
from cases.services import case as cases
from cases.services.escalation import judges
from cases.services.reading.rows import texts_of

__all__ = ["Escalated", "Rejection", "judges", "rejection_of"]


@dataclass(frozen=True)
class Escalated:
    """One rung with its texts in the clear."""

    row: Escalation
    texts: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Rejection:
    """The newest judgement that rejected, the rungs taken since, and the one that can be taken now."""

    judgement: Judgement
    reasons: str = field(repr=False)
    taken: Sequence[Escalated]
    rung: Rung | None
    newest: bool  # no other nomination came after it

    @property
    def open(self) -> Escalation | None:
        return next((one.row for one in self.taken if one.row.state == "raised"), None)


def rejection_of(case: Case) -> Rejection | None:
    """The newest rejection of a case, or None. Part of a page that opened the case."""
    rejected = Judgement.objects.filter(case=case, outcome="reject").select_related("nomination", "decided_by")
    judgement = rejected.order_by("-decided_at", "pk").first()
    if judgement is None:
        return None
    rows = Escalation.objects.filter(nomination=judgement.nomination).select_related("raised_by", "settled_by")
    found = list(rows.order_by("-rung"))
    box = cases.box_for(case)
    later = case.nominations.filter(created_at__gt=judgement.nomination.created_at).exists()
    return Rejection(
        judgement=judgement,
        reasons=box.open(judgement, "reasons"),
        taken=[Escalated(row, texts_of(row, box)) for row in found],
        rung=next_rung((row.rung, row.state) for row in found),
        newest=not later,
    )
