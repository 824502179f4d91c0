"""Reports that were passed on: to who made them, and to who takes them up."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cases.models import Case, PassedReport
from cases.policies import PARTS
from cases.services import case as cases
from cases.services.reports import TOLD
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor

SHOWN = 10


@dataclass(frozen=True)
class Report:
    """A report with its texts in the clear; `case` where the actor sees that case."""

    row: PassedReport
    case: Case | None
    texts: dict[str, str] = field(repr=False)


@act
def read_passed_report(*, report_id: UUID, actor: Actor, at: datetime) -> Report:
    """One report; that its person was seen is logged where the case is known to who reads.

    Raises:
        PassedReport.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the report is about the actor, or somebody close to them.
    """
    row: PassedReport = (
        PassedReport.objects.visible_to(actor, at=at)
        .select_related("office", "reported_by", "answered_by")
        .get(pk=report_id)
    )
    case = Case.objects.visible_to(actor, at=at).select_related("person", "office").filter(pk=row.case_id).first()
    if case is not None:
        cases.require_no_conflict(actor, case)
        audit.saw([(case.person_id, case.pk)], kind="identity")
    box = vault.box(row.key_id)
    return Report(row, case, {name: box.open(row, name) for name in (*TOLD, "answer")})


def reports_on(case: Case, *, actor: Actor, at: datetime) -> list[PassedReport]:
    """What was passed on about the person, for who takes it up. Part of reading a case."""
    if actor.role not in PARTS["identity"]:
        return []
    return list(PassedReport.objects.visible_to(actor, at=at).filter(case=case).order_by("-reported_at", "pk"))


@act
def my_reports(*, actor: Actor, at: datetime) -> list[PassedReport]:
    """The newest that the actor passed on, without their texts."""
    mine = PassedReport.objects.visible_to(actor, at=at).filter(reported_by_id=actor.user_id)
    return list(mine.order_by("-reported_at", "pk")[:SHOWN])
