"""What is read: a file by its own roles, the status by the case manager, rows of the timeline. Every read is logged."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case, Person
from resilience.lifecycle import Phase, TalkState
from resilience.models import PhaseChange, PhaseNorm, ResilienceFile, SupportItem, SupportOffer, Talk, TalkParticipant
from resilience.models.file import PHASES
from resilience.policies import FILE_ROLES, may_see_files, may_see_status
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.composition import Event
from stelsel.kernel.models import Membership

SHOWN: Final = 50


@dataclass(frozen=True)
class PhaseRow:
    change: PhaseChange
    reason: str


@dataclass(frozen=True)
class TalkRow:
    """A talk with its texts in clear, for one page."""

    talk: Talk
    preparation: str
    summary: str
    why: str
    follow_up: str
    topics: list[str]
    participants: list[str]  # pseudonyms


@dataclass(frozen=True)
class OfferRow:
    offer: SupportOffer
    why: str


@dataclass(frozen=True)
class FilePage:
    """Everything at hand before, during and after a talk."""

    file: ResilienceFile
    needs: str
    agreements: str
    norm: PhaseNorm
    phases: list[PhaseRow]
    talks: list[TalkRow]
    offers: list[OfferRow]
    household: list[ResilienceFile]  # the other files of this case

    @property
    def planned(self) -> list[TalkRow]:
        rows = [row for row in self.talks if row.talk.state == TalkState.PLANNED]
        return sorted(rows, key=lambda row: row.talk.planned_for)

    @property
    def past(self) -> list[TalkRow]:
        return [row for row in self.talks if row.talk.state != TalkState.PLANNED]

    @property
    def last_held(self) -> TalkRow | None:
        return next((row for row in self.talks if row.talk.state == TalkState.HELD), None)

    @property
    def open_follow_ups(self) -> list[TalkRow]:
        return [row for row in self.talks if row.talk.follow_up_due and row.talk.follow_up_done_at is None]

    def talk(self, talk_id: UUID) -> TalkRow:
        """The row of one talk.

        Raises:
            Talk.DoesNotExist: not of this file.
        """
        for row in self.talks:
            if row.talk.pk == talk_id:
                return row
        raise Talk.DoesNotExist

    def offer(self, offer_id: UUID) -> OfferRow:
        """The row of one offer.

        Raises:
            SupportOffer.DoesNotExist: not of this file.
        """
        for row in self.offers:
            if row.offer.pk == offer_id:
                return row
        raise SupportOffer.DoesNotExist


@act
def open_file(*, file_id: UUID, actor: Actor, at: datetime) -> FilePage:
    """Read a file as a whole.

    Raises:
        ResilienceFile.DoesNotExist: unknown, or not visible to `actor`: also for every role of threat and operation.
    """
    file = ResilienceFile.objects.visible_to(actor, at=at).select_related("case", "person", "relation").get(pk=file_id)
    require(may_see_files(actor))
    box = vault.box(file.person.key_id)
    near = ResilienceFile.objects.filter(case_id=file.case_id).exclude(pk=file.pk)
    household = list(near.select_related("person", "relation").order_by("person__pseudonym"))
    audit.saw([(one.person_id, one.case_id) for one in (file, *household)])
    offers = (
        SupportOffer.objects.filter(file=file)
        .select_related("item", "offered_by", "talk")
        .order_by("-offered_at", "pk")
    )
    changes = PhaseChange.objects.filter(file=file).select_related("changed_by").order_by("-since")
    return FilePage(
        file=file,
        needs=box.open(file, "needs"),
        agreements=box.open(file, "agreements"),
        norm=PhaseNorm.objects.get(pk=file.phase),
        phases=[PhaseRow(change, box.open(change, "reason")) for change in changes],
        talks=[_talk_row(talk, box) for talk in _talks_of(file)],
        offers=[OfferRow(offer, box.open(offer, "why")) for offer in offers],
        household=household,
    )


def experts(*, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """The resilience experts of the actor's organisation, for a choice: id and name."""
    members = Membership.objects.in_force(at=at).filter(role=Role.RESILIENCE_EXPERT)
    if actor.organisation_id is not None:
        members = members.filter(organisation_id=actor.organisation_id)
    return [(str(each.user_id), each.user.get_full_name()) for each in members.select_related("user")]


def file_of_talk(talk_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """The file of a talk.

    Raises:
        Talk.DoesNotExist: unknown, or not visible to `actor`.
    """
    return Talk.objects.visible_to(actor, at=at).values_list("file_id", flat=True).get(pk=talk_id)


def file_of_offer(offer_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """The file of an offer.

    Raises:
        SupportOffer.DoesNotExist: unknown, or not visible to `actor`.
    """
    return SupportOffer.objects.visible_to(actor, at=at).values_list("file_id", flat=True).get(pk=offer_id)


def _talks_of(file: ResilienceFile) -> list[Talk]:
    people = TalkParticipant.objects.select_related("file__person").order_by("pk")
    talks = Talk.objects.filter(file=file).select_related("expert").prefetch_related(Prefetch("participants", people))
    return list(talks.order_by("-planned_for", "pk")[:SHOWN])


def _talk_row(talk: Talk, box: vault.Box) -> TalkRow:
    names = dict(Talk._meta.get_field("topics").base_field.flatchoices)
    return TalkRow(
        talk=talk,
        preparation=box.open(talk, "preparation"),
        summary=box.open(talk, "summary"),
        why=box.open(talk, "why"),
        follow_up=box.open(talk, "follow_up"),
        topics=[str(names[topic]) for topic in talk.topics],
        participants=[each.file.person.pseudonym for each in talk.participants.all()],
    )


def palette_for(file: ResilienceFile, *, on: date) -> list[SupportItem]:
    """The items that may be offered to this person now, by kind."""
    taken = {
        item
        for item, state in SupportOffer.objects.filter(file=file).values_list("item_id", "state")
        if state != "declined"
    }
    items = SupportItem.objects.available(on=on).order_by("kind", "code")
    return [item for item in items if item.suits(file.age_band) and item.pk not in taken]


@dataclass(frozen=True)
class Status:
    """All that stands outside the file: phase, whether contact is up to date, the day of the next talk."""

    person_id: UUID
    pseudonym: str
    phase: str
    contact_current: bool
    next_talk: date | None
    url: str  # the file, for those who may open it; else empty


@act
def status_of_case(*, case_id: UUID, actor: Actor, at: datetime) -> list[Status]:
    """The status of the person and each member of the household: what the case manager sees (R026).

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: another role than the case manager's and the experts'.
    """
    Case.objects.visible_to(actor, at=at).only("pk").get(pk=case_id)
    require(may_see_status(actor))
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, phase, contact_current, next_talk FROM resilience_status(%s)", [case_id])
        rows = cursor.fetchall()
    people = dict(Person.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "pseudonym"))
    urls = _file_urls(case_id, actor=actor, at=at)
    audit.saw([(row[0], case_id) for row in rows])
    labels = {value: str(label) for value, label in PHASES}
    return [
        Status(person, people[person], labels[phase], current, next_talk, urls.get(person, ""))
        for person, phase, current, next_talk in rows
    ]


def _file_urls(case_id: UUID, *, actor: Actor, at: datetime) -> dict[UUID, str]:
    if actor.role not in FILE_ROLES:
        return {}
    files = ResilienceFile.objects.visible_to(actor, at=at).filter(case_id=case_id)
    return {person: reverse("resilience:file", args=[file]) for person, file in files.values_list("person_id", "pk")}


def status_panel(case_id: UUID, actor: Actor, at: datetime) -> dict[str, object] | None:
    """The panel on the case page; None before support has begun."""
    rows = status_of_case(case_id=case_id, actor=actor, at=at)
    return {"rows": rows} if rows else None


def timeline(case_id: UUID, actor: Actor, at: datetime) -> list[Event]:
    """Rows of the case's timeline, for the roles of the file alone; none of them holds text of a talk."""
    if not may_see_files(actor):
        return []
    files = {
        file.pk: file
        for file in ResilienceFile.objects.visible_to(actor, at=at).filter(case_id=case_id).select_related("person")
    }
    audit.saw([(file.person_id, case_id) for file in files.values()])
    changes = PhaseChange.objects.filter(file__in=files).select_related("changed_by").order_by("-since")[:SHOWN]
    talks = Talk.objects.filter(file__in=files).exclude(state=TalkState.PLANNED).select_related("ended_by")
    events = [
        _event(
            files[change.file_id],
            at=change.since,
            what=_("Phase: %s") % change.get_phase_display(),
            by=change.changed_by,
        )
        for change in changes
    ]
    events += [
        _event(
            files[talk.file_id],
            at=talk.held_at or talk.planned_for,
            what=_("Talk: %s") % talk.get_state_display(),
            by=talk.ended_by,
        )
        for talk in talks.order_by("-planned_for")[:SHOWN]
    ]
    return events


def _event(file: ResilienceFile, *, at: datetime, what: str, by: object) -> Event:
    return Event(
        at=at,
        kind="resilience",
        text=f"{file.person.pseudonym} · {what}",
        by=str(getattr(by, "full_name", "")),
        url=reverse("resilience:file", args=[file.pk]),
    )


def phases_other_than(phase: str) -> list[tuple[str, str]]:
    """The phases one may move to, with their names."""
    return [(value, str(label)) for value, label in PHASES if value != phase and value in set(Phase)]
