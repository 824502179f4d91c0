"""Entries of the limitative list: proposed, decided by another, their holders, and their end."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from cases.authority import Answer, Direction, Purpose, Question, Regime, Ruling, Whose, decide
from cases.lifecycle import ENTRY_LIFECYCLE, Authority, EntryState, ListedKind, Scope
from cases.models import AuthorityPeriod, AuthorityRuling, EntryHolder, EntryMeasure, ListEntry, Person
from cases.policies import may_change_holder, may_decide_entry, may_end_entry, may_propose_entry
from cases.services import case as cases
from stelsel.kernel import access, audit, norms, signing, vault, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

OF_THE_NCTV = (Role.CASE_MANAGER, Role.DECIDER, Role.DUTY_OFFICER, Role.LEGAL_OFFICER)
OF_THE_OFFICE = (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER)
GROUNDS = ("state_safety", "foreign_relations", "society")


@dataclass(frozen=True)
class Entry:
    """What is proposed for the list. `holder` is the name of the person, of an entry of that kind alone."""

    kind: str
    title: str
    category: str
    motivation: str
    status: str = "ordinary"
    state_safety: bool = False
    foreign_relations: bool = False
    society: bool = False
    kmar_object: bool = False
    several_municipalities: bool = False
    municipality: UUID | None = None
    office: UUID | None = None
    purpose: str = Scope.PUBLIC_ORDER
    address: str = ""
    holder: str = ""
    birth_date: str = ""
    ends_on: date | None = None

    @property
    def is_person(self) -> bool:
        return self.kind == ListedKind.PERSON

    def faults(self, *, on: date) -> list[Fault]:
        """Everything that is wrong with it, at once."""
        required = gettext_noop("Fill this in.")
        texts = {"title": self.title, "motivation": self.motivation}
        faults = [Fault(name, "required", required) for name, text in texts.items() if not text.strip()]
        if self.is_person:
            faults += [] if self.holder.strip() else [Fault("holder", "required", required)]
        else:
            faults += self._faults_of_a_thing(required)
        if self.ends_on is not None and self.ends_on < on:
            faults.append(Fault("ends_on", "past", gettext_noop("This day has passed.")))
        return faults

    def _faults_of_a_thing(self, required: str) -> list[Fault]:
        places = {"municipality": self.municipality, "office": self.office}
        faults = [Fault(name, "required", required) for name, place in places.items() if place is None]
        if not any(getattr(self, ground) for ground in GROUNDS):
            sentence = gettext_noop("Name at least one of the three grounds (Politiewet 2012 art. 16(1)).")
            faults.append(Fault("state_safety", "no_ground", sentence))
        if self.holder.strip():
            faults.append(Fault("holder", "no_person", gettext_noop("An object or service has no holder.")))
        return faults


def locked_entry(entry_id: UUID, *, actor: Actor, at: datetime, version: int | None = None) -> ListEntry:
    """The entry, locked for this act.

    Raises:
        ListEntry.DoesNotExist: unknown, or not visible to `actor`.
        Stale: it changed after the page was opened.
    """
    entry: ListEntry = (
        ListEntry.objects.visible_to(actor, at=at)
        .select_related("office", "municipality")
        .select_for_update(of=("self",))
        .get(pk=entry_id)
    )
    if version is not None and version != entry.version:
        raise Stale(theirs={"state": str(entry.get_state_display())}, version=entry.version)
    return entry


@act
def propose_entry(*, entry: Entry, actor: Actor, at: datetime) -> ListEntry:
    """Prepare an entry; a mandate holder who did not prepare it decides.

    Raises:
        Invalid: something is missing or does not fit its kind; every fault is named.
    """
    require(may_propose_entry(actor))
    faults = entry.faults(on=at.date())
    if faults:
        raise Invalid("incomplete", gettext_noop("The entry is not complete."), faults=tuple(faults))
    row = ListEntry(
        number=_next_number(on=at.date()),
        kind=entry.kind,
        title=entry.title.strip(),
        category=entry.category,
        state=ENTRY_LIFECYCLE.initial,
        purpose=Scope.PERSON_DIRECTED if entry.is_person else entry.purpose,
        key=vault.make_key(at=at),
        prepared_by_id=actor.user_id,
        prepared_at=at,
        ends_on=entry.ends_on,
        sort_at=at,
        provenance=actor.organisation,
        **_facts(entry),
    )
    box = vault.box(row.key_id)
    for name in ("motivation", "address"):
        box.seal(row, name, getattr(entry, name), key=row.key_id)
    row.save(force_insert=True)
    let_see(row, cases.nctv(), OF_THE_NCTV, ground="listing.propose")
    if entry.is_person:
        _begin_holder(row, name=entry.holder, birth_date=entry.birth_date, at=at)
    work.open_item(
        "listing.decide",
        row,
        owner_role=Role.DECIDER,
        organisation=cases.nctv().pk,
        label=row.number,
        due=norms.due("cases.listing.decide", since=at),
    )
    audit.record("listing.propose", row, scope=row.pk, detail={"kind": row.kind})
    return row


def _facts(entry: Entry) -> dict[str, object]:
    """The facts that belong to its kind; of the other kind none is kept."""
    if entry.is_person:
        return {"status": entry.status}
    places = {"municipality_id": entry.municipality, "office_id": entry.office}
    kinds = {"municipality_id": OrganisationKind.MUNICIPALITY, "office_id": OrganisationKind.PROSECUTION}
    for name, kind in kinds.items():
        Organisation.objects.get(kind=kind, pk__in=[places[name]])
    return {
        **{ground: getattr(entry, ground) for ground in GROUNDS},
        **places,
        "kmar_object": entry.kmar_object and entry.kind == ListedKind.OBJECT,
        "several_municipalities": entry.several_municipalities and entry.kind == ListedKind.SERVICE,
    }


def _next_number(*, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_entry_number')")
        (running,) = cursor.fetchone()
    return f"L{on.year}-{running:04d}"


def let_see(entry: ListEntry, organisation: Organisation, roles: tuple[Role, ...], *, ground: str) -> None:
    """Give sight of the entry to these roles of an organisation. Part of a service."""
    for role in roles:
        to = Principal(role=role, group_id=organisation.group_for(role).pk)
        access.give(entry, to=to, reason="limitative list", ground=ground)


def decided_content(entry: ListEntry, *, outcome: str, reasons: str) -> dict[str, object]:
    """What the decider signs."""
    box = vault.box(entry.key_id)
    return {
        "entry": entry.number,
        "kind": entry.kind,
        "title": entry.title,
        "category": entry.category,
        "grounds": [ground for ground in GROUNDS if getattr(entry, ground)],
        "motivation": box.open(entry, "motivation"),
        "ends_on": entry.ends_on.isoformat() if entry.ends_on else "",
        "outcome": outcome,
        "reasons": reasons,
    }


@act
def decide_entry(
    *, entry_id: UUID, outcome: str, reasons: str, version: int, code: str, actor: Actor, at: datetime
) -> ListEntry:
    """Place the entry on the list or not, signed. From this instant its authority follows from the rules.

    Objects and services: designated on one or more of three grounds (Politiewet 2012 art. 16(1)).

    Raises:
        Forbidden: prepared it, or holds no mandate.
    """
    entry = locked_entry(entry_id, actor=actor, at=at, version=version)
    require(may_decide_entry(actor, prepared_by=entry.prepared_by_id))
    cases.require_texts(reasons=reasons)
    step = "designate" if outcome == "designate" else "reject"
    state = ENTRY_LIFECYCLE.apply(step, state=entry.state)
    content = decided_content(entry, outcome=step, reasons=reasons)
    entry.signature = signing.sign(entry, content, actor=actor, at=at, code=code)
    entry.state, entry.decided_by_id, entry.decided_at = state, actor.user_id, at
    vault.box(entry.key_id).seal(entry, "decision_reasons", reasons, key=entry.key_id)
    changed(entry, f"listing.{step}", at=at)
    if step == "designate":
        begin(entry, purpose=entry.purpose, at=at, ground="listing.designate")
        _tell_who_acts(entry, at=at)
    work.close_items(entry.pk, kind="listing.decide", verb=f"listing.{step}")
    return entry


def answer_for(entry: ListEntry, *, purpose: str, on: date) -> Answer:
    """Who has authority over the entry for this purpose on that day, by rule."""
    regimes = {"royal": Regime.ROYAL, "military": Regime.MILITARY}
    ordinary = Regime.LIST_I if entry.category == "1" else Regime.LIST_II
    directions = {
        ListedKind.PERSON: Direction.PERSON,
        ListedKind.OBJECT: Direction.OBJECT,
        ListedKind.SERVICE: Direction.SERVICE,
    }
    order = purpose == Scope.PUBLIC_ORDER
    question = Question(
        direction=directions[ListedKind(entry.kind)],
        on=on,
        regime=regimes.get(entry.status, ordinary),
        purpose=Purpose.PUBLIC_ORDER if order else Purpose.CRIMINAL_ENFORCEMENT,
        kmar_object=entry.kmar_object,
        several_municipalities=entry.several_municipalities,
    )
    return decide(question, rulings=rulings(on=on))


def rulings(*, on: date) -> list[Ruling]:
    """What the register rules on that day where the circulars are silent."""
    rows = AuthorityRuling.objects.filter(in_force__contains=on)
    return [
        Ruling(row.rule, Authority(row.gives), row.article, row.in_force.lower or date.min, row.in_force.upper)
        for row in rows
    ]


def begin(entry: ListEntry, *, purpose: str, at: datetime, ground: str) -> AuthorityPeriod:
    """Begin the authority over the entry that the rule gives for this purpose. Part of a service.

    Raises:
        Conflict: the rule refuses, or names an authority that this register has no organisation for.
    """
    answer = answer_for(entry, purpose=purpose, on=at.date())
    holder = _holder(entry, answer)
    if answer.authority is None or holder is None:
        raise Conflict("no_authority", gettext_noop("By rule nobody has authority over this entry for this purpose."))
    return AuthorityPeriod.objects.create(
        entry=entry,
        scope=purpose,
        authority=answer.authority,
        holder=holder,
        period=(at, None),
        ground=ground,
        ground_id=entry.pk,
        rule=answer.rule,
    )


def _holder(entry: ListEntry, answer: Answer) -> Organisation | None:
    """The organisation that has this authority: for several municipalities, those named on the entry coordinate."""
    if answer.authority is Authority.MAYOR:
        return entry.municipality
    if answer.authority is Authority.CHIEF_PROSECUTOR:
        return entry.office
    if answer.authority is Authority.DEFENCE:
        return Organisation.objects.filter(kind=OrganisationKind.KMAR).order_by("code").first()
    return cases.nctv() if answer.whose is Whose.ONE else None


def _tell_who_acts(entry: ListEntry, *, at: datetime) -> None:
    """Whoever may have to order or carry out measures sees the entry, each on a row of the provision matrix."""
    lcc = (Role.LCC_COORDINATOR, Role.DUTY_OFFICER)
    told: list[tuple[Organisation, tuple[Role, ...], str]] = [(cases.lcc(), lcc, OrganisationKind.LCC)]
    if entry.office is not None:
        told.append((entry.office, OF_THE_OFFICE, OrganisationKind.PROSECUTION))
    if entry.municipality is not None:
        told.append((entry.municipality, (Role.MAYORS_CONTACT,), OrganisationKind.MUNICIPALITY))
    for organisation, roles, kind in told:
        gate.share(
            InformationType.LIST_ENTRY,
            entry,
            provider=OrganisationKind.NCTV,
            receiver=kind,
            on=at.date(),
            scope=entry.pk,
        )
        let_see(entry, organisation, roles, ground="listing.designate")


@act
def change_holder(
    *, entry_id: UUID, name: str, birth_date: str, version: int, actor: Actor, at: datetime
) -> EntryHolder:
    """The function passes to another person at this instant; the entry and its authority stay.

    Raises:
        Conflict: the entry is no function, or ended.
    """
    entry = locked_entry(entry_id, actor=actor, at=at, version=version)
    require(may_change_holder(actor))
    cases.require_texts(name=name)
    if entry.kind != ListedKind.PERSON or entry.state not in (EntryState.PROPOSED, EntryState.DESIGNATED):
        raise Conflict("no_function", gettext_noop("Only a function on the list has a holder."))
    present = EntryHolder.objects.select_for_update().filter(entry=entry, period__upper_inf=True).first()
    if present is not None:
        if present.period.lower is None or present.period.lower >= at:
            raise Conflict("just_changed", gettext_noop("The holder was changed at this very moment. Try again."))
        present.period = (present.period.lower, at)
        present.save(update_fields=["period"])
    holder = _begin_holder(entry, name=name, birth_date=birth_date, at=at)
    changed(entry, "listing.holder", at=at)
    return holder


def _begin_holder(entry: ListEntry, *, name: str, birth_date: str, at: datetime) -> EntryHolder:
    count = EntryHolder.objects.filter(entry=entry).count()
    person: Person = cases.make_person(name=name, birth_date=birth_date, number=f"{entry.number}/{count + 1}", at=at)
    return EntryHolder.objects.create(entry=entry, person=person, period=(at, None))


@act
def end_entry(*, entry_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> ListEntry:
    """Take an entry off the list by a decision, an expired temporary one too; its authority ends at this instant.

    Raises:
        Conflict: measures are in force; the authority ends each first.
    """
    entry = locked_entry(entry_id, actor=actor, at=at, version=version)
    require(may_end_entry(actor))
    cases.require_texts(reason=reason)
    state = ENTRY_LIFECYCLE.apply("end", state=entry.state)
    if EntryMeasure.objects.filter(entry=entry).in_force().exists():
        raise Conflict(
            "measures_in_force",
            gettext_noop("Measures are in force: the authority ends each by a decision of its own."),
        )
    present = AuthorityPeriod.objects.select_for_update().get(entry=entry, period__upper_inf=True)
    if present.period.lower is None or present.period.lower >= at:
        raise Conflict("just_changed", gettext_noop("Authority has changed at this very moment. Try again."))
    cases.end_authority(present, at=at)
    holder = EntryHolder.objects.select_for_update().filter(entry=entry, period__upper_inf=True).first()
    if holder is not None and holder.period.lower is not None and holder.period.lower < at:
        holder.period = (holder.period.lower, at)
        holder.save(update_fields=["period"])
    entry.state, entry.ended_at, entry.ended_by_id = state, at, actor.user_id
    vault.box(entry.key_id).seal(entry, "end_reason", reason, key=entry.key_id)
    work.close_items(entry.pk, kind="listing.expired", verb="listing.end")
    return changed(entry, "listing.end", at=at)


def changed(entry: ListEntry, verb: str, *, at: datetime) -> ListEntry:
    """Keep the entry, on top of its lists, and its act in the trail. Part of a service."""
    entry.version += 1
    entry.sort_at = at
    entry.save()
    audit.record(verb, entry, scope=entry.pk)
    return entry
