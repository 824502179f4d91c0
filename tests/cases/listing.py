"""Entries of the limitative list for tests: proposed, placed, with supervision on them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from cases import services
from cases.models import AuthorityPeriod, EntryMeasure, ListEntry
from cases.services import Entry
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from tests.world import NOON, World, code_for

REVIEW = date(2026, 12, 1)


def an_object(world: World, **changes: object) -> Entry:
    entry = Entry(
        kind="object",
        title="Embassy of Ruritania",
        category="2",
        motivation="Relations are tense since the vote.",
        foreign_relations=True,
        municipality=world.organisations["gemeente-noord"].pk,
        office=world.organisations["om-noord"].pk,
        purpose="public_order",
        address="Quay 1",
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # fields of Entry


def a_function(**changes: object) -> Entry:
    entry = Entry(
        kind="person",
        title="Minister of Dikes",
        category="1",
        motivation="Stands on the list by function.",
        holder="Wilhelmina Dijkgraaf",
        birth_date="1970-01-02",
    )
    return replace(entry, **changes)  # type: ignore[arg-type]  # fields of Entry


@dataclass
class Listing:
    """One entry on its way; each act an hour after the one before."""

    world: World
    at: datetime = NOON

    def tick(self) -> datetime:
        self.at += timedelta(hours=1)
        return self.at

    def actor(self, role: Role) -> Actor:
        return self.world.actor(role)

    def proposed(self, entry: Entry) -> ListEntry:
        row = services.propose_entry(entry=entry, actor=self.actor(Role.CASE_MANAGER), at=self.tick())
        self.entry_id: UUID = row.pk
        return row

    def placed(self, entry: Entry, *, outcome: str = "designate") -> ListEntry:
        row, decider = self.proposed(entry), self.actor(Role.DECIDER)
        return services.decide_entry(
            entry_id=row.pk,
            outcome=outcome,
            reasons="It belongs there.",
            version=row.version,
            code=code_for(decider),
            actor=decider,
            at=self.tick(),
        )

    @property
    def entry(self) -> ListEntry:
        with acting(self.actor(Role.DECIDER), at=self.at):
            return ListEntry.objects.get(pk=self.entry_id)

    def ordered(self, *, by: Role = Role.MAYORS_CONTACT, kind: str = "patrol") -> EntryMeasure:
        return services.order_entry_measure(
            entry_id=self.entry_id, kind=kind, review_due=REVIEW, actor=self.actor(by), at=self.tick()
        )

    def change_purpose(self, purpose: str, *, by: Role = Role.DECIDER) -> AuthorityPeriod:
        return services.change_purpose(
            entry_id=self.entry_id,
            purpose=purpose,
            version=self.entry.version,
            actor=self.actor(by),
            at=self.tick(),
        )

    def end(self) -> ListEntry:
        return services.end_entry(
            entry_id=self.entry_id,
            reason="Relations are normal again.",
            version=self.entry.version,
            actor=self.actor(Role.DECIDER),
            at=self.tick(),
        )

    def periods(self) -> list[AuthorityPeriod]:
        with acting(self.actor(Role.DECIDER), at=self.at):
            rows = AuthorityPeriod.objects.filter(entry_id=self.entry_id).select_related("holder")
            return list(rows.order_by("period"))

    def measures(self) -> list[EntryMeasure]:
        with acting(self.actor(Role.DECIDER), at=self.at):
            return list(EntryMeasure.objects.filter(entry_id=self.entry_id).in_force().order_by("ordered_at", "pk"))
