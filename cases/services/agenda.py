"""A nomination on the agenda of a triage table, as the other steps of triage meet it. Parts of services."""

from datetime import datetime
from uuid import UUID

from cases.lifecycle import ItemOutcome, Line
from cases.models import AgendaItem, Case, Escalation, Nomination
from cases.services import case as cases
from stelsel.kernel import audit, work
from stelsel.kernel.errors import Conflict, gettext_noop


def leave_agenda(case: Case, outcome: ItemOutcome, *, by: UUID, at: datetime, reason: str = "") -> None:
    """The nomination was judged, withdrawn or overtaken: where it lies on a table, that is its outcome there."""
    item = AgendaItem.objects.open_now().select_related("case__person").filter(case=case).first()
    if item is not None:
        leave(item, outcome, reason=reason, by=by, at=at)


def leave(item: AgendaItem, outcome: ItemOutcome, *, reason: str, by: UUID, at: datetime) -> AgendaItem:
    """Give an item its outcome, once."""
    cases.box_for(item.case).seal(item, "outcome_reason", reason, key=item.case.person.key_id)
    item.outcome, item.outcome_by_id, item.outcome_at = outcome, by, at
    item.version += 1
    item.save()
    work.close_items(item.pk, kind="table.minutes", verb="table.leave")
    audit.record("table.leave", item, scope=item.case_id, detail={"outcome": outcome})
    return item


def require_discussed(nomination: Nomination) -> None:
    """A nomination of the indirect line is judged once a table discussed it.

    An urgent designation needs no table, nor does what comes back from an escalation: its table was held.

    Raises:
        Conflict: no table wrote minutes about it.
    """
    if nomination.line != Line.INDIRECT or nomination.case.state == "scheme":
        return
    if Escalation.objects.filter(opened=nomination).exists():
        return
    if not AgendaItem.objects.filter(nomination=nomination, minuted_at__isnull=False).exists():
        raise Conflict(
            "not_discussed",
            gettext_noop("This nomination goes by the triage table: it is judged once a table has discussed it."),
        )
