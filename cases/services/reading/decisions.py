"""What is open on the decisions of a case: for review, to be ratified; and what came in after the freeze."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Q

from cases.models import (
    AdoptedPicture,
    Approval,
    Case,
    ConditionCheck,
    DecisionCondition,
    DecisionReview,
    Package,
    Ratification,
)
from cases.services import case as cases
from cases.services.reading.rows import Opened, _open
from cases.services.review import flaw_of, package_in_force
from stelsel.kernel import composition
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import WorkItem


@dataclass(frozen=True)
class Basis:
    """The frozen picture a decision rests on, as it stands now."""

    picture: AdoptedPicture
    flaw: str  # "newer_picture", "expired" or nothing
    arrived: int  # products that came in after it was frozen: how many, and nothing of them

    @property
    def content_hash(self) -> str:
        return bytes(self.picture.content_hash).hex()


def basis_of(picture: AdoptedPicture, *, at: datetime) -> Basis:
    """Part of reading a decision."""
    before, now = (
        {number for source in composition.EVIDENCE for number in source(picture.case_id, instant)}
        for instant in (picture.adopted_at, at)
    )
    return Basis(picture=picture, flaw=flaw_of(picture, at=at), arrived=len(now - before))


def panel(case_id: UUID, *, actor: Actor, at: datetime) -> dict[str, object] | None:  # noqa: ARG001  # @act binds it
    """The block on the case page: nothing when nothing is open."""
    waiting = Approval.objects.filter(
        case=case_id, package__state="submitted", package_version=F("package__version")
    ).select_related("approved_by")
    open_ones = {
        "reviews": list(DecisionReview.objects.filter(case=case_id, outcome="").order_by("since", "pk")),
        "urgent": list(Ratification.objects.filter(case=case_id, ratified_at=None).order_by("due", "pk")),
        "waiting": list(waiting.order_by("approved_at", "pk")),
        "conditions": _open_conditions(case_id),
    }
    return open_ones if any(open_ones.values()) else None


def _open_conditions(case_id: UUID) -> list[WorkItem]:
    """By their work: who looks, and by when."""
    found = WorkItem.objects.filter(scope_id=case_id, kind="package.condition", closed_at=None)
    return list(found.order_by("due_at", "pk"))


def open_review(decision: Q) -> DecisionReview | None:
    """Whether this decision is for review. Part of reading a decision."""
    return DecisionReview.objects.filter(decision, outcome="").first()


@act
def read_review(*, review_id: UUID, actor: Actor, at: datetime) -> Opened[DecisionReview]:
    rows = DecisionReview.objects.select_related(
        "level__picture__case", "package__level__picture__case", "package__decided_by", "settled_by"
    )
    return _open(rows, review_id, part="package", actor=actor, at=at)


@act
def read_ratification(*, ratification_id: UUID, actor: Actor, at: datetime) -> Opened[Ratification]:
    rows = Ratification.objects.select_related(
        "level__picture", "package__level__picture", "urgent_request", "decided_by", "ratified_by"
    )
    return _open(rows, ratification_id, part="package", actor=actor, at=at)


@dataclass(frozen=True)
class Condition:
    """A condition, and what was found last: nothing, met, not met, or to be looked at again."""

    row: DecisionCondition
    text: str
    last: ConditionCheck | None


def conditions_of(opened: Opened[Package]) -> list[Condition]:
    """Part of reading a package."""
    return _conditions(opened.case, opened.row)


def _conditions(case: Case, package: Package) -> list[Condition]:
    checks = Prefetch("checks", ConditionCheck.objects.order_by("checked_at"))
    rows = DecisionCondition.objects.filter(package=package).prefetch_related(checks).order_by("check_on", "pk")
    box = cases.box_for(case)
    return [
        Condition(row=row, text=box.open(row, "text"), last=list(row.checks.all())[-1] if row.checks.all() else None)
        for row in rows
    ]


@act
def read_condition(*, condition_id: UUID, actor: Actor, at: datetime) -> Opened[DecisionCondition]:
    rows = DecisionCondition.objects.select_related("package__decided_by", "package__level")
    return _open(rows, condition_id, part="package", actor=actor, at=at)


@dataclass(frozen=True)
class Found:
    """What was found of a condition, with its note."""

    row: ConditionCheck
    note: str


def checks_of(opened: Opened[DecisionCondition]) -> list[Found]:
    """Part of reading a condition: the newest first."""
    box = cases.box_for(opened.case)
    rows = opened.row.checks.select_related("checked_by").order_by("-checked_at")
    return [Found(row=row, note=box.open(row, "note")) for row in rows]


def is_open(row: DecisionCondition, found: list[Found]) -> bool:
    """Whether it is to be looked at: its decision holds, and nothing final was found."""
    return package_in_force(row.case) == row.package and (not found or found[0].row.outcome == "later")


@dataclass(frozen=True)
class Signed:
    """A decider's signature where a decision takes several."""

    row: Approval
    reasons: str


def approvals_of(opened: Opened[Package]) -> list[Signed]:
    """The signatures under the version that was decided, or waits."""
    row = opened.row
    version = row.version - 1 if row.state == "decided" else row.version
    found = Approval.objects.filter(package=row, package_version=version).select_related("approved_by")
    box = cases.box_for(opened.case)
    return [Signed(row=one, reasons=box.open(one, "reasons")) for one in found.order_by("approved_at", "pk")]
