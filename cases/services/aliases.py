"""Other names of the person of a case (R007): found as the name is, so that nobody is entered twice."""

from datetime import datetime
from uuid import UUID

from cases.models import Alias
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
    box = cases.box_for(case)
    keys = Keys.of(name, box.open(case.person, "birth_date"))
    known = Alias.objects.filter(case=case, name_index=keys.name, withdrawn_at=None).exists()
    if known or keys.name == bytes(case.person.name_index):
        raise Conflict("alias_known", gettext_noop("The person has this name already."))
    alias = Alias(
        case=case,
        kind=AliasKind(kind),
        name_index=keys.name,
        born_index=keys.born,
        year_index=keys.year,
        added_by_id=actor.user_id,
        added_at=at,
    )
    box.seal(alias, "name", name.strip(), key=case.person.key_id)
    alias.save(force_insert=True)
    cases.touch(case, at=at)
    audit.record("alias.add", alias, scope=case.pk)
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
    alias.withdrawn_by_id, alias.withdrawn_at = actor.user_id, at
    cases.seal(alias, case, withdrawn_reason=reason)
    alias.save()
    cases.touch(case, at=at)
    audit.record("alias.withdraw", alias, scope=case.pk)
    return alias
