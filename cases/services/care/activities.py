"""Requests for activities: written down, decided with a reason, and compared with like cases (R110)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import connection

from cases.models import ActivityRequest
from cases.models.care.requests import ActivityOutcome
from cases.policies import may_ask_activity, may_decide_activity
from cases.services import case as cases
from cases.services.care import rows
from cases.services.care.cooperation import require_near
from cases.services.moments import add_moment
from cases.services.review import newest_level
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop

MOMENT = {"appearance": "appearance", "travel": "travel"}


@act
def ask_activity(
    *,
    case_id: UUID,
    person_id: UUID,
    sphere: str,
    kind: str,
    place: str,
    first_day: date,
    last_day: date,
    wish: str,
    actor: Actor,
    at: datetime,
) -> ActivityRequest:
    """Write down what the person wants to do; the answer is due by the house norm, and before it begins."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_ask_activity(actor))
    cases.require_texts(sphere=sphere, kind=kind, place=place, wish=wish)
    require_near(case, person_id)
    if first_day < at.date() or last_day < first_day:
        fault = Fault("first_day", "period", gettext_noop("The days lie ahead, and the last is not before the first."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    begins = datetime.combine(first_day, time(), tzinfo=UTC)
    row = ActivityRequest(
        case=case,
        person_id=person_id,
        sphere=sphere,
        kind=kind,
        place=place,
        first_day=first_day,
        last_day=last_day,
        state="asked",
        asked_by_id=actor.user_id,
        asked_at=at,
        due_at=max(at, min(norms.due("cases.care.activity", since=at), begins)),
    )
    cases.seal(row, case, wish=wish)
    row.save(force_insert=True)
    rows.ask("care.activity", row, case=case, due=row.due_at)
    audit.record("care.ask_activity", row, scope=case.pk, detail={"kind": kind})
    return row


@act
def decide_activity(
    *, activity_id: UUID, outcome: str, reasons: str, version: int, actor: Actor, at: datetime
) -> ActivityRequest:
    """Decide with a proportional reason. What takes place becomes a moment of raised risk, in whole days.

    Raises:
        Forbidden: a refusal is the decider's alone.
        Conflict: decided already.
    """
    row = rows.locked(ActivityRequest.objects.all(), activity_id, actor=actor, at=at, version=version)
    case = row.case
    named = {Role.CASE_MANAGER: case.case_manager_id, Role.DECIDER: case.decider_id}
    require(may_decide_activity(actor, named=named.get(actor.role), refuses=outcome == ActivityOutcome.NOT))
    cases.require_texts(outcome=outcome, reasons=reasons)
    if row.state == "decided":
        raise Conflict("decided", gettext_noop("This was decided already."))
    level = newest_level(case)
    row.state, row.outcome, row.resistance = "decided", outcome, level.resistance if level else None
    row.decided_by_id, row.decided_at = actor.user_id, at
    cases.seal(row, case, reasons=reasons)
    work.close_items(row.pk, kind="care.activity", verb="care.decide_activity")
    if outcome != ActivityOutcome.NOT:
        _as_moment(row, actor=actor, at=at)
    return rows.changed(row, "care.decide_activity", outcome=outcome)


def _as_moment(row: ActivityRequest, *, actor: Actor, at: datetime) -> None:
    begins = datetime.combine(row.first_day, time(), tzinfo=UTC)
    add_moment(
        row.case,
        kind=MOMENT.get(row.kind, "other"),
        starts_at=max(begins, at),
        ends_at=max(begins, at) + timedelta(days=(row.last_day - row.first_day).days + 1),
        region=row.case.region,
        description=cases.box_for(row.case).open(row, "wish"),
        by=actor,
        at=at,
    )


@dataclass(frozen=True)
class Like:
    """What became of requests like this one: of cases one sees, and of others (None: fewer than five)."""

    resistance: int | None
    outcome: str
    seen: int
    others: int | None

    @property
    def label(self) -> str:
        return str(ActivityOutcome(self.outcome).label)


def like_cases(row: ActivityRequest) -> list[Like]:
    """Outcomes of the same kind of activity by required resistance, without identities. Part of reading."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT resistance, outcome, seen, others FROM cases_like_activities(%s)", [row.kind])
        return [Like(*found) for found in cursor.fetchall()]
