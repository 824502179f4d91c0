"""Withdrawing a nomination: by the office that made it, with a reason, until it is judged."""

from datetime import datetime
from uuid import UUID

from cases.lifecycle import NOMINATION_LIFECYCLE, CaseState, ItemOutcome
from cases.models import Nomination
from cases.policies import may_withdraw_nomination
from cases.services import case as cases
from cases.services.agenda import leave_agenda
from cases.services.intake import changed, locked_nomination
from stelsel.kernel import work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require

WAITS = (
    "nomination.complete",
    "nomination.sign",
    "nomination.fill",
    "triage.prepare",
    "triage.judge",
)


@act
def withdraw_nomination(*, nomination_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> Nomination:
    """Withdraw the nomination: the case is one of the local domain, and the chief prosecutor stays the authority.

    Every measure stays.

    Raises:
        Forbidden: another office nominated.
        IllegalMove: it was judged or withdrawn already.
    """
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    case = cases.locked_case(nomination.case_id, actor=actor, at=at)
    require(may_withdraw_nomination(actor, office=case.office_id))
    nomination.state = NOMINATION_LIFECYCLE.apply("withdraw", state=nomination.state)
    cases.require_texts(reason=reason)
    cases.box_for(case).seal(nomination, "withdrawal", reason, key=case.person.key_id)
    if case.state in (CaseState.INTAKE, CaseState.TRIAGE):
        cases.move(case, "withdraw", at=at)
    leave_agenda(case, ItemOutcome.WITHDRAWN, by=actor.user_id, at=at, reason=reason)
    for kind in WAITS:
        work.close_items(nomination.pk, kind=kind, verb="nomination.withdraw")
    work.close_items(case.pk, kind="triage.assign", verb="nomination.withdraw")
    return changed(nomination, "nomination.withdraw")
