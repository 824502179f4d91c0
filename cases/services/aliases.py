"""Other names of the person of a case (R007): found as the name is, so that nobody is entered twice."""

from datetime import datetime
from uuid import UUID

from cases.models import Alias, Case, CaseMerge
from cases.models.person import AliasKind
from cases.policies import may_keep_aliases
from cases.services import case as cases
from cases.services.naming import Keys
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, gettext_noop


@act
def add_alias(*, case_id: UUID, name: str, kind: str, actor: Actor, at: datetime) -> Alias:
    """Write down another name of the person; from now on a look-up by that name finds the case.

    Raises:
        Invalid: no name.
        Conflict: the person has this name already.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_aliases(actor))
    cases.require_texts(name=name)
    alias = keep_name(case, name, kind=AliasKind(kind), by=actor.user_id, at=at)
    if alias is None:
        raise Conflict("alias_known", gettext_noop("The person has this name already."))
    cases.touch(case, at=at)
    audit.record("alias.add", alias, scope=case.pk)
    return alias


def keep_name(  # the facts of one row, keyword-only but for the first two
    case: Case, name: str, *, kind: AliasKind, by: UUID, at: datetime, merge: CaseMerge | None = None, born: str = ""
) -> Alias | None:
    """Write the name down under the key of the person; None when they have it already. Part of an act.

    `born` is the birth date by which it is found where none is known of the person.
    """
    box = cases.box_for(case)
    keys = Keys.of(name, box.open(case.person, "birth_date") or born)
    known = Alias.objects.filter(case=case, name_index=keys.name, withdrawn_at=None).exists()
    if known or keys.name == bytes(case.person.name_index):
        return None
    alias = Alias(
        case=case,
        kind=kind,
        name_index=keys.name,
        born_index=keys.born,
        year_index=keys.year,
        added_by_id=by,
        added_at=at,
        merge=merge,
    )
    box.seal(alias, "name", name.strip(), key=case.person.key_id)
    alias.save(force_insert=True)
    return alias


@act
def withdraw_alias(*, alias_id: UUID, reason: str, actor: Actor, at: datetime) -> Alias:
    """Say that this is no name of the person after all; it stays readable and is not found any more.

    Raises:
        Alias.DoesNotExist: unknown, or not visible to `actor`.
        Invalid: no reason.
        Conflict: withdrawn already.
    """
    seen = Alias.objects.visible_to(actor, at=at).get(pk=alias_id)
    case = cases.locked_case(seen.case_id, actor=actor, at=at)
    require(may_keep_aliases(actor))
    alias = Alias.objects.select_for_update(of=("self",)).get(pk=alias_id)
    if alias.withdrawn_at is not None:
        raise Conflict("alias_withdrawn", gettext_noop("This name was withdrawn already."))
    cases.require_texts(reason=reason)
    drop_name(alias, case, reason=reason, by=actor.user_id, at=at)
    cases.touch(case, at=at)
    audit.record("alias.withdraw", alias, scope=case.pk)
    return alias


def drop_name(alias: Alias, case: Case, *, reason: str, by: UUID, at: datetime) -> None:
    """Part of an act by which this is no name of the person any more."""
    alias.withdrawn_by_id, alias.withdrawn_at = by, at
    cases.seal(alias, case, withdrawn_reason=reason)
    alias.save()
