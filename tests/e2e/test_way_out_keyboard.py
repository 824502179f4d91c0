"""The way out with the keyboard alone, in Dutch: authority returned, confirmed, the family told, the case closed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from cases.models import AuthorityPeriod, Case, Designation, InformDuty
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases import wayout
from tests.cases.walk import Walk
from tests.e2e.keyboard import find, follow, reach, refused, send, write
from tests.e2e.people import Somebody, a_browser
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World, code_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANAGER, DECIDER, CHIEF = Role.CASE_MANAGER, Role.DECIDER, Role.CHIEF_PROSECUTOR


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:  # committed
    """Designated, everybody told of that; the questions of article 2 ECHR about the return are signed."""
    walk = Walk(world, at=datetime.now(UTC) - timedelta(hours=20))
    with transaction.atomic():
        walk.designated()
        wayout.tell_everybody(walk, walk.nomination.case_id)
        with acting(walk.actor(DECIDER), at=walk.at):
            designation = Designation.objects.get()
        walk.answered("return", designation.pk)
    for role in (DECIDER, CHIEF):
        code_for(walk.actor(role))  # forgets the codes that the walk signed with
    return walk


@pytest.fixture
def address(walk: Walk, services: Services) -> Iterator[str]:
    with running(services, "web") as address:
        yield address


def returns(decider: Somebody, case: Case) -> None:
    find(decider.go("/"), case.number)
    follow(decider, f"/cases/{case.pk}/return")
    refused(decider, "", at="reasons")
    write(decider, reasons="De dreiging is weg.", code=decider.code())
    send(decider, "")


def confirms(chief: Somebody) -> None:
    follow(chief.go("/"), "/cases/returns/")
    assert "De dreiging is weg." in chief.text()
    write(chief, code=chief.code())
    send(chief, "")


def tells(manager: Somebody) -> None:
    """The first of the household who waits to be told."""
    follow(manager.go("/"), "/cases/duties/")
    reach(manager, "[name='channel']")
    manager.page.keyboard.press("ArrowDown")
    write(manager, told="Het gezag gaat terug naar de hoofdofficier.")
    send(manager, "")


def closes(chief: Somebody, case: Case) -> None:
    find(chief.go("/"), case.number)
    follow(chief, f"/cases/{case.pk}/close")
    refused(chief, "", at="reason")
    write(chief, reason="Een half jaar geen melding.")
    send(chief, "")


def test_r116_a_person_leaves_the_scheme_and_the_case_is_closed_by_keyboard(walk: Walk, address: str) -> None:
    with acting(walk.actor(MANAGER), at=walk.at):
        case = Case.objects.select_related("person").get()
    with a_browser() as browser:
        decider, chief, manager = (Somebody(browser, address, walk.actor(role)) for role in (DECIDER, CHIEF, MANAGER))
        returns(decider, case)
        confirms(chief)
        with acting(walk.actor(MANAGER), at=datetime.now(UTC)):
            waiting = InformDuty.objects.filter(settled_at=None).count()
        for _person in range(waiting):
            tells(manager)
        closes(chief, case)

    with acting(walk.actor(CHIEF), at=datetime.now(UTC)):
        assert Case.objects.get().state == "closed"
        assert not AuthorityPeriod.objects.filter(case=case, period__upper_inf=True).exists()
