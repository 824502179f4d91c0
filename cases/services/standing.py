"""What a new decision makes of the measures that stand: each goes on or ends, and none is left unmentioned.

A decision is changed or withdrawn by a decision (decision record 0019): what the last one did not name would stay in
force on reasons that nobody holds any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from cases.lifecycle import MEASURE_LIFECYCLE, PlannedStep
from cases.models import Case, Measure, Package, PlannedMeasure
from cases.services import case as cases
from cases.services.measures import changed, write_report
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Conflict, gettext_noop


@dataclass(frozen=True)
class Planned:
    """A measure as the case manager plans it; what is left out is as the catalogue has it.

    With `standing_id` it says of a measure in force that it goes on, with these numbers, or ends; person and kind are
    those of the measure.
    """

    person_id: UUID
    kind: str
    starts_on: date
    region: str
    required: int | None = None
    floor: int | None = None
    shifts: str = ""
    step: str = PlannedStep.ORDER
    standing_id: UUID | None = None


def in_force(case: Case) -> list[Measure]:
    """The measures that stand, locked. Part of a service."""
    found = Measure.objects.in_force().filter(case=case).select_for_update(of=("self",))
    return list(found.select_related("case__person").order_by("kind", "pk"))


def lines_now(measures: Sequence[Measure]) -> dict[UUID, PlannedMeasure]:
    """Per measure the line of the newest decision on it; one that was ordered by telephone alone has none."""
    decided = PlannedMeasure.objects.filter(
        Q(measure__in=measures) | Q(standing__in=measures), package__state="decided"
    )
    return {
        one.carried.pk: one for one in decided.select_related("measure", "standing").order_by("package__decided_at")
    }


def going_on(case: Case, *, on: date) -> list[Planned]:
    """Every measure in force as it goes on from `on`, with the numbers it has now. Part of a service or of reading."""
    found = list(Measure.objects.in_force().filter(case=case).order_by("kind", "pk"))
    now = lines_now(found)
    return [_going_on(one, now.get(one.pk), region=case.region, on=on) for one in found]


def _going_on(measure: Measure, line: PlannedMeasure | None, *, region: str, on: date) -> Planned:
    return Planned(
        person_id=measure.person_id,
        kind=measure.kind,
        starts_on=max(line.starts_on, on) if line else on,
        region=line.region if line else region,
        required=line.required if line else None,
        floor=line.floor if line else None,
        shifts=line.shifts if line else "",
        step=PlannedStep.CONTINUE,
        standing_id=measure.pk,
    )


def require_settled(package: Package) -> list[Measure]:
    """Refuse a package that leaves a measure in force unmentioned, or names one that ended. Part of a service.

    Raises:
        Conflict: a measure was ordered or ended since the package was written.
    """
    found = in_force(package.case)
    named = package.planned.exclude(standing=None).values_list("standing_id", flat=True)
    if set(named) != {one.pk for one in found}:
        raise Conflict(
            "measures_changed",
            gettext_noop("Say of every measure in force whether it goes on or ends. They may have changed meanwhile."),
        )
    return found


def settle(planned: PlannedMeasure, package: Package, *, reasons: str, actor: Actor, at: datetime) -> None:
    """Let the measure go on under this decision, or end it by it. Part of a service.

    What was ordered by telephone is provisional until a decision lets it go on.
    """
    measure = planned.carried
    if planned.step == PlannedStep.END:
        measure.state, measure.ended_at = MEASURE_LIFECYCLE.apply("end", state=measure.state), at
        cases.seal(measure, package.case, end_reason=reasons)
        changed(measure, "end")
        cases.need_changed(package.case, why="measure_ended", subject=measure)
        return
    measure.review_due, measure.provisional = package.review_due, False
    changed(measure, "continue")
    write_report(measure, "continue", note="", actor=actor, at=at)
