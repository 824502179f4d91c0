"""Complaints (R108): apart from threat data, handled by who never acted on the case, in the terms of the Awb."""

from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import COMPLAINT_LIFECYCLE, ComplaintState
from cases.models import Case, Complaint
from cases.policies import may_handle_complaint, may_keep_contact, may_record_complaint, may_settle_complaint
from cases.services import case as cases
from cases.services.care import rows
from cases.services.care.cooperation import require_near, require_past
from cases.services.contact import log_contact
from stelsel.kernel import access, audit, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.models.trail import AuditEntry
from stelsel.legal import terms


def last_day(row: Complaint) -> date:
    """The last day to settle it (Awb art. 9:11)."""
    return terms.complaint_until(row.received_on, committee=row.committee, postponed=row.postponed)


@act
def record_complaint(
    *,
    case_id: UUID,
    person_id: UUID,
    text: str,
    received_on: date,
    committee: bool,
    signal: str,
    actor: Actor,
    at: datetime,
) -> Complaint:
    """Record a complaint. What in it bears on the threat goes to threat analysis as a signal, not into the register."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_record_complaint(actor))
    cases.require_texts(text=text)
    require_past(at, received_on=received_on)
    require_near(case, person_id)
    row = Complaint(
        case=case,
        person_id=person_id,
        state=COMPLAINT_LIFECYCLE.initial,
        received_on=received_on,
        recorded_by_id=actor.user_id,
        recorded_at=at,
        committee=committee,
    )
    cases.seal(row, case, text=text)
    row.save(force_insert=True)
    _let_legal_see(case)
    _ask(row, "care.take_complaint")
    audit.record("care.complaint", row, scope=case.pk, detail={"signal": bool(signal.strip())})
    if signal.strip():
        require(may_keep_contact(actor))
        log_contact(case_id=case_id, person_id=person_id, text=signal, is_signal=True, actor=actor, at=at)
    return row


def _let_legal_see(case: Case) -> None:
    nctv = cases.nctv()
    access.give(
        case,
        to=Principal(role=Role.LEGAL_OFFICER, group_id=nctv.group_for(Role.LEGAL_OFFICER).pk),
        reason="handles a complaint",
        ground="care.complaint",
    )


def _ask(row: Complaint, kind: str) -> None:
    for each in ("care.take_complaint", "care.settle_complaint"):
        work.close_items(row.pk, kind=each, verb=kind)
    work.open_item(
        kind,
        row,
        owner_role=Role.LEGAL_OFFICER,
        owner=row.handler_id,
        organisation=None if row.handler_id else cases.nctv().pk,
        label=row.case.number,
        scope=row.case_id,
        due=cases.end_of(last_day(row)),
    )


def acted_on(case: Case, user: UUID) -> bool:
    """Whether this person did anything on the case but handle complaints."""
    acts = AuditEntry.objects.filter(scope_id=case.pk, actor_id=user, outcome="done")
    return acts.exclude(verb__in=COMPLAINT_ACTS).exists()


COMPLAINT_ACTS = ("care.complaint", "care.take_complaint", "care.postpone_complaint", "care.settle_complaint")


@act
def take_complaint(*, complaint_id: UUID, version: int, actor: Actor, at: datetime) -> Complaint:
    """Take the complaint in hand.

    Raises:
        Forbidden: the actor acted on the case, or recorded the complaint.
    """
    row = rows.locked(Complaint.objects.all(), complaint_id, actor=actor, at=at, version=version)
    acted = acted_on(row.case, actor.user_id)
    require(may_handle_complaint(actor, recorded_by=row.recorded_by_id, acted=acted))
    row.state = COMPLAINT_LIFECYCLE.apply("take", state=row.state)
    row.handler_id = actor.user_id
    _ask(row, "care.settle_complaint")
    return rows.changed(row, "care.take_complaint")


@act
def postpone_complaint(*, complaint_id: UUID, version: int, actor: Actor, at: datetime) -> Complaint:
    """Postpone once, by four weeks at most; the complainant is told (Awb art. 9:11(2))."""
    row = rows.locked(Complaint.objects.all(), complaint_id, actor=actor, at=at, version=version)
    require(may_settle_complaint(actor, handler=row.handler_id))
    if row.postponed or row.state == ComplaintState.SETTLED:
        raise Conflict("postponed", gettext_noop("This was postponed or settled already."))
    row.postponed = True
    _ask(row, "care.settle_complaint")
    return rows.changed(row, "care.postpone_complaint")


@act
def settle_complaint(
    *, complaint_id: UUID, outcome: str, finding: str, version: int, actor: Actor, at: datetime
) -> Complaint:
    """Settle the complaint with a finding; the complainant is told of it."""
    row = rows.locked(Complaint.objects.all(), complaint_id, actor=actor, at=at, version=version)
    require(may_settle_complaint(actor, handler=row.handler_id))
    cases.require_texts(outcome=outcome, finding=finding)
    row.state = COMPLAINT_LIFECYCLE.apply("settle", state=row.state)
    row.outcome, row.settled_at = outcome, at
    cases.seal(row, row.case, finding=finding)
    work.close_items(row.pk, kind="care.settle_complaint", verb="care.settle_complaint")
    return rows.changed(row, "care.settle_complaint", outcome=outcome)
