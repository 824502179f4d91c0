"""The handover file: what the prosecutor's side supplies, both signatures, what is missing as work with a clock."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import HANDOVER_CHECKLIST, HANDOVER_LIFECYCLE
from cases.models import Case, Handover, HandoverItem, KeyHolder
from cases.policies import may_accept_handover, may_offer_handover, may_supply_handover
from cases.services.continuity import continuity, signed_lines
from stelsel.kernel import audit, norms, signing, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType


def open_file(case: Case, *, at: datetime) -> Handover:
    """Open the file at designation. Part of a service."""
    kept = Handover.objects.filter(case=case).first()
    if kept is not None:
        return kept
    handover = Handover.objects.create(
        case=case,
        state=HANDOVER_LIFECYCLE.initial,
        due_at=norms.due("cases.handover", since=at),
        created_at=at,
        provenance=case.office.name,
    )
    for code in HANDOVER_CHECKLIST:
        HandoverItem.objects.create(handover=handover, case=case, code=code)
    work.open_item(
        "handover.supply",
        handover,
        owner_role=Role.PROSECUTION_ADVISER,
        organisation=case.office_id,
        label=case.number,
        scope=case.pk,
        due=handover.due_at,
    )
    return handover


@dataclass(frozen=True)
class Supplied:
    """An item of the checklist as the file has it: its text, or that it does not apply."""

    code: str
    text: str = ""
    not_applicable: bool = False

    @property
    def there(self) -> bool:
        return self.not_applicable or bool(self.text.strip())


def locked_handover(handover_id: UUID, *, actor: Actor, at: datetime, version: int) -> Handover:
    handover = (
        Handover.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(pk=handover_id)
    )
    if handover.version != version:
        theirs = {item.code: item.text for item in contents(handover)}
        raise Stale(theirs=theirs, version=handover.version)
    return handover


def contents(handover: Handover) -> list[Supplied]:
    """The checklist in its order, opened."""
    box = vault.box(handover.case.person.key_id)
    rows = {item.code: item for item in handover.items.all()}
    return [
        Supplied(code=code, text=box.open(rows[code], "text"), not_applicable=rows[code].not_applicable)
        for code in HANDOVER_CHECKLIST
    ]


def missing(handover: Handover) -> list[str]:
    """What the file lacks: items of the checklist, and key holders that nobody knows."""
    gaps = KeyHolder.objects.filter(case=handover.case_id, unknown=True, withdrawn_at=None)
    absent = [item.code for item in contents(handover) if not item.there]
    return [*absent, "key_holders"] if gaps.exists() else absent


@dataclass(frozen=True)
class Holder:
    """Who holds keys or codes of premises, or is called about them, opened."""

    row: KeyHolder
    premises: str = field(repr=False)
    holder: str = field(repr=False)
    reach: str = field(repr=False)


def key_holders(handover: Handover) -> list[Holder]:
    box = vault.box(handover.case.person.key_id)
    rows = KeyHolder.objects.filter(case=handover.case_id, withdrawn_at=None).order_by("supplied_at", "pk")
    return [Holder(row, *(box.open(row, name) for name in ("premises", "holder", "reach"))) for row in rows]


@act
def record_key_holder(
    *,
    handover_id: UUID,
    holds: str,
    unknown: bool,
    premises: str,
    holder: str,
    reach: str,
    version: int,
    actor: Actor,
    at: datetime,
) -> KeyHolder:
    """Say who holds the keys or codes of premises, or that nobody knows: then it is a gap of the file.

    Raises:
        Invalid: neither a holder nor "not known", or both.
    """
    handover = locked_handover(handover_id, actor=actor, at=at, version=version)
    require(may_supply_handover(actor))
    HANDOVER_LIFECYCLE.apply("propose", state=handover.state)
    if not premises.strip():
        fault = Fault("premises", "required", gettext_noop("Fill this in."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    if unknown == bool(holder.strip()):
        fault = Fault("holder", "one_of_two", gettext_noop("Name who it is, or say that it is not known."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    row = KeyHolder(case=handover.case, holds=holds, unknown=unknown, supplied_by_id=actor.user_id, supplied_at=at)
    key = handover.case.person.key_id
    box = vault.box(key)
    for name, text in (("premises", premises), ("holder", holder), ("reach", reach)):
        if text.strip():
            box.seal(row, name, text, key=key)
    row.save(force_insert=True)
    _changed(handover, "handover.key_holder")
    return row


@act
def withdraw_key_holder(*, key_holder_id: UUID, actor: Actor, at: datetime) -> KeyHolder:
    """It is not so any more: the row stays, and is not part of the file."""
    row = (
        KeyHolder.objects.visible_to(actor, at=at)
        .select_for_update(of=("self",))
        .get(pk=key_holder_id, withdrawn_at=None)
    )
    handover = Handover.objects.select_related("case__person").select_for_update(of=("self",)).get(case=row.case_id)
    require(may_supply_handover(actor))
    HANDOVER_LIFECYCLE.apply("propose", state=handover.state)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _changed(handover, "handover.key_holder")
    return row


@act
def supply(*, handover_id: UUID, items: list[Supplied], version: int, actor: Actor, at: datetime) -> Handover:
    """Write items of the checklist; an item that is left empty stays missing."""
    handover = locked_handover(handover_id, actor=actor, at=at, version=version)
    require(may_supply_handover(actor))
    HANDOVER_LIFECYCLE.apply("propose", state=handover.state)
    key = handover.case.person.key_id
    box = vault.box(key)
    rows = {item.code: item for item in handover.items.select_for_update()}
    for item in items:
        row = rows[item.code]
        if (box.open(row, "text"), row.not_applicable) == (item.text, item.not_applicable):
            continue
        box.seal(row, "text", item.text, key=key)
        row.not_applicable, row.supplied_by_id, row.supplied_at = item.not_applicable, actor.user_id, at
        row.save()
    return _changed(handover, "handover.supply")


def offered_content(handover: Handover) -> dict[str, object]:
    """What both sides sign: every item as it stands, the key holders, and the measures before and now."""
    return {
        "case": handover.case.number,
        "continuity": signed_lines(handover),
        "key_holders": [[one.row.holds, one.premises, one.holder, one.reach] for one in key_holders(handover)],
        **{item.code: "n/a" if item.not_applicable else item.text for item in contents(handover)},
    }


@act
def offer(*, handover_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> Handover:
    """The chief prosecutor offers the complete file, signed.

    Raises:
        Invalid: something is missing; every missing item is named.
    """
    handover = locked_handover(handover_id, actor=actor, at=at, version=version)
    case = handover.case
    require(may_offer_handover(actor, office=case.office_id))
    handover.state = HANDOVER_LIFECYCLE.apply("propose", state=handover.state)
    absent = missing(handover)
    if absent:
        faults = tuple(Fault(name, "missing", gettext_noop("This is missing.")) for name in absent)
        raise Invalid("incomplete", gettext_noop("The handover file is not complete."), faults=faults)
    handover.offered_signature = signing.sign(handover, offered_content(handover), actor=actor, at=at, code=code)
    gate.share(
        InformationType.HANDOVER_FILE,
        handover,
        provider=OrganisationKind.PROSECUTION,
        receiver=OrganisationKind.NCTV,
        on=at.date(),
        scope=case.pk,
    )
    work.close_items(handover.pk, kind="handover.supply", verb="handover.offer")
    work.open_item(
        "handover.accept",
        handover,
        owner_role=Role.CASE_MANAGER,
        owner=case.case_manager_id,
        label=case.number,
        scope=case.pk,
        due=handover.due_at,
    )
    return _changed(handover, "handover.offer")


@act
def return_file(*, handover_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> Handover:
    """Send the file back with what is wrong; authority and measures stay as they are."""
    handover = locked_handover(handover_id, actor=actor, at=at, version=version)
    require(may_accept_handover(actor, case_manager=handover.case.case_manager_id))
    if not reason.strip():
        fault = Fault("reason", "required", gettext_noop("Fill this in."))
        raise Invalid("incomplete", gettext_noop("Say what is missing or wrong."), faults=(fault,))
    handover.state = HANDOVER_LIFECYCLE.apply("return", state=handover.state)
    key = handover.case.person.key_id
    vault.box(key).seal(handover, "return_reason", reason, key=key)
    handover.offered_signature = None
    work.close_items(handover.pk, kind="handover.accept", verb="handover.return")
    work.open_item(
        "handover.supply",
        handover,
        owner_role=Role.PROSECUTION_ADVISER,
        organisation=handover.case.office_id,
        label=handover.case.number,
        scope=handover.case_id,
        due=handover.due_at,
    )
    return _changed(handover, "handover.return")


@act
def accept_file(
    *, handover_id: UUID, version: int, code: str, continuity_note: str = "", actor: Actor, at: datetime
) -> Handover:
    """The case manager accepts the complete file, signed. Authority moved at designation; nothing moves here.

    Raises:
        Conflict: measures or key holders are not as they were when the office signed.
        Invalid: a measure would fall, and nothing is said about it.
    """
    handover = locked_handover(handover_id, actor=actor, at=at, version=version)
    require(may_accept_handover(actor, case_manager=handover.case.case_manager_id))
    handover.state = HANDOVER_LIFECYCLE.apply("accept", state=handover.state)
    content = offered_content(handover)
    if not signing.holds(handover.offered_signature, content):
        raise Conflict(
            "changed",
            gettext_noop("Measures changed after the office signed. Send the file back: it is offered anew as it is."),
        )
    if not continuity_note.strip():
        require_nothing_falls(handover, on=at.date())
    else:
        key = handover.case.person.key_id
        vault.box(key).seal(handover, "continuity_note", continuity_note, key=key)
        content["continuity_note"] = continuity_note
    handover.accepted_signature = signing.sign(handover, content, actor=actor, at=at, code=code)
    handover.accepted_at = at
    settle(handover)
    return _changed(handover, "handover.accept")


def require_nothing_falls(handover: Handover, *, on: date) -> None:
    """No measure falls by a handover; where one would, somebody says what is done about it.

    Raises:
        Invalid: a measure would fall.
    """
    if any(line.red for one in continuity(handover, on=on) for line in one.lines):
        fault = Fault("continuity_note", "required", gettext_noop("A measure would fall: say what is done about it."))
        raise Invalid("would_fall", fault.message, faults=(fault,))


def settle(handover: Handover) -> None:
    """The file is with the NCTV: whatever waited for it is settled. Part of a service."""
    for kind in ("handover.supply", "handover.accept", "handover.stalled", "handover.stalled_again"):
        work.close_items(handover.pk, kind=kind, verb="handover.accept")


def _changed(handover: Handover, verb: str) -> Handover:
    handover.version += 1
    handover.save()
    audit.record(verb, handover, scope=handover.case_id)
    return handover
