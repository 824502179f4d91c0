"""Who may do what in resilience. Pure: values in, a verdict out; the services call require().

The file stands apart from threat and operation (R026): only resilience experts and buddy coordinators open it, and the
case manager sees its status alone.
"""

from collections.abc import Collection
from uuid import UUID

from stelsel.kernel.authorisation import YES, Actor, Role, Verdict, has_role, no
from stelsel.kernel.errors import gettext_noop

FILE_ROLES = frozenset({Role.RESILIENCE_EXPERT, Role.BUDDY_COORDINATOR})
STATUS_ROLES = FILE_ROLES | {Role.CASE_MANAGER}


def may_see_files(actor: Actor) -> Verdict:
    return has_role(actor, *FILE_ROLES)


def may_see_status(actor: Actor) -> Verdict:
    """Phase, contact up to date and the day of the next talk; never for analysts, deciders or the centre."""
    return has_role(actor, *STATUS_ROLES)


def may_begin(actor: Actor) -> Verdict:
    """Support begins by the designation alone, so that nobody is forgotten and nobody is chosen."""
    return has_role(actor, Role.SYSTEM)


def may_keep_file(actor: Actor, *, people: Collection[UUID | None]) -> Verdict:
    """An expert; never in a case about themselves. `people` are the users that the file and case are about."""
    if actor.user_id in people:
        return no("about_oneself", gettext_noop("Nobody acts in a case about themselves."))
    return has_role(actor, Role.RESILIENCE_EXPERT)


def may_hold_talk(actor: Actor, *, expert: UUID) -> Verdict:
    """The expert who planned or took over the talk records it; a colleague takes it over first, by moving it."""
    if actor.role is Role.RESILIENCE_EXPERT and actor.user_id != expert:
        return no(
            "not_yours", gettext_noop("This talk is a colleague's. Take it over first: choose yourself as expert.")
        )
    return has_role(actor, Role.RESILIENCE_EXPERT)


def may_talk_to(*, aware: bool) -> Verdict:
    """Who does not know of the threat is not told by an invitation (R025)."""
    if aware:
        return YES
    return no("not_aware", gettext_noop("This relation does not know of the threat. Settle first who tells them."))
