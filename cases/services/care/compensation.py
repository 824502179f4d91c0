"""Requests for compensation: received, completed, decided, notified; the clocks of the Awb (R112)."""

import re
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from cases.lifecycle import COMPENSATION_LIFECYCLE, CompensationState
from cases.models import Compensation
from cases.policies import may_decide_compensation, may_object_handle, may_receive_request
from cases.services import case as cases
from cases.services.care import rows
from cases.services.care.cooperation import require_near, require_past
from stelsel.kernel import audit, signing, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Forbidden, Invalid, gettext_noop
from stelsel.legal import terms

ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){10,30}\b|\b\d(?:[ .-]?\d){8,17}\b", re.IGNORECASE)


def term_of(row: Compensation) -> terms.RequestTerm:
    """The clock of the decision."""
    waits = [
        terms.Suspension(
            asked_on=date.fromisoformat(one["asked_on"]),
            until=date.fromisoformat(one["until"]),
            came_on=date.fromisoformat(one["came_on"]) if one["came_on"] else None,
        )
        for one in row.suspensions
    ]
    return terms.RequestTerm(row.received_on, waits, row.extended_to)


def refuse_account(**texts: str) -> None:
    """No bank account is kept here: the payment is made elsewhere, and only its reference is known.

    Raises:
        Invalid: something reads like an account number.
    """
    faults = tuple(
        Fault(name, "account", gettext_noop("This reads like a bank account: give a payment reference only."))
        for name, text in texts.items()
        if ACCOUNT.search(text)
    )
    if faults:
        raise Invalid("invalid", faults[0].message, faults=faults)


@act
def receive_compensation(
    *, case_id: UUID, person_id: UUID, ground: str, received_on: date, actor: Actor, at: datetime
) -> Compensation:
    """A request came in: decide within a reasonable term, eight weeks (Awb art. 4:13)."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_receive_request(actor))
    cases.require_texts(ground=ground)
    refuse_account(ground=ground)
    require_past(at, received_on=received_on)
    require_near(case, person_id)
    row = Compensation(
        case=case,
        person_id=person_id,
        state=COMPENSATION_LIFECYCLE.initial,
        received_on=received_on,
        received_by_id=actor.user_id,
    )
    cases.seal(row, case, ground=ground)
    row.save(force_insert=True)
    _ask(row)
    audit.record("care.receive_compensation", row, scope=case.pk)
    return row


def _ask(row: Compensation) -> None:
    """The work of deciding, due on the last day of the term as it stands now."""
    work.close_items(row.pk, kind="care.compensation", verb="care.term")
    rows.ask("care.compensation", row, case=row.case, due=cases.end_of(term_of(row).last_day), role=Role.DECIDER)


@act
def ask_completion(*, compensation_id: UUID, until: date, version: int, actor: Actor, at: datetime) -> Compensation:
    """Ask the applicant for what is missing, until a day: the term is suspended meanwhile (Awb art. 4:5, 4:15)."""
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    require(may_receive_request(actor))
    row.state = COMPENSATION_LIFECYCLE.apply("ask", state=row.state)
    if until <= at.date():
        raise _not_ahead("until")
    row.suspensions = [
        *row.suspensions,
        {"asked_on": at.date().isoformat(), "until": until.isoformat(), "came_on": None},
    ]
    _ask(row)
    return rows.changed(row, "care.ask_completion")


@act
def complete(*, compensation_id: UUID, version: int, actor: Actor, at: datetime) -> Compensation:
    """What was missing came in today: the term runs on."""
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    require(may_receive_request(actor))
    row.state = COMPENSATION_LIFECYCLE.apply("complete", state=row.state)
    row.suspensions = [*row.suspensions[:-1], {**row.suspensions[-1], "came_on": at.date().isoformat()}]
    _ask(row)
    return rows.changed(row, "care.complete")


@act
def extend_term(*, compensation_id: UUID, to: date, version: int, actor: Actor, at: datetime) -> Compensation:
    """Tell the applicant, once and before the term ends, by which day the decision comes (Awb art. 4:14)."""
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    require(may_receive_request(actor))
    _require_undecided(row)
    last = term_of(row).last_day
    if row.extended_to is not None or at.date() > last:
        raise Conflict("extended", gettext_noop("The term is extended once, and before it ends."))
    if to <= last:
        raise _not_ahead("to")
    row.extended_to = to
    _ask(row)
    return rows.changed(row, "care.extend")


def _not_ahead(field: str) -> Invalid:
    fault = Fault(field, "period", gettext_noop("This day lies ahead, and beyond the term as it stands."))
    return Invalid("invalid", fault.message, faults=(fault,))


def _require_undecided(row: Compensation) -> None:
    if row.state == CompensationState.DECIDED:
        raise Conflict("decided", gettext_noop("This was decided already."))


@act
def note_default(*, compensation_id: UUID, notice_on: date, version: int, actor: Actor, at: datetime) -> Compensation:
    """The applicant gave notice of default: two weeks later a penalty begins to run (Awb art. 4:17)."""
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    require(may_receive_request(actor))
    _require_undecided(row)
    require_past(at, notice_on=notice_on)
    row.notice_on = notice_on
    return rows.changed(row, "care.default")


def decided_content(row: Compensation) -> dict[str, object]:
    """What is signed beside outcome and decision."""
    return {"case": row.case.number, "request": str(row.pk), "ground": cases.box_for(row.case).open(row, "ground")}


@act
def decide_compensation(
    *, compensation_id: UUID, outcome: str, decision: str, version: int, code: str, actor: Actor, at: datetime
) -> Compensation:
    """Decide on the request, signed, by somebody else than who received it."""
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    require(may_decide_compensation(actor, received_by=row.received_by_id, person_user=row.case.person.user_id))
    cases.require_texts(outcome=outcome, decision=decision)
    refuse_account(decision=decision)
    row.state = COMPENSATION_LIFECYCLE.apply("decide", state=row.state)
    content = {**decided_content(row), "outcome": outcome, "decision": decision}
    row.signature = signing.sign(row, content, actor=actor, at=at, code=code)
    row.outcome, row.decided_by_id, row.decided_at = outcome, actor.user_id, at
    cases.seal(row, row.case, decision=decision)
    work.close_items(row.pk, kind="care.compensation", verb="care.decide_compensation")
    rows.ask("care.notify", row, case=row.case, due=at)
    return rows.changed(row, "care.decide_compensation", outcome=outcome)


@act
def notify_compensation(
    *, compensation_id: UUID, notified_on: date, payment_reference: str, version: int, actor: Actor, at: datetime
) -> Compensation:
    """The decision was sent; with it the reference of the payment, where there is one."""
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    require(may_receive_request(actor))
    refuse_account(payment_reference=payment_reference)
    require_past(at, notified_on=notified_on)
    if row.state != CompensationState.DECIDED:
        raise Conflict("undecided", gettext_noop("This was not decided yet."))
    row.notified_on, row.payment_reference = notified_on, payment_reference.strip()
    work.close_items(row.pk, kind="care.notify", verb="care.notify")
    return rows.changed(row, "care.notify")


@act
def receive_objection(
    *, compensation_id: UUID, objected_on: date, version: int, actor: Actor, at: datetime
) -> Compensation:
    """Take an objection in hand: never who decided (Awb art. 10:3(3)), and only where the setting says it is open.

    Raises:
        Conflict: not notified yet, or the term to object is over.
    """
    row = rows.locked(Compensation.objects.all(), compensation_id, actor=actor, at=at, version=version)
    if "compensation" not in settings.OBJECTION_CLAUSE_FOR:
        raise Forbidden("no_objection", gettext_noop("Whether this decision is open to objection is not settled."))
    require(may_object_handle(actor, decided_by=row.decided_by_id))
    require_past(at, objected_on=objected_on)
    if row.notified_on is None or objected_on > terms.objection_until(row.notified_on):
        raise Conflict("too_late", gettext_noop("The decision was not notified, or the term to object is over."))
    row.objected_on, row.objection_by_id = objected_on, actor.user_id
    return rows.changed(row, "care.objection")
