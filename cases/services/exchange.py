"""What other systems read of measures: plain rows in the reader's own sight, each read in the trail."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.models import Measure, RaisedRiskMoment
from cases.policies import may_see
from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, require


@dataclass(frozen=True)
class MeasureRow:
    """A measure as those who carry it out know it; `version` is what a report is based on."""

    id: UUID
    case_id: UUID
    person_id: UUID
    pseudonym: str
    kind: str
    state: str
    ordered_at: datetime
    in_place_at: datetime | None
    verified_at: datetime | None
    verify_due: date | None
    promised_on: date | None
    chased_at: datetime | None
    version: int


def measures(*, actor: Actor, at: datetime) -> list[MeasureRow]:
    """Measures in force, oldest order first."""
    require(may_see("measures", actor))
    names = ("pk", "case_id", "person_id", "person__pseudonym", "kind", "state", "ordered_at")
    more = ("in_place_at", "verified_at", "verify_due", "promised_on", "chased_at", "version")
    rows = Measure.objects.visible_to(actor, at=at).in_force().order_by("ordered_at", "pk")
    found = [MeasureRow(*row) for row in rows.values_list(*names, *more)]
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found


@dataclass(frozen=True)
class MomentRow:
    """A moment of raised risk; its description stays sealed."""

    id: UUID
    case_id: UUID
    person_id: UUID
    kind: str
    start: datetime
    end: datetime
    region: str


def risk_moments(*, actor: Actor, at: datetime) -> list[MomentRow]:
    """Moments of raised risk that are not over, in order of time."""
    require(may_see("measures", actor))
    rows = RaisedRiskMoment.objects.visible_to(actor, at=at).filter(ends_at__gt=at)
    names = ("pk", "case_id", "case__person_id", "kind", "starts_at", "ends_at", "region")
    found = [MomentRow(*row) for row in rows.order_by("starts_at", "pk").values_list(*names)]
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found
