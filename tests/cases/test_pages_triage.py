"""The pages of triage: the framework is answered, the table convened, filled, minuted and closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases import services
from cases.models import AgendaItem, Nomination, TriageTable
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.browsing import as_client
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.test_triage import ANONYMOUS, a_table, put
from tests.cases.walk import DIRECT, Walk
from tests.world import World

CHIEF, ADVISER, MEMBER = Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER, Role.TABLE_MEMBER


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world, at=timezone.now() - timedelta(hours=14))


def test_r039_the_framework_is_answered_on_its_page_and_what_was_typed_survives(walk: Walk) -> None:
    walk.handed_in()
    key = walk.nomination.pk

    refused = send(walk, ADVISER, "framework", key, {**DIRECT, "origin": "", "serious_note": TYPED})
    taken = send(walk, ADVISER, "framework", key, {**DIRECT, "serious_note": TYPED, "share_terrorism": 100})

    assert refused_with_what_was_typed(refused, 422)
    assert taken.status_code == 302
    page = as_client(walk.actor(ADVISER), language="nl").get(reverse("cases:nomination", args=[key]))
    assert TYPED in page.text
    assert "Directe lijn" in page.text
    assert "Terrorisme en extremisme 100%" in page.text


def test_r039_the_versions_stand_side_by_side(walk: Walk) -> None:
    page = as_client(walk.actor(Role.POLICE_RCCB), language="nl").get(reverse("cases:frameworks"))

    assert "Is zij tegen het leven gericht?" in page.text
    assert "Relationeel geweld → <b>Niet voor het stelsel: andere hulp</b>" in " ".join(page.text.split())


def test_r050_a_table_is_convened_filled_and_closed_on_its_pages(walk: Walk) -> None:
    walk.signed(ANONYMOUS)
    meeting = {**walk.meeting(), "meets_at": f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"}

    assert send(walk, CHIEF, "table_new", None, meeting).status_code == 302
    with acting(walk.actor(CHIEF), at=timezone.now()):
        table = TriageTable.objects.get().pk
    told = {"act": "put", "nomination_id": walk.nomination.pk, "reason": "Unknown threatener."}
    assert send(walk, CHIEF, "table", table, told).status_code == 302
    assert send(walk, CHIEF, "table", table, {"act": "close"}).status_code == 409
    with acting(walk.actor(CHIEF), at=timezone.now()):
        item = AgendaItem.objects.get().pk
    assert send(walk, CHIEF, "agenda_item", item, {"act": "hold_over", "reason": "More time."}).status_code == 302
    assert send(walk, CHIEF, "table", table, {"act": "close"}).status_code == 302


def test_r050_a_party_gives_its_view_and_sees_no_other_form(walk: Walk) -> None:
    walk.signed(ANONYMOUS)
    item = put(walk, a_table(walk))
    kmar = walk.world.organisations["kmar"].pk

    answer = send(
        walk, MEMBER, "agenda_item", item.pk, {"act": "view", "party": kmar, "finds": "scheme", "text": TYPED}
    )

    page = as_client(walk.actor(MEMBER)).get(reverse("cases:agenda_item", args=[item.pk]))
    assert answer.status_code == 302
    assert TYPED in page.text
    assert 'value="minutes"' not in page.text
    assert 'value="remove"' not in page.text


def test_r050_stale_minutes_show_both_versions(walk: Walk) -> None:
    walk.signed(ANONYMOUS)
    item = put(walk, a_table(walk))
    told = {"act": "minutes", "version": 1, "minutes": "First."}
    assert send(walk, ADVISER, "agenda_item", item.pk, told).status_code == 302

    answer = send(walk, ADVISER, "agenda_item", item.pk, {**told, "minutes": TYPED})

    assert refused_with_what_was_typed(answer, 412)
    assert "First." in answer.text


def test_r050_withdrawing_asks_for_a_reason_on_the_page(walk: Walk) -> None:
    nomination = walk.signed()
    told = {"act": "withdraw", "version": nomination.version}

    without = send(walk, CHIEF, "nomination", nomination.pk, told)
    withdrawn = send(walk, CHIEF, "nomination", nomination.pk, {**told, "reason": TYPED})

    assert (without.status_code, withdrawn.status_code) == (422, 302)
    with acting(walk.actor(CHIEF), at=timezone.now()):
        assert Nomination.objects.get().state == "withdrawn"


def test_the_agenda_takes_as_many_queries_for_two_cases_as_for_one(
    walk: Walk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    walk.signed(ANONYMOUS)
    table = a_table(walk)
    put(walk, table)
    other = Walk(walk.world, at=walk.at)
    other.opened(name="Wiebe Hoekstra", birth_date="1972-08-30", relations=())
    other.signed(ANONYMOUS)
    services.put_on_table(
        table_id=table.pk,
        nomination_id=other.nomination.pk,
        reason="Unknown threatener.",
        actor=walk.actor(CHIEF),
        at=other.tick(),
    )
    client = as_client(walk.actor(CHIEF))
    client.get(reverse("home"))

    with django_assert_max_num_queries(40):
        page = client.get(reverse("cases:table", args=[table.pk]))

    assert page.text.count("/agenda/") == 2
