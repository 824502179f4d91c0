"""Agreements with the person; and when one is not kept: conversation, letter, decision anew.

No step here ends or reduces a measure. What follows from the decision is prepared and decided on its own, by four eyes.
"""

from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import BREACH_LIFECYCLE
from cases.models import Agreement, Breach, Case, LevelDecision, Person
from cases.policies import may_decide_breach, may_keep_agreements
from cases.services import case as cases
from cases.services.care import rows
from cases.services.review import newest_level
from stelsel.kernel import audit, norms, signing, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, Invalid, gettext_noop

WORK = ("care.talk", "care.letter", "care.decide")
DECIDED = ("facts", "said", "consequences", "alternatives", "residual_risk")


def require_near(case: Case, person_id: UUID) -> None:
    """The person of the case, or somebody close."""
    if person_id != case.person_id and not case.relations.filter(person_id=person_id).exists():
        raise Person.DoesNotExist


def require_past(at: datetime, **days: date) -> None:
    """What is told of a day took place."""
    faults = tuple(
        Fault(name, "future", gettext_noop("This day has not come yet."))
        for name, day in days.items()
        if day > at.date()
    )
    if faults:
        raise Invalid("invalid", faults[0].message, faults=faults)


@act
def make_agreement(*, case_id: UUID, person_id: UUID, text: str, actor: Actor, at: datetime) -> Agreement:
    """Write down what was agreed with the person or somebody close."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_agreements(actor, case_manager=case.case_manager_id))
    cases.require_texts(text=text)
    require_near(case, person_id)
    row = Agreement(case=case, person_id=person_id, made_by_id=actor.user_id, made_at=at)
    cases.seal(row, case, text=text)
    row.save(force_insert=True)
    audit.record("care.agree", row, scope=case.pk)
    return row


@act
def record_breach(
    *,
    case_id: UUID,
    person_id: UUID,
    agreement_id: UUID | None,
    kind: str,
    occurred_on: date,
    facts: str,
    actor: Actor,
    at: datetime,
) -> Breach:
    """Record neutrally what happened; a conversation follows. Measures stay as they are."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_agreements(actor, case_manager=case.case_manager_id))
    cases.require_texts(kind=kind, facts=facts)
    require_past(at, occurred_on=occurred_on)
    require_near(case, person_id)
    row = Breach(
        case=case,
        person_id=person_id,
        agreement=Agreement.objects.get(pk=agreement_id, case=case) if agreement_id else None,
        kind=kind,
        state=BREACH_LIFECYCLE.initial,
        occurred_on=occurred_on,
        recorded_by_id=actor.user_id,
        recorded_at=at,
        due_at=norms.due("cases.care.talk", since=at),
    )
    cases.seal(row, case, facts=facts)
    row.save(force_insert=True)
    rows.ask("care.talk", row, case=case, due=row.due_at)
    audit.record("care.breach", row, scope=case.pk, detail={"kind": kind})
    return row


@act
def talk_about(
    *, breach_id: UUID, talked_on: date, said: str, interpreter: str, version: int, actor: Actor, at: datetime
) -> Breach:
    """The conversation was held: what the person said, and whether an interpreter was needed and there."""
    row = rows.locked(Breach.objects.all(), breach_id, actor=actor, at=at, version=version)
    require(may_keep_agreements(actor, case_manager=row.case.case_manager_id))
    cases.require_texts(said=said, interpreter=interpreter)
    require_past(at, talked_on=talked_on)
    row.state = BREACH_LIFECYCLE.apply("talk", state=row.state)
    row.talked_on, row.interpreter = talked_on, interpreter
    cases.seal(row, row.case, said=said)
    return _goes_on(row, "care.talk", next_work="care.letter", at=at)


@act
def warn(*, breach_id: UUID, letter_on: date, consequences: str, version: int, actor: Actor, at: datetime) -> Breach:
    """The letter was sent: it says which consequences a decision may have; it has none itself."""
    row = rows.locked(Breach.objects.all(), breach_id, actor=actor, at=at, version=version)
    require(may_keep_agreements(actor, case_manager=row.case.case_manager_id))
    cases.require_texts(consequences=consequences)
    require_past(at, letter_on=letter_on)
    row.state = BREACH_LIFECYCLE.apply("warn", state=row.state)
    row.letter_on = letter_on
    cases.seal(row, row.case, consequences=consequences)
    return _goes_on(row, "care.warn", next_work="care.letter", at=at)


@act
def submit_breach(
    *, breach_id: UUID, alternatives: str, residual_risk: str, version: int, actor: Actor, at: datetime
) -> Breach:
    """Lay it before the decider, with alternatives and the risk that remains."""
    row = rows.locked(Breach.objects.all(), breach_id, actor=actor, at=at, version=version)
    require(may_keep_agreements(actor, case_manager=row.case.case_manager_id))
    cases.require_texts(alternatives=alternatives, residual_risk=residual_risk)
    row.state = BREACH_LIFECYCLE.apply("submit", state=row.state)
    row.submitted_by_id = actor.user_id
    cases.seal(row, row.case, alternatives=alternatives, residual_risk=residual_risk)
    return _goes_on(row, "care.submit", next_work="care.decide", at=at)


def _goes_on(row: Breach, verb: str, *, next_work: str, at: datetime) -> Breach:
    """The step that is next, as work with its own clock."""
    for kind in WORK:
        work.close_items(row.pk, kind=kind, verb=verb)
    row.due_at = norms.due(f"cases.{next_work}", since=at)
    role = Role.DECIDER if next_work == "care.decide" else Role.CASE_MANAGER
    rows.ask(next_work, row, case=row.case, due=row.due_at, role=role)
    return rows.changed(row, verb)


def decided_content(row: Breach) -> dict[str, object]:
    """What the decider signs."""
    box = cases.box_for(row.case)
    return {"case": row.case.number, "kind": row.kind, **{name: box.open(row, name) for name in DECIDED}}


@act
def decide_breach(
    *, breach_id: UUID, outcome: str, reasons: str, version: int, code: str, actor: Actor, at: datetime
) -> Breach:
    """Decide anew, signed. It ends nothing: other or fewer measures are prepared, and decided on their own."""
    row = rows.locked(Breach.objects.all(), breach_id, actor=actor, at=at, version=version)
    require(
        may_decide_breach(
            actor,
            submitted_by=row.submitted_by_id,
            decider=row.case.decider_id,
            person_user=row.case.person.user_id,
        )
    )
    cases.require_texts(outcome=outcome, reasons=reasons)
    row.state = BREACH_LIFECYCLE.apply("decide", state=row.state)
    content = {**decided_content(row), "outcome": outcome, "reasons": reasons}
    row.signature = signing.sign(row, content, actor=actor, at=at, code=code)
    row.outcome, row.decided_by_id, row.decided_at = outcome, actor.user_id, at
    cases.seal(row, row.case, reasons=reasons)
    work.close_items(row.pk, kind="care.decide", verb="care.decide")
    level = newest_level(row.case)
    if outcome != "unchanged" and level is not None:
        _ask_package(row.case, level, at=at)
    return rows.changed(row, "care.decide", outcome=outcome)


def _ask_package(case: Case, level: LevelDecision, *, at: datetime) -> None:
    rows.ask("package.prepare", level, case=case, due=norms.due("cases.package", since=at))
