"""What other systems read of measures: plain rows in the reader's own sight, each read in the trail."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from cases.models import EntryMeasure, ListEntry, Measure, RaisedRiskMoment, Readiness
from cases.policies import may_see, may_see_entry
from stelsel.kernel import audit
from stelsel.kernel.authorisation import Actor, require


@dataclass(frozen=True)
class MeasureRow:
    """A measure as those who carry it out know it; `version` is what a report is based on."""

    id: UUID
    case_id: UUID
    person_id: UUID
    pseudonym: str
    kind: str
    state: str
    ordered_at: datetime
    in_place_at: datetime | None
    verified_at: datetime | None
    verify_due: date | None
    promised_on: date | None
    chased_at: datetime | None
    version: int


def measures(*, actor: Actor, at: datetime) -> list[MeasureRow]:
    """Measures in force, oldest order first."""
    require(may_see("measures", actor))
    names = ("pk", "case_id", "person_id", "person__pseudonym", "kind", "state", "ordered_at")
    more = ("in_place_at", "verified_at", "verify_due", "promised_on", "chased_at", "version")
    rows = Measure.objects.visible_to(actor, at=at).in_force().order_by("ordered_at", "pk")
    found = [MeasureRow(*row) for row in rows.values_list(*names, *more)]
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found


@dataclass(frozen=True)
class AskedRow:
    """Whether protection of one person is in place for a moment, without the reasons."""

    id: UUID
    person_id: UUID
    word: str
    answer: str


@dataclass(frozen=True)
class MomentRow:
    """A moment of raised risk with its gate; its description stays sealed."""

    id: UUID
    case_id: UUID
    person_id: UUID
    kind: str
    start: datetime
    end: datetime
    region: str
    gate: str
    round: int
    readiness: Sequence[AskedRow]


def risk_moments(*, actor: Actor, at: datetime) -> list[MomentRow]:
    """Moments of raised risk that are not over, in order of time."""
    require(may_see("measures", actor))
    rows = RaisedRiskMoment.objects.visible_to(actor, at=at).filter(ends_at__gt=at)
    moments = list(rows.select_related("case").order_by("starts_at", "pk"))
    asked = defaultdict(list)
    for one in Readiness.objects.filter(moment__in=moments, round=F("moment__round")).order_by("pk"):
        asked[one.moment_id].append(AskedRow(one.pk, one.person_id, one.word, one.answer))
    audit.saw([(one.case.person_id, one.case_id) for one in moments], kind="list")
    audit.saw([(row.person_id, one.case_id) for one in moments for row in asked[one.pk]], kind="list")
    return [
        MomentRow(
            id=one.pk,
            case_id=one.case_id,
            person_id=one.case.person_id,
            kind=one.kind,
            start=one.starts_at,
            end=one.ends_at,
            region=one.region,
            gate=one.gate,
            round=one.round,
            readiness=asked[one.pk],
        )
        for one in moments
    ]


@dataclass(frozen=True)
class ListedThing:
    """An object or service on the limitative list, with its measures in force."""

    entry: ListEntry
    measures: list[EntryMeasure]


def listed_entries(*, actor: Actor, at: datetime) -> list[ListedThing]:
    """Objects and services that stand on the limitative list and that the actor sees, by number."""
    require(may_see_entry(actor))
    rows = ListEntry.objects.visible_to(actor, at=at).filter(state="designated").exclude(kind="person")
    entries = list(rows.order_by("number"))
    found: dict[UUID, list[EntryMeasure]] = {entry.pk: [] for entry in entries}
    for measure in EntryMeasure.objects.filter(entry__in=entries).in_force().order_by("ordered_at", "pk"):
        found[measure.entry_id].append(measure)
    return [ListedThing(entry, found[entry.pk]) for entry in entries]
