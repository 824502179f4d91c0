"""Contact: the duty to inform, what the person tells, moments of raised risk."""

from datetime import datetime
from uuid import UUID

from cases.models import Case, ContactEntry, InformDuty, Person, RaisedRiskMoment
from cases.policies import may_keep_contact, may_report_on_signal, may_report_risk_moment
from cases.services import case as cases
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act, current
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType


def open_duty(case: Case, *, person: Person, about: str, subject_id: UUID, contact: UUID) -> InformDuty:
    """Open the duty to inform this person about something; the named contact fulfils it. Part of a service."""
    unit = current()
    if unit is None:
        raise RuntimeError("a duty needs a unit of work")
    kept = InformDuty.objects.filter(person=person, about=about, subject_id=subject_id).first()
    if kept is not None:
        return kept
    duty = InformDuty.objects.create(
        case=case,
        person=person,
        about=about,
        subject_id=subject_id,
        contact_id=contact,
        opened_at=unit.at,
        due_at=norms.due("cases.inform", since=unit.at),
    )
    work.open_item(
        "inform.person",
        duty,
        owner_role=Role.CASE_MANAGER,
        owner=contact,
        label=case.number,
        scope=case.pk,
        due=duty.due_at,
    )
    return duty


@act
def open_inform_duty(
    *, case_id: UUID, person_id: UUID, about: str, subject_id: UUID, actor: Actor, at: datetime
) -> InformDuty:
    """Open a duty to inform from another part of the system (a published choice when capacity fell short)."""
    case = Case.objects.visible_to(actor, at=at).get(pk=case_id)
    person = Person.objects.get(pk=person_id)
    contact = case.case_manager_id or actor.user_id
    return open_duty(case, person=person, about=about, subject_id=subject_id, contact=contact)


@act
def settle_duty(
    *, duty_id: UUID, channel: str, told: str, withheld_ground: str, actor: Actor, at: datetime
) -> InformDuty:
    """Record that the person was told, how and what, or the ground on which it is withheld: one of the two."""
    duty = (
        InformDuty.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=duty_id)
    )
    require(may_keep_contact(actor))
    if duty.settled_at is not None:
        raise Conflict("settled", gettext_noop("This was settled already."))
    if bool(channel) == bool(withheld_ground):
        fault = Fault(
            "channel",
            "one_of_two",
            gettext_noop("Say how the person was told, or on which ground it is withheld."),
        )
        raise Invalid("incomplete", fault.message, faults=(fault,))
    if channel and not told.strip():
        fault = Fault("told", "required", gettext_noop("Write down what was told. Give no times or teams."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    cases.box_for(duty.case).seal(duty, "told", told, key=duty.case.person.key_id)
    duty.channel, duty.withheld_ground = channel, withheld_ground
    duty.settled_at, duty.settled_by_id = at, actor.user_id
    duty.save()
    verb = "inform.tell" if channel else "inform.withhold"
    work.close_items(duty.pk, kind="inform.person", verb=verb)
    audit.record(verb, duty, scope=duty.case_id, reason=withheld_ground)
    return duty


@act
def log_contact(
    *, case_id: UUID, person_id: UUID, text: str, is_signal: bool, actor: Actor, at: datetime
) -> ContactEntry:
    """Write what was said in the contact log; as a signal it goes to threat analysis, where it must be disposed of."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_contact(actor))
    if not text.strip():
        fault = Fault("text", "required", gettext_noop("Fill this in."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    if person_id not in {person.pk for person in _people(case)}:
        raise Person.DoesNotExist
    entry = ContactEntry(
        case=case,
        person_id=person_id,
        at=at,
        by_id=actor.user_id,
        is_signal=is_signal,
        signal_state="sent" if is_signal else "",
    )
    cases.box_for(case).seal(entry, "text", text, key=case.person.key_id)
    entry.save(force_insert=True)
    if is_signal:
        nctv = OrganisationKind.NCTV
        gate.share(InformationType.SIGNAL, entry, provider=nctv, receiver=nctv, on=at.date(), scope=case.pk)
        enqueue("threat.take_signal", key=str(entry.pk), contact_id=entry.pk)
    audit.record("contact.log", entry, scope=case.pk, detail={"signal": is_signal})
    return entry


def _people(case: Case) -> list[Person]:
    return [case.person, *(relation.person for relation in case.relations.select_related("person"))]


@act
def set_signal_state(*, contact_id: UUID, state: str, actor: Actor, at: datetime) -> None:
    """Show on the case that a signal was received or used; nothing else of its fate comes back here."""
    entry = ContactEntry.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=contact_id)
    require(may_report_on_signal(actor))
    entry.signal_state = state
    entry.save(update_fields=["signal_state"])


@act
def report_risk_moment(
    *,
    case_id: UUID,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    region: str,
    description: str,
    actor: Actor,
    at: datetime,
) -> RaisedRiskMoment:
    """Report a moment of raised risk (verhoogd risicomoment, Circulaire 2026 par. 3.3)."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_report_risk_moment(actor))
    if ends_at <= starts_at or starts_at < at:
        fault = Fault("starts_at", "period", gettext_noop("The moment lies ahead and ends after it begins."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    return add_moment(
        case,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        region=region,
        description=description,
        by=actor,
        at=at,
    )


def add_moment(
    case: Case,
    *,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    region: str,
    description: str,
    by: Actor,
    at: datetime,
) -> RaisedRiskMoment:
    """Write a moment of raised risk on the case. Part of a service."""
    moment = RaisedRiskMoment(
        case=case,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        region=region,
        reported_by_id=by.user_id,
        reported_at=at,
    )
    cases.box_for(case).seal(moment, "description", description, key=case.person.key_id)
    moment.save(force_insert=True)
    cases.touch(case, at=at)
    audit.record("risk_moment.report", moment, scope=case.pk, detail={"kind": kind})
    return moment
