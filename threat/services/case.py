"""What every act of threat analysis begins with: the case, visible; and the person's key."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from cases.models import Case, CloseRelation, Person
from cases.services import case as cases
from stelsel.kernel import vault
from stelsel.kernel.access import current
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind

TEXT_LENGTH: Final = 20_000


def visible_case(case_id: UUID, *, actor: Actor, at: datetime) -> Case:
    """The case with its person.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the case is about the actor.
    """
    case: Case = Case.objects.visible_to(actor, at=at).select_related("person").get(pk=case_id)
    cases.require_no_conflict(actor, case)
    return case


def people_of(case: Case) -> list[Person]:
    """The person and every close relation on the case: each can be the target of a line of their own."""
    relations = CloseRelation.objects.filter(case=case).select_related("person").order_by("created_at", "pk")
    return [case.person, *(relation.person for relation in relations)]


def box_for(case: Case) -> vault.Box:
    return vault.box(case.person.key_id)


def nctv() -> Organisation:
    return Organisation.objects.get(kind=OrganisationKind.NCTV, parent=None)


def next_request_number(*, year: int) -> str:
    """A number that says nothing about the case: it stands on the supplier's start page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('threat_request_number')")
        (running,) = cursor.fetchone()
    return f"IV{year}-{running:05d}"


def instant() -> datetime:
    """The instant of the unit of work, for parts of a service."""
    unit = current()
    if unit is None:
        raise RuntimeError("this is part of a service")
    return unit.at


def text_faults(**texts: str) -> list[Fault]:
    """Obligatory texts that are empty or too long, by field."""
    faults = [
        Fault(name, "required", gettext_noop("Fill this in.")) for name, text in texts.items() if not text.strip()
    ]
    long = gettext_noop("This text is too long: at most 20,000 characters.")
    return faults + [Fault(name, "too_long", long) for name, text in texts.items() if len(text) > TEXT_LENGTH]


def refuse_if(faults: list[Fault]) -> None:
    """Refuse with every fault at once.

    Raises:
        Invalid: there is a fault.
    """
    if faults:
        raise Invalid(
            "incomplete", gettext_noop("Something is missing or not right; every fault is named."), faults=faults
        )
