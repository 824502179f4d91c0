"""The handover file: what the prosecutor's side supplies, both signatures, what is missing as work with a clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.lifecycle import HANDOVER_CHECKLIST, HANDOVER_LIFECYCLE
from cases.models import Case, Handover, HandoverItem
from cases.policies import may_accept_handover, may_offer_handover, may_supply_handover
from stelsel.kernel import audit, norms, signing, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, Invalid, Stale, gettext_noop
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
    return [item.code for item in contents(handover) if not item.there]


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
    """What both sides sign: every item as it stands."""
    return {
        "case": handover.case.number,
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
def accept_file(*, handover_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> Handover:
    """The case manager accepts the complete file, signed. Authority moved at designation; nothing moves here."""
    handover = locked_handover(handover_id, actor=actor, at=at, version=version)
    require(may_accept_handover(actor, case_manager=handover.case.case_manager_id))
    handover.state = HANDOVER_LIFECYCLE.apply("accept", state=handover.state)
    handover.accepted_signature = signing.sign(handover, offered_content(handover), actor=actor, at=at, code=code)
    handover.accepted_at = at
    work.close_items(handover.pk, kind="handover.accept", verb="handover.accept")
    return _changed(handover, "handover.accept")


def _changed(handover: Handover, verb: str) -> Handover:
    handover.version += 1
    handover.save()
    audit.record(verb, handover, scope=handover.case_id)
    return handover
