"""Groups in training (R086): announced, in training, in practice; one day they become teams, by an act."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from capacity.lifecycle import GROUP_LIFECYCLE
from capacity.models import Team, TrainingGroup
from capacity.policies import may_keep_roster, may_see_cover
from capacity.services.supersede import supersede_open_runs
from capacity.services.teams import NewTeam, make_team, own_unit
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, Invalid, Stale, gettext_noop


def _own(group_id: UUID, *, version: int, actor: Actor) -> TrainingGroup:
    require(may_see_cover(actor))
    group = TrainingGroup.objects.select_for_update().get(pk=group_id)
    require(may_keep_roster(actor, unit=group.unit_id))
    if group.version != version:
        theirs = {
            "stage": str(group.get_stage_display()),
            "left": str(group.left),
            "expected_on": str(group.expected_on),
        }
        raise Stale(theirs=theirs, version=group.version)
    return group


def _save(group: TrainingGroup, verb: str, *, reason: str = "") -> TrainingGroup:
    group.version += 1
    group.save()
    audit.record(verb, group, reason=reason, detail={"stage": group.stage, "left": group.left})
    return group


@act
def announce_group(
    *,
    code: str,
    kind: str,
    size: int,
    competence: str,
    region: str,
    starts_on: date,
    expected_on: date,
    actor: Actor,
    at: datetime,  # noqa: ARG001  # every act has an instant
) -> TrainingGroup:
    """Announce a group of the planner's own unit."""
    require(may_keep_roster(actor, unit=own_unit(actor)))
    faults = []
    if size < 1:
        faults.append(Fault("size", "range", gettext_noop("A group has at least one member.")))
    if expected_on <= starts_on:
        faults.append(Fault("expected_on", "period", gettext_noop("The end must come after the start.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=faults)
    group = TrainingGroup.objects.create(
        code=code,
        unit_id=own_unit(actor),
        kind=kind,
        size=size,
        competence=competence,
        region=region,
        starts_on=starts_on,
        expected_on=expected_on,
    )
    audit.record("group.announce", group, detail={"size": size})
    return group


@act
def update_group(
    *,
    group_id: UUID,
    left: int,
    expected_on: date,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,  # noqa: ARG001  # every act has an instant
    step: str = "",
) -> TrainingGroup:
    """Record who left early and when the group is expected, with the reason; `step`: start, practise or stop."""
    group = _own(group_id, version=version, actor=actor)
    if GROUP_LIFECYCLE.final(group.stage) or step == "become_operational":
        GROUP_LIFECYCLE.apply("start", state=group.stage)
    if step:
        group.stage = GROUP_LIFECYCLE.apply(step, state=group.stage)
    faults = []
    if not 0 <= left <= group.size:
        faults.append(Fault("left", "range", gettext_noop("No more can leave than began.")))
    if not reason.strip() and (expected_on != group.expected_on or step == "stop"):
        faults.append(Fault("reason", "required", gettext_noop("Say why.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=faults)
    group.left, group.expected_on = left, expected_on
    return _save(group, f"group.{step or 'update'}", reason=reason[:80])


@act
def become_operational(
    *, group_id: UUID, teams: Sequence[NewTeam], version: int, actor: Actor, at: datetime
) -> list[Team]:
    """Turn a group into teams, operational from now. Nobody is counted twice, and no more people than finished.

    Raises:
        IllegalMove: the group is not in training or practice.
        Invalid: no team, somebody twice, or more people than finished.
    """
    group = _own(group_id, version=version, actor=actor)
    group.stage = GROUP_LIFECYCLE.apply("become_operational", state=group.stage)
    staff = [one for team in teams for one in team.staff]
    if (
        not teams
        or not all(team.staff for team in teams)
        or len(set(staff)) < len(staff)
        or len(staff) > group.size - group.left
    ):
        fault = Fault("staff", "count", gettext_noop("Name each member once, in a team, and no more than finished."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    group.operational_at = at
    made = [make_team(team, unit=group.unit_id, start=at, training_group=group.pk) for team in teams]
    _save(group, "group.become_operational")
    supersede_open_runs(why="team", actor=actor, at=at)
    return made
