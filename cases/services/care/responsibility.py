"""Who is responsible for a measure and who bears its cost: settled by people, and never nobody."""

from datetime import datetime
from uuid import UUID

from cases.models import Measure, Responsibility
from cases.policies import may_settle_responsibility
from cases.services import case as cases
from cases.services.care import rows
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, gettext_noop


@act
def settle_responsibility(
    *, measure_id: UUID, party: str, cost_bearer: str, reason: str, actor: Actor, at: datetime
) -> Responsibility:
    """From now on this party is responsible for the measure, and this one bears its cost.

    Raises:
        Conflict: it was settled anew at this very instant.
    """
    measure = rows.locked(Measure.objects.all(), measure_id, actor=actor, at=at)
    require(may_settle_responsibility(actor))
    cases.require_texts(party=party, cost_bearer=cost_bearer, reason=reason)
    present = Responsibility.objects.select_for_update().get(measure=measure, period__upper_inf=True)
    if present.period.lower is None or present.period.lower >= at:
        raise Conflict("settled_now", gettext_noop("This has just been settled. Open the page again."))
    present.period = (present.period.lower, at)
    present.save(update_fields=["period"])
    row = Responsibility(
        case=measure.case,
        measure=measure,
        party=party,
        cost_bearer=cost_bearer,
        period=(at, None),
        settled_by_id=actor.user_id,
    )
    cases.seal(row, measure.case, reason=reason)
    row.save(force_insert=True)
    work.close_items(measure.pk, kind="care.responsibility", verb="care.settle")
    audit.record("care.settle", row, scope=measure.case_id, detail={"party": party, "cost_bearer": cost_bearer})
    return row


def unsettled() -> int:
    """Open work for measures whose responsibility nobody settled yet. Part of watching."""
    found = Responsibility.objects.filter(
        settled_by=None, period__upper_inf=True, measure__in=Measure.objects.in_force()
    ).select_related("measure", "case")
    for row in found:
        due = norms.due("cases.care.responsibility", since=row.measure.ordered_at)
        rows.ask("care.responsibility", row.measure, case=row.case, due=due)
    return len(found)
