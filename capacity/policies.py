"""Who may do what in capacity: values in, verdict out."""

from uuid import UUID

from stelsel.kernel.authorisation import YES, Actor, Role, Verdict, all_of, differs, has_role, no
from stelsel.kernel.errors import gettext_noop

CASE_ROLES = frozenset(
    {
        Role.LCC_COORDINATOR,
        Role.LCC_ADVISER,
        Role.LCC_LIAISON,
        Role.DECIDER,
        Role.CASE_MANAGER,
        Role.DUTY_OFFICER,
    }
)
"""Roles that see assignments and cover of the cases granted to them; analysts and resilience never."""
COVER_ROLES = CASE_ROLES | {Role.UNIT_PLANNER, Role.SYSTEM}
RUN_ROLES = frozenset({Role.LCC_COORDINATOR, Role.LCC_ADVISER, Role.LCC_LIAISON, Role.DECIDER})
ROSTER_ROLES = frozenset({Role.LCC_COORDINATOR})
"""Beside the planner of the unit itself; the NCTV sees cover, not staff."""


def may_lend(actor: Actor, *, unit: UUID) -> Verdict:
    """The planner of the unit whose team it is, or the LCC."""
    return may_report_absence(actor, unit=unit)


def may_raise_demand(actor: Actor) -> Verdict:
    """Demand follows a decision, so with the rights of the one who decided, or of the schedule."""
    return has_role(actor, Role.DECIDER, Role.SYSTEM)


def may_request_run(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_COORDINATOR, Role.SYSTEM)


def may_stop_run(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_COORDINATOR)


def may_supersede(actor: Actor) -> Verdict:
    """Whoever changed the need or the supply; the change itself was asked before."""
    return has_role(
        actor, Role.DECIDER, Role.DUTY_OFFICER, Role.CASE_MANAGER, Role.LCC_COORDINATOR, Role.UNIT_PLANNER, Role.SYSTEM
    )


def may_decide_displacement(actor: Actor, *, requested_by: UUID, floor_missing: bool, stated: bool) -> Verdict:
    """A mandate holder who did not ask for the run; below the safety floor only after the residual risk was signed."""
    first = YES
    if floor_missing and not stated:
        first = no("floor_statement", gettext_noop("This goes below the safety floor: sign the residual risk first."))
    return all_of(has_role(actor, Role.DECIDER), differs(actor, requested_by), first)


def may_state_risk(actor: Actor, *, requested_by: UUID) -> Verdict:
    return all_of(has_role(actor, Role.DECIDER), differs(actor, requested_by))


def may_publish(actor: Actor, *, undecided: int) -> Verdict:
    """The coordinator publishes under standing mandate; displacement is the authority's to decide first."""
    decided = YES
    if undecided:
        decided = no(
            "needs_authority",
            gettext_noop("This plan displaces protection: the authority decides for each person first."),
        )
    return all_of(has_role(actor, Role.LCC_COORDINATOR), decided)


def may_keep_roster(actor: Actor, *, unit: UUID) -> Verdict:
    """Teams and rosters are the employer's own: the planner of the unit keeps them."""
    if actor.role is Role.UNIT_PLANNER and actor.organisation_id != unit:
        return no("other_unit", gettext_noop("This team belongs to another unit."))
    return has_role(actor, Role.UNIT_PLANNER)


def may_report_absence(actor: Actor, *, unit: UUID) -> Verdict:
    """The planner of the unit, or the coordinator who hears it first."""
    return YES if actor.role is Role.LCC_COORDINATOR else may_keep_roster(actor, unit=unit)


def may_judge_feasibility(actor: Actor) -> Verdict:
    return has_role(actor, Role.LCC_ADVISER)


def may_see_cover(actor: Actor) -> Verdict:
    return has_role(actor, *COVER_ROLES)


def may_see_case_cover(actor: Actor) -> Verdict:
    return has_role(actor, *CASE_ROLES)


def may_see_runs(actor: Actor) -> Verdict:
    return has_role(actor, *RUN_ROLES)
