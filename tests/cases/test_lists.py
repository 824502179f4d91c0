"""The list of cases in other orders and choices: bounded and said so; kept searches and columns, per user."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.services import reading
from cases.services.reading import Wanted, window
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import NotVisible
from stelsel.kernel.models import ListPreference
from tests.browsing import as_client
from tests.cases.walk import HOUR, Walk
from tests.world import World

PARTS = 2


@pytest.fixture
def walks(world: World) -> list[Walk]:
    """Five cases of one opener: two in the scheme (one of them with a level), three in intake, in order of opening."""
    walks = [Walk(world, at=Walk(world).at + nth * HOUR) for nth in range(5)]
    for nth, walk in enumerate(walks):
        walk.opened(name=f"Person {nth}", birth_date="")
    walks[0].levelled()
    walks[1].designated()
    return walks


def browse(walks: list[Walk], role: Role = Role.POLICE_RCCB) -> Client:
    return as_client(walks[0].actor(role))


def numbers(page: Any) -> list[str]:
    return [row.case.number for row in page.context["listed"].rows]


def test_a_case_is_found_once_in_every_order_and_back_again(walks: list[Walk]) -> None:
    actor, at = walks[0].actor(Role.POLICE_RCCB), walks[0].at + timedelta(days=1)
    listed = Listing(actor, at)
    for sort in reading.SORTS:
        if sort == "level":
            continue
        for way in ("", "-"):
            there = listed.whole(sort=way + sort)
            assert sorted(there) == sorted(walk.case.pk for walk in walks), way + sort
            assert listed.back(sort=way + sort) == there, way + sort


class Listing:
    """The list as one reads it, two cases a page."""

    def __init__(self, actor: Any, at: Any) -> None:
        self.actor, self.at = actor, at

    def part(self, *, sort: str, **place: str) -> reading.Listed:
        return reading.list_cases(
            filters={}, wanted=Wanted(sort=sort), size=PARTS, actor=self.actor, at=self.at, **place
        )

    def whole(self, *, sort: str) -> list[Any]:
        part = self.part(sort=sort)
        found = [row.case.pk for row in part.rows]
        while part.following:
            part = self.part(sort=sort, after=part.following)
            found += [row.case.pk for row in part.rows]
        self.last = part
        return found

    def back(self, *, sort: str) -> list[Any]:
        part = self.last
        found = [row.case.pk for row in part.rows]
        while part.preceding:
            part = self.part(sort=sort, before=part.preceding)
            found = [row.case.pk for row in part.rows] + found
        return found


def test_orders_by_number_opening_and_state(walks: list[Walk]) -> None:
    client, opened = browse(walks), [walk.case.number for walk in walks]

    assert numbers(client.get("/cases/?sort=opened")) == opened
    assert numbers(client.get("/cases/?sort=-number")) == opened[::-1]
    assert set(numbers(client.get("/cases/?sort=-state"))[:2]) == set(opened[:2])


def test_what_has_no_level_stands_last_in_either_direction(walks: list[Walk]) -> None:
    client = browse(walks, Role.CASE_MANAGER)
    with_level = walks[0].case.number

    assert numbers(client.get("/cases/?sort=level"))[0] == with_level
    assert numbers(client.get("/cases/?sort=-level"))[0] == with_level


@pytest.mark.parametrize(
    ("query", "which"),
    [
        ("authority=nctv", [1, 0]),
        ("authority=chief_prosecutor", [4, 3, 2]),
        ("region=noord", [4, 3, 1, 2, 0]),
        ("state=closed", []),
        ("state=intake&sort=opened", [2, 3, 4]),
    ],
)
def test_filters_choose_among_what_one_may_see(walks: list[Walk], query: str, which: list[int]) -> None:
    found = numbers(browse(walks).get(f"/cases/?{query}"))

    assert sorted(found) == sorted(walks[nth].case.number for nth in which)


def test_no_level_yet_and_overdue_for_me(walks: list[Walk]) -> None:
    client = browse(walks, Role.CASE_MANAGER)

    assert numbers(client.get("/cases/?no_level=on")) == [walks[1].case.number]
    assert numbers(client.get("/cases/?overdue=on&sort=due")) == overdue(walks)


def overdue(walks: list[Walk]) -> list[str]:
    """By the work items themselves."""
    actor = walks[0].actor(Role.CASE_MANAGER)
    rows = reading.list_cases(filters={}, actor=actor, at=timezone.now()).rows
    late = sorted((row.due, row.case.number) for row in rows if row.due and row.due < timezone.now())
    return [number for _, number in late]


def test_a_role_that_sees_no_level_neither_orders_nor_chooses_by_it(walks: list[Walk]) -> None:
    client = browse(walks)
    plain = numbers(client.get("/cases/"))

    assert numbers(client.get("/cases/?sort=level")) == plain
    assert numbers(client.get("/cases/?no_level=on")) == plain
    with pytest.raises(NotVisible):
        reading.list_cases(
            filters={}, wanted=Wanted(sort="level"), actor=walks[0].actor(Role.POLICE_RCCB), at=walks[0].at
        )


def test_it_says_so_when_there_are_more_cases_than_were_looked_at(
    walks: list[Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(walks)
    assert "cases that changed last" not in client.get("/cases/?sort=number").text

    monkeypatch.setattr(window, "WITHIN", 3)
    page = client.get("/cases/?sort=number")

    assert "cases that changed last are looked at" in page.text
    assert len(numbers(page)) == 3
    assert len(numbers(client.get("/cases/"))) == 5


@pytest.mark.parametrize(
    "query",
    [
        "sort=name",
        "sort=--number",
        "state=unknown",
        "office=x",
        "sort=number&after=nonsense",
        "sort=number&before=00000000-0000-4000-8000-000000000000",
        "size=7",
        "sort=number&region=%00",
    ],
)
def test_what_is_unknown_in_an_address_breaks_nothing(walks: list[Walk], query: str) -> None:
    page = browse(walks).get(f"/cases/?{query}")

    assert page.status_code == 200
    assert numbers(page)


def test_the_number_of_questions_stays_the_same_whatever_the_order(
    walks: list[Walk], django_assert_num_queries: Callable[[int], Any]
) -> None:
    client = browse(walks, Role.CASE_MANAGER)
    query = "/cases/?sort=authority&no_level=&overdue="
    client.get(query)
    with CaptureQueriesContext(connection) as one:
        client.get(query)
    other = Walk(walks[0].world, at=walks[0].at + 9 * HOUR)
    other.opened(name="Person 9", birth_date="")
    other.designated()

    with django_assert_num_queries(len(one)):
        client.get(query)


# --- kept per user ---------------------------------------------------------------------------------------------------


def keep(client: Client, act: str, **given: Any) -> HttpResponse:
    answer = client.post("/cases/view", {"act": act, **given})
    assert answer.status_code == 302, answer.content
    return answer  # type: ignore[return-value]  # Django's test answer


def test_columns_and_rows_per_page_are_kept_for_the_user_alone(walks: list[Walk]) -> None:
    client = browse(walks)
    keep(client, "view", size="50", columns=["office", "opened"])

    page, colleague = client.get("/cases/"), browse(walks, Role.CASE_MANAGER).get("/cases/")

    assert [head["name"] for head in page.context["heads"]] == ["office", "opened"]
    assert (page.context["size"], colleague.context["size"]) == (50, 25)
    assert len(colleague.context["heads"]) == 6


def test_a_search_is_kept_once_shared_as_an_address_and_removed(walks: list[Walk]) -> None:
    client = browse(walks)
    for query in ("sort=opened&state=intake", "state=intake&sort=opened&after=x&name=Jan+Jansen"):
        answer = keep(client, "keep", query=query)
        assert parse_qs(urlsplit(answer["Location"]).query) == {"state": ["intake"], "sort": ["opened"]}

    (search,) = client.get("/cases/").context["searches"]
    shared = browse(walks, Role.CASE_MANAGER).get(search["url"])
    assert "Intake" in search["words"]
    assert numbers(shared) == []  # a case manager sees no intake
    assert numbers(client.get(search["url"])) == [walk.case.number for walk in walks[2:]]
    keep(client, "drop", search=search["query"])
    assert ListPreference.objects.get().searches == []


def test_what_is_no_choice_is_not_kept(walks: list[Walk]) -> None:
    client = browse(walks)

    keep(client, "view", size="7", columns=["level"])
    keep(client, "keep", query="name=Jan+Jansen")
    keep(client, "something")

    assert not ListPreference.objects.exists()
    assert client.get("/cases/view").status_code == 405
