"""The indirect line with the keyboard alone, in Dutch: framework, signature, table, view, minutes, judgement."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from cases import services as case_services
from cases.models import AgendaItem, Nomination, PartyView, TriageTable
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.e2e.keyboard import choose, follow, refused, send, write
from tests.e2e.people import Somebody, a_browser
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHIEF, ADVISER, MEMBER = Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER, Role.TABLE_MEMBER


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:  # committed
    """The police handed an intake in; a table was convened that met an hour ago."""
    walk = Walk(world, at=datetime.now(UTC) - timedelta(hours=6))
    with transaction.atomic():
        walk.handed_in()
        case_services.convene_table(**walk.meeting(), actor=walk.actor(CHIEF), at=walk.tick())
        for role in (MEMBER, Role.DECIDER):
            walk.actor(role)
    return walk


@pytest.fixture
def address(walk: Walk, services: Services) -> Iterator[str]:
    with running(services, "web") as address:
        yield address


def prepared(walk: Walk) -> None:
    """The desk names who handles the case, and the case manager lays the judgement before the decider."""
    now = datetime.now(UTC)
    manager, decider = walk.actor(Role.CASE_MANAGER), walk.actor(Role.DECIDER)
    with transaction.atomic():
        case_services.assign_case(
            case_id=walk.nomination.case_id,
            case_manager=manager.user_id,
            decider=decider.user_id,
            actor=walk.actor(Role.DUTY_OFFICER),
            at=now,
        )
        with acting(manager, at=now):
            version = Nomination.objects.get().version
        case_services.prepare_judgement(
            nomination_id=walk.nomination.pk,
            proposal="Aannemen.",
            information_used="Intake, toetsingskader en triagetafel.",
            version=version,
            actor=manager,
            at=now,
        )


def completes(adviser: Somebody) -> None:
    """Answer the framework and lay the nomination before the chief prosecutor."""
    follow(adviser.go("/"), "/cases/nominations/", "/framework")
    choose(adviser, serious="yes", aimed="direct", origin="phenomenon", threatener="anonymous")
    send(adviser, "")
    assert "Triagetafel" in adviser.text()
    refused(adviser, "complete", at="assessment")
    write(adviser, assessment="Ernstig; de dreiger is onbekend.")
    send(adviser, "complete")


def nominates(chief: Somebody) -> None:
    follow(chief.go("/"), "/cases/nominations/")
    assert "Ernstig; de dreiger is onbekend." in chief.text()
    write(chief, code=chief.code())
    send(chief, "")


def puts_on_table(chief: Somebody, table: UUID, number: str) -> None:
    follow(chief, "/cases/tables", f"/cases/tables/{table}")
    write(chief, nomination_id=number)
    refused(chief, "put", at="reason")
    write(chief, reason="De dreiger is onbekend.")
    send(chief, "put")
    assert "Op de agenda" in chief.text()


def gives_view(member: Somebody) -> None:
    follow(member.go("/"), "/cases/seats/", "/cases/agenda/")
    choose(member, finds="local")
    refused(member, "view", at="text")
    write(member, text="Eerst een schatting van de dreiging.")
    send(member, "view")
    assert "Hoort in het lokaal domein" in member.text()


def minutes(adviser: Somebody) -> None:
    follow(adviser.go("/"), "/cases/agenda/")
    assert "Eerst een schatting van de dreiging." in adviser.text()
    refused(adviser, "minutes", at="minutes")
    write(adviser, minutes="De tafel adviseert opname.")
    send(adviser, "minutes")


def judges(decider: Somebody) -> None:
    follow(decider.go("/"), "/judge")
    told = decider.text()
    assert "Hoort in het lokaal domein" in told
    assert "De tafel adviseert opname." in told
    choose(decider, outcome="accept")
    write(decider, reasons="Anders dan de Koninklijke Marechaussee: de dreiging is gericht.", code=decider.code())
    send(decider, "")


def test_r050_a_nomination_goes_over_the_table_to_its_judgement_by_keyboard(walk: Walk, address: str) -> None:
    with acting(walk.actor(CHIEF), at=walk.at):
        table = TriageTable.objects.get().pk
    with a_browser() as browser:
        adviser, chief, member = (Somebody(browser, address, walk.actor(role)) for role in (ADVISER, CHIEF, MEMBER))
        completes(adviser)
        nominates(chief)
        puts_on_table(chief, table, walk.case.number)
        gives_view(member)
        minutes(adviser)
        prepared(walk)
        judges(Somebody(browser, address, walk.actor(Role.DECIDER)))

    with acting(walk.actor(Role.DECIDER), at=datetime.now(UTC)):
        assert Nomination.objects.get().state == "accepted"
        assert AgendaItem.objects.get().outcome == "accepted"
        assert PartyView.objects.get().finds == "local"
