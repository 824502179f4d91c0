"""What may be expected of person, employer and government; questions about it; and measures of the employer.

Circulaire 2026 par. 1.2 and 2.2: own responsibility first, then the employer, then government on top. A refusal is a
fact that is written down; it ends nothing.
"""

from datetime import UTC, date, datetime, time
from uuid import UUID

from cases.models import Case, EmployerMeasure, Expectation, ExpectationQuestion, Side
from cases.policies import may_keep_agreements
from cases.services import case as cases
from cases.services.care import rows
from cases.services.care.cooperation import require_past
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, IllegalMove, Invalid, gettext_noop


def _case(case_id: UUID, *, actor: Actor, at: datetime) -> Case:
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_agreements(actor, case_manager=case.case_manager_id))
    return case


@act
def write_expectation(
    *, case_id: UUID, side: str, name: str, text: str, replaces: UUID | None, actor: Actor, at: datetime
) -> Expectation:
    """Write down what may be expected of one side, or a new version of it; that side says whether it knows and accepts.

    Raises:
        Invalid: no text, or an employer without a name.
        Conflict: somebody wrote a newer version meanwhile.
    """
    case = _case(case_id, actor=actor, at=at)
    before = Expectation.objects.select_for_update().get(pk=replaces, case=case) if replaces else None
    if before is not None:
        side, name = before.side, cases.box_for(case).open(before, "name")
        if Expectation.objects.filter(replaces=before).exists():
            raise Conflict("newer_version", gettext_noop("Somebody wrote a newer version meanwhile."))
    cases.require_texts(side=side, text=text)
    if side == Side.EMPLOYER and not name.strip():
        fault = Fault("name", "required", gettext_noop("Say which employer."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    row = Expectation(
        case=case,
        side=side,
        number=before.number + 1 if before else 1,
        replaces=before,
        written_by_id=actor.user_id,
        written_at=at,
        due_at=norms.due("cases.care.expectation", since=at),
    )
    cases.seal(row, case, text=text, name=name if side == Side.EMPLOYER else "")
    row.save(force_insert=True)
    if before is not None:
        work.close_items(before.pk, kind="care.expectation", verb="care.expect")
    rows.ask("care.expectation", row, case=case, due=row.due_at)
    audit.record("care.expect", row, scope=case.pk, detail={"side": side, "version": row.number})
    return row


@act
def answer_expectation(
    *, case_id: UUID, expectation_id: UUID, answer: str, answered_on: date, said: str, actor: Actor, at: datetime
) -> Expectation:
    """Write down that this side acknowledged it, or refused it and what it said; a refusal needs its words.

    Raises:
        IllegalMove: it was answered already, or followed by a newer version.
    """
    case = _case(case_id, actor=actor, at=at)
    row = Expectation.objects.select_for_update().get(pk=expectation_id, case=case)
    if row.answer or Expectation.objects.filter(replaces=row).exists():
        raise IllegalMove("answered", gettext_noop("This was answered already, or there is a newer version."))
    require_past(at, answered_on=answered_on)
    cases.require_texts(answer=answer, **({"said": said} if answer == "refused" else {}))
    row.answer, row.answered_on, row.recorded_by_id = answer, answered_on, actor.user_id
    cases.seal(row, case, said=said)
    row.save()
    work.close_items(row.pk, kind="care.expectation", verb="care.expectation_answered")
    audit.record("care.expectation_answered", row, scope=case.pk, detail={"answer": answer})
    return row


@act
def ask_question(
    *, case_id: UUID, side: str, question: str, asked_on: date, actor: Actor, at: datetime
) -> ExpectationQuestion:
    """Write down what somebody asked about what may be expected; it waits for an answer."""
    case = _case(case_id, actor=actor, at=at)
    cases.require_texts(side=side, question=question)
    require_past(at, asked_on=asked_on)
    row = ExpectationQuestion(
        case=case,
        side=side,
        asked_on=asked_on,
        recorded_by_id=actor.user_id,
        due_at=norms.due("cases.care.question", since=at),
    )
    cases.seal(row, case, question=question)
    row.save(force_insert=True)
    rows.ask("care.question", row, case=case, due=row.due_at)
    audit.record("care.question", row, scope=case.pk)
    return row


@act
def answer_question(
    *, case_id: UUID, question_id: UUID, answer: str, actor: Actor, at: datetime
) -> ExpectationQuestion:
    """The answer that they got.

    Raises:
        IllegalMove: it was answered already.
    """
    case = _case(case_id, actor=actor, at=at)
    row = ExpectationQuestion.objects.select_for_update().get(pk=question_id, case=case)
    if row.answered_at is not None:
        raise IllegalMove("answered", gettext_noop("This question was answered already."))
    cases.require_texts(answer=answer)
    cases.seal(row, case, answer=answer)
    row.answered_at, row.answered_by_id = at, actor.user_id
    row.save()
    work.close_items(row.pk, kind="care.question", verb="care.question_answered")
    audit.record("care.question_answered", row, scope=case.pk)
    return row


@act
def agree_employer_measure(
    *, case_id: UUID, employer: str, what: str, cost_bearer: str, deadline: date, actor: Actor, at: datetime
) -> EmployerMeasure:
    """What an employer takes on itself, ready on a day; then somebody looks whether it is there.

    Raises:
        Invalid: a day that is past, or something is missing.
    """
    case = _case(case_id, actor=actor, at=at)
    cases.require_texts(employer=employer, what=what, cost_bearer=cost_bearer)
    if deadline < at.date():
        fault = Fault("deadline", "past", gettext_noop("This day is past."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    row = EmployerMeasure(
        case=case, cost_bearer=cost_bearer, deadline=deadline, agreed_by_id=actor.user_id, agreed_at=at
    )
    cases.seal(row, case, employer=employer, what=what)
    row.save(force_insert=True)
    rows.ask("care.employer", row, case=case, due=datetime.combine(deadline, time(12), tzinfo=UTC))
    audit.record("care.employer_agreed", row, scope=case.pk)
    return row


@act
def look_at_employer_measure(
    *, case_id: UUID, measure_id: UUID, there: bool, looked_on: date, note: str, actor: Actor, at: datetime
) -> EmployerMeasure:
    """Somebody looked: it is in place, or it fell away (the employer does not do it, or does not exist any more).

    What fell away is work for who runs the case: others must take it over. Nothing else ends by it.

    Raises:
        IllegalMove: it fell away before.
    """
    case = _case(case_id, actor=actor, at=at)
    row = EmployerMeasure.objects.select_for_update().get(pk=measure_id, case=case)
    if row.state == "lapsed":
        raise IllegalMove("lapsed", gettext_noop("This measure fell away before: agree on another one."))
    require_past(at, looked_on=looked_on)
    if not there:
        cases.require_texts(note=note)
    row.state = "in_place" if there else "lapsed"
    row.looked_on, row.looked_by_id = looked_on, actor.user_id
    cases.seal(row, case, note=note)
    row.save()
    work.close_items(row.pk, kind="care.employer", verb="care.employer_looked")
    if not there:
        rows.ask("care.employer_lapsed", row, case=case, due=norms.due("cases.care.question", since=at))
        cases.need_changed(case, why="care.employer", subject=row)
    audit.record("care.employer_looked", row, scope=case.pk, detail={"state": row.state})
    return row


@act
def settle_lapsed_measure(*, case_id: UUID, measure_id: UUID, actor: Actor, at: datetime) -> EmployerMeasure:
    """What fell away was made good in another way; its work closes."""
    case = _case(case_id, actor=actor, at=at)
    row = EmployerMeasure.objects.select_for_update().get(pk=measure_id, case=case, state="lapsed")
    work.close_items(row.pk, kind="care.employer_lapsed", verb="care.employer_settled")
    audit.record("care.employer_settled", row, scope=case.pk)
    return row
