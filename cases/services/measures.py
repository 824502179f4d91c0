"""What becomes of ordered measures: reports of those who carry them out, review, the end by the authority alone."""

from datetime import date, datetime, timedelta
from uuid import UUID

from cases.lifecycle import MEASURE_LIFECYCLE, Authority
from cases.models import Case, Measure, MeasureReport
from cases.models.care.life import Occasion
from cases.policies import (
    may_end_measure,
    may_report_measure,
    may_review_measure,
    may_verify_measure,
)
from cases.services import case as cases
from cases.services.care.life import require_signed
from cases.services.catalogue import Dated
from stelsel.kernel import audit, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, Invalid, Stale, gettext_noop

INSTANT = {"accept": "accepted_at", "put_in_place": "in_place_at", "verify": "verified_at"}
UNTIL_IN_PLACE = ("measure.not_in_place", "measure.fell_away", "measure.chase", "measure.promise_broken")
UNTIL_VERIFIED = ("measure.verify", "measure.verify_late")
UNTIL_REVIEWED = ("measure.review", "measure.review_late")
SETTLES: dict[str, tuple[str, ...]] = {
    "put_in_place": UNTIL_IN_PLACE,
    "verify": (*UNTIL_IN_PLACE, *UNTIL_VERIFIED),
    "fall_away": UNTIL_VERIFIED,
    "promise": ("measure.chase", "measure.promise_broken"),
    "review": UNTIL_REVIEWED,
    "continue": UNTIL_REVIEWED,
    "end": (*UNTIL_IN_PLACE, *UNTIL_VERIFIED, *UNTIL_REVIEWED),
}
"""Which work each act on a measure settles."""


def in_place_due(measure: Measure, catalogue: Dated) -> datetime:
    """By when the measure is in place, by the house norm of its kind on the day it was ordered."""
    entry = catalogue.entry(measure.kind, on=measure.ordered_at.date())
    return measure.ordered_at + timedelta(hours=entry.in_place_hours)


def locked_measure(measure_id: UUID, *, actor: Actor, at: datetime, version: int | None) -> Measure:
    measure: Measure = (
        Measure.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(pk=measure_id)
    )
    if version is not None and version != measure.version:
        raise Stale(theirs={"state": measure.get_state_display()}, version=measure.version)
    return measure


def ask_keeper(kind: str, measure: Measure, *, due: datetime) -> None:
    """Put work about a measure with who runs the case: its case manager, or the adviser of the office."""
    case: Case = measure.case
    named = case.case_manager_id
    work.open_item(
        kind,
        measure,
        owner_role=Role.CASE_MANAGER if named else Role.PROSECUTION_ADVISER,
        owner=named,
        organisation=None if named else case.office_id,
        label=case.number,
        scope=case.pk,
        due=due,
    )


def ask_executor(kind: str, measure: Measure, *, due: datetime) -> None:
    """Put work about a measure with who carries it out: the LCC for the NCTV, the police of the region before that."""
    ours = measure.ordered_under == Authority.NCTV
    work.open_item(
        kind,
        measure,
        owner_role=Role.LCC_COORDINATOR if ours else Role.POLICE_RCCB,
        organisation=cases.lcc().pk if ours else None,
        label=measure.case.number,
        scope=measure.case_id,
        due=due,
    )


def changed(measure: Measure, step: str) -> None:
    """Save the measure, settle the work that this step settles, and write the act. Part of a service."""
    measure.version += 1
    measure.save()
    for kind in SETTLES.get(step, ()):
        work.close_items(measure.pk, kind=kind, verb=f"measure.{step}")
    audit.record(f"measure.{step}", measure, scope=measure.case_id)


def write_report(
    measure: Measure, step: str, *, note: str, actor: Actor, at: datetime, promised_on: date | None = None
) -> MeasureReport:
    """Add to what is known of the measure. Part of a service."""
    report = MeasureReport(
        measure=measure,
        case=measure.case,
        step=step,
        promised_on=promised_on,
        reported_by_id=actor.user_id,
        reported_at=at,
    )
    key = measure.case.person.key_id
    vault.box(key).seal(report, "note", note, key=key)
    report.save(force_insert=True)
    return report


@act
def report_measure(
    *, measure_id: UUID, step: str, note: str, actor: Actor, at: datetime, version: int | None = None
) -> MeasureReport:
    """Those who carry a measure out report that it was accepted, is in place, was verified, or fell away.

    "fall_away" is no ending: only the authority ends a measure. The measure stands as ordered again, not in place, and
    who runs the case is told at once. Once in place it is verified at the interval of its kind.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    require(may_verify_measure(actor) if step == "verify" else may_report_measure(actor))
    measure.state = MEASURE_LIFECYCLE.apply(step, state=measure.state)
    if step == "fall_away":
        cases.require_texts(note=note)
        measure.accepted_at = measure.in_place_at = measure.verified_at = None
        measure.verify_due = measure.promised_on = None
        ask_keeper("measure.fell_away", measure, due=at)
    else:
        setattr(measure, INSTANT[step], at)
    if step in {"put_in_place", "verify"}:
        entry = Dated().entry(measure.kind, on=measure.ordered_at.date())
        measure.verify_due = (at + timedelta(days=entry.verify_days)).date()
        measure.chased_at = None
    changed(measure, step)
    report = write_report(measure, step, note=note, actor=actor, at=at)
    if step == "fall_away":
        cases.need_changed(measure.case, why="measure_fell_away", subject=report)
    return report


@act
def review_measure(
    *, measure_id: UUID, note: str, review_due: date, version: int, actor: Actor, at: datetime
) -> MeasureReport:
    """Continue a measure after looking at it again; a review date that passed ends nothing by itself.

    Raises:
        Invalid: without a reason, or the next review does not lie ahead.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    authority = Authority(cases.authority_now(measure.person_id, at=at).authority)
    require(may_review_measure(actor, authority=authority, case_manager=measure.case.case_manager_id))
    cases.require_texts(note=note)
    MEASURE_LIFECYCLE.apply("end", state=measure.state)  # what was ended is not continued
    if review_due <= at.date():
        fault = Fault("review_due", "past", gettext_noop("Choose a day that lies ahead."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    measure.review_due = review_due
    changed(measure, "review")
    return write_report(measure, "review", note=note, actor=actor, at=at)


@act
def end_measure(*, measure_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> Measure:
    """End a measure by decision of the authority that holds now; nothing else ends one.

    Raises:
        Conflict: the answers on article 2 ECHR were not signed by somebody else than who wrote them.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    measure.state = MEASURE_LIFECYCLE.apply("end", state=measure.state)
    authority = Authority(cases.authority_now(measure.person_id, at=at).authority)
    require(may_end_measure(actor, authority=authority))
    cases.require_texts(reason=reason)
    require_signed(measure.case, Occasion.ENDING, measure.pk)
    measure.ended_at = at
    key = measure.case.person.key_id
    vault.box(key).seal(measure, "end_reason", reason, key=key)
    changed(measure, "end")
    cases.need_changed(measure.case, why="measure_ended", subject=measure)
    return measure
