"""What the authority decides about displacement, person by person, and publishing the plan: choice, no computation."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from capacity.lifecycle import DISPLACEMENT_LIFECYCLE, RUN_LIFECYCLE, RunState, local_day
from capacity.models import DemandLine, Displacement, Run, Shift, Team
from capacity.policies import may_decide_displacement, may_publish, may_state_risk
from capacity.services.runs import ask_publication
from capacity.services.supersede import overtake
from cases import services as case_services
from stelsel.kernel import audit, signing, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, IllegalMove, Invalid, gettext_noop
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

RECEIVERS = {
    OrganisationKind.POLICE_LX,
    OrganisationKind.POLICE_REGION,
    OrganisationKind.KMAR,
    OrganisationKind.PRIVATE,
}


def _locked(displacement_id: UUID, *, actor: Actor, at: datetime) -> tuple[Run, Displacement]:
    """The displacement and its run, both locked; the run first, as publishing does."""
    run_id = Displacement.objects.visible_to(actor, at=at).get(pk=displacement_id).run_id
    run = Run.objects.select_for_update().get(pk=run_id)
    displacement: Displacement = (
        Displacement.objects.select_related("case__person").select_for_update(of=("self",)).get(pk=displacement_id)
    )
    return run, displacement


def _require_proposed(run: Run) -> None:
    if run.state != RunState.PROPOSED:
        raise IllegalMove(
            "illegal_move",
            gettext_noop("This step is not possible any more: the state is now “%(state)s”."),
            params={"state": run.get_state_display(), "step": "decide"},
        )


def _require_texts(texts: Mapping[str, str]) -> None:
    faults = [
        Fault(name, "required", gettext_noop("Fill this in.")) for name, text in texts.items() if not text.strip()
    ]
    if faults:
        raise Invalid("incomplete", gettext_noop("What was sent is not complete."), faults=faults)


def shown(run: Run, displacement: Displacement) -> dict[str, object]:
    """What the decider sees of the plan and signs: the run, its plan, the person and the effect."""
    return {
        "run": str(run.pk),
        "input": run.input_hash,
        "plan": run.plan_hash,
        "case": displacement.case.number,
        "person": str(displacement.person_id),
        "effect": displacement.effect,
    }


@act
def state_risk(
    *,
    displacement_id: UUID,
    statement: str,
    assistance: str,
    duty_of_care: str,
    code: str,
    actor: Actor,
    at: datetime,
) -> Displacement:
    """Sign apart that this person goes below the safety floor (R085): the risk, the assistance asked, art. 2 ECHR.

    Raises:
        Conflict: it was stated already, or the plan keeps the floor.
        Forbidden: no decider, the one who requested the run, or a wrong code.
    """
    run, displacement = _locked(displacement_id, actor=actor, at=at)
    require(may_state_risk(actor, requested_by=displacement.requested_by_id))
    _require_proposed(run)
    if displacement.floor_signature_id or not displacement.floor_hours:
        raise Conflict("stated", gettext_noop("There is nothing to state: it was signed, or the floor is kept."))
    texts = {"floor_statement": statement, "assistance": assistance, "duty_of_care": duty_of_care}
    _require_texts(texts)
    key = displacement.case.person.key_id
    box = vault.box(key)
    for name, text in texts.items():
        box.seal(displacement, name, text, key=key)
    content = {**shown(run, displacement), **texts}
    displacement.floor_signature = signing.sign(displacement, content, actor=actor, at=at, code=code)
    displacement.save()
    audit.record("displacement.state_risk", displacement, scope=displacement.case_id)
    return displacement


@act
def decide_displacement(
    *,
    displacement_id: UUID,
    reasons: str,
    alternatives: str,
    residual_risk: str,
    ends_on: date,
    code: str,
    actor: Actor,
    at: datetime,
) -> Displacement:
    """Decide, signed, that this person bears this until `ends_on` (R083). The last one asks for publication.

    Raises:
        Forbidden: no decider, the one who requested the run, below the floor without a statement, or a wrong code.
        IllegalMove: decided already, or the plan was overtaken.
        Invalid: a text is empty, or the end lies in the past or beyond the plan.
    """
    run, displacement = _locked(displacement_id, actor=actor, at=at)
    require(
        may_decide_displacement(
            actor,
            requested_by=displacement.requested_by_id,
            floor_missing=displacement.floor_hours > 0,
            stated=displacement.floor_signature_id is not None,
        )
    )
    _require_proposed(run)
    displacement.state = DISPLACEMENT_LIFECYCLE.apply("decide", state=displacement.state)
    texts = {"reasons": reasons, "alternatives": alternatives, "residual_risk": residual_risk}
    _require_texts(texts)
    if not local_day(at) <= ends_on <= local_day(run.ends_at):
        fault = Fault("ends_on", "range", gettext_noop("The end lies between today and the end of the plan."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    key = displacement.case.person.key_id
    box = vault.box(key)
    for name, text in texts.items():
        box.seal(displacement, name, text, key=key)
    content = {**shown(run, displacement), **texts, "ends_on": ends_on.isoformat()}
    displacement.signature = signing.sign(displacement, content, actor=actor, at=at, code=code)
    displacement.ends_on, displacement.decided_by_id, displacement.decided_at = ends_on, actor.user_id, at
    displacement.save()
    work.close_items(displacement.pk, kind="displacement.decide", verb="displacement.decide")
    run.decided += 1
    run.save(update_fields=["decided"])
    if not run.undecided:
        ask_publication(run, at=at)
    audit.record("displacement.decide", displacement, scope=displacement.case_id, detail={"run": str(run.pk)})
    return displacement


@act
def publish_run(*, run_id: UUID, actor: Actor, at: datetime) -> Run:
    """Make a proposal the plan: shifts are written, what it replaces is withdrawn, each displaced person must be told.

    Raises:
        Forbidden: no coordinator, or the authority has not decided every displacement.
        IllegalMove: not proposed (any more).
        Conflict: a line of the plan is not asked for any more, or not in sight of `actor`.
    """
    run: Run = Run.objects.visible_to(actor).select_for_update().get(pk=run_id)
    displaced = list(Displacement.objects.visible_to(actor, at=at).filter(run=run).order_by("pk"))
    unseen = run.displaced - len([row for row in displaced if row.decided_at])
    require(may_publish(actor, undecided=max(run.undecided, unseen)))
    run.state = RUN_LIFECYCLE.apply("publish", state=run.state)
    run.published_by_id, run.published_at = actor.user_id, at
    run.save()
    _write_shifts(run, actor=actor, at=at)
    for row in displaced:
        case_services.open_inform_duty(
            case_id=row.case_id,
            person_id=row.person_id,
            about="displacement",
            subject_id=row.pk,
            actor=actor,
            at=at,
        )
    overtake(why="newer_plan", at=at, but=run)
    work.close_items(run.pk, kind="plan.publish", verb="run.publish")
    audit.record("run.publish", run, detail={"plan": run.plan_hash, "displaced": run.displaced})
    return run


def _write_shifts(run: Run, *, actor: Actor, at: datetime) -> None:
    """The difference between what stands and what the plan says, for shifts that have not begun."""
    planned = {(UUID(row["line"]), UUID(row["team"])) for row in run.result.document["assignments"]}
    begun = DemandLine.objects.visible_to(actor, at=at).filter(pk__in={line for line, _ in planned})
    lines = {line.pk: line for line in begun.standing()}
    if len(lines) < len({line for line, _ in planned}):
        raise Conflict(
            "need_changed", gettext_noop("What is asked for changed after this plan was made. Request a new run.")
        )
    ahead = {line.pk for line in lines.values() if line.starts_at >= at}
    standing = (
        Shift.objects.visible_to(actor, at=at)
        .standing()
        .filter(line__starts_at__gte=max(at, run.starts_at), line__starts_at__lt=run.ends_at)
    )
    kept = set()
    for shift in standing.select_for_update(of=("self",)):
        if (shift.line_id, shift.team_id) in planned:
            kept.add((shift.line_id, shift.team_id))
        else:
            shift.withdrawn_at = at
            shift.save(update_fields=["withdrawn_at"])
    new = sorted(pair for pair in planned - kept if pair[0] in ahead)
    Shift.objects.bulk_create(
        [
            Shift(
                case_id=lines[line].case_id,
                line=lines[line],
                team_id=team,
                period=(lines[line].starts_at, lines[line].ends_at),
                run=run,
                published_at=at,
            )
            for line, team in new
        ],
        batch_size=500,
    )
    _share(run, {team for _, team in planned}, at=at)


def _share(run: Run, teams: set[UUID], *, at: datetime) -> None:
    """The plan goes to the units that carry it out and to the authority; each passes the gate."""
    kinds = set(Team.objects.filter(pk__in=teams).values_list("unit__kind", flat=True)) & RECEIVERS
    for receiver in sorted({*kinds, OrganisationKind.NCTV}):
        gate.share(InformationType.PLAN, run, provider=OrganisationKind.LCC, receiver=receiver, on=at.date())
