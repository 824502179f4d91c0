"""The list, the case page and who sees what on it, in the browser's eyes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import services
from cases.models import Case
from stelsel.kernel.access import acting, page
from stelsel.kernel.authorisation import Role
from tests.browsing import as_client, shown
from tests.cases.walk import HOUR, Walk
from tests.world import World


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def another(walk: Walk, nth: int) -> Walk:
    """A second case beside the first, opened."""
    other = Walk(walk.world, at=walk.at + nth * HOUR)
    other.opened(name=f"Person {nth}", birth_date="")
    return other


def browse(walk: Walk, role: Role) -> Client:
    return as_client(walk.actor(role))


def test_the_start_page_shows_what_waits_with_a_way_to_it(walk: Walk) -> None:
    nomination = walk.handed_in()

    page = browse(walk, Role.PROSECUTION_ADVISER).get("/")

    assert page.status_code == 200
    assert "Complete the nomination" in page.text
    assert reverse("cases:nomination", args=[nomination.pk]) in page.text


def test_the_start_page_says_what_would_be_there(walk: Walk) -> None:
    assert "Nothing waits for you" in browse(walk, Role.DECIDER).get("/").text


def test_the_list_shows_number_and_state(walk: Walk) -> None:
    walk.designated()

    page = browse(walk, Role.CASE_MANAGER).get("/cases/")

    assert walk.case.number in page.text
    assert "In the scheme" in page.text


def test_the_list_is_empty_for_whoever_has_no_case(walk: Walk) -> None:
    walk.designated()

    page = as_client(walk.world.actor(Role.CASE_MANAGER, nth=2)).get("/cases/")

    assert page.status_code == 200
    assert walk.case.number not in page.text


SEES_THE_CASE = (
    Role.CASE_MANAGER,
    Role.DECIDER,
    Role.DUTY_OFFICER,
    Role.POLICE_RCCB,
    Role.PROSECUTION_ADVISER,
    Role.CHIEF_PROSECUTOR,
)


@pytest.mark.parametrize("role", SEES_THE_CASE)
def test_the_case_page_opens_for_each_role_on_the_case(walk: Walk, role: Role) -> None:
    walk.designated()

    page = browse(walk, role).get(reverse("cases:case", args=[walk.case.pk]))

    assert page.status_code == 200, page.text[-2000:]
    assert "Authority now" in page.text
    assert "NCTV" in page.text


def test_a_stranger_gets_the_same_answer_as_for_a_case_that_does_not_exist(walk: Walk) -> None:
    walk.designated()
    stranger = as_client(walk.world.actor(Role.DECIDER, nth=2))

    foreign = stranger.get(reverse("cases:case", args=[walk.case.pk]))
    absent = stranger.get(reverse("cases:case", args=[walk.world.organisations["nctv"].pk]))

    assert foreign.status_code == absent.status_code == 404
    assert shown(foreign.text) == shown(absent.text)


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_list(
    walk: Walk, django_assert_num_queries: Any
) -> None:
    walk.designated()
    client = browse(walk, Role.CASE_MANAGER)
    client.get("/cases/")
    with CaptureQueriesContext(connection) as one:
        client.get("/cases/")
    for nth in range(3):
        another(walk, nth).designated()

    with django_assert_num_queries(len(one)):
        page = client.get("/cases/")

    assert page.text.count("In the scheme</span>") == 4


def test_the_number_of_questions_does_not_grow_with_what_happened_on_the_case(
    walk: Walk, django_assert_num_queries: Any
) -> None:
    walk.decided()
    client, address = browse(walk, Role.CASE_MANAGER), reverse("cases:case", args=[walk.case.pk])
    manager = walk.actor(Role.CASE_MANAGER)
    log = partial(
        services.log_contact, case_id=walk.case.pk, person_id=walk.case.person_id, is_signal=False, actor=manager
    )
    log(text="First", at=walk.tick())
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    log(text="Second", at=walk.tick())
    log(text="Third", at=walk.tick())

    with django_assert_num_queries(len(one)):
        page = client.get(address)

    assert "Third" in page.text


def test_the_identity_shows_every_name(walk: Walk) -> None:
    walk.designated()

    page = browse(walk, Role.CASE_MANAGER).get(reverse("cases:identity", args=[walk.case.pk]))

    assert "Fenna van der Wold" in page.text
    assert "Sietse van der Wold" in page.text


def test_a_name_stands_on_no_other_page_of_the_case(walk: Walk) -> None:
    walk.designated()

    page = browse(walk, Role.CASE_MANAGER).get(reverse("cases:case", args=[walk.case.pk]))

    assert "van der Wold" not in page.text


def test_the_timeline_filters_by_kind(walk: Walk) -> None:
    walk.designated()

    page = browse(walk, Role.CASE_MANAGER).get(reverse("cases:case", args=[walk.case.pk]), {"kind": "nomination"})

    assert "Intake opened" in page.text
    assert "Designated: authority passed" not in page.text


def test_an_analyst_sees_no_decision_and_a_decider_no_identity(walk: Walk) -> None:
    walk.decided()
    address = reverse("cases:case", args=[walk.case.pk])

    analyst, decider = (browse(walk, role).get(address) for role in (Role.THREAT_ANALYST, Role.DECIDER))

    assert "Decision and measures" not in analyst.text
    assert "Required resistance" not in analyst.text
    assert "Show identity" not in decider.text


def test_search_opens_the_only_case_with_that_number(walk: Walk) -> None:
    walk.designated()
    client = browse(walk, Role.CASE_MANAGER)

    assert client.get("/cases/search", {"q": walk.case.number}).status_code == 302
    assert client.get("/cases/search", {"q": f"p{walk.case.number[2:]}"}).status_code == 302
    assert "begins like this" in client.get("/cases/search", {"q": "1999"}).text


def test_the_list_goes_on_and_back(walk: Walk) -> None:
    for nth in range(3):
        another(walk, nth)
    with acting(walk.actor(Role.POLICE_RCCB), at=walk.at + 9 * HOUR):
        first = page(Case, to=walk.actor(Role.POLICE_RCCB), at=walk.at + 9 * HOUR, size=2)
        second = page(Case, to=walk.actor(Role.POLICE_RCCB), at=walk.at + 9 * HOUR, size=2, after=first.following)
        back = page(Case, to=walk.actor(Role.POLICE_RCCB), at=walk.at + 9 * HOUR, size=2, before=second.preceding)

    assert (len(first.ids), len(second.ids)) == (2, 1)
    assert (first.preceding, second.following) == ("", "")
    assert back == first


def test_a_filter_stays_in_the_address_of_the_next_page(walk: Walk) -> None:
    walk.opened()

    text = browse(walk, Role.POLICE_RCCB).get("/cases/", {"state": "intake", "size": "50"}).text

    assert "state=intake" in text
    assert walk.case.number in text
    assert walk.case.number not in browse(walk, Role.POLICE_RCCB).get("/cases/", {"state": "closed"}).text


def test_each_page_logs_whose_data_were_seen_and_how(
    fresh_db: str,  # the log is read by another connection, so the pages must commit
    world: World,
    as_role: Callable[[str], Any],
) -> None:
    walk = Walk(world)
    walk.assigned()
    client, case = browse(walk, Role.CASE_MANAGER), walk.case

    for address in ("/cases/", f"/cases/{case.pk}", f"/cases/{case.pk}/identity"):
        client.get(address)

    with as_role("verifier").cursor() as cursor:
        cursor.execute(
            "SELECT kind, purpose, scope_id FROM kernel_readentry WHERE subject_id = %s ORDER BY 1",
            [str(case.person_id)],
        )
        seen = [(kind, purpose, str(scope)) for kind, purpose, scope in cursor.fetchall()]
    about = str(case.pk)
    assert seen == [("identity", "identity", about), ("list", "case work", about), ("view", "case work", about)]
