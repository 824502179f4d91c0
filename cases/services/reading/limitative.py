"""What the pages of the limitative list read: in the reader's own sight, and every person shown is in the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Authority, EntryState, ListedKind
from cases.models import (
    AuthorityPeriod,
    Case,
    CatalogueEntry,
    EntryAdvice,
    EntryHolder,
    EntryMeasure,
    EntryMeasureReport,
    ListEntry,
)
from cases.models.catalogue import kind_name
from cases.policies import LIST_ROLES, may_order_on_entry, may_see, may_see_entry
from cases.services.catalogue import catalogue_on
from cases.services.limitative.entries import answer_for
from cases.services.reading.authority import GROUNDS, ByRule, Explained, in_words, rule_of
from cases.services.reading.choices import Choice
from cases.services.reading.steps import STEPS
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.composition import Event
from stelsel.kernel.models import User
from stelsel.kernel.models.trail import AuditEntry

SHOWN: Final = 500
SORTS: Final = {
    "number": "number",
    "title": "title",
    "category": "category",
    "ends": "ends_on",
    "changed": "sort_at",
}
ACTS: Final[dict[str, str | Promise]] = {
    "listing.propose": _("Entry prepared"),
    "listing.designate": _("Placed on the list"),
    "listing.reject": _("Not placed on the list"),
    "listing.holder": _("Holder changed"),
    "listing.purpose": _("Purpose changed: authority followed"),
    "listing.order": _("Supervision ordered"),
    "listing.accept": _("Supervision accepted"),
    "listing.put_in_place": _("Supervision in place"),
    "listing.verify": _("Supervision verified"),
    "listing.fall_away": _("Supervision fell away"),
    "listing.end_measure": _("Supervision ended"),
    "listing.advise": _("Threat level and advice given"),
    "listing.follow": _("Answer to the advice"),
    "listing.end": _("Taken off the list"),
}


@dataclass(frozen=True)
class EntryRow:
    """An entry as the list shows it."""

    entry: ListEntry
    authority: str
    holder: str
    expired: bool
    measures: int


@dataclass(frozen=True)
class ListedAuthority:
    """A period of authority over an entry, with its rule and act in words."""

    period: AuthorityPeriod
    ground: str | Promise

    @property
    def rule(self) -> Explained:
        return rule_of(self.period)


@dataclass(frozen=True)
class Holder:
    """Who holds the function, by name."""

    row: EntryHolder
    name: str = field(repr=False)
    cases: Sequence[Case] = ()


@dataclass(frozen=True)
class Advice:
    """An advice of the NCTV in the clear, and what was done with it."""

    row: EntryAdvice
    advice: str = field(repr=False)
    reason: str = field(repr=False)


@dataclass(frozen=True)
class EntryFile:
    """Everything of one entry."""

    entry: ListEntry
    texts: Mapping[str, str] = field(repr=False)
    now: ListedAuthority | None
    history: Sequence[ListedAuthority]
    by_purpose: Sequence[tuple[str, ByRule]]
    holders: Sequence[Holder]
    measures: Sequence[EntryMeasure]
    ended: int
    advice: Sequence[Advice]
    events: Sequence[Event]
    expired: bool
    may_order: bool


@act
def list_entries(*, filters: Mapping[str, Any], sort: str = "", actor: Actor, at: datetime) -> list[EntryRow]:
    """The entries the actor may see, at most `SHOWN`; `filters` are lookups on the entry itself."""
    require(may_see_entry(actor))
    known = SORTS.get(sort.removeprefix("-"), "number")
    order = F(known).desc(nulls_last=True) if sort.startswith("-") else F(known).asc(nulls_last=True)
    chosen = {name: value for name, value in filters.items() if name != "expired"}
    rows = ListEntry.objects.visible_to(actor, at=at).filter(**chosen)
    if filters.get("expired"):
        rows = rows.filter(state=EntryState.DESIGNATED, ends_on__lt=at.date())
    entries = list(rows.order_by(order, "pk")[:SHOWN])
    held = {
        period.entry_id: period
        for period in AuthorityPeriod.objects.filter(entry__in=entries, period__contains=at).select_related("holder")
    }
    counts: dict[UUID, int] = {}
    for entry_id in EntryMeasure.objects.filter(entry__in=entries).in_force().values_list("entry_id", flat=True):
        counts[entry_id] = counts.get(entry_id, 0) + 1
    return [
        EntryRow(
            entry=entry,
            authority=held[entry.pk].get_authority_display() if entry.pk in held else "",
            holder=held[entry.pk].holder.name if entry.pk in held else "",
            expired=is_expired(entry, at=at),
            measures=counts.get(entry.pk, 0),
        )
        for entry in entries
    ]


def is_expired(entry: ListEntry, *, at: datetime) -> bool:
    """A temporary entry whose last day is over, and which nobody has ended yet."""
    return entry.state == EntryState.DESIGNATED and entry.ends_on is not None and entry.ends_on < at.date()


@act
def open_entry(*, entry_id: UUID, actor: Actor, at: datetime) -> ListEntry:
    """The entry for one of its pages.

    Raises:
        ListEntry.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role sees no entries.
    """
    entry: ListEntry = (
        ListEntry.objects.visible_to(actor, at=at)
        .select_related("office", "municipality", "prepared_by", "decided_by", "ended_by")
        .get(pk=entry_id)
    )
    require(may_see_entry(actor))
    return entry


@act
def read_entry(*, entry_id: UUID, actor: Actor, at: datetime) -> EntryFile:
    """Everything of one entry, in a number of queries that does not grow with it."""
    entry = open_entry(entry_id=entry_id, actor=actor, at=at)
    box = vault.box(entry.key_id)
    history = authority_of(entry)
    now = next((held for held in history if at in held.period.period), None)
    measures = list(EntryMeasure.objects.filter(entry=entry).order_by("ordered_at", "pk"))
    advice = (
        EntryAdvice.objects.filter(entry=entry).select_related("given_by", "followed_by").order_by("-given_at", "pk")
    )
    return EntryFile(
        entry=entry,
        texts={name: box.open(entry, name) for name in ("motivation", "address", "decision_reasons", "end_reason")},
        now=now,
        history=history,
        by_purpose=_by_purpose(entry, at=at),
        holders=_holders(entry, actor=actor, at=at),
        measures=[one for one in measures if one.state != "ended"],
        ended=sum(one.state == "ended" for one in measures),
        advice=[Advice(row, box.open(row, "advice"), box.open(row, "follow_reason")) for row in advice],
        events=_events(entry),
        expired=is_expired(entry, at=at),
        may_order=now is not None and orders(now.period, actor),
    )


def orders(period: AuthorityPeriod, actor: Actor) -> bool:
    """Whether this actor acts for whoever has authority by this period."""
    return bool(may_order_on_entry(actor, authority=Authority(period.authority), holder=period.holder_id))


def authority_of(entry: ListEntry) -> list[ListedAuthority]:
    """Every period of authority over the entry, the newest first. Part of reading an entry."""
    rows = AuthorityPeriod.objects.filter(entry=entry).select_related("holder").order_by("-period")
    return [ListedAuthority(row, GROUNDS.get(row.ground, row.ground)) for row in rows]


@act
def authority_over_entry(
    *, entry_id: UUID, when: datetime, actor: Actor, at: datetime
) -> tuple[ListEntry, ListedAuthority | None]:
    """Who had, has or as far as is known will have authority over the entry at `when`; None while it is not listed."""
    entry = open_entry(entry_id=entry_id, actor=actor, at=at)
    return entry, next((held for held in authority_of(entry) if when in held.period.period), None)


def _by_purpose(entry: ListEntry, *, at: datetime) -> list[tuple[str, ByRule]]:
    """Who has authority for which purpose, by rule: an object has two, of which one leads."""
    if entry.kind == ListedKind.PERSON:
        return []
    labels = dict(ListEntry._meta.get_field("purpose").flatchoices)
    on = at.date()
    return [
        (str(labels[purpose]), in_words(answer_for(entry, purpose=purpose, on=on)))
        for purpose in ("public_order", "criminal_enforcement")
    ]


def _holders(entry: ListEntry, *, actor: Actor, at: datetime) -> list[Holder]:
    """The holders by date, newest first; with the present one the open cases about them that the actor may see."""
    rows = list(EntryHolder.objects.filter(entry=entry).select_related("person").order_by("-period"))
    box = vault.box(*(row.person.key_id for row in rows)) if rows else None
    audit.saw([(row.person_id, None) for row in rows])
    found = []
    for row in rows:
        name = box.open(row.person, "name") if box else ""
        nominated = _cases_of(row, actor=actor, at=at) if row.period.upper is None else []
        found.append(Holder(row, name, nominated))
    return found


def _cases_of(holder: EntryHolder, *, actor: Actor, at: datetime) -> list[Case]:
    if not may_see("authority", actor):
        return []
    rows = Case.objects.visible_to(actor, at=at).exclude(state="closed").filter(_same(holder.person, "person__"))
    found = list(rows.select_related("person").order_by("number"))
    audit.saw([(case.person_id, case.pk) for case in found], kind="list")
    return found


def _same(person: Any, path: str) -> Q:  # noqa: ANN401  # a person, by its blind indexes
    """The same person by blind index: name and birth date where both are known, else the name."""
    name = Q(**{f"{path}name_index": bytes(person.name_index)})
    born = bytes(person.born_index)
    if not born:
        return name
    return Q(**{f"{path}born_index": born}) | (name & Q(**{f"{path}born_index": b""}))


def entries_about(case: Case, *, actor: Actor, at: datetime) -> list[ListEntry]:
    """The entries on which the person of a case stands now, of those the actor may see. Part of reading a case."""
    if actor.role not in LIST_ROLES:
        return []
    holding = EntryHolder.objects.filter(_same(case.person, "person__"), period__contains=at).values("entry_id")
    rows = ListEntry.objects.visible_to(actor, at=at).filter(pk__in=holding, state=EntryState.DESIGNATED)
    return list(rows.order_by("number"))


def _events(entry: ListEntry) -> list[Event]:
    rows = list(
        AuditEntry.objects.filter(scope_id=entry.pk, outcome="done", verb__in=list(ACTS)).order_by("-at", "-id")[:100]
    )
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in={row.actor_id for row in rows})}
    return [
        Event(at=row.at, kind="case", text=str(ACTS[row.verb]), by=names.get(row.actor_id, "") if row.actor_id else "")
        for row in rows
    ]


@dataclass(frozen=True)
class EntryMeasureFile:
    """A measure on an entry with its reports."""

    measure: EntryMeasure
    end_reason: str = field(repr=False)
    reports: Sequence[tuple[EntryMeasureReport, str | Promise, str]] = field(repr=False)
    may_end: bool


@act
def read_entry_measure(*, measure_id: UUID, actor: Actor, at: datetime) -> EntryMeasureFile:
    rows = EntryMeasure.objects.visible_to(actor, at=at).select_related("entry", "ordered_by")
    measure: EntryMeasure = rows.get(pk=measure_id)
    require(may_see_entry(actor))
    box = vault.box(measure.entry.key_id)
    found = EntryMeasureReport.objects.filter(measure=measure).select_related("reported_by")
    reports = found.order_by("-reported_at", "pk")
    now = AuthorityPeriod.objects.filter(entry=measure.entry, period__contains=at).first()
    return EntryMeasureFile(
        measure=measure,
        end_reason=box.open(measure, "end_reason"),
        reports=[
            (one, STEPS.get(one.step, one.step), box.open(one, "note"))
            for one in reports.order_by("-reported_at", "pk")
        ],
        may_end=measure.state != "ended" and now is not None and orders(now, actor),
    )


@act
def read_entry_advice(*, advice_id: UUID, actor: Actor, at: datetime) -> tuple[EntryAdvice, str]:
    row: EntryAdvice = EntryAdvice.objects.visible_to(actor, at=at).select_related("entry").get(pk=advice_id)
    require(may_see_entry(actor))
    return row, vault.box(row.entry.key_id).open(row, "advice")


@dataclass(frozen=True)
class Supervision:
    """A kind of the catalogue for locations, as it holds on a day."""

    title: str
    entry: CatalogueEntry


def supervision_types(*, on: date) -> list[Supervision]:
    """The types of supervision that can be ordered on that day, the strongest first."""
    kinds = catalogue_on(on).values()
    return [Supervision(str(kind_name(kind.code)), kind) for kind in kinds if not kind.person_directed]


def supervision(*, on: date) -> list[Choice]:
    return [Choice(one.entry.code, one.title) for one in supervision_types(on=on)]
