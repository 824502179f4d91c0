"""Closing a case in the local domain, and opening it again; between the two nothing of it changes."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from cases.demarcation import Regime
from cases.lifecycle import CASE_LIFECYCLE, CaseState
from cases.merging import MergeState
from cases.models import AuthorityPeriod, AuthorityReturn, Case, CaseClosure, CaseMerge, Escalation, InformDuty
from cases.policies import may_close_case
from cases.services import case as cases
from cases.services.authority import in_force
from cases.services.relatives import designated
from stelsel.kernel import audit, codes, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Stale, gettext_noop


def what_keeps_open(case: Case) -> list[str]:
    """Why this case cannot be closed now, each reason a sentence; empty when it can."""
    reasons = what_keeps_from_resting(case)
    if CaseMerge.objects.filter(case=case, state=MergeState.PROPOSED).exists():
        reasons.append(gettext_noop("It is proposed to merge this case: answer that first."))
    return reasons


def what_keeps_from_resting(case: Case) -> list[str]:
    """The same when it is closed because its person goes on in another case."""
    reasons = []
    if case.state != CaseState.LOCAL:
        reasons.append(gettext_noop("Only a case in the local domain is closed."))
    if case.demarcation == Regime.WITNESS_PROTECTION:
        reasons.append(gettext_noop("The block stays as long as the other regime lasts."))
    return reasons + what_binds(case)


def what_binds(case: Case) -> list[str]:
    """What must be done here before others look after the person, or nobody; each a sentence."""
    reasons = []
    if in_force(case):
        reasons.append(gettext_noop("Measures are in force: the authority ends each by a decision of its own."))
    if designated(case):
        reasons.append(gettext_noop("A relative is in the scheme: end that designation by a decision of its own."))
    if InformDuty.objects.filter(case=case, settled_at=None).exists():
        reasons.append(gettext_noop("Somebody must still be told something."))
    if AuthorityReturn.objects.filter(case=case, state="waiting").exists():
        reasons.append(gettext_noop("The return of authority was not confirmed in writing yet."))
    if _report_waits(case):
        reasons.append(gettext_noop("A report about this person waits: take it up first."))
    if Escalation.objects.filter(case=case, state="raised").exists():
        reasons.append(gettext_noop("A rejection was escalated: wait for the answer, or withdraw the escalation."))
    return reasons


def _report_waits(case: Case) -> bool:
    """Whether something the police passed on was not answered yet; also for who may not read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_report_waits(%s)", [case.pk])
        (waits,) = cursor.fetchone()
    return bool(waits)


def _same_version(case: Case, version: int, *, at: datetime) -> None:
    if version != case.version:
        raise Stale(theirs={"state": codes.label("case_state", case.state, on=at.date())}, version=case.version)


@act
def close_case(*, case_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> CaseClosure:
    """Close a case: authority ends at this instant, and the case is read-only from then on.

    Raises:
        Conflict: it is closed already, or something keeps it open; the first reason is named.
    """
    case = cases.locked_case(case_id, actor=actor, at=at, elsewhere_too=True)
    require(may_close_case(actor, office=case.office_id))
    _same_version(case, version, at=at)
    cases.require_texts(reason=reason)
    reasons = what_keeps_open(case)
    if reasons:
        raise Conflict("not_closable", reasons[0])
    closure = shut(case, reason=reason, by=actor.user_id, at=at)
    audit.record("case.close", closure, scope=case.pk)
    return closure


def shut(case: Case, *, reason: str, by: UUID, at: datetime, merge: CaseMerge | None = None) -> CaseClosure:
    """Authority ends and the case is read-only from now on. Part of an act that asked whether it can be closed."""
    for period in AuthorityPeriod.objects.filter(case=case, period__upper_inf=True).select_for_update():
        cases.end_authority(period, at=at)
    closure = CaseClosure(case=case, closed_by_id=by, closed_at=at, merge=merge)
    cases.box_for(case).seal(closure, "reason", reason, key=case.person.key_id)
    closure.save(force_insert=True)
    work.close_scope(case.pk, kinds=("college.inform",), verb="case.close")
    case.closed_at = at
    cases.move(case, "close", at=at)
    return closure


@act
def reopen_case(*, case_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> CaseClosure:
    """Open a closed case again, with a reason: the chief prosecutor has authority from this instant on.

    Raises:
        IllegalMove: the case is not closed.
        Conflict: another case about this person was opened meanwhile.
    """
    case = cases.locked_case(case_id, actor=actor, at=at, closed_too=True, elsewhere_too=True)
    require(may_close_case(actor, office=case.office_id))
    CASE_LIFECYCLE.apply("reopen", state=case.state)
    _same_version(case, version, at=at)
    cases.require_texts(reason=reason)
    closure = CaseClosure.objects.select_for_update().get(case=case, reopened_at=None)
    if closure.merge_id is not None:
        raise Conflict("merged", gettext_noop("This case goes on in another one: undo the merge if that is wrong."))
    if cases.known_index(case.person):
        raise Conflict(
            "duplicate",
            gettext_noop("There is an open case about this person already. Ask the NCTV's duty officer."),
        )
    open_again(case, closure, reason=reason, by=actor.user_id, at=at)
    audit.record("case.reopen", closure, scope=case.pk)
    return closure


def open_again(case: Case, closure: CaseClosure, *, reason: str, by: UUID, at: datetime) -> None:
    """The chief prosecutor has authority over the household from now on. Part of an act.

    Raises:
        Conflict: it was closed at this very instant.
    """
    if at <= closure.closed_at:
        raise Conflict("just_closed", gettext_noop("This case was closed at this very moment. Try again."))
    case.closed_at = None
    cases.move(case, "reopen", at=at)
    for person in cases.household(case):
        cases.begin_authority(case, person, at=at, ground="case.reopen", ground_id=closure.pk)
    closure.reopened_by_id, closure.reopened_at = by, at
    cases.box_for(case).seal(closure, "reopen_reason", reason, key=case.person.key_id)
    closure.save()
