"""Merging two cases about one person, and undoing that; or saying that they are about two (R007).

Nothing moves: the resting case is closed, its names are found as names of the leading case, and who works on that one
sees it.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection

from cases.demarcation import Regime
from cases.lifecycle import CaseState
from cases.merging import MERGE_LIFECYCLE, STANDING, Known, Pair, what_keeps_apart
from cases.models import Alias, Case, CaseClosure, CaseMerge, CloseRelation, Distinction, Person
from cases.models.person import AliasKind
from cases.policies import may_compare, may_settle_merge, may_undo_merge, may_withdraw_merge
from cases.services import aliases, closing
from cases.services import case as cases
from stelsel.kernel import access, audit, norms, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop

GROUND = "merge.confirm"
WORK = "merge.answer"
NAMED = ((Role.CASE_MANAGER, "case_manager_id"), (Role.DECIDER, "decider_id"))


@act
def propose_merge(*, case_id: UUID, leading_id: UUID, reason: str, actor: Actor, at: datetime) -> CaseMerge:
    """Propose that this case rests and goes on in the other one; the chief prosecutor of its office answers.

    Raises:
        Case.DoesNotExist: one of the two is unknown, or not visible to `actor`.
        Conflict: they are one case, something keeps them apart, or a proposal stands.
        Invalid: no reason.
    """
    case, leading = _pair(case_id, leading_id, actor=actor, at=at)
    require(may_compare(actor))
    cases.require_texts(reason=reason)
    if CaseMerge.objects.filter(case=case, state__in=STANDING).exists():
        raise Conflict("merge_stands", gettext_noop("A proposal to merge this case waits for its answer already."))
    if distinct(case, leading):
        raise Conflict("distinct", gettext_noop("A colleague said that these are two persons: withdraw that first."))
    _require_mergeable(case, leading, at=at)
    row = CaseMerge(
        case=case,
        leading=leading,
        state=MERGE_LIFECYCLE.initial,
        proposed_by_id=actor.user_id,
        proposed_at=at,
        due_at=norms.due("cases.merge", since=at),
    )
    cases.seal(row, case, reason=reason)
    row.save(force_insert=True)
    work.open_item(
        WORK,
        row,
        owner_role=Role.CHIEF_PROSECUTOR,
        organisation=case.office_id,
        label=case.number,
        scope=case.pk,
        due=row.due_at,
    )
    return _done(row, "merge.propose", at=at)


@act
def confirm_merge(*, merge_id: UUID, actor: Actor, at: datetime) -> CaseMerge:
    """Both are about one person: this case rests from now on, and the other one goes on.

    Raises:
        CaseMerge.DoesNotExist, Case.DoesNotExist: unknown, or one of the two cases is not visible to `actor`.
        IllegalMove: it was answered or withdrawn.
        Conflict: something keeps them apart by now.
    """
    row = _seen(merge_id, actor=actor, at=at)
    case, leading = _pair(row.case_id, row.leading_id, actor=actor, at=at)
    row = _locked(row, case)
    require(may_settle_merge(actor, office=case.office_id, proposed_by=row.proposed_by_id))
    row.state = MERGE_LIFECYCLE.apply("confirm", state=row.state)
    _require_mergeable(case, leading, at=at)
    row.settled_by_id, row.settled_at = actor.user_id, at
    row.save()
    reason = cases.box_for(case).open(row, "reason")
    work.close_items(row.pk, kind=WORK, verb="merge.confirm")
    _take_names(row, case, leading, by=actor.user_id, at=at)
    audit.record("merge.confirm", row, scope=case.pk)
    audit.record("merge.take_in", row, scope=leading.pk)
    closing.shut(case, reason=reason, by=actor.user_id, at=at, merge=row)
    cases.touch(leading, at=at)
    for role, name in NAMED:
        colleague = getattr(leading, name)
        if colleague is not None:
            access.give(
                case, to=Principal(role=role, user_id=colleague), reason="goes on in another case", ground=GROUND
            )
    return row


@act
def decline_merge(*, merge_id: UUID, answer: str, actor: Actor, at: datetime) -> CaseMerge:
    """No: the two cases stay as they are. The answer is asked; who answers need not see the other case.

    Raises:
        IllegalMove: it was answered or withdrawn.
        Invalid: no answer.
    """
    row = _seen(merge_id, actor=actor, at=at)
    case = cases.locked_case(row.case_id, actor=actor, at=at)
    row = _locked(row, case)
    require(may_settle_merge(actor, office=case.office_id, proposed_by=row.proposed_by_id))
    row.state = MERGE_LIFECYCLE.apply("decline", state=row.state)
    cases.require_texts(answer=answer)
    cases.seal(row, case, answer=answer)
    return _settle(row, "merge.decline", by=actor.user_id, at=at)


@act
def withdraw_merge(*, merge_id: UUID, actor: Actor, at: datetime) -> CaseMerge:
    """Who proposed it takes it back, before it is answered."""
    row = _seen(merge_id, actor=actor, at=at)
    case = cases.locked_case(row.case_id, actor=actor, at=at)
    row = _locked(row, case)
    require(may_withdraw_merge(actor, proposed_by=row.proposed_by_id))
    row.state = MERGE_LIFECYCLE.apply("withdraw", state=row.state)
    return _settle(row, "merge.withdraw", by=actor.user_id, at=at)


@act
def undo_merge(*, merge_id: UUID, reason: str, actor: Actor, at: datetime) -> CaseMerge:
    """They are two persons after all: the resting case is open again, as it was, under its chief prosecutor.

    What was done on the leading case meanwhile stays there. The names it took in are withdrawn, unless that case is
    closed or under another regime: nothing changes there, and this does not wait for it.

    Raises:
        IllegalMove: it is no merge that stands.
        Invalid: no reason.
    """
    row = _seen(merge_id, actor=actor, at=at)
    locked = {
        one: cases.locked_case(one, actor=actor, at=at, closed_too=True, elsewhere_too=True)
        for one in sorted((row.case_id, row.leading_id))
    }
    case, leading = locked[row.case_id], locked[row.leading_id]
    row = _locked(row, case)
    require(may_undo_merge(actor, office=case.office_id))
    row.state = MERGE_LIFECYCLE.apply("undo", state=row.state)
    cases.require_texts(reason=reason)
    closure = CaseClosure.objects.select_for_update().get(merge=row)
    closing.open_again(case, closure, reason=reason, by=actor.user_id, at=at)
    row.undone_by_id, row.undone_at = actor.user_id, at
    cases.seal(row, case, undo_reason=reason)
    row.save()
    if leading.state != CaseState.CLOSED and leading.demarcation == Regime.NONE:
        for alias in Alias.objects.filter(merge=row, withdrawn_at=None):
            aliases.drop_name(alias, leading, reason=reason, by=actor.user_id, at=at)
        cases.touch(leading, at=at)
    audit.record("merge.undo", row, scope=case.pk)
    audit.record("merge.give_back", row, scope=leading.pk)
    access.take_back(case, ground=GROUND)
    return row


@act
def say_distinct(*, case_id: UUID, other_id: UUID, reason: str, actor: Actor, at: datetime) -> Distinction:
    """Both were looked at and are about two persons: neither points at the other any more.

    Raises:
        Case.DoesNotExist: one of the two is unknown, or not visible to `actor`.
        Conflict: said already, one case, or a merge stands between them.
        Invalid: no reason.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    other = Case.objects.visible_to(actor, at=at).select_related("person").get(pk=other_id)
    cases.require_no_conflict(actor, other)
    require(may_compare(actor))
    cases.require_texts(reason=reason)
    _require_two(case, other)
    if distinct(case, other):
        raise Conflict("distinct_already", gettext_noop("That was said of these two cases already."))
    if CaseMerge.objects.filter(state__in=STANDING, case__in=(case, other), leading__in=(case, other)).exists():
        raise Conflict("merge_stands", gettext_noop("A merge of these two cases stands: decline or undo that first."))
    row = Distinction(case=case, other=other, said_by_id=actor.user_id, said_at=at)
    cases.seal(row, case, reason=reason)
    row.save(force_insert=True)
    cases.touch(case, at=at)
    audit.record("distinction.say", row, scope=case.pk)
    return row


@act
def withdraw_distinction(*, distinction_id: UUID, actor: Actor, at: datetime) -> Distinction:
    """It is not certain after all: both cases point at each other again.

    Raises:
        Conflict: withdrawn already.
    """
    seen = Distinction.objects.visible_to(actor, at=at).get(pk=distinction_id)
    case = cases.locked_case(seen.case_id, actor=actor, at=at)
    require(may_compare(actor))
    row = Distinction.objects.select_for_update(of=("self",)).get(pk=distinction_id)
    if row.withdrawn_at is not None:
        raise Conflict("distinction_withdrawn", gettext_noop("This was withdrawn already."))
    row.withdrawn_by_id, row.withdrawn_at = actor.user_id, at
    row.save()
    cases.touch(case, at=at)
    audit.record("distinction.withdraw", row, scope=case.pk)
    return row


def distinct(case: Case, other: Case) -> bool:
    """Whether somebody said that these are two persons."""
    pair = (case.pk, other.pk)
    return Distinction.objects.filter(case__in=pair, other__in=pair, withdrawn_at=None).exists()


def hindrances(case: Case, leading: Case, *, at: datetime) -> list[str]:
    """Why `case` cannot go on in `leading` now, each a sentence. Part of acting on both, and of the page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT moments_ahead, asked FROM cases_unfinished(%s, %s)", [case.pk, at])
        moments_ahead, asked = cursor.fetchone()
    kin = CloseRelation.objects.select_related("person").filter
    pair = Pair(
        kept_open=closing.what_keeps_from_resting(case),
        resting=[_known(one.person) for one in kin(case=case, core_household=True)],
        leading=[_known(leading.person), *(_known(one.person) for one in kin(case=leading))],
        moments_ahead=moments_ahead,
        asked=asked,
    )
    return what_keeps_apart(pair)


def _known(person: Person) -> Known:
    return Known(bytes(person.name_index), bytes(person.born_index))


def _require_mergeable(case: Case, leading: Case, *, at: datetime) -> None:
    reasons = hindrances(case, leading, at=at)
    if reasons:
        raise Conflict("not_mergeable", reasons[0])


def _require_two(case: Case, other: Case) -> None:
    if case.pk == other.pk:
        raise Conflict("one_case", gettext_noop("This is one case: choose the other one."))


def _pair(case_id: UUID, leading_id: UUID, *, actor: Actor, at: datetime) -> tuple[Case, Case]:
    """Both cases, open and under no other regime, locked in one order: merged crosswise, one waits for the other."""
    locked = {one: cases.locked_case(one, actor=actor, at=at) for one in sorted({case_id, leading_id})}
    case, leading = locked[case_id], locked[leading_id]
    _require_two(case, leading)
    return case, leading


def _seen(merge_id: UUID, *, actor: Actor, at: datetime) -> CaseMerge:
    seen: CaseMerge = CaseMerge.objects.visible_to(actor, at=at).get(pk=merge_id)
    return seen


def _locked(seen: CaseMerge, case: Case) -> CaseMerge:
    row = CaseMerge.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    row.case = case
    return row


def _take_names(row: CaseMerge, case: Case, leading: Case, *, by: UUID, at: datetime) -> None:
    """Whoever looks for a name of the resting case finds the leading one."""
    box = cases.box_for(case)
    born = box.open(case.person, "birth_date")
    names = [(box.open(case.person, "name"), AliasKind.ALIAS)]
    names += [
        (box.open(one, "name"), AliasKind(one.kind)) for one in Alias.objects.filter(case=case, withdrawn_at=None)
    ]
    for name, kind in names:
        aliases.keep_name(leading, name, kind=kind, by=by, at=at, merge=row, born=born)


def _settle(row: CaseMerge, verb: str, *, by: UUID, at: datetime) -> CaseMerge:
    row.settled_by_id, row.settled_at = by, at
    row.save()
    work.close_items(row.pk, kind=WORK, verb=verb)
    return _done(row, verb, at=at)


def _done(row: CaseMerge, verb: str, *, at: datetime) -> CaseMerge:
    cases.touch(row.case, at=at)
    audit.record(verb, row, scope=row.case_id)
    return row
