"""Signals: taken in from the contact log, and disposed of by an analyst, with a reason, always (R054, O3)."""

from datetime import datetime
from uuid import UUID

from cases.models import ContactEntry
from cases.services import set_signal_state
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, gettext_noop
from threat.lifecycle import Disposition, Informant
from threat.models import Signal
from threat.policies import may_dispose_signal, may_take_signal
from threat.services.case import nctv, refuse_if, text_faults
from threat.services.information import let_head_see


@act
def take_signal(*, contact_id: UUID, actor: Actor, at: datetime) -> Signal:
    """Take a signal in from the contact log, under the person's own key; analysts see it, the log shows "received".

    Raises:
        ContactEntry.DoesNotExist: unknown, or not visible to `actor`.
        IntegrityError: it was taken in before (the job's key makes that harmless).
    """
    entry = (
        ContactEntry.objects.visible_to(actor, at=at).select_related("case__person").get(pk=contact_id, is_signal=True)
    )
    require(may_take_signal(actor))
    case, key = entry.case, entry.case.person.key_id
    signal = Signal(
        case=case,
        person_id=case.person_id if entry.protect_informant else entry.person_id,
        contact=entry,
        informant=_informant(entry),
        received_at=entry.at,
        taken_at=at,
        marking=entry.marking,
        data_regime=entry.data_regime,
        provenance="contact log",
    )
    box = vault.box(key)
    box.seal(signal, "text", box.open(entry, "text"), key=key)
    signal.save(force_insert=True)
    let_head_see(case, ground="threat.signal")
    for role in (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS):
        work.open_item(
            "threat.signal",
            signal,
            owner_role=role,
            organisation=nctv().pk,
            label=case.number,
            scope=case.pk,
            due=norms.due("threat.signal", since=at),
        )
    set_signal_state(contact_id=contact_id, state="received", actor=actor, at=at)
    audit.record("signal.take", signal, scope=case.pk)
    return signal


def _informant(entry: ContactEntry) -> Informant:
    """In which role it was told; of somebody who must be protected not even that."""
    if entry.protect_informant:
        return Informant.OTHER
    if entry.informant:
        return Informant(entry.informant)
    return Informant.PERSON if entry.person_id == entry.case.person_id else Informant.RELATION


@act
def dispose_signal(*, signal_id: UUID, disposition: str, reason: str, actor: Actor, at: datetime) -> Signal:
    """Say what was done with a signal, with the reason; a later analyst may say otherwise, the history keeps both.

    The contact log learns that it was used, and never that it was not.
    """
    signal = (
        Signal.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=signal_id)
    )
    require(may_dispose_signal(actor))
    faults = text_faults(reason=reason)
    if disposition not in set(Disposition):
        faults.append(Fault("disposition", "invalid", gettext_noop("Say whether it is used.")))
    refuse_if(faults)
    key = signal.case.person.key_id
    vault.box(key).seal(signal, "reason", reason, key=key)
    signal.disposition = disposition
    signal.disposed_by_id, signal.disposed_at = actor.user_id, at
    signal.save(update_fields=["disposition", "reason", "disposed_by", "disposed_at"])
    work.close_items(signal.pk, kind="threat.signal", verb="signal.dispose")
    work.close_items(signal.pk, kind="threat.signal_overdue", verb="signal.dispose")
    if signal.contact_id is not None and disposition == Disposition.USED:
        set_signal_state(contact_id=signal.contact_id, state="used", actor=actor, at=at)
    audit.record("signal.dispose", signal, scope=signal.case_id)
    return signal
