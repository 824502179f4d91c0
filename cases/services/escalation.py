"""Escalation of a rejected nomination: raised by the office, answered by who did not judge (R050)."""

from datetime import datetime
from uuid import UUID

from cases.escalation import ESCALATION_LIFECYCLE, next_rung
from cases.lifecycle import CaseState, NominationState
from cases.models import Case, Escalation, Judgement, Nomination
from cases.policies import may_answer_escalation, may_escalate
from cases.services import case as cases
from stelsel.kernel import access, audit, norms, signing, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop

GROUND = "escalation.raise"
WORK = ("escalation.decide", "escalation.unanswered")
NARRATIVE = ("what_happened", "measures_now", "assessment")
SAME = ("line", "serious", "aimed_at_life", "threatener_known", "filled_by_id", "completed_by_id", "signature_id")
MARKED = ("marking", "marked_until", "data_regime", "provenance")


@act
def escalate(*, case_id: UUID, reasons: str, actor: Actor, at: datetime) -> Escalation:
    """Take the next rung against the rejection of the newest nomination; nothing else changes by it.

    Raises:
        Forbidden: not the chief prosecutor of the office that holds authority.
        Conflict: nothing was rejected, an escalation is open, or no rung is left.
        Invalid: no reasons.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_escalate(actor, office=case.office_id))
    nomination = Nomination.objects.filter(case=case).order_by("-created_at").first()
    if nomination is None or nomination.state != NominationState.REJECTED or case.state != CaseState.LOCAL:
        raise Conflict("not_rejected", gettext_noop("There is no rejected nomination to escalate."))
    rung = next_rung(taken(nomination))
    if rung is None:
        raise Conflict("no_rung", gettext_noop("An escalation is open already, or no rung is left."))
    cases.require_texts(reasons=reasons)
    row = Escalation(
        case=case,
        nomination=nomination,
        rung=rung,
        state=ESCALATION_LIFECYCLE.initial,
        raised_by_id=actor.user_id,
        raised_at=at,
        due_at=norms.due("cases.escalation", since=at),
    )
    cases.seal(row, case, reasons=reasons)
    row.save(force_insert=True)
    deciders = cases.nctv().group_for(Role.DECIDER)
    access.give(
        case,
        to=Principal(role=Role.DECIDER, group_id=deciders.pk),
        reason="escalation to answer",
        ground=GROUND,
    )
    _ask(row, "escalation.decide", to=Role.DECIDER)
    return _done(row, "escalation.raise", at=at)


def taken(nomination: Nomination) -> list[tuple[int, str]]:
    """The rungs of this nomination and what became of each. Part of acting on it, and of its page."""
    return list(Escalation.objects.filter(nomination=nomination).values_list("rung", "state"))


@act
def decide_escalation(
    *, escalation_id: UUID, outcome: str, answer: str, code: str, actor: Actor, at: datetime
) -> Escalation:
    """Answer for the NCTV, signed: the rejection stands ("uphold"), or the nomination is judged anew ("overturn").

    Raises:
        Forbidden: who prepared or decided the judgement, or no decider, or the code is wrong.
        IllegalMove: it was answered, withdrawn or overtaken.
        Invalid: no answer.
    """
    row, case = _locked(escalation_id, actor=actor, at=at)
    judgement = Judgement.objects.get(nomination=row.nomination_id)
    require(
        may_answer_escalation(
            actor, judged_by=judges(judgement), raised_by=row.raised_by_id, person_user=case.person.user_id
        )
    )
    step = "overturn" if outcome == "overturn" else "uphold"
    state = ESCALATION_LIFECYCLE.apply(step, state=row.state)
    cases.require_texts(answer=answer)
    reasons = cases.box_for(case).open(row, "reasons")
    content = {"case": case.number, "rung": row.rung, "reasons": reasons, "outcome": step, "answer": answer}
    row.signature = signing.sign(row, content, actor=actor, at=at, code=code)
    cases.seal(row, case, answer=answer)
    if step == "overturn":
        row.opened = _nominate_anew(row, case, at=at)
    access.give(
        case,
        to=Principal(role=actor.role, user_id=actor.user_id),
        reason="answered the escalation",
        ground="escalation.decide",
    )
    return _settle(row, case, state=state, verb=f"escalation.{step}", by=actor.user_id, at=at)


@act
def withdraw_escalation(*, escalation_id: UUID, actor: Actor, at: datetime) -> Escalation:
    """The office withdraws: the rejection stands, and no rung is left for this nomination."""
    row, case = _locked(escalation_id, actor=actor, at=at)
    require(may_escalate(actor, office=case.office_id))
    state = ESCALATION_LIFECYCLE.apply("withdraw", state=row.state)
    return _settle(row, case, state=state, verb="escalation.withdraw", by=actor.user_id, at=at)


def overtake(case: Case, *, by: UUID, at: datetime) -> None:
    """The threat rose and the person is designated by telephone: what is open is overtaken. Part of that act."""
    row = Escalation.objects.select_for_update(of=("self",)).filter(case=case, state="raised").first()
    if row is not None:
        state = ESCALATION_LIFECYCLE.apply("overtake", state=row.state)
        _settle(row, case, state=state, verb="escalation.overtake", by=by, at=at)


def judges(judgement: Judgement) -> frozenset[UUID]:
    """Who prepared and who decided it."""
    return frozenset(one for one in (judgement.prepared_by_id, judgement.decided_by_id) if one is not None)


def judged_before(nomination: Nomination) -> frozenset[UUID]:
    """Who rejected what an escalation put back as this nomination; empty for any other. Part of judging it."""
    rejected = Judgement.objects.filter(nomination__escalations__opened=nomination).first()
    return judges(rejected) if rejected else frozenset()


def _nominate_anew(row: Escalation, case: Case, *, at: datetime) -> Nomination:
    """A nomination with the same texts under the same signature of the office; others are named to judge it."""
    old = row.nomination
    new = Nomination(case=case, state=NominationState.SIGNED, created_at=at, signed_at=at)
    for name in (*SAME, *MARKED):
        setattr(new, name, getattr(old, name))
    box = cases.box_for(case)
    cases.seal(new, case, **{name: box.open(old, name) for name in NARRATIVE})
    new.save(force_insert=True)
    case.case_manager_id = case.decider_id = None
    cases.move(case, "nominate", at=at)
    work.open_item(
        "triage.assign",
        case,
        owner_role=Role.DUTY_OFFICER,
        organisation=cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.triage.assign", since=at),
    )
    return new


def _locked(escalation_id: UUID, *, actor: Actor, at: datetime) -> tuple[Escalation, Case]:
    """The escalation and its case, the case locked first: two acts at the same instant follow each other."""
    seen = Escalation.objects.visible_to(actor, at=at).get(pk=escalation_id)
    case = cases.locked_case(seen.case_id, actor=actor, at=at)
    row = Escalation.objects.select_for_update(of=("self",)).get(pk=escalation_id)
    row.case = case
    return row, case


def _settle(row: Escalation, case: Case, *, state: str, verb: str, by: UUID, at: datetime) -> Escalation:
    """Its end, once; the deciders to whom it was opened see the case no longer by it."""
    row.case, row.state, row.settled_by_id, row.settled_at = case, state, by, at
    row.save()
    for kind in WORK:
        work.close_items(row.pk, kind=kind, verb=verb)
    _done(row, verb, at=at)
    access.take_back(case, ground=GROUND)
    return row


def _done(row: Escalation, verb: str, *, at: datetime) -> Escalation:
    cases.touch(row.case, at=at)
    audit.record(verb, row, scope=row.case_id, detail={"rung": row.rung})
    return row


def _ask(row: Escalation, kind: str, *, to: Role) -> None:
    case = row.case
    work.open_item(
        kind,
        row,
        owner_role=to,
        organisation=cases.nctv().pk if to is Role.DECIDER else case.office_id,
        label=case.number,
        scope=case.pk,
        due=row.due_at,
    )


def watch_escalations(at: datetime) -> int:
    """An escalation that is not answered within the norm alarms at both heads."""
    late = Escalation.objects.filter(state="raised", due_at__lte=at).select_related("case")
    for row in late:
        for role in (Role.DECIDER, Role.CHIEF_PROSECUTOR):
            _ask(row, "escalation.unanswered", to=role)
    return len(late)
