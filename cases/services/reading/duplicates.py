"""Who may be the same person: by name, another name, or family name and birth year, among the cases one sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.demarcation import is_block_alone
from cases.lifecycle import CaseState
from cases.merging import MergeState
from cases.models import Alias, Case, CaseMerge, Distinction, Person
from cases.policies import may_see_duplicates
from cases.services.naming import Keys
from stelsel.kernel.authorisation import Actor

MOST = 10


class Likeness(IntEnum):
    """How two cases look alike; the lowest is the strongest."""

    BORN = 1
    NAME = 2
    ALIAS = 3
    YEAR = 4


WORDS: dict[Likeness, str | Promise] = {
    Likeness.BORN: _("same name and birth date"),
    Likeness.NAME: _("same name"),
    Likeness.ALIAS: _("another name of the person"),
    Likeness.YEAR: _("same family name and birth year"),
}


@dataclass(frozen=True)
class Alike:
    """A case that is possibly about the same person."""

    case: Case
    likeness: Likeness

    @property
    def why(self) -> str | Promise:
        return WORDS[self.likeness]


def alike(names: Sequence[Keys], *, besides: UUID | None = None, actor: Actor, at: datetime) -> list[Alike]:
    """The cases the actor may see that look like these names, the strongest first. Three queries; shows nothing else.

    What another person may see counts for nothing here: of a case that `actor` has no sight of there is no trace.
    The first of `names` is the person's own, the others are other names of theirs.
    """
    by_name, by_born = [one.name for one in names], [one.born for one in names if one.born]
    match = Q(name_index__in=by_name) | Q(year_index__in=[one.year for one in names if one.year])
    people = {one.pk: one for one in Person.objects.filter(match)}
    aliases: dict[UUID, list[Alias]] = {}
    for alias in Alias.objects.filter(match, withdrawn_at=None):
        aliases.setdefault(alias.case_id, []).append(alias)
    seen = Case.objects.visible_to(actor, at=at).filter(Q(person__in=people) | Q(pk__in=aliases))
    found = [
        Alike(case, _likeness(people.get(case.person_id), aliases.get(case.pk, []), names=by_name, born=by_born))
        for case in seen.exclude(pk=besides).select_related("person", "office")
        if case.person.user_id is None or case.person.user_id != actor.user_id
    ]
    return sorted(found, key=lambda one: (one.likeness, one.case.number))[:MOST]


def _likeness(person: Person | None, aliases: list[Alias], *, names: list[bytes], born: list[bytes]) -> Likeness:
    if person is not None and bytes(person.born_index) in born:
        return Likeness.BORN
    if person is not None and bytes(person.name_index) == names[0]:
        return Likeness.NAME
    if person is not None and bytes(person.name_index) in names:
        return Likeness.ALIAS
    if any(bytes(one.name_index) in names for one in aliases):
        return Likeness.ALIAS
    return Likeness.YEAR


def duplicates_of(case: Case, *, actor: Actor, at: datetime) -> list[Alike]:
    """The cases that this open case is possibly a duplicate of, for who needs to know whom a case is about."""
    found = alike_of(case, actor=actor, at=at) if may_see_duplicates(actor) else []
    told_apart = apart_from(case) if found else set()
    return [one for one in found if one.case.pk not in told_apart]


def alike_of(case: Case, *, actor: Actor, at: datetime) -> list[Alike]:
    """The same with those of which something was said already. Part of a page that asked whether the actor may."""
    if case.state == CaseState.CLOSED or is_block_alone(case.demarcation):
        return []
    return alike(_names_of(case), besides=case.pk, actor=actor, at=at)


def apart_from(case: Case) -> set[UUID]:
    """The cases of which somebody said that they are about another person, and those that rest in this one."""
    said = Distinction.objects.filter(Q(case=case) | Q(other=case), withdrawn_at=None).values_list(
        "case_id", "other_id"
    )
    resting = CaseMerge.objects.filter(leading=case, state=MergeState.MERGED).values_list("case_id", "leading_id")
    return {one for pair in said.union(resting) for one in pair} - {case.pk}


def _names_of(case: Case) -> list[Keys]:
    rows: list[Person | Alias] = [case.person, *Alias.objects.filter(case=case, withdrawn_at=None)]
    return [Keys(bytes(one.name_index), bytes(one.born_index), bytes(one.year_index)) for one in rows]
