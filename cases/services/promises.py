"""Promise against reality: a date for what is not there yet, asking for one, correcting what the family was told."""

from datetime import date, datetime
from uuid import UUID

from cases.models import Correction, Measure, MeasureReport
from cases.policies import may_chase_measure, may_keep_contact, may_report_measure
from cases.services.contact import log_contact
from cases.services.measures import ask_executor, changed, locked_measure, write_report
from stelsel.kernel import audit, norms
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop

NOT_THERE = ("ordered", "accepted")


@act
def promise_date(
    *,
    measure_id: UUID,
    promised_on: date,
    supplier: str,
    note: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> MeasureReport:
    """Those who carry a measure out say by which day it is in place, and who supplies or installs it.

    Raises:
        Conflict: it is in place, or was ended.
        Invalid: the day is past.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    require(may_report_measure(actor))
    _require_open(measure)
    if promised_on < at.date():
        fault = Fault("promised_on", "past", gettext_noop("Choose today or a day that lies ahead."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    measure.promised_on, measure.chased_at = promised_on, None
    measure.supplier = supplier.strip() or measure.supplier
    changed(measure, "promise")
    return write_report(measure, "promise", note=note, promised_on=promised_on, actor=actor, at=at)


@act
def chase_measure(*, measure_id: UUID, note: str, version: int, actor: Actor, at: datetime) -> MeasureReport:
    """Ask who carries a measure out for a date; it is work for them, and their systems read it over the API.

    Raises:
        Conflict: it is in place or was ended, or was asked already and not answered yet.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    require(may_chase_measure(actor))
    _require_open(measure)
    if measure.chased_at is not None:
        raise Conflict("chased", gettext_noop("A date was asked for already; the answer is awaited."))
    measure.chased_at = at
    changed(measure, "chase")
    ask_executor("measure.chase", measure, due=norms.due("cases.measure.chase", since=at))
    return write_report(measure, "chase", note=note, actor=actor, at=at)


def _require_open(measure: Measure) -> None:
    if measure.state not in NOT_THERE:
        raise Conflict("not_open", gettext_noop("This measure is in place or was ended: there is nothing to wait for."))


@act
def correct_told(*, measure_id: UUID, person_id: UUID, text: str, actor: Actor, at: datetime) -> Correction:
    """Set right what a person was told about a measure: an entry of the contact log, tied to the measure."""
    measure = locked_measure(measure_id, actor=actor, at=at, version=None)
    require(may_keep_contact(actor))
    entry = log_contact(case_id=measure.case_id, person_id=person_id, text=text, is_signal=False, actor=actor, at=at)
    correction = Correction.objects.create(case=measure.case, measure=measure, entry=entry)
    audit.record("inform.correct", measure, scope=measure.case_id)
    return correction
