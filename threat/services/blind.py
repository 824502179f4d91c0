"""Blind matches (O2): between cases that no analyst sees both of; the head asks their suppliers, and settles them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind
from threat.lifecycle import BLIND_LIFECYCLE, DISMISSALS, BlindReason, BlindState, MatchAnswer
from threat.models import BlindMatch, MatchQuestion, Product
from threat.models.entity import ENTITY_KINDS
from threat.policies import may_settle_matches, may_supply
from threat.services.case import nctv, refuse_if
from threat.services.entities import matchable
from threat.services.matching import ANSWERED_WORK, QUESTION_WORK, SHOWN, close_questions

ANSWERS: Final = (MatchAnswer.MAY_SHARE, MatchAnswer.MAY_NOT, MatchAnswer.NOTHING)
MESSAGES = {
    "settled": gettext_noop("This match was settled."),
    "side": gettext_noop("Choose a supplier of this match. Signals were told to ourselves: nobody is asked."),
    "asked": gettext_noop("This supplier was asked already."),
    "reason": gettext_noop("Choose why."),
    "answer": gettext_noop("Choose an answer."),
    "ahead": gettext_noop("This lies ahead."),
    "answered": gettext_noop("This was answered, or is no longer asked."),
}


@dataclass(frozen=True)
class BlindView:
    """A blind match with what was asked, and the suppliers that can still be."""

    row: BlindMatch
    questions: Sequence[MatchQuestion]
    to_ask: Sequence[tuple[int, Organisation]]


@dataclass(frozen=True)
class Matches:
    """Blind matches, the open ones first, and what may be matched today: kinds, by kind of organisation."""

    rows: Sequence[BlindView]
    allowed: Sequence[tuple[str, Sequence[str]]]


@act
def read_matches(*, actor: Actor, at: datetime) -> Matches:
    """What the head of threat analysis has to settle: kind, suppliers and day. Nothing of any case or person.

    Raises:
        Forbidden: not the head of threat analysis.
    """
    require(may_settle_matches(actor))
    rows = BlindMatch.objects.visible_to(actor, at=at).select_related("first_supplier", "second_supplier", "settled_by")
    found = rows.prefetch_related("questions__supplier").order_by("-found_on", "number")[:SHOWN]
    views = sorted((_view(row) for row in found), key=lambda each: each.row.state != BlindState.OPEN)
    return Matches(views, _allowed(at=at))


def _view(row: BlindMatch) -> BlindView:
    questions = sorted(row.questions.all(), key=lambda each: each.side)
    asked = {each.side for each in questions}
    able = [(side, one) for side, one in row.suppliers if side not in asked and one.kind != OrganisationKind.NCTV]
    return BlindView(row, questions, able if row.state == BlindState.OPEN else [])


def _allowed(*, at: datetime) -> list[tuple[str, Sequence[str]]]:
    may, names = matchable(at=at), dict(ENTITY_KINDS)
    return [
        (str(label), found)
        for provider, label in OrganisationKind.choices
        if (found := [str(names[kind]) for kind in names if (kind, provider) in may])
    ]


@act
def read_blind(*, blind_id: UUID, actor: Actor, at: datetime) -> BlindView:
    """One blind match.

    Raises:
        BlindMatch.DoesNotExist: unknown.
        Forbidden: not the head of threat analysis.
    """
    require(may_settle_matches(actor))
    rows = BlindMatch.objects.visible_to(actor, at=at).select_related("first_supplier", "second_supplier")
    return _view(rows.prefetch_related("questions__supplier").get(pk=blind_id))


@act
def ask_about_match(*, blind_id: UUID, side: int, actor: Actor, at: datetime) -> MatchQuestion:
    """Ask the supplier of one side whether what its own product says may be shared. It learns nothing of the other.

    Raises:
        BlindMatch.DoesNotExist: unknown.
        Forbidden: not the head of threat analysis.
        Conflict: settled, or that supplier was asked about it.
        Invalid: no supplier of this match.
    """
    row = _locked(blind_id, actor=actor, at=at)
    supplier = dict(row.suppliers).get(side)
    if supplier is None or supplier.kind == OrganisationKind.NCTV:
        refuse_if([Fault("side", "invalid", MESSAGES["side"])])
    if row.questions.filter(side=side).exists():
        raise Conflict("asked", MESSAGES["asked"])
    question = MatchQuestion(
        number=row.number,
        blind=row,
        side=side,
        kind=row.kind,
        supplier=supplier,
        asked_by_id=actor.user_id,
        asked_at=at,
        due_at=norms.due("threat.match_question", since=at),
    )
    question.save(force_insert=True)
    work.open_item(
        QUESTION_WORK,
        question,
        owner_role=Role.PRODUCT_SUPPLIER,
        organisation=question.supplier_id,
        label=question.number,
        due=question.due_at,
    )
    audit.record("match.ask", question)
    return question


@act
def settle_match(*, blind_id: UUID, reason: str, actor: Actor, at: datetime) -> BlindMatch:
    """Dismiss a blind match or follow it up, as the reason says; what was still asked is not needed any more.

    Raises:
        BlindMatch.DoesNotExist: unknown.
        Forbidden: not the head of threat analysis.
        Conflict: settled before.
        Invalid: no reason.
    """
    row = _locked(blind_id, actor=actor, at=at)
    if reason not in set(BlindReason):
        refuse_if([Fault("reason", "invalid", MESSAGES["reason"])])
    step = "dismiss" if reason in DISMISSALS else "follow_up"
    row.state, row.reason = BLIND_LIFECYCLE.apply(step, state=row.state), reason
    row.settled_at, row.settled_by_id = at, actor.user_id
    row.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    close_questions(row, verb=f"match.{step}", at=at)
    audit.record(f"match.{step}", row, reason=reason)
    return row


def _locked(blind_id: UUID, *, actor: Actor, at: datetime) -> BlindMatch:
    require(may_settle_matches(actor))
    rows = BlindMatch.objects.visible_to(actor, at=at).select_related("first_supplier", "second_supplier")
    row = rows.select_for_update(of=("self",)).get(pk=blind_id)
    if row.state != BlindState.OPEN:
        raise Conflict("settled", MESSAGES["settled"])
    return row


# --- the supplier's side ---


@dataclass(frozen=True)
class AskedOf:
    """What was asked of a supplier, and its own product that it is about; None: it is no longer there to see."""

    question: MatchQuestion
    product: Product | None


@act
def read_match_question(*, question_id: UUID, actor: Actor, at: datetime) -> AskedOf:
    """One question, for the supplier that was asked: its own product, and what kind of thing matched.

    Raises:
        MatchQuestion.DoesNotExist: unknown, or not asked of the actor's organisation.
    """
    question = MatchQuestion.objects.own(actor).get(pk=question_id)
    require(may_supply(actor, supplier=question.supplier_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_asked_product(%s)", [question.pk])
        (product_id,) = cursor.fetchone()
    product = Product.objects.visible_to(actor, at=at).filter(pk=product_id).first()
    if product is not None:
        audit.saw([(product.person_id, product.case_id)])
    return AskedOf(question, product)


@act
def answer_match_question(
    *, question_id: UUID, answer: str, answered_on: date, actor: Actor, at: datetime
) -> MatchQuestion:
    """The supplier answers, dated: it may be shared, it may not, or there is nothing to add. No words are asked.

    Raises:
        MatchQuestion.DoesNotExist: unknown, or not asked of the actor's organisation.
        Conflict: answered before, or no longer asked.
        Invalid: no answer, or a day ahead.
    """
    question = MatchQuestion.objects.own(actor).select_for_update(of=("self",)).get(pk=question_id)
    require(may_supply(actor, supplier=question.supplier_id))
    if question.answer != MatchAnswer.ASKED:
        raise Conflict("answered", MESSAGES["answered"])
    faults = [] if answer in ANSWERS else [Fault("answer", "invalid", MESSAGES["answer"])]
    if answered_on > timezone.localdate(at):
        faults.append(Fault("answered_on", "ahead", MESSAGES["ahead"]))
    refuse_if(faults)
    question.answer, question.answered_on = answer, answered_on
    question.answered_by_id, question.answered_at = actor.user_id, at
    question.save(update_fields=["answer", "answered_on", "answered_by", "answered_at"])
    work.close_items(question.pk, kind=QUESTION_WORK, verb="match.answer")
    work.open_item(
        ANSWERED_WORK,
        BlindMatch(pk=question.blind_id),  # the supplier does not see it
        owner_role=Role.HEAD_OF_ANALYSIS,
        organisation=nctv().pk,
        label=question.number,
        due=norms.due("threat.blind_match", since=at),
    )
    audit.record("match.answer", question, reason=answer)
    return question
