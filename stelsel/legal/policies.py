"""Who keeps the register of agreements between organisations, and who reads it. Pure."""

from stelsel.kernel.authorisation import Actor, Role, Verdict, has_role

READS_AGREEMENTS = frozenset(
    {
        Role.LEGAL_OFFICER,
        Role.DECIDER,
        Role.DUTY_OFFICER,
        Role.CHIEF_PROSECUTOR,
        Role.PROSECUTION_ADVISER,
        Role.LCC_COORDINATOR,
        Role.LCC_ADVISER,
        Role.LCC_LIAISON,
        Role.UNIT_PLANNER,
        Role.QUALITY_MANAGER,
        Role.POLICY_OFFICER,
        Role.INSPECTOR,
    }
)


def may_read_agreements(actor: Actor) -> Verdict:
    return has_role(actor, *READS_AGREEMENTS)


def may_keep_agreements(actor: Actor) -> Verdict:
    return has_role(actor, Role.LEGAL_OFFICER)
