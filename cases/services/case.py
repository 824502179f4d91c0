"""What every act on a case begins with: the row, locked and visible; and the rules that hold for any of them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model

from cases.authority import Post, over_person
from cases.demarcation import Regime
from cases.lifecycle import CASE_LIFECYCLE, Authority, CaseState, Scope
from cases.models import AuthorityPeriod, Case, CloseRelation, Person
from cases.policies import not_about_oneself
from cases.services.naming import Keys
from stelsel.kernel import vault
from stelsel.kernel.access import GUARDS
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, Forbidden, Invalid, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import Organisation, OrganisationKind

ZONE: Final = ZoneInfo("Europe/Amsterdam")


def case_closed() -> Conflict:
    """What whoever acts on a closed case is told, by a service or by the guard of the database."""
    return Conflict("case_closed", gettext_noop("This case is closed: it can be read, and opened again with a reason."))


def other_regime() -> Forbidden:
    """What whoever acts on a case is told that another regime took over, by a service or by the database's guard."""
    return Forbidden(
        "other_regime",
        gettext_noop("This person is under another regime: nothing is done here. Call the contact point on the case."),
    )


def conflict_of_interest() -> Forbidden:
    """What somebody is told who is tied to the person, by a service or by the database's guard (C26 par. 2.4.2)."""
    return Forbidden(
        "conflict_of_interest",
        gettext_noop("You are kept out of this case: nobody acts in a case about a relative or a superior."),
    )


def require_no_conflict(actor: Actor, case: Case) -> None:
    """Refuse who the case is about, who is close to that person here, and who was kept out of it. Part of a service.

    Raises:
        Forbidden: with the name of the rule.
    """
    require(not_about_oneself(actor, case.person.user_id))
    require_not_kept_out(case.pk)


def require_not_kept_out(case_id: UUID) -> None:
    """Of a case that who asks does not see: kept out of it, or close to its person."""
    if conflicted([case_id]):
        raise conflict_of_interest()


def conflicted(case_ids: Iterable[UUID]) -> set[UUID]:
    """Of which of these cases who asks is kept out, or close to their person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM unnest(%s::uuid[]) AS id WHERE cases_conflicted(id)", [list(case_ids)])
        return {one for (one,) in cursor.fetchall()}


GUARDS["case_closed"] = case_closed
GUARDS["other_regime"] = other_regime
GUARDS["conflict_of_interest"] = conflict_of_interest


def locked_case(
    case_id: UUID, *, actor: Actor, at: datetime, closed_too: bool = False, elsewhere_too: bool = False
) -> Case:
    """The case, locked for this act.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the case is about the actor, or another regime took the person over and the act is not about that.
        Conflict: the case is closed, and the act is none that a closed case allows.
    """
    case: Case = (
        Case.objects.visible_to(actor, at=at)
        .select_related("person", "office")
        .select_for_update(of=("self",))
        .get(pk=case_id)
    )
    require_no_conflict(actor, case)
    if case.state == CaseState.CLOSED and not closed_too:
        raise case_closed()
    if case.demarcation != Regime.NONE and not elsewhere_too:
        raise other_regime()
    return case


def move(case: Case, step: str, *, at: datetime) -> None:
    """Take a step of the case's lifecycle and put the case on top of the lists of those who see it."""
    case.state = CASE_LIFECYCLE.apply(step, state=case.state)
    touch(case, at=at)


def touch(case: Case, *, at: datetime) -> None:
    case.version += 1
    case.sort_at = at
    case.save()


def require_texts(**texts: str) -> None:
    faults = tuple(
        Fault(name, "required", gettext_noop("Fill this in.")) for name, text in texts.items() if not text.strip()
    )
    if faults:
        raise Invalid("incomplete", gettext_noop("Something that must be there is missing."), faults=faults)


def seal(row: Model, case: Case, **texts: str) -> None:
    """Put texts about the person into fields of `row`, under the key of the case's person."""
    box, key = box_for(case), case.person.key_id
    for name, text in texts.items():
        box.seal(row, name, text, key=key)


def need_changed(case: Case, *, why: str, subject: Model) -> None:
    """Tell the planning of teams that an act changed what must be protected, so that no plan rests on what was."""
    enqueue("capacity.need_changed", key=f"{why}:{subject.pk}", case_id=case.pk, why=why)


def end_of(day: date) -> datetime:
    """The last minute of a day in the Netherlands: until then a term in days has not passed."""
    return datetime.combine(day, time(23, 59), tzinfo=ZONE).astimezone(UTC)


def household(case: Case) -> list[Person]:
    """The person and the core household (kerngezin): they are designated and returned together."""
    kin = (
        CloseRelation.objects.filter(case=case, core_household=True)
        .select_related("person")
        .order_by("created_at", "pk")
    )
    return [case.person, *(relation.person for relation in kin)]


def authority_now(person_id: UUID, *, at: datetime) -> AuthorityPeriod:
    """Who has authority over the person at `at`, for person-directed measures.

    Raises:
        AuthorityPeriod.DoesNotExist: before the first report of the person.
        Conflict: nobody any more: the case is closed.
    """
    periods = AuthorityPeriod.objects.select_related("holder").filter(person_id=person_id, scope=Scope.PERSON_DIRECTED)
    held = periods.filter(period__contains=at).first()
    if held is None and periods.filter(period__endswith__lte=at).exists():
        raise case_closed()
    return held or periods.get(period__contains=at)


def begin_authority(
    case: Case, person: Person, *, at: datetime, ground: str, ground_id: UUID | None = None
) -> AuthorityPeriod:
    """The chief prosecutor's office holds authority from the first report on (Circulaire 2026 par. 2.5)."""
    return AuthorityPeriod.objects.create(
        case=case,
        person=person,
        scope=Scope.PERSON_DIRECTED,
        authority=Authority.CHIEF_PROSECUTOR,
        holder=case.office,
        period=(at, None),
        ground=ground,
        ground_id=ground_id or case.pk,
        rule=rule_over(case, designated=False, at=at),
    )


def rule_over(case: Case, *, designated: bool, at: datetime) -> str:
    """The rule by which somebody has authority over the person from `at` on."""
    post, inside = Post(case.post), case.post_in_district
    return over_person(on=at.date(), designated=designated, post=post, own_district=inside).rule


JUST_CHANGED = gettext_noop("Authority over this person has just changed or is with you already.")


def transfer_authority(case: Case, *, to: Authority, at: datetime, ground: str, ground_id: UUID) -> None:
    """Move authority over the person and the core household at one instant; no measure ends by it.

    Raises:
        Conflict: that authority holds already, or `at` is not after the start of the present one.
    """
    holder = nctv() if to is Authority.NCTV else case.office
    rule = rule_over(case, designated=to is Authority.NCTV, at=at)
    for person in household(case):
        present = AuthorityPeriod.objects.select_for_update().get(
            person=person, scope=Scope.PERSON_DIRECTED, period__upper_inf=True, case=case
        )
        if (present.authority, present.holder_id) == (to, holder.pk):
            raise Conflict("authority_unchanged", JUST_CHANGED)
        end_authority(present, at=at)
        AuthorityPeriod.objects.create(
            case=case,
            person=person,
            scope=Scope.PERSON_DIRECTED,
            authority=to,
            holder=holder,
            period=(at, None),
            ground=ground,
            ground_id=ground_id,
            rule=rule,
        )


def end_authority(present: AuthorityPeriod, *, at: datetime) -> None:
    """Set the open end of a period of authority. Part of a service that begins the next one, or closes the case.

    Raises:
        Conflict: `at` is not after its start.
    """
    if present.period.lower is None or present.period.lower >= at:
        raise Conflict("authority_unchanged", JUST_CHANGED)
    present.period = (present.period.lower, at)
    present.save(update_fields=["period"])


def known(index: bytes, *, with_birth_date: bool) -> bool:
    """Whether an open case of anybody is about a person with this blind index. Says nothing about which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_known(%s, %s)", [index, with_birth_date])
        (found,) = cursor.fetchone()
    return bool(found)


def known_index(person: Person) -> bool:
    """The same for a person whose own case is closed."""
    born = bytes(person.born_index)
    return known(born or bytes(person.name_index), with_birth_date=bool(born))


def next_number(*, on: date) -> str:
    """A case number: year and a running number that says nothing about the person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        (running,) = cursor.fetchone()
    return f"{on.year}-{running:05d}"


def next_reference(kind: str, *, on: date) -> str:
    """The name of something for those who may not see the case: it does not hold the case's number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_reference')")
        (running,) = cursor.fetchone()
    return f"{kind}-{on.year}-{running:05d}"


def make_person(
    *, name: str, birth_date: str = "", address: str = "", reach: str = "", number: str, at: datetime
) -> Person:
    """A person with a data key of their own; what names them is sealed before it is stored."""
    key = vault.make_key(at=at)
    keys = Keys.of(name, birth_date)
    person = Person(
        pseudonym=number,
        key=key,
        name_index=keys.name,
        born_index=keys.born,
        year_index=keys.year,
        created_at=at,
    )
    box = vault.box(key.pk)
    for field, text in (("name", name), ("birth_date", birth_date), ("address", address), ("reach", reach)):
        box.seal(person, field, text, key=key.pk)
    person.save(force_insert=True)
    return person


def party_of(actor: Actor) -> UUID:
    """The organisation one acts for.

    Raises:
        Forbidden: one acts for none.
    """
    if actor.organisation_id is None:
        raise Forbidden("no_organisation", gettext_noop("You act for no organisation."))
    return actor.organisation_id


def box_for(case: Case) -> vault.Box:
    """The opened key of the case's person."""
    return vault.box(case.person.key_id)


def nctv() -> Organisation:
    return Organisation.objects.get(kind=OrganisationKind.NCTV)


def lcc() -> Organisation:
    return Organisation.objects.get(kind=OrganisationKind.LCC)
