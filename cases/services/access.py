"""Sight of a case beyond what acts give: granted with a reason and an end."""

from datetime import datetime
from uuid import UUID

from cases.models import Case, CaseGroupGrant, CaseUserGrant
from cases.policies import may_be_given_access, may_give_access
from cases.services import case as cases
from stelsel.kernel import access, audit
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require


@act
def give_access(
    *,
    case_id: UUID,
    role: Role,
    reason: str,
    ground: str,
    user_id: UUID | None = None,
    group_id: int | None = None,
    until: datetime | None = None,
    mine: bool = False,
    actor: Actor,
    at: datetime,
) -> CaseUserGrant | CaseGroupGrant:
    """Let a colleague or a team see the case in one role, with a reason and (unless an act gives it) an end."""
    case = cases.locked_case(case_id, actor=actor, at=at, closed_too=True, elsewhere_too=True)
    require(may_give_access(actor))
    require(may_be_given_access(role))
    cases.require_texts(reason=reason)
    grant = access.give(
        case,
        to=Principal(role=role, user_id=user_id, group_id=group_id),
        reason=reason,
        ground=ground,
        until=until,
        mine=mine,
    )
    audit.record("access.give", case, scope=case.pk, detail={"role": role, "ground": ground})
    if not isinstance(grant, CaseUserGrant | CaseGroupGrant):
        raise TypeError("a grant on a case")
    return grant


def who_has_access(case: Case, *, at: datetime) -> list[CaseUserGrant | CaseGroupGrant]:
    """Who sees this case now, why and since when."""
    users = CaseUserGrant.objects.filter(content_object=case, period__contains=at).select_related("user")
    groups = CaseGroupGrant.objects.filter(content_object=case, period__contains=at).select_related("group")
    return sorted([*users, *groups], key=lambda grant: grant.period.lower)
