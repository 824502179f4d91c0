"""The list, the case page, intake, nomination and judgement, in the browser's eyes."""

import pytest
from django.test import Client
from django.urls import reverse

from stelsel.kernel.authorisation import Role
from tests.browsing import as_client, shown
from tests.cases.walk import Walk
from tests.world import World


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


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


def test_the_list_shows_number_and_state_and_logs_each_row(walk: Walk) -> None:
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
