"""What becomes of ordered measures: reports from those who carry them out, and ending by the authority alone."""

from datetime import datetime, timedelta
from uuid import UUID

from cases.lifecycle import MEASURE_LIFECYCLE, Authority
from cases.models import Measure, MeasureReport
from cases.models.care.life import Occasion
from cases.policies import may_end_measure, may_report_measure
from cases.services import case as cases
from cases.services.care.life import require_signed
from cases.services.catalogue import Dated
from stelsel.kernel import audit, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Stale

INSTANT = {"accept": "accepted_at", "put_in_place": "in_place_at", "verify": "verified_at"}


def in_place_due(measure: Measure, catalogue: Dated) -> datetime:
    """By when the measure is in place, by the house norm of its kind on the day it was ordered."""
    entry = catalogue.entry(measure.kind, on=measure.ordered_at.date())
    return measure.ordered_at + timedelta(hours=entry.in_place_hours)


def locked_measure(measure_id: UUID, *, actor: Actor, at: datetime, version: int | None) -> Measure:
    measure: Measure = (
        Measure.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=measure_id)
    )
    if version is not None and version != measure.version:
        raise Stale(theirs={"state": measure.get_state_display()}, version=measure.version)
    return measure


@act
def report_measure(
    *, measure_id: UUID, step: str, note: str, actor: Actor, at: datetime, version: int | None = None
) -> MeasureReport:
    """Those who carry a measure out report that it was accepted, is in place, was verified, or fell away.

    "fall_away" is no ending: only the authority ends a measure. The measure stands as ordered again, not in place, and
    the case manager is told at once.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    require(may_report_measure(actor))
    measure.state = MEASURE_LIFECYCLE.apply(step, state=measure.state)
    if step == "fall_away":
        cases.require_texts(note=note)
        measure.accepted_at = measure.in_place_at = measure.verified_at = None
        work.open_item(
            "measure.fell_away",
            measure,
            owner_role=Role.CASE_MANAGER,
            owner=measure.case.case_manager_id,
            label=measure.case.number,
            scope=measure.case_id,
            due=at,
        )
    else:
        setattr(measure, INSTANT[step], at)
        if step != "accept":
            for kind in ("measure.not_in_place", "measure.fell_away"):
                work.close_items(measure.pk, kind=kind, verb=f"measure.{step}")
    measure.version += 1
    measure.save()
    report = MeasureReport(measure=measure, case=measure.case, step=step, reported_by_id=actor.user_id, reported_at=at)
    key = measure.case.person.key_id
    vault.box(key).seal(report, "note", note, key=key)
    report.save(force_insert=True)
    audit.record(f"measure.{step}", measure, scope=measure.case_id)
    return report


@act
def end_measure(*, measure_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> Measure:
    """End a measure by decision of the authority that holds now; nothing else ends one.

    Raises:
        Conflict: the answers on article 2 ECHR were not signed by somebody else than who wrote them.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    authority = Authority(cases.authority_now(measure.person_id, at=at).authority)
    require(may_end_measure(actor, authority=authority))
    cases.require_texts(reason=reason)
    state = MEASURE_LIFECYCLE.apply("end", state=measure.state)
    require_signed(measure.case, Occasion.ENDING, measure.pk)
    measure.state = state
    measure.ended_at = at
    key = measure.case.person.key_id
    vault.box(key).seal(measure, "end_reason", reason, key=key)
    measure.version += 1
    measure.save()
    for kind in ("measure.not_in_place", "measure.fell_away", "measure.review"):
        work.close_items(measure.pk, kind=kind, verb="measure.end")
    audit.record("measure.end", measure, scope=measure.case_id)
    return measure
