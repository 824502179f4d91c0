"""What the pages of runs, displacement, teams and groups show: visible first, reads written to the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from capacity.models import Assignment, Displacement, PlanResult, Run, Shift, Team, TeamLoan, TrainingGroup
from capacity.policies import may_see_case_cover, may_see_cover, may_see_runs
from cases.models import Case, InformDuty, Package
from stelsel.kernel import audit, norms, vault
from stelsel.kernel.authorisation import Actor, require

SHOWN = 50
TEXTS = (
    "floor_statement",
    "assistance",
    "duty_of_care",
    "reasons",
    "alternatives",
    "residual_risk",
)


def recent_runs(*, actor: Actor) -> list[Run]:
    """The newest runs; they hold totals only."""
    require(may_see_runs(actor))
    return list(Run.objects.visible_to(actor).select_related("requested_by").order_by("-requested_at", "pk")[:SHOWN])


@dataclass(frozen=True)
class OpenedRun:
    """A run with the displacements in the reader's sight; `hidden` are those of cases that the reader does not see.

    `newer` is the run that was asked for after this one was overtaken, when there is one already.
    """

    run: Run
    rows: Sequence[Displacement]
    hidden: int
    conflicts: Sequence[str]
    newer: Run | None

    @property
    def solving(self) -> bool:
        return self.run.state in {"queued", "solving"}


def read_run(*, run_id: UUID, actor: Actor, at: datetime) -> OpenedRun:
    """A run with what it takes from whom, as far as the reader sees the cases."""
    require(may_see_runs(actor))
    run: Run = Run.objects.visible_to(actor).select_related("requested_by", "published_by").get(pk=run_id)
    rows = list(
        Displacement.objects.visible_to(actor, at=at)
        .filter(run=run)
        .select_related("case", "person", "decided_by")
        .order_by("tier", "-floor_hours", "pk")
    )
    audit.saw([(row.person_id, row.case_id) for row in rows], kind="list")
    return OpenedRun(run, rows, run.displaced - len(rows), _conflicts(run, actor=actor), _newer(run, actor=actor))


def _newer(run: Run, *, actor: Actor) -> Run | None:
    if run.superseded_at is None:
        return None
    later: Run | None = (
        Run.objects.visible_to(actor).filter(requested_at__gt=run.requested_at).order_by("requested_at", "pk").first()
    )
    return later


def _conflicts(run: Run, *, actor: Actor) -> Sequence[str]:
    """What is fixed and breaks a rule; names teams and staff, so only where the plan itself is in sight."""
    result = PlanResult.objects.visible_to(actor).filter(run=run).first()
    return list(result.document["conflicts"]) if result is not None else []


@dataclass(frozen=True)
class OpenedDisplacement:
    """A displacement with its texts in the clear, its run, and whether the person was told."""

    row: Displacement
    run: Run
    case: Case
    texts: Mapping[str, str]
    duty: InformDuty | None


def read_displacement(*, displacement_id: UUID, actor: Actor, at: datetime) -> OpenedDisplacement:
    """One displacement to decide about, or as it was decided."""
    row: Displacement = (
        Displacement.objects.visible_to(actor, at=at)
        .select_related("case__person", "person", "decided_by", "floor_signature", "signature", "requested_by")
        .get(pk=displacement_id)
    )
    require(may_see_case_cover(actor))
    box = vault.box(row.case.person.key_id)
    audit.saw([(row.person_id, row.case_id)], kind="view")
    return OpenedDisplacement(
        row=row,
        run=Run.objects.get(pk=row.run_id),
        case=row.case,
        texts={name: box.open(row, name) for name in TEXTS},
        duty=InformDuty.objects.visible_to(actor, at=at).filter(about="displacement", subject_id=row.pk).first(),
    )


def read_case(*, case_id: UUID, actor: Actor, at: datetime) -> Case:
    """The case of a plan page.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: a role that sees no cover of a case.
    """
    case: Case = Case.objects.visible_to(actor, at=at).select_related("person").get(pk=case_id)
    require(may_see_case_cover(actor))
    audit.saw([(case.person_id, case.pk)])
    return case


@dataclass(frozen=True)
class OpenedAssignment:
    """An assignment with what was said about carrying it out, newest first."""

    row: Assignment
    case: Case
    judged: Sequence[Mapping[str, object]]


def read_assignment(*, assignment_id: UUID, actor: Actor, at: datetime) -> OpenedAssignment:
    row: Assignment = (
        Assignment.objects.visible_to(actor, at=at).select_related("case__person", "person").get(pk=assignment_id)
    )
    require(may_see_case_cover(actor))
    box = vault.box(row.case.person.key_id)
    judged = [
        {
            "feasible": said.get_feasible_display(),
            "reasons": box.open(said, "reasons"),
            "guard_safety": box.open(said, "guard_safety"),
            "by": said.judged_by.get_full_name(),
            "at": said.judged_at,
        }
        for said in row.feasibility.select_related("judged_by").order_by("-judged_at", "pk")
    ]
    audit.saw([(row.person_id, row.case_id)], kind="view")
    return OpenedAssignment(row, row.case, judged)


def assignments_of(*, case_id: UUID, actor: Actor, at: datetime) -> list[Assignment]:
    """The assignments of a case that have not ended, oldest first."""
    require(may_see_case_cover(actor))
    rows = Assignment.objects.visible_to(actor, at=at).filter(case_id=case_id, ended_at=None)
    return list(rows.select_related("person").order_by("created_at", "pk"))


def read_team(*, team_id: UUID, actor: Actor) -> Team:
    """A team of the reader's own unit, or any for those who see cover."""
    require(may_see_cover(actor))
    team: Team = Team.objects.visible_to(actor).select_related("unit").get(pk=team_id)
    return team


def loans_of(team: Team, *, on: date) -> list[TeamLoan]:
    """How it is lent on that day or later. Part of the page of its loans."""
    rows = TeamLoan.objects.filter(team=team).select_related("line__borrower", "line__version__agreement")
    return [one for one in rows.order_by("days") if one.days.upper is None or one.days.upper > on]


def training_groups(*, actor: Actor) -> list[TrainingGroup]:
    """All groups, those still in training first. They are plans of supply, about no person."""
    require(may_see_cover(actor))
    return list(TrainingGroup.objects.select_related("unit").order_by("operational_at", "expected_on", "code"))


def read_group(*, group_id: UUID, actor: Actor) -> TrainingGroup:
    require(may_see_cover(actor))
    return TrainingGroup.objects.select_related("unit").get(pk=group_id)


@dataclass(frozen=True)
class Unassigned:
    """A decided package whose assignments have not followed yet; `late` after the house norm."""

    decided_at: datetime
    late: bool


def unassigned(*, case_id: UUID, actor: Actor, at: datetime) -> Unassigned | None:
    rows = Package.objects.visible_to(actor, at=at).filter(case_id=case_id, state="decided", assigned_at=None)
    decided = rows.order_by("decided_at").values_list("decided_at", flat=True).first()
    return Unassigned(decided, norms.due("cases.assigned", since=decided) < at) if decided else None


@dataclass(frozen=True)
class Happening:
    """Something of capacity in the life of a case, for its timeline."""

    at: datetime
    what: str  # assigned, published, displaced
    detail: str = ""
    subject: UUID | None = None


def happenings(*, case_id: UUID, actor: Actor, at: datetime) -> list[Happening]:
    """Assignments made and ended, plans published for this case, displacement decided."""
    found = []
    for row in Assignment.objects.visible_to(actor, at=at).filter(case_id=case_id).order_by("created_at"):
        found.append(Happening(row.created_at, "assigned", str(row.get_concept_display())))
        if row.ended_at:
            found.append(Happening(row.ended_at, "ended", str(row.get_concept_display())))
    published = Shift.objects.visible_to(actor, at=at).filter(case_id=case_id).order_by("published_at")
    found += [Happening(moment, "published") for moment in published.values_list("published_at", flat=True).distinct()]
    decided = Displacement.objects.visible_to(actor, at=at).filter(case_id=case_id).exclude(decided_at=None)
    for row in decided.order_by("decided_at"):
        if row.decided_at:
            found.append(Happening(row.decided_at, "displaced", subject=row.pk))
    return found
