"""The triage table: convened and kept by the prosecution, filled by who holds authority, decided by the NCTV alone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cases.lifecycle import ItemOutcome
from cases.models import AgendaItem, Case, PartyView, TableParty, TriageTable
from cases.policies import (
    PROSECUTION,
    may_convene_table,
    may_keep_table,
    may_put_on_table,
    may_record_view,
)
from cases.services import case as cases
from cases.services.agenda import leave
from cases.services.intake import locked_nomination
from stelsel.kernel import access, audit, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models import Membership, Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

GIVEN = "table.put"
SEAT: dict[str, Role] = {
    OrganisationKind.PROSECUTION: Role.PROSECUTION_ADVISER,
    OrganisationKind.NCTV: Role.CASE_MANAGER,
    OrganisationKind.POLICE_REGION: Role.POLICE_RCCB,
    OrganisationKind.KMAR: Role.TABLE_MEMBER,
}
"""Who can be invited, and the role that sits there for them."""


@act
def convene_table(
    *, meets_at: datetime, chair: UUID, parties: Sequence[UUID], actor: Actor, at: datetime
) -> TriageTable:
    """Convene a triage table: when, who of the prosecution chairs, which parties are invited.

    Raises:
        Invalid: it would have met before now, the chair is not of this office, or somebody cannot be invited.
    """
    require(may_convene_table(actor))
    invited = list(Organisation.objects.filter(pk__in=parties, kind__in=SEAT).order_by("name", "pk"))
    faults = []
    if meets_at <= at:
        faults.append(Fault("meets_at", "past", gettext_noop("A table meets after it was convened.")))
    chairs = Membership.objects.in_force(at=at).filter(
        user_id=chair, organisation=actor.organisation_id, role__in=PROSECUTION
    )
    if not chairs.exists():
        faults.append(Fault("chair", "not_ours", gettext_noop("A colleague of your own office chairs the table.")))
    if len(invited) != len(set(parties)) or not any(one.kind == OrganisationKind.NCTV for one in invited):
        faults.append(Fault("parties", "parties", gettext_noop("Invite the NCTV, and prosecution, police or KMar.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=tuple(faults))
    table = TriageTable.objects.create(
        number=f"T{cases.next_number(on=at.date())}",
        office_id=cases.party_of(actor),
        chair_id=chair,
        meets_at=meets_at,
        convened_by_id=actor.user_id,
    )
    TableParty.objects.bulk_create([TableParty(table=table, organisation=one) for one in invited])
    work.open_item(
        "table.close",
        table,
        owner_role=Role.PROSECUTION_ADVISER,
        organisation=table.office_id,
        label=table.number,
        due=meets_at,
    )
    audit.record("table.convene", table, detail={"parties": len(invited)})
    return table


def _locked_table(table_id: UUID, *, actor: Actor) -> TriageTable:
    seen = TriageTable.objects.visible_to(actor).values_list("pk", flat=True).get(pk=table_id)
    table: TriageTable = TriageTable.objects.select_for_update(of=("self",)).select_related("office").get(pk=seen)
    if table.closed_at is not None:
        raise Conflict("closed", gettext_noop("This table was closed."))
    return table


@act
def put_on_table(*, table_id: UUID, nomination_id: UUID, reason: str, actor: Actor, at: datetime) -> AgendaItem:
    """Put a signed nomination on the agenda; from now on the invited parties see the case, until the table closes.

    Raises:
        Forbidden: another party holds authority over the person.
        Conflict: the table was closed, or the nomination lies on a table or cannot be discussed now.
    """
    table = _locked_table(table_id, actor=actor)
    nomination = locked_nomination(nomination_id, actor=actor, at=at)
    case = cases.locked_case(nomination.case_id, actor=actor, at=at)
    require(may_put_on_table(actor, holder=cases.authority_now(case.person_id, at=at).holder_id))
    cases.require_texts(reason=reason)
    if nomination.state not in ("signed", "prepared"):
        raise Conflict("not_signed", gettext_noop("Only a signed nomination that was not judged goes to the table."))
    if AgendaItem.objects.open_now().filter(nomination=nomination).exists():
        raise Conflict("on_a_table", gettext_noop("This nomination lies on a table already."))
    item = AgendaItem(table=table, case=case, nomination=nomination, put_by_id=actor.user_id, put_at=at)
    cases.box_for(case).seal(item, "reason", reason, key=case.person.key_id)
    item.save(force_insert=True)
    for seat in table.parties.select_related("organisation").order_by("pk"):
        _seat(seat, item, on=at)
    for role in PROSECUTION:
        _let_see(case, table.office, role, number=table.number)
    work.open_item(
        "table.minutes",
        item,
        owner_role=Role.PROSECUTION_ADVISER,
        organisation=table.office_id,
        label=case.number,
        scope=case.pk,
        due=table.meets_at,
    )
    audit.record("table.put", item, scope=case.pk, detail={"table": table.number})
    return item


def _seat(seat: TableParty, item: AgendaItem, *, on: datetime) -> None:
    """One party sees the case and is asked for its view; what goes to it passes the gate."""
    party, case = seat.organisation, item.case
    role = SEAT[party.kind]
    gate.share(
        InformationType.TRIAGE_FILE,
        item,
        provider=OrganisationKind.PROSECUTION,
        receiver=party.kind,
        on=on.date(),
        scope=case.pk,
    )
    if party.kind != OrganisationKind.NCTV:  # its desk sees nominations anyway, and so do the colleagues it named
        _let_see(case, party, role, number=item.table.number)
    work.open_item(
        "table.view", seat, owner_role=role, organisation=party.pk, label=item.table.number, due=item.table.meets_at
    )


def _let_see(case: Case, party: Organisation, role: Role, *, number: str) -> None:
    to = Principal(role=role, group_id=party.group_for(role).pk)
    access.give(case, to=to, reason=f"triage table {number}", ground=GIVEN)


def _locked_item(item_id: UUID, *, actor: Actor, at: datetime, version: int | None = None) -> AgendaItem:
    """An item that has no outcome yet, locked.

    Raises:
        Conflict: it left the agenda.
        Stale: somebody wrote minutes since.
    """
    item: AgendaItem = (
        AgendaItem.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office", "table__office", "nomination")
        .select_for_update(of=("self",))
        .get(pk=item_id)
    )
    cases.locked_case(item.case_id, actor=actor, at=at)
    if item.outcome:
        raise Conflict("off_the_agenda", gettext_noop("This nomination left the agenda."))
    if version is not None and version != item.version:
        raise Stale(theirs={"minutes": cases.box_for(item.case).open(item, "minutes")}, version=item.version)
    return item


@act
def record_view(*, item_id: UUID, party: UUID, finds: str, text: str, actor: Actor, at: datetime) -> PartyView:
    """Record what a party finds: by its own people, or by the secretariat for them. A later view is added."""
    item = _locked_item(item_id, actor=actor, at=at)
    seat = TableParty.objects.select_related("organisation").filter(table=item.table, organisation=party).first()
    if seat is None:
        raise Conflict("not_invited", gettext_noop("This party was not invited to the table."))
    require(may_record_view(actor, party=party, office=item.table.office_id))
    cases.require_texts(text=text)
    view = PartyView(
        item=item,
        case=item.case,
        organisation=seat.organisation,
        finds=finds,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    cases.box_for(item.case).seal(view, "text", text, key=item.case.person.key_id)
    view.save(force_insert=True)
    waiting = AgendaItem.objects.open_now().filter(table=item.table).exclude(views__organisation=party)
    if not waiting.exists():
        work.close_items(seat.pk, kind="table.view", verb="table.view")
    audit.record("table.view", view, scope=item.case_id)
    return view


@act
def write_minutes(*, item_id: UUID, minutes: str, version: int, actor: Actor, at: datetime) -> AgendaItem:
    """What was said at the table about this nomination; with it, the nomination was discussed."""
    item = _locked_item(item_id, actor=actor, at=at, version=version)
    require(may_keep_table(actor, office=item.table.office_id))
    cases.require_texts(minutes=minutes)
    if at < item.table.meets_at:
        raise Conflict("not_met", gettext_noop("The table did not meet yet."))
    cases.box_for(item.case).seal(item, "minutes", minutes, key=item.case.person.key_id)
    item.minuted_by_id, item.minuted_at = actor.user_id, at
    item.version += 1
    item.save()
    work.close_items(item.pk, kind="table.minutes", verb="table.minutes")
    audit.record("table.minutes", item, scope=item.case_id)
    return item


@act
def hold_over(*, item_id: UUID, reason: str, actor: Actor, at: datetime) -> AgendaItem:
    """The table could not finish: the nomination may be put on another one."""
    item = _locked_item(item_id, actor=actor, at=at)
    require(may_keep_table(actor, office=item.table.office_id))
    cases.require_texts(reason=reason)
    return leave(item, ItemOutcome.HELD_OVER, reason=reason, by=actor.user_id, at=at)


@act
def take_off_table(*, item_id: UUID, reason: str, actor: Actor, at: datetime) -> AgendaItem:
    """Who put the nomination on the agenda takes it off, with a reason; it can be put on a table again."""
    item = _locked_item(item_id, actor=actor, at=at)
    require(may_put_on_table(actor, holder=cases.authority_now(item.case.person_id, at=at).holder_id))
    cases.require_texts(reason=reason)
    return leave(item, ItemOutcome.REMOVED, reason=reason, by=actor.user_id, at=at)


@act
def close_table(*, table_id: UUID, actor: Actor, at: datetime) -> TriageTable:
    """Close the table once each item has an outcome; what its parties saw for it, they see no longer.

    Raises:
        Conflict: an item has no outcome yet.
    """
    table = _locked_table(table_id, actor=actor)
    require(may_keep_table(actor, office=table.office_id))
    if AgendaItem.objects.open_now().filter(table=table).exists():
        raise Conflict(
            "open_items",
            gettext_noop("A table closes when each case on its agenda has an outcome: hold over what has none."),
        )
    table.closed_at, table.closed_by_id = at, actor.user_id
    table.save()
    for item in table.items.select_related("case").order_by("pk"):
        if not AgendaItem.objects.open_now().filter(case=item.case_id).exists():
            access.take_back(item.case, ground=GIVEN)
    work.close_items(table.pk, kind="table.close", verb="table.close")
    for seat in table.parties.order_by("pk"):
        work.close_items(seat.pk, kind="table.view", verb="table.close")
    audit.record("table.close", table)
    return table
