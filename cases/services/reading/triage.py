"""What the pages of triage read: assessments, versions of the framework, tables with their agenda and views."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from cases.methodology import Question
from cases.models import (
    AgendaItem,
    Assessment,
    AssessmentNote,
    Attachment,
    ContactEntry,
    Framework,
    Nomination,
    PartyView,
    TableParty,
    TriageTable,
)
from cases.models.framework import OUTCOMES
from cases.policies import PROSECUTION
from cases.services import case as cases
from cases.services.framework import framework_now
from cases.services.reading.choices import Choice
from cases.services.reading.rows import Opened
from cases.services.table import SEAT
from stelsel.kernel import audit, codes, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import Membership, Organisation

MOST_TABLES, MOST_ITEMS, MOST_VERSIONS = 50, 100, 12


@dataclass(frozen=True)
class Answered:
    """A question with the answer given, why, and what it rests on."""

    question: str
    answer: str
    note: str = field(repr=False)
    rests_on: str = field(repr=False)


@dataclass(frozen=True)
class Made:
    """An assessment as a page shows it."""

    row: Assessment
    answered: Sequence[Answered]
    shares: Sequence[tuple[str, int]]
    deviation: str = field(repr=False)


@dataclass(frozen=True)
class Held:
    """A view of a party, in the clear."""

    row: PartyView
    text: str = field(repr=False)


@dataclass(frozen=True)
class Seat:
    """An invited party and its newest view, or none yet."""

    party: Organisation
    view: Held | None


@dataclass(frozen=True)
class Evidence:
    """What an answer can rest on: files and signals of this case."""

    attachments: Sequence[Choice] = field(repr=False)
    signals: Sequence[Choice] = field(repr=False)


def assessments_on(opened: Opened[Nomination]) -> list[Made]:
    """All assessments of a nomination, newest first, each on the version it was made with. Part of reading one."""
    rows = list(
        Assessment.objects.filter(nomination=opened.row)
        .select_related("framework", "organisation", "made_by")
        .order_by("-made_at", "pk")
    )
    notes = AssessmentNote.objects.filter(assessment__in=rows).select_related("attachment", "signal").order_by("pk")
    by_question = {(note.assessment_id, note.question): note for note in notes}
    box = vault.box(opened.case.person.key_id)
    return [_made(row, by_question, box) for row in rows]


def _made(row: Assessment, notes: dict[tuple[UUID, str], AssessmentNote], box: vault.Box) -> Made:
    answered = []
    for question in row.framework.tree().questions:
        given = next((one for one in question.answers if one.code == row.answers.get(question.code)), None)
        if given is None:
            continue
        note = notes.get((row.pk, question.code))
        text = box.open(note, "text") if note else ""
        answered.append(Answered(gettext(question.text), gettext(given.text), text, _rests_on(note, box)))
    on = timezone.localdate(row.made_at)
    shares = [(codes.label("phenomenon", code, on=on), share) for code, share in row.shares.items()]
    return Made(row=row, answered=answered, shares=shares, deviation=box.open(row, "deviation"))


def _rests_on(note: AssessmentNote | None, box: vault.Box) -> str:
    if note is None:
        return ""
    named = [box.open(note.attachment, "name")] if note.attachment else []
    named += [f"{note.signal.at:%d-%m-%Y}"] if note.signal else []
    return " · ".join([*named, *([note.product] if note.product else [])])


def questions_now(*, at: datetime) -> tuple[Framework, Sequence[Question]]:
    framework = framework_now(at=at)
    return framework, framework.tree().questions


def evidence_in(opened: Opened[Nomination]) -> Evidence:
    box = cases.box_for(opened.case)
    files = Attachment.objects.filter(case=opened.case).order_by("number")[:MOST_ITEMS]
    signals = ContactEntry.objects.filter(case=opened.case, is_signal=True).order_by("-at", "pk")[:MOST_ITEMS]
    return Evidence(
        attachments=[Choice(str(one.pk), box.open(one, "name")) for one in files],
        signals=[Choice(str(one.pk), f"{one.at:%d-%m-%Y %H:%M}") for one in signals],
    )


@dataclass(frozen=True)
class Version:
    """A published version: each question with its answers and where they lead, in words."""

    row: Framework
    questions: Sequence[tuple[str, Sequence[tuple[str, str]]]]


def framework_versions() -> list[Version]:
    """The published versions, newest first."""
    return [_version(row) for row in Framework.objects.published().order_by("-number")[:MOST_VERSIONS]]


def _version(row: Framework) -> Version:
    tree = row.tree()
    names = {value: str(label) for value, label in OUTCOMES}
    names |= {question.code: gettext(question.text) for question in tree.questions}
    return Version(
        row=row,
        questions=[
            (gettext(one.text), [(gettext(answer.text), names[answer.leads]) for answer in one.answers])
            for one in tree.questions
        ],
    )


def tables_of(actor: Actor) -> list[TriageTable]:
    """The tables one sits at, those that did not meet yet first."""
    found = TriageTable.objects.visible_to(actor).select_related("office", "chair")
    return list(found.order_by("-closed_at", "-meets_at", "pk")[:MOST_TABLES])


@act
def read_table(
    *, table_id: UUID, actor: Actor, at: datetime
) -> tuple[TriageTable, list[Organisation], list[AgendaItem]]:
    """A table, who was invited, and those items of its agenda that the actor sees.

    Raises:
        TriageTable.DoesNotExist: unknown, or one does not sit at it.
    """
    seen = TriageTable.objects.visible_to(actor).values_list("pk", flat=True).get(pk=table_id)
    table = TriageTable.objects.select_related("office", "chair").get(pk=seen)
    parties = [
        seat.organisation for seat in table.parties.select_related("organisation").order_by("organisation__name")
    ]
    items = list(
        AgendaItem.objects.visible_to(actor, at=at)
        .filter(table=table)
        .select_related("case__person", "case__office", "nomination")
        .order_by("put_at", "pk")[:MOST_ITEMS]
    )
    audit.saw([(item.case.person_id, item.case_id) for item in items], kind="list")
    return table, parties, items


@act
def table_of_seat(*, seat_id: UUID, actor: Actor, at: datetime) -> UUID:  # noqa: ARG001  # @act binds it
    """The table that a seat belongs to.

    Raises:
        TableParty.DoesNotExist: unknown, or one does not sit at it.
    """
    return TableParty.objects.filter(table__in=TriageTable.objects.visible_to(actor)).get(pk=seat_id).table_id


def seats_at(opened: Opened[AgendaItem]) -> list[Seat]:
    """Each party of the table with its newest view on this item. Part of reading the item."""
    return _seats(opened.row, box=cases.box_for(opened.case))


def _seats(item: AgendaItem, *, box: vault.Box) -> list[Seat]:
    views = PartyView.objects.filter(item=item).select_related("recorded_by").order_by("recorded_at", "pk")
    newest = {view.organisation_id: Held(view, box.open(view, "text")) for view in views}
    seats = TableParty.objects.filter(table=item.table).select_related("organisation")
    return [Seat(seat.organisation, newest.get(seat.organisation_id)) for seat in seats.order_by("organisation__name")]


def agenda_of(nomination: Nomination) -> list[AgendaItem]:
    """Where this nomination lay on a table, newest first."""
    found = AgendaItem.objects.filter(nomination=nomination).select_related("table")
    return list(found.order_by("-put_at", "pk")[:MOST_ITEMS])


def discussed(opened: Opened[Nomination]) -> list[tuple[AgendaItem, list[Seat], str]]:
    """The tables at which a nomination lay, with views and minutes. Part of reading the nomination."""
    box = cases.box_for(opened.case)
    return [(item, _seats(item, box=box), box.open(item, "minutes")) for item in agenda_of(opened.row)]


@act
def nominations_for_table(*, actor: Actor, at: datetime) -> list[Choice]:
    """The signed nominations of one's own office that lie on no table: what it can put on one."""
    found = (
        Nomination.objects.visible_to(actor, at=at)
        .filter(state__in=["signed", "prepared"], case__office=actor.organisation_id)
        .exclude(agenda_items__in=AgendaItem.objects.open_now())
        .select_related("case__person")
        .order_by("signed_at", "pk")[:MOST_ITEMS]
    )
    rows = list(found)
    audit.saw([(row.case.person_id, row.case_id) for row in rows], kind="list")
    return [Choice(str(row.pk), f"{row.case.number} · {row.get_line_display()}") for row in rows]


def parties_to_invite() -> list[Choice]:
    rows = Organisation.objects.filter(kind__in=SEAT).order_by("kind", "name", "pk")
    return [Choice(str(one.pk), one.name) for one in rows]


def chairs_of(actor: Actor, *, at: datetime) -> list[Choice]:
    """Colleagues of one's own office who can chair."""
    held = (
        Membership.objects.in_force(at=at)
        .filter(organisation=actor.organisation_id, role__in=PROSECUTION, user__is_service=False)
        .select_related("user")
        .order_by("user__full_name", "pk")
    )
    return [Choice(str(one.user_id), one.user.get_full_name()) for one in held]
