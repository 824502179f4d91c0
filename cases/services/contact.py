"""Contact: the duty to inform, and what the person tells."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import Topic
from cases.models import Case, ContactEntry, InformDuty, Person
from cases.policies import may_keep_contact, may_report_on_signal
from cases.services import case as cases
from cases.services.plan import contact_kept, one_of
from cases.services.telling import TOPIC_OF, WITHHOLD, Said, record
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
    *,
    duty_id: UUID,
    channel: str,
    told: str,
    withheld_ground: str,
    review_on: date | None = None,
    protects_life: bool = False,
    actor: Actor,
    at: datetime,
) -> InformDuty:
    """Record that the person was told, how and what, or the ground on which it is withheld: one of the two.

    What is withheld is looked at again on `review_on` (without it after the house norm).
    """
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
    said = Said(
        topic=TOPIC_OF.get(duty.about, Topic.PROCESS),
        channel=channel,
        told=told,
        protects_life=protects_life,
        ground=f"{WITHHOLD}{withheld_ground}" if withheld_ground else "",
        review_on=review_on or (at + norms.term("cases.withheld.review", at=at)).date(),
    )
    record(duty.case, duty.person_id, said, duty=duty, actor=actor, at=at)
    if channel:
        contact_kept(duty.case, person_id=duty.person_id, reached=True, at=at)
    cases.box_for(duty.case).seal(duty, "told", told, key=duty.case.person.key_id)
    duty.channel, duty.withheld_ground = channel, withheld_ground
    duty.settled_at, duty.settled_by_id = at, actor.user_id
    duty.save()
    verb = "inform.tell" if channel else "inform.withhold"
    work.close_items(duty.pk, kind="inform.person", verb=verb)
    audit.record(verb, duty, scope=duty.case_id, reason=withheld_ground)
    return duty


@dataclass(frozen=True)
class Heard:
    """How contact was made, and who told what; `repeats` is the earlier entry that says the same."""

    channel: str = ""
    reached: bool = True
    informant: str = ""
    protect_informant: bool = False
    repeats: UUID | None = None


@act
def log_contact(
    *,
    case_id: UUID,
    person_id: UUID,
    text: str,
    is_signal: bool,
    heard: Heard = Heard(),  # frozen, without parts that change
    actor: Actor,
    at: datetime,
) -> ContactEntry:
    """Write what was said in the contact log; as a signal it goes to threat analysis, where it must be disposed of.

    The same signal told again is taken in again and linked to the one before; it is never dropped as known.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_contact(actor))
    faults = _faults(text, is_signal=is_signal, heard=heard)
    if faults:
        raise Invalid("incomplete", faults[0].message, faults=tuple(faults))
    one_of(case, person_id)
    repeats = heard.repeats and ContactEntry.objects.visible_to(actor, at=at).get(pk=heard.repeats, case=case).pk
    entry = ContactEntry(
        case=case,
        person_id=person_id,
        at=at,
        by_id=actor.user_id,
        channel=heard.channel,
        reached=heard.reached,
        informant=heard.informant,
        protect_informant=heard.protect_informant,
        repeats_id=repeats,
        is_signal=is_signal,
        signal_state="sent" if is_signal else "",
    )
    cases.box_for(case).seal(entry, "text", text, key=case.person.key_id)
    entry.save(force_insert=True)
    if heard.informant in ("", "person", "relation"):  # what an employer or guard tells is no contact with the person
        contact_kept(case, person_id=person_id, reached=heard.reached, at=at)
    if is_signal:
        nctv = OrganisationKind.NCTV
        gate.share(InformationType.SIGNAL, entry, provider=nctv, receiver=nctv, on=at.date(), scope=case.pk)
        enqueue("threat.take_signal", key=str(entry.pk), contact_id=entry.pk)
    verb = "contact.log" if heard.reached else "contact.attempt"
    audit.record(verb, entry, scope=case.pk, detail={"signal": is_signal})
    return entry


def _faults(text: str, *, is_signal: bool, heard: Heard) -> list[Fault]:
    found = []
    if not text.strip():
        found.append(Fault("text", "required", gettext_noop("Fill this in.")))
    if is_signal and not heard.reached:
        found.append(Fault("is_signal", "not_reached", gettext_noop("An attempt that failed carries no signal.")))
    return found


@act
def set_signal_state(*, contact_id: UUID, state: str, actor: Actor, at: datetime) -> None:
    """Show on the case that a signal was received or used; nothing else of its fate comes back here."""
    entry = ContactEntry.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=contact_id)
    require(may_report_on_signal(actor))
    entry.signal_state = state
    entry.save(update_fields=["signal_state"])
