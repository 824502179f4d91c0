"""Demarcation: out to another regime and back, without an instant at which nobody is responsible (R002, R016, R044)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.demarcation import DEMARCATION_LIFECYCLE, Regime, is_block_alone
from cases.lifecycle import CaseState
from cases.models import Case, Demarcation
from cases.policies import may_answer_demarcation, may_demarcate, may_keep_demarcation, may_receive_back
from cases.services import case as cases
from cases.services.closing import what_binds
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import Organisation

ANSWER_WORK = ("demarcation.answer", "demarcation.unanswered")
BACK_WORK = ("demarcation.receive", "demarcation.not_received")


@dataclass(frozen=True)
class Elsewhere:
    """Which regime is to look after the person, whom one calls there, and why; of a block the why stays empty."""

    regime: str
    receiver: UUID
    reason: str = ""


def standing(case: Case) -> Demarcation | None:
    """The demarcation that is open, or None. Part of acting on it."""
    return Demarcation.objects.exclude(state__in=["declined", "received"]).filter(case=case).first()


@act
def demarcate(*, case_id: UUID, elsewhere: Elsewhere, actor: Actor, at: datetime) -> Demarcation:
    """Decide that another regime is to look after the person. Nothing changes before it says that it does.

    Raises:
        Conflict: a demarcation is open already, or the nomination was not judged yet.
        Invalid: no reason; or one with a block, of which nothing may stand here.
    """
    case = cases.locked_case(case_id, actor=actor, at=at, elsewhere_too=True)
    require(
        may_demarcate(
            actor,
            in_scheme=case.state == CaseState.SCHEME,
            office=case.office_id,
            decider=case.decider_id,
            person_user=case.person.user_id,
        )
    )
    if standing(case) is not None:
        raise Conflict("demarcated", gettext_noop("This person goes to another regime already, or is there."))
    if case.state == CaseState.TRIAGE:
        raise Conflict("in_triage", gettext_noop("Judge the nomination first, or withdraw it."))
    regime = Regime(elsewhere.regime)
    _refuse_content(regime, reason=elsewhere.reason)
    row = Demarcation(
        case=case,
        regime=regime,
        state=DEMARCATION_LIFECYCLE.initial,
        receiver=Organisation.objects.get(pk=elsewhere.receiver),
        decided_by_id=actor.user_id,
        decided_at=at,
        due_at=norms.due("cases.demarcation", since=at),
    )
    if elsewhere.reason:
        cases.seal(row, case, reason=elsewhere.reason)
    row.save(force_insert=True)
    _ask(row, "demarcation.answer", due=row.due_at)
    return _done(row, "demarcation.decide", at=at)


def _refuse_content(regime: Regime, **texts: str) -> None:
    """Of a block nothing may be written; of any other regime everything must be.

    Raises:
        Invalid: with the field.
    """
    if regime is Regime.NONE:
        fault = Fault("regime", "required", gettext_noop("Choose the regime."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    if not is_block_alone(regime):
        cases.require_texts(**texts)
        return
    written = [name for name, text in texts.items() if text.strip()]
    if written:
        message = gettext_noop("Of witness protection nothing is written here: leave this empty.")
        raise Invalid("block_alone", message, faults=tuple(Fault(name, "block_alone", message) for name in written))


@act
def take_over(*, demarcation_id: UUID, reference: str, actor: Actor, at: datetime) -> Demarcation:
    """The other regime says that it looks after the person: from this instant nothing is done here but hold the record.

    Raises:
        Conflict: something must be ended, returned or told here first.
        Invalid: no reference of theirs; or one with a block.
    """
    row, case = _locked(demarcation_id, actor=actor, at=at)
    require(may_answer_demarcation(actor, decided_by=row.decided_by_id))
    row.state = DEMARCATION_LIFECYCLE.apply("confirm", state=row.state)
    _refuse_content(Regime(row.regime), reference=reference)
    reasons = what_binds(case)
    if case.state in (CaseState.TRIAGE, CaseState.SCHEME):
        reasons.insert(0, gettext_noop("The person is nominated or in the scheme: judge, or return authority, first."))
    if reasons:
        raise Conflict("bound_here", reasons[0])
    row.reference = reference.strip()
    row.answered_by_id, row.answered_at = actor.user_id, at
    row.review_on = norms.due("cases.demarcation.review", since=at).date()
    row.save()
    case.demarcation = row.regime
    _close(row, ANSWER_WORK, verb="demarcation.take_over")
    return _done(row, "demarcation.take_over", at=at)


@act
def decline_demarcation(*, demarcation_id: UUID, actor: Actor, at: datetime) -> Demarcation:
    """The other regime does not take the person over: everything stays here as it was."""
    row, _case = _locked(demarcation_id, actor=actor, at=at)
    require(may_answer_demarcation(actor, decided_by=row.decided_by_id))
    row.state = DEMARCATION_LIFECYCLE.apply("decline", state=row.state)
    row.answered_by_id, row.answered_at = actor.user_id, at
    row.save()
    _close(row, ANSWER_WORK, verb="demarcation.decline")
    return _done(row, "demarcation.decline", at=at)


@act
def hold_longer(*, demarcation_id: UUID, review_on: date, actor: Actor, at: datetime) -> Demarcation:
    """The other regime was asked, and still looks after the person; one asks again on `review_on`.

    Raises:
        Invalid: a day that is past, or further away than the house norm.
    """
    row, _case = _locked(demarcation_id, actor=actor, at=at)
    require(may_keep_demarcation(actor))
    DEMARCATION_LIFECYCLE.apply("hand_back", state=row.state)
    if not at.date() < review_on <= norms.due("cases.demarcation.review", since=at).date():
        fault = Fault("review_on", "invalid", gettext_noop("Choose a day after today, within the house norm."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    row.review_on = review_on
    row.save()
    _close(row, ("demarcation.review",), verb="demarcation.hold")
    return _done(row, "demarcation.hold", at=at)


@act
def hand_back(*, demarcation_id: UUID, reason: str, actor: Actor, at: datetime) -> Demarcation:
    """The other regime ends: from this instant on the case is in work here, and somebody must take it in hand."""
    row, case = _locked(demarcation_id, actor=actor, at=at)
    require(may_keep_demarcation(actor))
    row.state = DEMARCATION_LIFECYCLE.apply("hand_back", state=row.state)
    _refuse_content(Regime(row.regime), reason=reason)
    if reason:
        cases.seal(row, case, back_reason=reason)
    row.back_by_id, row.back_at = actor.user_id, at
    row.due_at = norms.due("cases.demarcation", since=at)
    row.save()
    case.demarcation = Regime.NONE
    _close(row, ("demarcation.review",), verb="demarcation.hand_back")
    _ask(row, "demarcation.receive", due=row.due_at)
    return _done(row, "demarcation.hand_back", at=at)


@act
def receive_back(*, demarcation_id: UUID, actor: Actor, at: datetime) -> Demarcation:
    """The prosecutor's office has the person in hand again: local measures, a new nomination, or basic police care."""
    row, case = _locked(demarcation_id, actor=actor, at=at)
    require(may_receive_back(actor, office=case.office_id))
    row.state = DEMARCATION_LIFECYCLE.apply("receive", state=row.state)
    row.received_by_id, row.received_at = actor.user_id, at
    row.save()
    _close(row, BACK_WORK, verb="demarcation.receive")
    return _done(row, "demarcation.receive", at=at)


def _locked(demarcation_id: UUID, *, actor: Actor, at: datetime) -> tuple[Demarcation, Case]:
    """The demarcation and its case, the case locked first: two acts at the same instant follow each other."""
    seen = Demarcation.objects.visible_to(actor, at=at).get(pk=demarcation_id)
    case = cases.locked_case(seen.case_id, actor=actor, at=at, elsewhere_too=True)
    row = Demarcation.objects.select_for_update(of=("self",)).get(pk=demarcation_id)
    row.case = case
    return row, case


def _ask(row: Demarcation, kind: str, *, due: datetime) -> None:
    """Work for who runs the case in the scheme, or else for the adviser of the prosecutor's office."""
    case = row.case
    in_scheme = case.state == CaseState.SCHEME
    owner = case.case_manager_id if in_scheme else None
    work.open_item(
        kind,
        case,
        owner_role=Role.CASE_MANAGER if in_scheme else Role.PROSECUTION_ADVISER,
        owner=owner,
        organisation=None if owner else cases.nctv().pk if in_scheme else case.office_id,
        label=case.number,
        scope=case.pk,
        due=due,
    )


def _close(row: Demarcation, kinds: tuple[str, ...], *, verb: str) -> None:
    for kind in kinds:
        work.close_items(row.case_id, kind=kind, verb=verb)


def _done(row: Demarcation, verb: str, *, at: datetime) -> Demarcation:
    cases.touch(row.case, at=at)
    audit.record(verb, row, scope=row.case_id, detail={"regime": str(row.regime)})
    return row


def watch_demarcations(at: datetime) -> int:
    """Who is between two regimes for longer than the norm alarms at both heads; and the day on which to ask again."""
    between = Demarcation.objects.filter(state__in=["waiting", "back"], due_at__lte=at).select_related("case")
    for row in between:
        _alarm(row, "demarcation.unanswered" if row.state == "waiting" else "demarcation.not_received")
    due = Demarcation.objects.filter(state="taken_over", review_on__lte=at.date()).select_related("case")
    for row in due.exclude(case__state=CaseState.CLOSED):
        _ask(row, "demarcation.review", due=at)
    return len(between) + len(due)


def _alarm(row: Demarcation, kind: str) -> None:
    case = row.case
    owners: list[tuple[Role, UUID | None, UUID | None]] = [(Role.CHIEF_PROSECUTOR, None, case.office_id)]
    if case.state == CaseState.SCHEME:
        owners.append((Role.DECIDER, case.decider_id, None if case.decider_id else cases.nctv().pk))
        owners.append((Role.DUTY_OFFICER, None, cases.nctv().pk))
    for role, owner, organisation in owners:
        work.open_item(
            kind,
            case,
            owner_role=role,
            owner=owner,
            organisation=organisation,
            label=case.number,
            scope=case.pk,
            due=row.due_at,
        )
