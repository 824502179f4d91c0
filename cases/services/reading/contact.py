"""How contact with somebody is kept: plan, contact person, promises, what was told and what was withheld."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case, ContactEntry, ContactPerson, ContactPlan, MomentAgenda, Person, Promise, Telling
from cases.policies import may_be_contact
from cases.services import case as cases
from cases.services.plan import contact_of, contacts_now
from cases.services.reading import rows
from cases.services.reading.choices import Choice, people_of
from cases.services.reading.rows import Opened, _open
from cases.services.telling import grounds
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import Membership

LATEST, SHOWN = 5, 50


@dataclass(frozen=True)
class Kept:
    """Contact with one person: the plan, who keeps it now, and whether that is a deputy."""

    person: Person
    relation: str
    plan: ContactPlan
    by: ContactPerson | None


@dataclass(frozen=True)
class Text:
    """A row of contact with its text opened."""

    row: ContactEntry | Promise | Telling
    text: str = field(repr=False)


@dataclass(frozen=True)
class ContactBlock:
    """Contact as the case page shows it."""

    kept: Sequence[Kept]
    promises: Sequence[Text]
    tellings: Sequence[Text]
    agenda: MomentAgenda | None

    @property
    def people(self) -> set[UUID]:
        """Whose data it shows."""
        return {one.person.pk for one in self.kept} | {one.row.person_id for one in (*self.promises, *self.tellings)}


@dataclass(frozen=True)
class ContactFile:
    """Everything of contact on one case; the texts of each plan by its key."""

    case: Case
    kept: Sequence[tuple[Kept, dict[str, str]]]
    promises: Sequence[Text]
    tellings: Sequence[Text]
    agendas: Sequence[MomentAgenda]


def contact_block(case: Case, box: vault.Box, *, at: datetime) -> ContactBlock:
    """Part of reading a case."""
    return ContactBlock(
        kept=kept_on(case, at=at),
        promises=_promises(case, box, outcome=""),
        tellings=_tellings(case, box)[:LATEST],
        agenda=_agendas(case).first(),
    )


def kept_on(case: Case, *, at: datetime) -> list[Kept]:
    people = {person.pk: (person, relation) for person, relation in people_of(case)}
    plans = {plan.person_id: plan for plan in ContactPlan.objects.filter(case=case)}
    contacts = contacts_now(at=at, case=case)
    return [
        Kept(person, relation, plans[key], contact_of(contacts, plans[key]))
        for key, (person, relation) in people.items()
        if key in plans
    ]


@act
def read_contact(*, case_id: UUID, actor: Actor, at: datetime) -> ContactFile:
    """The contact plan of a case with all that was promised, told and withheld.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
    """
    case = rows.open_case_file(case_id=case_id, part="contact", actor=actor, at=at)
    box = cases.box_for(case)
    kept = kept_on(case, at=at)
    tellings, promises = _tellings(case, box), _promises(case, box)
    shown = {one.person.pk for one in kept} | {one.row.person_id for one in (*tellings, *promises)}
    audit.saw([(key, case.pk) for key in shown])
    return ContactFile(
        case=case,
        kept=[(one, rows.texts_of(one.plan, box)) for one in kept],
        promises=promises,
        tellings=tellings,
        agendas=list(_agendas(case)[:LATEST]),
    )


def _promises(case: Case, box: vault.Box, **where: str) -> list[Text]:
    found = Promise.objects.filter(case=case, **where).select_related("person", "made_by").order_by("outcome", "due_on")
    return [Text(row, box.open(row, "text")) for row in found[:SHOWN]]


def _tellings(case: Case, box: vault.Box) -> list[Text]:
    found = Telling.objects.filter(case=case).select_related("person", "by", "ground").order_by("-at", "pk")[:SHOWN]
    return [Text(row, box.open(row, "told") or box.open(row, "withheld")) for row in found]


def _agendas(case: Case) -> QuerySet[MomentAgenda]:
    return MomentAgenda.objects.filter(case=case).select_related("person", "by").order_by("-at", "pk")


@act
def read_plan(*, plan_id: UUID, actor: Actor, at: datetime) -> Opened[ContactPlan]:
    return _open(ContactPlan.objects.select_related("person"), plan_id, part="contact", actor=actor, at=at)


@act
def read_promise(*, promise_id: UUID, actor: Actor, at: datetime) -> Opened[Promise]:
    found = Promise.objects.select_related("person", "made_by")
    return _open(found, promise_id, part="contact", actor=actor, at=at)


@act
def read_telling(*, telling_id: UUID, actor: Actor, at: datetime) -> Opened[Telling]:
    found = Telling.objects.select_related("person", "by", "ground", "follows", "level")
    return _open(found, telling_id, part="contact", actor=actor, at=at)


def followed_by(telling: Telling) -> list[Telling]:
    """What was said later about this: the second look, or the correction."""
    return list(telling.followed_by.select_related("by").order_by("at", "pk"))


def contact_people(plan: ContactPlan) -> list[ContactPerson]:
    """Who was the contact person, newest first."""
    found = ContactPerson.objects.filter(case_id=plan.case_id, person_id=plan.person_id).select_related("user")
    return sorted(found, key=lambda one: (one.period.lower, one.deputy), reverse=True)[:SHOWN]


def possible_contacts(*, at: datetime) -> list[Choice]:
    """The colleagues who keep contact in a role they hold now."""
    roles = [role for role in Role if may_be_contact(role)]
    held = (
        Membership.objects.in_force(at=at)
        .filter(role__in=roles, user__is_service=False, organisation=cases.nctv())
        .select_related("user")
        .order_by("user__full_name", "pk")
    )
    return [Choice(str(one.user_id), f"{one.user.get_full_name()} ({one.get_role_display()})") for one in held]


def signals_to_repeat(case: Case) -> list[Choice]:
    """Earlier signals of this case, newest first, for one who tells the same again."""
    found = ContactEntry.objects.filter(case=case, is_signal=True).select_related("person").order_by("-at", "pk")
    return [Choice(str(one.pk), f"{one.at:%d-%m-%Y %H:%M} · {one.person.pseudonym}") for one in found[:SHOWN]]


def grounds_to_withhold(*, on: date) -> list[Choice]:
    return [Choice(ground.pk, str(ground)) for ground in grounds(on=on)]
