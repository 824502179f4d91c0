"""Two cases that look alike, side by side: what tells them apart, what was said of them, and how a merge stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q

from cases.demarcation import is_block_alone
from cases.lifecycle import Scope
from cases.merging import STANDING, MergeState
from cases.models import AuthorityPeriod, Case, CaseMerge, CloseRelation, Distinction, Measure
from cases.policies import may_see_duplicates
from cases.services import case as cases
from cases.services.merging import hindrances
from cases.services.reading.duplicates import Alike, alike_of
from cases.services.reading.rows import texts_of
from stelsel.kernel import audit, vault
from stelsel.kernel.authorisation import Actor, require

R = TypeVar("R", CaseMerge, Distinction)


@dataclass(frozen=True)
class Side:
    """One of the two cases as the comparison shows it."""

    case: Case
    holder: str
    household: int
    in_force: int
    why: Alike | None
    apart: bool


@dataclass(frozen=True)
class Said(Generic[R]):
    """A merge or a distinction; `other` is None where the actor does not see that case.

    `texts` are in the clear, and empty where the case that holds them shows a block alone.
    """

    row: R
    other: Case | None
    texts: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Comparison:
    """`sides` begin with the case itself. `merge` stands, or waits for its answer; the others are over."""

    sides: Sequence[Side]
    merge: Said[CaseMerge] | None
    hindrances: Sequence[str]  # what keeps the proposed merge from being confirmed now
    merges: Sequence[Said[CaseMerge]]
    distinctions: Sequence[Said[Distinction]]


def merges_of(case: Case, *, actor: Actor, at: datetime) -> list[Said[CaseMerge]]:
    """The merges that stand or wait, of this case and into it. Part of reading a case.

    Of a case that rests here and that the actor does not see there is no trace.
    """
    rows = list(CaseMerge.objects.filter(Q(case=case) | Q(leading=case), state__in=STANDING).order_by("proposed_at"))
    others = _seen([_other_of(row, case) for row in rows], actor=actor, at=at) if rows else {}
    audit.saw([(one.person_id, one.pk) for one in others.values()], kind="list")
    told = [Said(row, others.get(_other_of(row, case))) for row in rows]
    return [one for one in told if one.other or one.row.case_id == case.pk]


def compare(case: Case, *, actor: Actor, at: datetime) -> Comparison:
    """The case beside those that look like it and those it was compared with. Part of a page that opened the case.

    Constant number of queries. Of a case that the actor has no sight of nothing is shown but that it is there, where
    this case would go on in it.
    """
    require(may_see_duplicates(actor))
    merges = CaseMerge.objects.filter(Q(case=case) | Q(leading=case)).select_related("proposed_by", "settled_by")
    said = Distinction.objects.filter(Q(case=case) | Q(other=case)).select_related("said_by")
    merged, distinct = list(merges.order_by("-proposed_at", "pk")), list(said.order_by("-said_at", "pk"))
    hints = {one.case.pk: one for one in alike_of(case, actor=actor, at=at)}
    compared = {_other_of(row, case) for row in merged} | {_other_of(row, case) for row in distinct}
    others = _seen([*hints, *compared], actor=actor, at=at)
    audit.saw([(one.person_id, one.pk) for one in others.values()], kind="list")
    told, distinctions = _told(merged, case, others), _told(distinct, case, others)
    merge = next((one for one in told if one.row.case_id == case.pk and one.row.state in STANDING), None)
    waits = merge is not None and merge.row.state == MergeState.PROPOSED
    return Comparison(
        sides=_sides(
            [case, *(one for one in others.values() if not is_block_alone(one.demarcation))],
            hints=hints,
            apart={_other_of(one.row, case) for one in distinctions if one.row.withdrawn_at is None},
            at=at,
        ),
        merge=merge,
        hindrances=hindrances(case, merge.other, at=at) if merge and merge.other and waits else [],
        merges=[one for one in told if one is not merge],
        distinctions=distinctions,
    )


def _other_of(row: CaseMerge | Distinction, case: Case) -> UUID:
    second = row.leading_id if isinstance(row, CaseMerge) else row.other_id
    return second if row.case_id == case.pk else row.case_id


def _seen(ids: Iterable[UUID], *, actor: Actor, at: datetime) -> dict[UUID, Case]:
    """Those of the cases that the actor sees, and is not kept out of."""
    found = Case.objects.visible_to(actor, at=at).filter(pk__in=set(ids)).select_related("person", "office")
    shown = {one.pk: one for one in found.order_by("number") if one.person.user_id != actor.user_id}
    kept_out = cases.conflicted(shown)
    return {key: one for key, one in shown.items() if key not in kept_out}


def _told(rows: Sequence[R], case: Case, others: Mapping[UUID, Case]) -> list[Said[R]]:
    """What was said, its texts opened under the key of the case that holds them."""
    both = {case.pk: case, **others}
    holders = {both[row.case_id] for row in rows if row.case_id in both}
    box = vault.box(*(one.person.key_id for one in holders if not is_block_alone(one.demarcation)))
    return [
        Said(
            row,
            others.get(_other_of(row, case)),
            {} if is_block_alone(both[row.case_id].demarcation) else texts_of(row, box),
        )
        for row in rows
        if row.case_id == case.pk or row.case_id in others
    ]


def _sides(shown: Sequence[Case], *, hints: dict[UUID, Alike], apart: set[UUID], at: datetime) -> list[Side]:
    held = AuthorityPeriod.objects.filter(
        person__in=[one.person_id for one in shown], scope=Scope.PERSON_DIRECTED, period__contains=at
    ).select_related("holder")
    holders = {one.person_id: one.holder.name for one in held}
    kin = list(CloseRelation.objects.filter(case__in=shown, core_household=True).values_list("case_id", flat=True))
    standing = list(Measure.objects.filter(case__in=shown).in_force().values_list("case_id", flat=True))
    return [
        Side(
            case=one,
            holder=holders.get(one.person_id, ""),
            household=1 + kin.count(one.pk),
            in_force=standing.count(one.pk),
            why=hints.get(one.pk),
            apart=one.pk in apart,
        )
        for one in shown
    ]


def numbered(number: str, *, actor: Actor, at: datetime) -> Case:
    """The case with this number, of those the actor sees.

    Raises:
        Case.DoesNotExist: there is none, or it is not visible.
    """
    found: Case = Case.objects.visible_to(actor, at=at).get(number=number.strip())
    return found
