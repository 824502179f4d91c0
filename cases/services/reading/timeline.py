"""One timeline of a case: what the trail says was done, for the parts that the reader's role needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.policies import may_see
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.composition import Event
from stelsel.kernel.models import User
from stelsel.kernel.models.trail import AuditEntry

SHOWN: Final = 200


@dataclass(frozen=True)
class Kind:
    """A kind of row: how the filter names it, and the part of the case it belongs to."""

    label: str | Promise
    part: str


KINDS: Final = {
    "case": Kind(_("Case"), "authority"),
    "nomination": Kind(_("Nomination"), "nomination"),
    "judgement": Kind(_("Judgement"), "judgement"),
    "handover": Kind(_("Handover"), "handover"),
    "picture": Kind(_("Threat picture"), "picture"),
    "level": Kind(_("Level and advice"), "level"),
    "package": Kind(_("Package of measures"), "package"),
    "measure": Kind(_("Measures"), "measures"),
    "contact": Kind(_("Contact"), "contact"),
    "letter": Kind(_("Letters"), "letters"),
    "mayor": Kind(_("Mayor"), "mayor"),
    "meeting": Kind(_("Quadrilateral meetings"), "meeting"),
    "access": Kind(_("Access"), "access"),
    "care": Kind(_("Duty of care"), "care"),
    "answers": Kind(_("Article 2 ECHR"), "answers"),
    "complaints": Kind(_("Complaints"), "complaints"),
    "responsibility": Kind(_("Responsibility"), "responsibility"),
}
ACTS: Final[dict[str, tuple[str, str | Promise]]] = {
    "case.open": ("case", _("Case opened")),
    "designation.decide": ("case", _("Designated: authority passed to the NCTV")),
    "designation.ratify": ("case", _("Urgent designation ratified")),
    "authority.return": ("case", _("Authority returned to the chief prosecutor")),
    "return.confirm": ("case", _("Return of authority confirmed in writing")),
    "demarcation.decide": ("case", _("Another regime is to look after the person")),
    "demarcation.take_over": ("case", _("Another regime took the person over")),
    "demarcation.decline": ("case", _("The other regime did not take the person over")),
    "demarcation.hold": ("case", _("The other regime still holds")),
    "demarcation.hand_back": ("case", _("The other regime handed the person back")),
    "demarcation.receive": ("case", _("Back from the other regime, in hand")),
    "alias.add": ("case", _("Another name of the person recorded")),
    "alias.withdraw": ("case", _("Another name of the person withdrawn")),
    "report.pass": ("case", _("Report about this person passed on")),
    "report.forward": ("case", _("Report about this person forwarded to the NCTV")),
    "report.take": ("case", _("Report about this person taken up")),
    "report.differ": ("case", _("Report was about another person")),
    "distinction.say": ("case", _("Said that two cases are about two persons")),
    "distinction.withdraw": ("case", _("Withdrawn that two cases are about two persons")),
    "merge.propose": ("case", _("Proposed to merge this case into another")),
    "merge.confirm": ("case", _("Merged: the person goes on in another case")),
    "merge.take_in": ("case", _("Merged: the person of another case goes on here")),
    "merge.decline": ("case", _("Proposal to merge declined")),
    "merge.withdraw": ("case", _("Proposal to merge withdrawn")),
    "merge.undo": ("case", _("Merge undone: open again")),
    "merge.give_back": ("case", _("Merge undone: the other case is open again")),
    "authority.post": ("case", _("Post of the person recorded")),
    "college.tell": ("case", _("College of Procurators General told")),
    "case.close": ("case", _("Case closed")),
    "case.reopen": ("case", _("Case opened again")),
    "nomination.open": ("nomination", _("Intake opened")),
    "nomination.fill": ("nomination", _("Intake changed")),
    "nomination.hand_in": ("nomination", _("Intake handed to the prosecutor's office")),
    "nomination.send_back": ("nomination", _("Intake sent back to the police")),
    "nomination.complete": ("nomination", _("Nomination completed by the adviser BB&C")),
    "nomination.sign": ("nomination", _("Nominated by the chief prosecutor")),
    "nomination.withdraw": ("nomination", _("Nomination withdrawn")),
    "triage.assign": ("case", _("Case manager and decider named")),
    "triage.prepare": ("judgement", _("Judgement prepared")),
    "triage.accept": ("judgement", _("Nomination accepted")),
    "triage.reject": ("judgement", _("Nomination rejected")),
    "escalation.raise": ("judgement", _("Rejection escalated by the chief prosecutor")),
    "escalation.uphold": ("judgement", _("Escalation answered: the rejection stands")),
    "escalation.overturn": ("judgement", _("Escalation answered: to be judged anew, by others")),
    "escalation.withdraw": ("judgement", _("Escalation withdrawn")),
    "escalation.overtake": ("judgement", _("Escalation overtaken by an urgent designation")),
    "framework.assess": ("nomination", _("Assessment framework answered")),
    "table.put": ("nomination", _("Put on the agenda of the triage table")),
    "table.view": ("nomination", _("View of a party recorded")),
    "table.minutes": ("nomination", _("Discussed at the triage table")),
    "table.leave": ("nomination", _("Left the agenda of the triage table")),
    "urgent.order": ("measure", _("Urgent measures ordered by telephone")),
    "handover.supply": ("handover", _("Handover file supplied")),
    "attachment.add": ("handover", _("File attached")),
    "handover.offer": ("handover", _("Handover file offered")),
    "handover.return": ("handover", _("Handover file sent back")),
    "handover.key_holder": ("handover", _("Key holders changed")),
    "handover.accept": ("handover", _("Handover file accepted")),
    "picture.adopt": ("picture", _("Threat picture adopted")),
    "level.decide": ("level", _("Threat level and required resistance set")),
    "advice.give": ("level", _("Advice of the LCC given")),
    "package.start": ("package", _("Package of measures begun")),
    "package.write": ("package", _("Package of measures changed")),
    "package.submit": ("package", _("Package laid before the decider")),
    "package.return": ("package", _("Package sent back")),
    "recusal.record": ("access", _("A colleague is kept out of the case")),
    "recusal.end": ("access", _("A colleague is not kept out of the case any more")),
    "package.approve": ("package", _("Measures signed by a decider, waits for another")),
    "package.remind": ("package", _("Reminder: another decider did not sign yet")),
    "condition.check": ("package", _("Looked whether a condition is met")),
    "package.decide": ("measure", _("Measures decided")),
    "relative.propose": ("package", _("Designation of a relative proposed")),
    "relative.designate": ("case", _("Relative designated: authority over them passed to the NCTV")),
    "relative.decline": ("package", _("Relative not designated")),
    "relative.propose_end": ("package", _("End of a relative's designation proposed")),
    "relative.keep": ("package", _("Designation of a relative goes on")),
    "relative.end": ("case", _("Designation of a relative ended: authority over them is with the chief prosecutor")),
    "decision.for_review": ("package", _("Decision marked for review")),
    "decision.confirm": ("package", _("Decision reviewed: it stands")),
    "decision.urgent": ("package", _("Decided by the urgent route, to be ratified")),
    "decision.ratify": ("package", _("Urgent decision ratified")),
    "package.assign": ("measure", _("Measures assigned")),
    "measure.order": ("measure", _("Measure ordered")),
    "measure.accept": ("measure", _("Measure accepted")),
    "measure.put_in_place": ("measure", _("Measure in place")),
    "measure.verify": ("measure", _("Measure verified")),
    "measure.fall_away": ("measure", _("Measure fell away")),
    "measure.reorder": ("measure", _("Measure ordered anew by the chief prosecutor")),
    "measure.end": ("measure", _("Measure ended")),
    "measure.promise": ("measure", _("A date was promised for a measure")),
    "measure.chase": ("measure", _("A date was asked for a measure")),
    "measure.review": ("measure", _("Measure reviewed and continued")),
    "incident.report": ("measure", _("Incident to those who guard reported")),
    "incident.answer": ("measure", _("Incident to those who guard answered")),
    "inform.tell": ("contact", _("Person informed")),
    "inform.withhold": ("contact", _("Information withheld, with its ground")),
    "inform.correct": ("contact", _("What was said about a measure was corrected")),
    "contact.log": ("contact", _("Contact logged")),
    "letter.start": ("letter", _("Letter begun")),
    "letter.submit": ("letter", _("Letter laid before the decider")),
    "letter.return": ("letter", _("Letter sent back")),
    "letter.sign": ("letter", _("Letter signed")),
    "letter.withdraw": ("letter", _("Letter withdrawn")),
    "letter.copy": ("letter", _("Copy of a letter made")),
    "contact.attempt": ("contact", _("Attempt at contact, not reached")),
    "contact.plan": ("contact", _("Contact plan changed")),
    "contact.name": ("contact", _("Contact person named")),
    "promise.make": ("contact", _("Promise made")),
    "promise.settle": ("contact", _("Promise settled")),
    "telling.add": ("contact", _("Told or withheld")),
    "telling.receive": ("contact", _("Whether it was received is known")),
    "risk_moment.report": ("measure", _("Moment of raised risk reported")),
    "care.answer": ("answers", _("Questions of article 2 ECHR answered")),
    "care.sign_answers": ("answers", _("Answers on article 2 ECHR signed")),
    "care.ask_activity": ("care", _("Activity asked")),
    "care.decide_activity": ("care", _("Activity decided")),
    "care.receive_compensation": ("care", _("Compensation asked")),
    "care.ask_completion": ("care", _("Applicant asked for what is missing")),
    "care.complete": ("care", _("Request completed")),
    "care.extend": ("care", _("Term extended, applicant told")),
    "care.default": ("care", _("Notice of default received")),
    "care.decide_compensation": ("care", _("Compensation decided")),
    "care.notify": ("care", _("Decision on compensation sent")),
    "care.objection": ("care", _("Objection taken in hand")),
    "care.complaint": ("complaints", _("Complaint received")),
    "care.take_complaint": ("complaints", _("Complaint taken in hand")),
    "care.postpone_complaint": ("complaints", _("Complaint postponed, complainant told")),
    "care.settle_complaint": ("complaints", _("Complaint settled")),
    "care.settle": ("responsibility", _("Responsibility for a measure settled")),
    "care.agree": ("care", _("Agreement made with the person")),
    "care.breach": ("care", _("Agreement not kept: recorded")),
    "care.talk": ("care", _("Talked with the person about it")),
    "care.warn": ("care", _("Letter with the consequences sent")),
    "care.submit": ("care", _("Laid before the decider")),
    "care.decide": ("care", _("Decided anew")),
    "risk_moment.word": ("measure", _("Word of the LCC on a moment of raised risk")),
    "risk_moment.answer": ("measure", _("Readiness for a moment of raised risk answered")),
    "risk_moment.postpone": ("measure", _("Postponement of an event asked")),
    "risk_moment.stays": ("measure", _("The owner lets the event stay as it is")),
    "risk_moment.move": ("measure", _("Moment of raised risk moved")),
    "risk_moment.evaluate": ("measure", _("Moment of raised risk evaluated")),
    "risk_moment.agenda": ("contact", _("Asked about moments ahead")),
    "mayor.residence": ("mayor", _("Where somebody lives changed")),
    "mayor.propose": ("mayor", _("Notice to a mayor proposed")),
    "mayor.tell": ("mayor", _("Mayor told")),
    "mayor.keep": ("mayor", _("Decided not to tell the mayor")),
    "mayor.acknowledge": ("mayor", _("Notice to a mayor read")),
    "meeting.write": ("meeting", _("Quadrilateral meeting written down")),
    "care.expect": ("care", _("Written down what may be expected")),
    "care.expectation_answered": ("care", _("Answer on what may be expected")),
    "care.question": ("care", _("Question on what may be expected")),
    "care.question_answered": ("care", _("Question answered")),
    "care.employer_agreed": ("care", _("Measure agreed with the employer")),
    "care.employer_looked": ("care", _("Employer's measure looked at")),
    "care.employer_settled": ("care", _("Employer's measure taken over")),
    "meeting.settle": ("meeting", _("Agreement of a meeting settled")),
    "access.give": ("access", _("Access given")),
    "case.look_back": ("access", _("Looked back at what was known")),
    "emergency.open": ("access", _("Emergency access opened")),
    "emergency.review": ("access", _("Emergency access reviewed")),
}


def timeline(case_id: UUID, actor: Actor, at: datetime, *, kind: str) -> list[Event]:
    """The newest acts of one kind, newest first; empty for a role that does not need them. Part of reading a case."""
    if not may_see(KINDS[kind].part, actor):
        return []
    verbs = [verb for verb, (of, _words) in ACTS.items() if of == kind]
    return events(case_id, verbs=verbs, at=at)


def visible_kinds(actor: Actor) -> list[str]:
    return [kind for kind, known in KINDS.items() if may_see(known.part, actor)]


def events(case_id: UUID, *, verbs: list[str], at: datetime) -> list[Event]:
    entries = list(
        AuditEntry.objects.filter(scope_id=case_id, outcome="done", verb__in=verbs, at__lte=at).order_by("-at", "-id")[
            :SHOWN
        ]
    )
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in={one.actor_id for one in entries})}
    return [
        Event(
            at=entry.at,
            kind=ACTS[entry.verb][0],
            text=str(ACTS[entry.verb][1]),
            by=names.get(entry.actor_id, "") if entry.actor_id else "",
        )
        for entry in entries
    ]
