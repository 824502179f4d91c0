from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import CODE_LISTS, NORMS
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.composition import Link, Panel, WorkKind, add_link, add_panel, add_search, add_work
from stelsel.kernel.errors import gettext_noop

SUBJECT = {
    "nomination.fill": (gettext_noop("Fill in the intake"), "nomination"),
    "nomination.complete": (gettext_noop("Complete the nomination"), "nomination"),
    "nomination.sign": (gettext_noop("Sign the nomination"), "nomination"),
    "table.close": (gettext_noop("Keep the triage table"), "table"),
    "table.view": (gettext_noop("Give your party's view at the triage table"), "seat"),
    "table.minutes": (gettext_noop("Views and minutes at the triage table"), "agenda_item"),
    "triage.assign": (gettext_noop("Name case manager and decider"), "assign"),
    "triage.prepare": (gettext_noop("Prepare the judgement"), "prepare"),
    "triage.judge": (gettext_noop("Judge the nomination"), "judge"),
    "designation.ratify": (gettext_noop("Ratify the urgent designation"), "ratify"),
    "designation.ratify_overdue": (gettext_noop("Urgent designation not ratified in time"), "ratify"),
    "handover.supply": (gettext_noop("Supply the handover file"), "handover"),
    "handover.stalled": (gettext_noop("Handover file not accepted in time"), "handover"),
    "handover.stalled_again": (gettext_noop("Handover file still not accepted"), "handover"),
    "batch.offer": (gettext_noop("Offer a handover in bulk"), "batch"),
    "batch.start": (gettext_noop("Accept and start a handover in bulk"), "batch"),
    "handover.accept": (gettext_noop("Accept the handover file"), "handover"),
    "level.decide": (gettext_noop("Set level and resistance"), "level"),
    "advice.give": (gettext_noop("Advise on measures"), "advice"),
    "package.prepare": (gettext_noop("Prepare measures"), "package_start"),
    "package.decide": (gettext_noop("Decide the measures"), "package_decide"),
    "package.approve": (gettext_noop("Sign the measures as another decider"), "package_decide"),
    "package.approve_overdue": (gettext_noop("Measures not signed by another decider in time"), "package_decide"),
    "package.remind": (gettext_noop("Remind the other decider to sign the measures"), "package"),
    "package.condition": (gettext_noop("Look whether a condition is met"), "condition"),
    "contact.due": (gettext_noop("Keep contact with the person"), "plan"),
    "contact.overdue": (gettext_noop("Contact overdue: nobody spoke with the person in time"), "plan"),
    "contact.missing": (gettext_noop("Nobody keeps contact: name a contact person"), "plan"),
    "contact.unreachable": (gettext_noop("Person cannot be reached: take the agreed steps"), "plan"),
    "promise.keep": (gettext_noop("Keep a promise"), "settle_promise"),
    "telling.review": (gettext_noop("Look again at what is withheld"), "tell_again"),
    "moment.word": (gettext_noop("Say whether protection is in place"), "moment"),
    "moment.answer": (gettext_noop("Is protection ready for the moment?"), "moment"),
    "moment.not_ready": (gettext_noop("Moment comes near, protection not ready"), "moment"),
    "moment.evaluate": (gettext_noop("Write down what happened at the moment"), "moment"),
    "mayor.admission": (gettext_noop("Tell the mayor of the admission?"), "mayor"),
    "mayor.plannable": (gettext_noop("Tell the mayor of the planned moment?"), "mayor"),
    "mayor.acute": (gettext_noop("Tell the mayor of the acute risk?"), "mayor"),
    "mayor.decide": (gettext_noop("Decide what the mayor is told"), "mayor_notice"),
    "mayor.read": (gettext_noop("Read what the NCTV tells the mayor"), "notice"),
    "mayor.telephone": (gettext_noop("Mayor did not read the notice: call"), "mayor_notice"),
    "meeting.agreement": (gettext_noop("Carry out what was agreed in the meeting"), "meeting_agreement"),
    "event.postpone": (gettext_noop("Postponement of your event is asked"), "event"),
    "event.not_ready": (gettext_noop("Your event comes near, protection is not ready yet"), "event"),
    "relative.decide": (gettext_noop("Decide on the designation of a relative"), "relative"),
    "decision.review": (gettext_noop("Review a decision"), "review"),
    "decision.ratify": (gettext_noop("Ratify an urgent decision"), "ratify_decision"),
    "decision.ratify_overdue": (gettext_noop("Urgent decision not ratified in time"), "ratify_decision"),
    "inform.person": (gettext_noop("Inform the person"), "duty"),
    "measure.not_in_place": (gettext_noop("Measure ordered, but not in place"), "measure"),
    "measure.fell_away": (gettext_noop("Measure fell away"), "measure"),
    "emergency.review": (gettext_noop("Review emergency access"), "emergency_review"),
    "letter.sign": (gettext_noop("Sign the letter"), "letter"),
    "care.responsibility": (gettext_noop("Settle who is responsible for a measure"), "responsible"),
    "care.talk": (gettext_noop("Talk about an agreement that was not kept"), "breach"),
    "care.letter": (gettext_noop("Letter, or a decision anew"), "breach"),
    "care.activity": (gettext_noop("Decide about an activity"), "activity"),
    "care.compensation": (gettext_noop("Decide on a request for compensation"), "compensation"),
    "care.notify": (gettext_noop("Send the decision on compensation"), "compensation"),
    "care.take_complaint": (gettext_noop("Take a complaint in hand"), "complaint"),
    "care.settle_complaint": (gettext_noop("Settle a complaint"), "complaint"),
    "care.decide": (gettext_noop("Decide anew about an agreement not kept"), "breach"),
    "return.confirm": (gettext_noop("Confirm the return of authority"), "returned"),
    "return.unconfirmed": (gettext_noop("Return of authority not confirmed in time"), "returned"),
    "listing.decide": (gettext_noop("Decide on an entry of the list"), "entry_decide"),
    "listing.expired": (gettext_noop("Temporary entry of the list is over"), "entry_end"),
    "listing.follow": (gettext_noop("Answer the advice of the NCTV"), "entry_follow"),
    "demarcation.answer": (gettext_noop("Ask whether the other regime took the person over"), "demarcation"),
    "demarcation.unanswered": (gettext_noop("Between two regimes: nobody took the person over yet"), "demarcation"),
    "demarcation.receive": (gettext_noop("Take the person in hand again"), "demarcation"),
    "demarcation.not_received": (gettext_noop("Handed back, and nobody has the person in hand"), "demarcation"),
    "demarcation.review": (gettext_noop("Ask whether the other regime still holds"), "demarcation"),
    "college.inform": (gettext_noop("Tell the College of Procurators General"), "authority"),
    "measure.review": (gettext_noop("Review the measure"), "measure"),
    "measure.review_late": (gettext_noop("Measure not reviewed in time"), "measure"),
    "measure.chase": (gettext_noop("Say by when the measure is in place"), "measure"),
    "measure.promise_broken": (gettext_noop("Promised day passed, not in place"), "measure"),
    "measure.verify": (gettext_noop("Verify the measure again"), "measure"),
    "measure.verify_late": (gettext_noop("Measure not verified in time"), "measure"),
    "report.answer": (gettext_noop("Take up a report about somebody known"), "passed_report"),
    "report.unanswered": (gettext_noop("Report about somebody known not taken up in time"), "passed_report"),
    "report.answered": (gettext_noop("Read what became of your report"), "passed_report"),
    "incident.answer": (gettext_noop("Incident to those who guard: say what was done"), "incident"),
}

OF_CASE = {
    "care.expectation": (gettext_noop("Ask whether it is clear what may be expected"), "expectations"),
    "care.question": (gettext_noop("Answer a question on what may be expected"), "expectations"),
    "care.employer": (gettext_noop("Look whether the employer's measure is there"), "employer"),
    "care.employer_lapsed": (gettext_noop("Employer's measure fell away: who takes it over?"), "employer"),
    "escalation.decide": (gettext_noop("Answer the escalation of a rejection"), "escalation"),
    "escalation.unanswered": (gettext_noop("Escalation of a rejection not answered in time"), "escalation"),
    "merge.answer": (gettext_noop("Are two cases about one person?"), "same_person"),
    "package.unassigned": (gettext_noop("Measures decided, not yet assigned"), "case"),
    "letter.confirm": (gettext_noop("Confirm the oral decision in writing"), "letters"),
}
"""Kinds of work that are done on a page of the case."""


def _to(page: str) -> Callable[[UUID, UUID | None], str]:
    """The address of a page whose id is the work's subject."""
    return lambda subject, _scope: reverse(f"cases:{page}", args=[subject])


def _of_case(page: str) -> Callable[[UUID, UUID | None], str]:
    """The address of a page of the case that the work is about."""
    return lambda _subject, scope: reverse(f"cases:{page}", args=[scope])


def _loads(
    service: Callable[..., Mapping[str, Any] | None],
) -> Callable[[UUID, Actor, datetime], Mapping[str, Any] | None]:
    """A read service in the shape that composition calls."""
    return lambda case_id, actor, at: service(case_id, actor=actor, at=at)


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        """Hang the work of cases on the start page, and its lists in the navigation."""
        from cases.policies import (  # noqa: PLC0415  # models are there only now
            AT_THE_TABLE,
            BATCH_ROLES,
            LIST_ROLES,
            NCTV_CASE_ROLES,
            ORDERS_BEFORE_DESIGNATION,
            OWNS_EVENTS,
            PARTS,
            READS_NOTICES,
            may_see_care,
            may_see_decisions,
        )
        from cases.services.reading import decisions  # noqa: PLC0415  # as above
        from cases.services.reading.care import panel  # noqa: PLC0415  # as above
        from stelsel.kernel import codes, norms  # noqa: PLC0415  # as above

        norms.add(NORMS)
        codes.add(CODE_LISTS)
        for kind, (title, page) in SUBJECT.items():
            add_work(WorkKind(kind, title, _to(page)))
        for kind, (title, page) in OF_CASE.items():
            add_work(WorkKind(kind, title, _of_case(page)))
        add_panel(Panel("decisions", 10, "cases/decisions/panel.html", may_see_decisions, _loads(decisions.panel)))
        add_panel(Panel("care", 60, "cases/care/panel.html", may_see_care, _loads(panel)))
        everybody = frozenset[Role]().union(*PARTS.values())
        add_link(Link(0, gettext_noop("My work"), "home", "layout-dashboard", frozenset(Role) - {Role.SYSTEM}))
        add_search(Link(0, gettext_noop("Search"), "cases:search", "search", everybody))
        add_link(Link(12, gettext_noop("Limitative list"), "cases:entries", "landmark", LIST_ROLES))
        add_link(Link(10, gettext_noop("Cases"), "cases:list", "folder", everybody))
        add_link(Link(13, gettext_noop("Handover in bulk"), "cases:batches", "folders", BATCH_ROLES))
        add_link(Link(12, gettext_noop("Promises"), "cases:promises", "handshake", PARTS["contact"]))
        add_link(Link(12, gettext_noop("Triage table"), "cases:tables", "users", AT_THE_TABLE))
        add_link(Link(14, gettext_noop("Night desk"), "cases:night_desk", "moon", PARTS["contact"]))
        callers = frozenset({Role.DUTY_OFFICER, *ORDERS_BEFORE_DESIGNATION})
        add_link(Link(15, gettext_noop("Urgent call"), "cases:call", "phone-call", callers))
        add_link(Link(17, gettext_noop("Notices to the mayor"), "cases:notices", "landmark", frozenset(READS_NOTICES)))
        add_link(Link(16, gettext_noop("Planned events"), "cases:events", "calendar-clock", frozenset(OWNS_EVENTS)))
        add_link(Link(12, gettext_noop("Decisions"), "cases:decisions", "gavel", PARTS["package"]))
        add_link(Link(90, gettext_noop("Emergency access"), "cases:emergency", "siren", frozenset(NCTV_CASE_ROLES)))
        add_link(Link(20, gettext_noop("Report a person"), "cases:report", "file-plus", frozenset({Role.POLICE_RCCB})))
