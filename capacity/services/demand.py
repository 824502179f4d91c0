"""From decided measures to demand: assignments, and one line per shift, without gap or double."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from capacity.lifecycle import PLANNED_DAYS, local_day, turns
from capacity.models import Assignment, DemandLine, Feasibility, Shift
from capacity.models.demand import WorkKind
from capacity.policies import may_judge_feasibility, may_raise_demand
from capacity.services.supersede import supersede_open_runs
from cases import services as case_services
from cases.lifecycle import Authority, PlannedStep
from cases.models import Measure, Package, PlannedMeasure
from cases.services.catalogue import Dated
from stelsel.kernel import audit, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType


@act
def raise_demand(*, package_id: UUID, actor: Actor, at: datetime) -> list[Assignment]:
    """Make the assignments and the demand lines of the coming fortnight from a decided package; again changes nothing.

    What the package ends asks for nothing any more. What it lets go on keeps its assignment where the numbers stay, and
    else gets another, with the teams that stand there.

    Raises:
        Package.DoesNotExist: unknown, or not visible to `actor`.
        Conflict: the package is not decided.
    """
    package = (
        Package.objects.visible_to(actor, at=at)
        .select_related("case", "level")
        .select_for_update(of=("self",))
        .get(pk=package_id)
    )
    require(may_raise_demand(actor))
    if package.state != "decided":
        raise Conflict("not_decided", gettext_noop("Only decided measures give demand."))
    if package.assigned_at is not None:
        return list(Assignment.objects.filter(package=package).order_by("pk"))
    wanted = list(package.planned.select_related("measure", "standing").order_by("pk"))
    catalogue = Dated()
    assignments = [
        _follow(package, planned, catalogue, actor=actor, at=at)
        for planned in wanted
        if planned.competence and planned.step != PlannedStep.END
    ]
    ended = [one for planned in wanted if planned.step == PlannedStep.END for one in assignments_of(planned.carried)]
    for assignment in ended:
        _end(assignment, at=at)
    case_services.mark_assigned(package_id=package.pk, actor=actor, at=at)
    if assignments or ended:
        supersede_open_runs(why="decision", actor=actor, at=at)
    return assignments


def assignments_of(measure: Measure) -> list[Assignment]:
    """What asks for teams for this measure now: one at most. Part of a service."""
    of_it = Q(planned__measure=measure) | Q(planned__standing=measure)
    return list(Assignment.objects.filter(of_it, ended_at=None).select_for_update(of=("self",)).order_by("pk"))


def _follow(package: Package, planned: PlannedMeasure, catalogue: Dated, *, actor: Actor, at: datetime) -> Assignment:
    """The assignment of one line: that which is there already where nothing of it changes."""
    before = assignments_of(planned.carried) if planned.step == PlannedStep.CONTINUE else []
    if before and _numbers(before[0]) == _numbers_of(package, planned):
        return before[0]
    served = [shift for one in before for shift in _ended_shifts(one, at=at)]
    assignment = _assign(package, planned, catalogue, actor=actor, at=at)
    _stay(assignment, served)
    return assignment


def _numbers(assignment: Assignment) -> tuple[object, ...]:
    planned = assignment.planned
    shape = (planned.competence, set(planned.shifts), planned.required, planned.floor, planned.region)
    return (assignment.authority, assignment.tier, assignment.resistance, *shape)


def _numbers_of(package: Package, planned: PlannedMeasure) -> tuple[object, ...]:
    shape = (planned.competence, set(planned.shifts), planned.required, planned.floor, planned.region)
    return (_authority(planned), package.tier, package.level.resistance, *shape)


def _authority(planned: PlannedMeasure) -> str:
    """Under whom teams stand there: what goes on by a decision of the NCTV goes on under it."""
    return planned.measure.ordered_under if planned.step == PlannedStep.ORDER else Authority.NCTV


def _ended_shifts(assignment: Assignment, *, at: datetime) -> list[Shift]:
    """End an assignment that another follows; the published shifts it had ahead, withdrawn from it."""
    ahead = Shift.objects.filter(line__assignment=assignment, line__starts_at__gte=at, withdrawn_at=None)
    served = list(ahead.select_related("line").order_by("published_at", "pk"))
    _end(assignment, at=at)
    return served


def _stay(assignment: Assignment, served: list[Shift]) -> None:
    """Who would have stood there stands there still, as far as the new lines ask for it; the next plan does more."""
    lines = {line.starts_at: line for line in DemandLine.objects.filter(assignment=assignment, withdrawn_at=None)}
    taken: Counter[UUID] = Counter()
    for shift in served:
        line = lines.get(shift.line.starts_at)
        if line is None or line.competence != shift.line.competence or taken[line.pk] >= line.required:
            continue
        taken[line.pk] += 1
        Shift.objects.create(
            case_id=line.case_id,
            line=line,
            team_id=shift.team_id,
            period=shift.period,
            run_id=shift.run_id,
            published_at=shift.published_at,
        )


def _assign(package: Package, planned: PlannedMeasure, catalogue: Dated, *, actor: Actor, at: datetime) -> Assignment:
    entry = catalogue.entry(planned.kind, on=planned.carried.ordered_at.date())
    kind = WorkKind.PERSON if entry.person_directed else WorkKind.OBJECT
    assignment, made = Assignment.objects.get_or_create(
        planned=planned,
        defaults={
            "case": package.case,
            "package": package,
            "person_id": planned.person_id,
            "authority": _authority(planned),
            "concept": planned.kind,
            "kind": kind,
            "resistance": package.level.resistance,
            "tier": package.tier,
            "created_at": at,
            "marking": package.marking,
        },
    )
    raise_lines([assignment], at=at)
    if made:
        _tell_the_coordination_centre(assignment, at=at)
        audit.record("assignment.make", assignment, scope=package.case_id, detail={"by": str(actor.user_id)})
    return assignment


def _tell_the_coordination_centre(assignment: Assignment, *, at: datetime) -> None:
    ours = assignment.authority == Authority.NCTV
    gate.share(
        InformationType.ASSIGNMENT,
        assignment,
        provider=OrganisationKind.NCTV if ours else OrganisationKind.PROSECUTION,
        receiver=OrganisationKind.LCC,
        on=at.date(),
        scope=assignment.case_id,
    )


def raise_lines(assignments: Iterable[Assignment], *, at: datetime) -> int:
    """Add the lines that the coming fortnight asks for and that are not there yet. Returns how many were asked for."""
    catalogue, today = Dated(), local_day(at)
    lines = [line for assignment in assignments for line in _lines(assignment, catalogue, today=today, at=at)]
    DemandLine.objects.bulk_create(lines, ignore_conflicts=True, batch_size=500)
    return len(lines)


def _lines(assignment: Assignment, catalogue: Dated, *, today: date, at: datetime) -> Iterable[DemandLine]:
    """Each on the grounds (R011) that the catalogue gave the kind when it was decided."""
    planned = assignment.planned
    entry = catalogue.entry(assignment.concept, on=assignment.created_at.date())
    first = max(planned.starts_on, today)
    days = PLANNED_DAYS - (first - today).days
    for turn in turns(planned.shifts, first=first, days=days):
        if turn.start < at:
            continue
        yield DemandLine(
            case_id=assignment.case_id,
            assignment=assignment,
            starts_at=turn.start,
            ends_at=turn.end,
            competence=planned.competence,
            required=planned.required,
            floor=planned.floor,
            tier=assignment.tier,
            region=planned.region,
            kind=assignment.kind,
            legal_bases=list(entry.legal_bases),
        )


@act
def extend_demand(*, actor: Actor, at: datetime) -> int:
    """Move the horizon on by raising lines of measures in force, and withdraw what an ended measure still asks for."""
    require(may_raise_demand(actor))
    standing = (
        Assignment.objects.visible_to(actor, at=at)
        .filter(ended_at=None)
        .select_related("planned__measure", "planned__standing", "case")
    )
    ended = [row for row in standing if row.planned.carried.state == "ended" or row.case.state == "closed"]
    for assignment in ended:
        _end(assignment, at=at)
    kept = [row for row in standing if row not in ended]
    return raise_lines(kept, at=at)


def _end(assignment: Assignment, *, at: datetime) -> None:
    assignment.ended_at = at
    assignment.save(update_fields=["ended_at"])
    lines = DemandLine.objects.filter(assignment=assignment, starts_at__gte=at, withdrawn_at=None)
    Shift.objects.filter(line__in=lines, withdrawn_at=None).update(withdrawn_at=at)
    lines.update(withdrawn_at=at)
    audit.record("assignment.end", assignment, scope=assignment.case_id)


@act
def judge_feasibility(
    *, assignment_id: UUID, feasible: str, reasons: str, guard_safety: str, actor: Actor, at: datetime
) -> Feasibility:
    """Say whether an assignment can be carried out and what it means for the guards' safety (R019, R082).

    What cannot be carried out comes back as work for the case manager; the need itself stands.
    """
    assignment = Assignment.objects.visible_to(actor, at=at).select_related("case__person").get(pk=assignment_id)
    require(may_judge_feasibility(actor))
    empty = [name for name, text in (("reasons", reasons), ("guard_safety", guard_safety)) if not text.strip()]
    if empty or feasible not in {"yes", "partly", "no"}:
        faults = tuple(Fault(name, "required", gettext_noop("Fill this in.")) for name in empty or ["feasible"])
        raise Invalid("incomplete", gettext_noop("What was sent is not valid."), faults=faults)
    case = assignment.case
    judged = Feasibility(
        case=case,
        assignment=assignment,
        feasible=feasible,
        marking=assignment.marking,
        judged_by_id=actor.user_id,
        judged_at=at,
    )
    box, key = vault.box(case.person.key_id), case.person.key_id
    box.seal(judged, "reasons", reasons, key=key)
    box.seal(judged, "guard_safety", guard_safety, key=key)
    judged.save(force_insert=True)
    if feasible == "yes":
        work.close_items(assignment.pk, kind="assignment.infeasible", verb="feasibility.judge")
    else:
        work.open_item(
            "assignment.infeasible",
            assignment,
            owner_role=Role.CASE_MANAGER,
            owner=case.case_manager_id,
            label=case.number,
            scope=case.pk,
            due=at,
        )
    audit.record("feasibility.judge", assignment, scope=case.pk, detail={"feasible": feasible})
    return judged
