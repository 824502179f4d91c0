"""Each kind of case of the demonstration, from its first report to its last act so far."""

from collections.abc import Callable, Mapping

from cases.models import LevelDecision
from stelsel.oversight.services.demo import (
    analysis,
    care,
    contact,
    decide,
    decisions,
    elsewhere,
    escalated,
    letters,
    support,
    twice,
    wayout,
)
from stelsel.oversight.services.demo.plan import Ending
from stelsel.oversight.services.demo.walk import Walk


def urgent_ratified(walk: Walk) -> None:
    decide.urgent(walk)
    decide.ratified(walk)
    walk.assign(hours=3)
    walk.tell()


def _in_scheme(walk: Walk) -> None:
    walk.designated()
    walk.tell()
    walk.hand_over()


def pictured(walk: Walk) -> None:
    _in_scheme(walk)
    analysis.adopted(walk)


def levelled(walk: Walk) -> None:
    _in_scheme(walk)
    decide.level(walk, analysis.adopted(walk))


def _advised(walk: Walk) -> LevelDecision:
    _in_scheme(walk)
    level = decide.level(walk, analysis.adopted(walk))
    decide.advice(walk, level)
    return level


def advised(walk: Walk) -> None:
    _advised(walk)


def submitted(walk: Walk) -> None:
    decide.submitted(walk, _advised(walk))


def package_returned(walk: Walk) -> None:
    decide.returned(walk, decide.submitted(walk, _advised(walk)))


def decided(walk: Walk) -> None:
    decide.decided(walk, decide.submitted(walk, _advised(walk)))
    walk.tell()
    letters.told_in_writing(walk)
    decide.carried_out(walk)
    care.cared_for(walk)
    support.supported(walk)
    walk.keep_contact(walk.chance.randint(0, 3))
    analysis.dispose_signals(walk)
    contact.kept(walk)
    if walk.chance.random() < 0.3:  # noqa: PLR2004  # a share
        contact.gate(walk, walk.risk_moment())
    if walk.chance.random() < 0.2:  # noqa: PLR2004  # a share
        decide.incident(walk)


def kept_up(walk: Walk) -> None:
    """The measures of most cases were looked at again not long ago."""
    decided(walk)
    if walk.chance.random() < 0.85:  # noqa: PLR2004  # a share
        decide.looked_again(walk)
    decisions.open_on_decisions(walk)


def designated(walk: Walk) -> None:
    walk.designated()
    if walk.chance.random() < 0.5:  # noqa: PLR2004  # half of them
        walk.tell()
    letters.told_in_writing(walk)
    walk.hand_over()


def back_in_local(walk: Walk) -> None:
    """The person-directed measures ended; the decider returns authority, and the other measures stay in force."""
    decided(walk)
    wayout.returned(walk, confirmed=True)


def return_waits(walk: Walk) -> None:
    """The same, and the chief prosecutor did not confirm it yet."""
    decided(walk)
    wayout.returned(walk, confirmed=False)


def closed(walk: Walk) -> None:
    """The chief prosecutor closes a case that stayed in the local domain; their authority ends with it."""
    walk.rejected()
    walk.tell()
    wayout.closed(walk)


def closed_after_return(walk: Walk) -> None:
    """The whole way: in the scheme, back in the local domain, the last measure ended, closed."""
    back_in_local(walk)
    wayout.ended(walk, walk.chief)
    wayout.closed(walk)


def reopened(walk: Walk) -> None:
    """Closed, and opened again after a new report."""
    closed(walk)
    wayout.reopened(walk)


E = Ending
WAYS: Mapping[Ending, Callable[[Walk], object]] = {
    E.DRAFT: Walk.opened,
    E.SENT_BACK: Walk.sent_back,
    E.HANDED_IN: Walk.handed_in,
    E.COMPLETED: Walk.completed,
    E.SIGNED: Walk.signed,
    E.ASSIGNED: Walk.assigned,
    E.PREPARED: Walk.prepared,
    E.REJECTED: Walk.rejected,
    E.WITHDRAWN: Walk.withdrawn,
    E.ESCALATED: escalated.escalated,
    E.JUDGED_ANEW: escalated.judged_anew,
    E.URGENT_LOCAL: decide.urgent_local,
    E.CLOSED: closed,
    E.BACK_IN_LOCAL: back_in_local,
    E.RETURN_WAITS: return_waits,
    E.CLOSED_AFTER_RETURN: closed_after_return,
    E.REOPENED: reopened,
    E.TWICE: twice.reported,
    E.RESTS: twice.known,
    E.GOES_ON: twice.merged,
    E.HEARD_OF: twice.heard_of,
    E.LEAVING: elsewhere.leaving,
    E.POLICE_CARE: elsewhere.in_police_care,
    E.BLOCKED: elsewhere.blocked,
    E.HANDED_BACK: elsewhere.handed_back,
    E.DESIGNATED: designated,
    E.URGENT_WAITING: decide.urgent,
    E.URGENT_OVERDUE: decide.urgent,
    E.URGENT_RATIFIED: urgent_ratified,
    E.PICTURED: pictured,
    E.LEVELLED: levelled,
    E.ADVISED: advised,
    E.SUBMITTED: submitted,
    E.PACKAGE_RETURNED: package_returned,
    E.DECIDED: kept_up,
}
