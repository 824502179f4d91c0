"""Supply: teams, their members and rosters, kept by the planner of their own unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from capacity.lifecycle import OPEN_RUN
from capacity.models import Availability, Run, Shift, Team, TeamCompetence, TeamMember, WorkedShift
from capacity.models.teams import GROUNDS_OF, AbsenceReason, Kind
from capacity.policies import may_keep_roster, may_report_absence
from capacity.services.supersede import supersede_open_runs
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, Forbidden, Invalid, gettext_noop


@dataclass(frozen=True)
class NewTeam:
    """A team as the planner of its unit describes it."""

    code: str
    kind: str
    rule_set: str
    region: str
    legal_bases: Sequence[str]
    competences: Sequence[str]
    staff: Sequence[str] = ()


def own_unit(actor: Actor) -> UUID:
    """The unit the actor plans for.

    Raises:
        Forbidden: the actor acts for no organisation.
    """
    if actor.organisation_id is None:
        raise Forbidden("no_unit", gettext_noop("You act for no unit."))
    return actor.organisation_id


def require_period(start: datetime, end: datetime | None, *, field: str = "until") -> None:
    """Refuse a period that ends before it begins."""
    if end is not None and end <= start:
        fault = Fault(field, "period", gettext_noop("The end must come after the start."))
        raise Invalid("invalid", fault.message, faults=(fault,))


def require_grounds(kind: str, legal_bases: Sequence[str]) -> None:
    """Refuse a ground that teams of this kind cannot have: the KMar serves by assistance or support alone (R011).

    Raises:
        Invalid: with the fault at `legal_bases`.
    """
    if not legal_bases or not set(legal_bases) <= set(GROUNDS_OF[Kind(kind)]):
        fault = Fault("legal_bases", "ground", gettext_noop("A team of this kind cannot serve on this ground."))
        raise Invalid("invalid", fault.message, faults=(fault,))


@act
def register_team(*, team: NewTeam, start: datetime, actor: Actor, at: datetime) -> Team:  # noqa: ARG001  # an act
    """Register a team of the planner's own unit, operational from `start`.

    Raises:
        Forbidden: not a unit planner.
        Invalid: a ground that teams of this kind cannot have.
    """
    require(may_keep_roster(actor, unit=own_unit(actor)))
    return make_team(team, unit=own_unit(actor), start=start)


def make_team(new: NewTeam, *, unit: UUID, start: datetime, training_group: UUID | None = None) -> Team:
    """Write a team with its competences and members. Part of a service."""
    require_grounds(new.kind, new.legal_bases)
    team = Team.objects.create(
        code=new.code,
        unit_id=unit,
        kind=new.kind,
        rule_set=new.rule_set,
        region=new.region,
        operational=(start, None),
        legal_bases=list(new.legal_bases),
        training_group_id=training_group,
    )
    TeamCompetence.objects.bulk_create(
        [TeamCompetence(team=team, code=code, period=(start, None)) for code in new.competences]
    )
    TeamMember.objects.bulk_create([TeamMember(team=team, staff_id=one, period=(start, None)) for one in new.staff])
    audit.record("team.register", team, detail={"code": team.code, "members": len(new.staff)})
    return team


def _own(team_id: UUID, *, actor: Actor) -> Team:
    team: Team = Team.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=team_id)
    return team


@act
def record_availability(*, team_id: UUID, start: datetime, end: datetime, actor: Actor, at: datetime) -> Availability:
    """Put a team on the roster for a period; periods of one team do not overlap."""
    team = _own(team_id, actor=actor)
    require(may_keep_roster(actor, unit=team.unit_id))
    require_period(start, end)
    row = Availability.objects.create(team=team, period=(start, end), recorded_by_id=actor.user_id, recorded_at=at)
    audit.record("team.available", team)
    return row


@act
def report_absence(
    *, team_id: UUID, start: datetime, end: datetime, reason: str, actor: Actor, at: datetime
) -> Availability:
    """A team drops out for a period. Where it was to serve, the open runs are overtaken and a new one is queued."""
    team = _own(team_id, actor=actor)
    require(may_report_absence(actor, unit=team.unit_id))
    require_period(start, end)
    if reason not in set(AbsenceReason.values) - {AbsenceReason.ROSTER.value}:
        fault = Fault("reason", "required", gettext_noop("Choose a reason."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    row = Availability.objects.create(
        team=team, period=(start, end), absent=reason, recorded_by_id=actor.user_id, recorded_at=at
    )
    audit.record("team.absent", team, reason=reason)
    if _counted_on(team, start=start, end=end, actor=actor, at=at):
        supersede_open_runs(why="team", actor=actor, at=at)
    return row


def _counted_on(team: Team, *, start: datetime, end: datetime, actor: Actor, at: datetime) -> bool:
    """Whether the published plan has the team serve in this period, or a plan in the making may."""
    published = Shift.objects.visible_to(actor, at=at).standing().filter(team=team, period__overlap=(start, end))
    in_the_making = Run.objects.filter(state__in=OPEN_RUN, starts_at__lt=end, ends_at__gt=start)
    return published.exists() or in_the_making.exists()


@act
def record_worked(
    *, team_id: UUID, staff_id: str, start: datetime, end: datetime, actor: Actor, at: datetime, exception: str = ""
) -> WorkedShift:
    """Record what a member worked; the working-time rules look back over it. Work that lies ahead is refused."""
    team = _own(team_id, actor=actor)
    require(may_keep_roster(actor, unit=team.unit_id))
    require_period(start, end)
    if end > at:
        fault = Fault("until", "future", gettext_noop("Only work that was done can be recorded."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    TeamMember.objects.visible_to(actor).get(team=team, staff_id=staff_id, period__contains=start)
    row = WorkedShift.objects.create(team=team, staff_id=staff_id, period=(start, end), exception=exception)
    audit.record("roster.record", team)
    return row
