"""What other systems read of capacity: plain rows since an instant, in each reader's own sight.

Each function writes the reads of persons to the trail before it returns.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from capacity.models import Assignment, DemandLine, Shift
from capacity.policies import may_see_case_cover, may_see_cover
from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, require


@dataclass(frozen=True)
class AssignmentRow:
    """A protection assignment (beveiligingsopdracht)."""

    id: UUID
    case_id: UUID
    case_number: str
    person_id: UUID
    pseudonym: str
    authority: str
    concept: str
    kind: str
    resistance: int
    tier: int
    created_at: datetime
    ended_at: datetime | None


def assignments(*, actor: Actor, at: datetime, since: datetime | None = None) -> list[AssignmentRow]:
    """Protection assignments, oldest first; with `since`, those made or ended from then on."""
    require(may_see_case_cover(actor))
    rows = Assignment.objects.visible_to(actor, at=at)
    if since is not None:
        rows = rows.filter(Q(created_at__gte=since) | Q(ended_at__gte=since))
    names = ("pk", "case_id", "case__number", "person_id", "person__pseudonym", "authority", "concept", "kind")
    more = ("resistance", "tier", "created_at", "ended_at")
    found = [AssignmentRow(*row) for row in rows.order_by("created_at", "pk").values_list(*names, *more)]
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found


@dataclass(frozen=True)
class DemandRow:
    """A demand line: one shift, counts in teams."""

    id: UUID
    assignment_id: UUID
    case_id: UUID
    person_id: UUID
    start: datetime
    end: datetime
    competence: str
    required: int
    floor: int
    tier: int
    region: str
    kind: str
    legal_bases: list[str]


def demand(*, start: datetime, end: datetime, actor: Actor, at: datetime) -> list[DemandRow]:
    """Lines that stand and begin between `start` and `end`, in order of time."""
    require(may_see_cover(actor))
    rows = DemandLine.objects.visible_to(actor, at=at).standing().filter(starts_at__gte=start, starts_at__lt=end)
    names = ("pk", "assignment_id", "case_id", "assignment__person_id", "starts_at", "ends_at", "competence")
    more = ("required", "floor", "tier", "region", "kind", "legal_bases")
    found = [DemandRow(*row) for row in rows.order_by("starts_at", "pk").values_list(*names, *more)]
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found


@dataclass(frozen=True)
class ShiftRow:
    """A published shift; `withdrawn_at` is set when a later plan replaced it."""

    id: UUID
    line_id: UUID
    case_id: UUID
    person_id: UUID
    team_id: UUID
    team: str
    start: datetime
    end: datetime
    run_id: UUID
    published_at: datetime
    withdrawn_at: datetime | None


def published_plan(*, actor: Actor, at: datetime, since: datetime | None = None) -> list[ShiftRow]:
    """Published shifts: with `since`, those published or withdrawn from then on, else those that stand."""
    require(may_see_cover(actor))
    rows = Shift.objects.visible_to(actor, at=at)
    rows = rows.standing() if since is None else rows.filter(Q(published_at__gte=since) | Q(withdrawn_at__gte=since))
    names = ("pk", "line_id", "case_id", "line__assignment__person_id", "team_id", "team__code")
    more = ("line__starts_at", "line__ends_at", "run_id", "published_at", "withdrawn_at")
    found = [ShiftRow(*row) for row in rows.order_by("line__starts_at", "pk").values_list(*names, *more)]
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found
