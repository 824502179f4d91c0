"""Conditions under which measures were decided: somebody looks on the day, and what is not met goes to the decider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from cases.models import Case, ConditionCheck, DecisionCondition, Package
from cases.models.review import ReviewCause
from cases.policies import may_check_condition
from cases.services import case as cases
from cases.services import review
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop

WORK = "package.condition"


@dataclass(frozen=True)
class Condition:
    """What must be so, and when somebody looks."""

    text: str
    check_on: date


def write(package: Package, conditions: Sequence[Condition]) -> None:
    """Those of a draft; they replace the ones before. Part of a service."""
    package.conditions.all().delete()
    for one in conditions:
        row = DecisionCondition(case=package.case, package=package, check_on=one.check_on)
        cases.seal(row, package.case, text=one.text)
        row.save(force_insert=True)


def content_of(package: Package) -> list[dict[str, str]]:
    """What is signed of them."""
    box = cases.box_for(package.case)
    rows = package.conditions.order_by("check_on", "pk")
    return [{"text": box.open(row, "text"), "check_on": row.check_on.isoformat()} for row in rows]


def begin(package: Package) -> None:
    """From the decision on they are looked at; those of earlier decisions went with them. Part of a service."""
    earlier = DecisionCondition.objects.filter(case=package.case).exclude(package=package)
    for row in earlier:
        work.close_items(row.pk, kind=WORK, verb="decision.replace")
    for row in package.conditions.order_by("check_on", "pk"):
        _ask(row, package.case, on=row.check_on)


def _ask(row: DecisionCondition, case: Case, *, on: date) -> None:
    work.open_item(
        WORK,
        row,
        owner_role=Role.CASE_MANAGER,
        owner=case.case_manager_id,
        label=case.number,
        scope=case.pk,
        due=cases.end_of(on),
    )


@act
def check_condition(
    *, condition_id: UUID, outcome: str, again_on: date | None, note: str, actor: Actor, at: datetime
) -> ConditionCheck:
    """Write down whether a condition is met. What is not met is for the decider: the decision is for review (R068).

    Raises:
        Conflict: the decision was replaced, or it was found before that the condition is met or not.
        Invalid: what is not met or is put off has no reason, or the day does not lie ahead.
    """
    row = (
        DecisionCondition.objects.visible_to(actor, at=at)
        .select_related("package")
        .select_for_update(of=("self",))
        .get(pk=condition_id)
    )
    case = cases.locked_case(row.case_id, actor=actor, at=at)
    require(may_check_condition(actor, case_manager=case.case_manager_id, decider=case.decider_id))
    last = row.checks.order_by("-checked_at").first()
    if review.package_in_force(case) != row.package or (last is not None and last.outcome != "later"):
        raise Conflict("condition_settled", gettext_noop("This was settled already, or another decision holds now."))
    if outcome != "met":
        cases.require_texts(note=note)
    if (outcome == "later") != (again_on is not None) or (again_on is not None and again_on <= timezone.localdate(at)):
        fault = Fault("again_on", "invalid", gettext_noop("A day that lies ahead, and only to look again later."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    check = ConditionCheck(
        case=case, condition=row, outcome=outcome, again_on=again_on, checked_by_id=actor.user_id, checked_at=at
    )
    cases.seal(check, case, note=note)
    check.save(force_insert=True)
    work.close_items(row.pk, kind=WORK, verb="condition.check")
    if again_on is not None:
        _ask(row, case, on=again_on)
    if outcome == "not_met":
        review.mark(case, ReviewCause.CONDITION, caused_at=at, at=at)
    audit.record("condition.check", check, scope=case.pk, detail={"outcome": outcome})
    return check
