"""The demonstration's rejections that the chief prosecutor escalates."""

from cases import services
from cases.models import Escalation
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.decide import other_decider
from stelsel.oversight.services.demo.walk import Walk


def escalated(walk: Walk) -> Escalation:
    """The first rung was taken; the NCTV did not answer yet."""
    walk.rejected()
    return services.escalate(
        case_id=walk.case.pk, reasons=walk.say(texts.ESCALATE), actor=walk.chief, at=walk.clock.after(16)
    )


def judged_anew(walk: Walk) -> None:
    """Overturned by a decider who did not judge; the duty desk has to name others."""
    row = escalated(walk)
    other = other_decider(walk)
    services.decide_escalation(
        escalation_id=row.pk,
        outcome="overturn",
        answer=walk.say(texts.OVERTURNED),
        code=walk.code(other),
        actor=other,
        at=walk.clock.after(30),
    )
