"""Who acts, in which role, and what a policy answers.

Policies are pure: they get an `Actor` and values, and return a `Verdict`; services call `require(...)`, so
page, API, task, admin and shell obey alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from stelsel.kernel.errors import Forbidden, gettext_noop


class Role(StrEnum):
    """Roles (rollen). One acts in one role at a time."""

    CASE_MANAGER = "case_manager"  # casemanager NCTV
    DECIDER = "decider"  # beslisser, mandaathouder NCTV
    DUTY_OFFICER = "duty_officer"  # piketfunctionaris (NCTV, OM or LCC, by organisation)
    THREAT_ANALYST = "threat_analyst"  # dreigingsanalist
    HEAD_OF_ANALYSIS = "head_of_analysis"  # hoofd dreigingsanalysefunctie
    PRODUCT_SUPPLIER = "product_supplier"  # leverancier van dreigingsinformatie
    POLICE_RCCB = "police_rccb"  # politie RCCB: vult de intake, spoedmaatregelen
    PROSECUTION_ADVISER = "prosecution_adviser"  # adviseur BB&C
    CHIEF_PROSECUTOR = "chief_prosecutor"  # hoofdofficier van justitie
    TABLE_MEMBER = "table_member"  # deelnemer aan de triagetafel (politie, KMar)
    LCC_COORDINATOR = "lcc_coordinator"
    LCC_ADVISER = "lcc_adviser"  # adviseur maatregelen LCC
    LCC_LIAISON = "lcc_liaison"  # liaison OM, NCTV
    UNIT_PLANNER = "unit_planner"  # planner
    RESILIENCE_EXPERT = "resilience_expert"  # expert weerbaarheid
    BUDDY_COORDINATOR = "buddy_coordinator"
    QUALITY_MANAGER = "quality_manager"
    METHOD_BOARD = "method_board"
    ADVISORY_BODY = "advisory_body"
    INSPECTOR = "inspector"
    LEGAL_OFFICER = "legal_officer"
    SECURITY_OFFICER = "security_officer"  # beveiligingsambtenaar
    CONTROLLER = "controller"
    POLICY_OFFICER = "policy_officer"
    MAYORS_CONTACT = "mayors_contact"
    ADMINISTRATOR = "administrator"  # technisch beheer: no case content
    SYSTEM = "system"  # scheduled jobs; never a log-in


class Right(StrEnum):
    """What a scheduled job may do; listed per job in stelsel.kernel.jobs.SYSTEM_RIGHTS."""

    READ_CASES = "read_cases"
    OPEN_WORK = "open_work"


@dataclass(frozen=True)
class Actor:
    """One person (or API client, or scheduled job) acting in one role of one organisation.

    `confirmed_at` is the instant of the latest multi-factor confirmation in this session; None for a job.
    """

    user_id: UUID
    name: str
    role: Role
    organisation_id: UUID | None = None
    organisation: str = ""
    membership_id: UUID | None = None
    group_id: int | None = None
    confirmed_at: datetime | None = None
    scopes: frozenset[str] | None = None
    deputy_of: UUID | None = None  # in whose name a deputy acts

    @property
    def is_system(self) -> bool:
        return self.role is Role.SYSTEM

    def fresh(self, *, at: datetime, within: timedelta = timedelta(minutes=5)) -> bool:
        """Whether this actor confirmed with more than one factor in the last `within`."""
        return self.confirmed_at is not None and timedelta(0) <= at - self.confirmed_at <= within


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with the reason people see."""

    allowed: bool
    code: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(allowed=True)


def no(code: str, reason: str) -> Verdict:
    return Verdict(allowed=False, code=code, reason=reason)


def require(verdict: Verdict) -> None:
    """Go on, or refuse with the policy's reason.

    Raises:
        Forbidden: the verdict is no.
    """
    if not verdict:
        raise Forbidden(verdict.code, verdict.reason)


def has_role(actor: Actor, *roles: Role) -> Verdict:
    if actor.role in roles:
        return YES
    return no("wrong_role", gettext_noop("Your role may not do this."))


def all_of(*verdicts: Verdict) -> Verdict:
    """The first no, or yes."""
    return next((verdict for verdict in verdicts if not verdict), YES)


def differs(actor: Actor, other: UUID | None) -> Verdict:
    """Four eyes: the actor is not the one who took the step before (vier ogen), and does not stand in for them."""
    if other is not None and other == actor.user_id:
        return no("four_eyes", gettext_noop("You took the step before this one; somebody else must take this step."))
    if other is not None and other == actor.deputy_of:
        return no(
            "four_eyes",
            gettext_noop("You stand in for who took the step before this one; somebody else must take this step."),
        )
    return YES
