"""The question from analysis whether urgent measures are needed, answered on the side of decisions."""

from datetime import datetime
from uuid import UUID

from cases.models import Case
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, gettext_noop
from threat.lifecycle import UrgentAnswer
from threat.policies import may_answer_urgent_question
from threat.services.case import refuse_if, visible_case


@act
def answer_urgent_question(*, case_id: UUID, answer: str, actor: Actor, at: datetime) -> Case:
    """The case manager answers; measures themselves are ordered by their own act, never by this one."""
    case = visible_case(case_id, actor=actor, at=at)
    require(may_answer_urgent_question(actor))
    if answer not in set(UrgentAnswer):
        refuse_if([Fault("answer", "invalid", gettext_noop("Choose an answer."))])
    work.close_items(case.pk, kind="threat.urgent_question", verb="threat.answer_urgent_question")
    audit.record("threat.answer_urgent_question", case, scope=case.pk, reason=answer)
    return case
