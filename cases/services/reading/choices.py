"""What the forms of cases offer to choose from."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from cases.models import Case, CloseRelation, Person
from cases.models.catalogue import kind_name
from cases.policies import ON_A_CASE
from cases.services.catalogue import catalogue_on
from cases.services.relatives import designated
from stelsel.kernel import audit
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Membership, Organisation, OrganisationKind


@dataclass(frozen=True)
class Choice:
    """One option of a form: its value and how it reads."""

    value: str
    label: str


def offices() -> list[Choice]:
    """The offices of the chief prosecutors."""
    rows = Organisation.objects.filter(kind=OrganisationKind.PROSECUTION).order_by("name", "pk")
    return [Choice(str(office.pk), office.name) for office in rows]


def regions() -> list[Choice]:
    """The regions that organisations lie in."""
    names = Organisation.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    return [Choice(name, name.replace("-", " ").capitalize()) for name in names]


def kinds(*, on: date) -> list[Choice]:
    """The kinds of measures that can be ordered on this day."""
    return [Choice(code, str(kind_name(code))) for code in catalogue_on(on)]


def kinds_with_direction(*, on: date) -> list[Choice]:
    """The same, each with what it is directed at: on the telephone that decides who may order it."""
    return [
        Choice(code, f"{kind_name(code)} ({entry.get_directed_display().lower()})")
        for code, entry in catalogue_on(on).items()
    ]


def colleagues(role: Role, *, at: datetime) -> list[Choice]:
    """Who holds this role now."""
    held = (
        Membership.objects.in_force(at=at)
        .filter(role=role, user__is_service=False)
        .select_related("user", "organisation")
        .order_by("user__full_name", "pk")
    )
    return [Choice(str(one.user_id), f"{one.user.get_full_name()} ({one.organisation.name})") for one in held]


def grantable(*, at: datetime) -> list[tuple[Choice, UUID, Role]]:
    """Everybody a case may be opened to, each in a role held now: the choice, the user and the role."""
    held = (
        Membership.objects.in_force(at=at)
        .filter(role__in=ON_A_CASE, user__is_service=False)
        .select_related("user", "organisation")
        .order_by("user__full_name", "role", "pk")
    )
    return [
        (
            Choice(str(one.pk), f"{one.user.get_full_name()} · {one.get_role_display()} · {one.organisation.name}"),
            one.user_id,
            Role(one.role),
        )
        for one in held
    ]


def people_of(case: Case, *, core_only: bool = False) -> list[tuple[Person, str]]:
    """The person of the case and those close to them, each with the relation in words.

    `core_only`: those in the scheme, the household and the relatives who were designated one by one.
    """
    relations = CloseRelation.objects.filter(case=case).select_related("person").order_by("created_at", "pk")
    if core_only:
        relations = relations.filter(Q(core_household=True) | Q(person__in=designated(case)))
    return [(case.person, ""), *((one.person, one.get_kind_display()) for one in relations)]


def outside_household(case: Case) -> list[tuple[Person, str]]:
    """Those close to the person who are not of the core household; each is somebody whose data was seen."""
    core = {person.pk for person, _relation in people_of(case, core_only=True)}
    people = [(person, relation) for person, relation in people_of(case) if person.pk not in core]
    audit.saw([(person.pk, case.pk) for person, _relation in people])
    return people


def people_to_choose(case: Case, *, core_only: bool = False) -> list[tuple[Person, str]]:
    """The same for a form that names them: each is somebody whose data was seen."""
    people = people_of(case, core_only=core_only)
    audit.saw([(person.pk, case.pk) for person, _relation in people])
    return people
