"""Need to know over every address: each route, each role, on a case of their own and on a stranger's.

One world is built for the whole file, in a database that is made anew after it; what a request changes is undone after
its answer was looked at. The table is in tests/access/table.py, the world in tests/access/stage.py.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.db import connections, models, transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

import capacity.querysets
import cases.querysets
import resilience.querysets
import threat.querysets
from stelsel.kernel import access
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import ReadEntry, User
from tests.access.filled import Filled, FilledForms
from tests.access.routes import plain_addresses, routes
from tests.access.stage import CLIENT, RANDOM, Stage, set_stage
from tests.access.table import (
    ABSENT,
    API,
    API_CLIENTS,
    API_OPEN,
    FORBIDDEN,
    FOUND,
    OK,
    PEOPLE,
    ROWS,
    UNAUTHORISED,
    WITHOUT_LOG_IN,
    About,
    ApiRow,
    Row,
)
from tests.browsing import as_client, shown
from tests.services import Services
from tests.test_api import a_client
from tests.test_architecture import case_bound

LIBRARY = ("account_", "mfa_", "usersessions_", "socialaccount_")
REDIRECT = "django.views.generic.base.RedirectView"  # of the administration's old addresses
CLOSED = {"stelsel.kernel.views.closed", "stelsel.kernel.rest.unknown", REDIRECT}
NO_REASON = "You may not do this."

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
records = pytest.mark.parametrize("row", [row for row in ROWS if row.about is About.CASE], ids=lambda row: row.route)
each_api_row = pytest.mark.parametrize("row", API, ids=lambda row: f"{row.method} {row.route}")


@pytest.fixture(scope="module")
def stage(services: Services, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Committed, because the sealer waits for every transaction that is open: no test may hold one for minutes."""
    with django_db_blocker.unblock():
        with set_stage() as built:
            yield built
        connections.close_all()
        services.remake_database()


@pytest.fixture(scope="module")
def systems(stage: Stage) -> dict[tuple[Role, bool], Client]:
    """API clients with every scope: what they may do is left to role and grant."""
    return {
        (role, own): a_client(stage.actor(role, own=own, nth=CLIENT), scope="capacity products")
        for role in API_CLIENTS
        for own in (True, False)
    }


@contextmanager
def undone() -> Iterator[None]:
    """What the block does to the database is undone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, row: Row, address: str) -> Any:
    return client.post(address, {}) if row.post else client.get(address)


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    names, nameless = routes()
    ours = {name for name in names if not name.startswith(("admin:", *LIBRARY))}

    assert ours == {row.route for row in ROWS} | {row.route for row in API} | API_OPEN
    assert {view for view in nameless if not view.startswith("django.contrib.admin.")} == CLOSED


def test_no_address_is_in_the_table_twice() -> None:
    assert len({row.route for row in ROWS}) == len(ROWS)


@each_row
def test_a_page_opens_by_role_and_does_not_exist_for_strangers(stage: Stage, row: Row) -> None:
    wrong: dict[str, object] = {}
    for role in PEOPLE:
        for own in (True, False) if role in row.opens or row.about is not About.NOTHING else (True,):
            with undone():
                answer = ask(stage.client(role, own=own), row, stage.address(row))
                fault = fault_of(stage, row, answer, role=role, own=own)
            if fault:
                wrong[f"{role} on {'their own' if own else 'a foreign'} case"] = fault
    assert wrong == {}


def fault_of(stage: Stage, row: Row, answer: Any, *, role: Role, own: bool) -> object:
    """What is wrong with this answer, or None."""
    wanted = row.expected(role, own=own)
    if answer.status_code != wanted:
        return answer.status_code, f"instead of {wanted}"
    text = answer.content.decode(errors="replace")  # a file as well
    if answer.status_code == FORBIDDEN and NO_REASON in text:
        return "refused without a reason"
    betrayed = [mark for mark in _marks(stage, row) if mark in text]
    if betrayed and not own:
        return "shows what is foreign", betrayed
    if own and row.names and answer.status_code == OK:
        unseen = _unlogged(stage, row, text, role=role)
        return ("shown, and not in the trail", unseen) if unseen else None
    return None


def _marks(stage: Stage, row: Row) -> set[str]:
    """What may not be on a stranger's page; the id that they asked for themselves tells nothing."""
    return stage.marks - {str(stage.ids.get(row.record))}


def _unlogged(stage: Stage, row: Row, text: str, *, role: Role) -> list[str]:
    """Numbers and pseudonyms on the page of people whose data nobody is said to have read through this route."""
    named = {mark for mark in stage.people if re.search(rf"(?<!\w){re.escape(mark)}(?![\w/])", text)}
    if not named:
        return []
    with acting(stage.actor(Role.CONTROLLER), at=stage.at):
        read = set(
            ReadEntry.objects.filter(
                actor_id=stage.actor(role).user_id, route=row.route, purpose=row.purpose
            ).values_list("subject_id", flat=True)
        )
    return sorted(mark for mark in named if stage.people[mark] not in read)


@pytest.mark.parametrize("row", [row for row in ROWS if row.names and not row.post], ids=lambda row: row.route)
def test_a_page_about_a_person_leaves_the_read_in_the_trail(stage: Stage, row: Row) -> None:
    """Also where the page names nobody: one row at least for the person whose record it is."""
    role = min(row.opens)
    with undone():
        answer = ask(stage.client(role, own=True), row, stage.address(row))
        with acting(stage.actor(Role.CONTROLLER), at=stage.at):
            read = ReadEntry.objects.filter(
                actor_id=stage.actor(role).user_id,
                route=row.route,
                purpose=row.purpose,
                subject_id__in=set(stage.people.values()),
            ).exists()

    assert (answer.status_code, read) == (OK, True)


@records
def test_a_stranger_cannot_tell_a_foreign_record_from_none(stage: Stage, row: Row) -> None:
    for role in sorted(row.opens):
        client = stage.client(role, own=False)
        with undone():
            foreign = ask(client, row, stage.address(row))
            absent = ask(client, row, stage.address(row, absent=True))

        assert (foreign.status_code, absent.status_code) == (ABSENT, ABSENT)
        assert shown(foreign.text) == shown(absent.text)


def test_who_is_not_logged_in_is_sent_to_the_log_in(stage: Stage) -> None:
    found = {}
    for row in ROWS:
        with undone():
            answer = ask(Client(), row, stage.address(row))
        found[row.route] = (
            "log-in" if answer.get("Location", "").startswith(reverse("account_login")) else answer.status_code
        )

    wanted = dict.fromkeys([row.route for row in ROWS], "log-in")
    assert found == wanted | WITHOUT_LOG_IN


@pytest.mark.parametrize("row", [row for row in ROWS if not row.post], ids=lambda row: row.route)
def test_what_was_typed_on_a_page_is_there_again_after_an_ended_session(stage: Stage, row: Row) -> None:
    """Every form of every page: nothing is done, and each text stands on its page after the log-in.

    What opens for many is a list or an overview, with the same forms for each.
    """
    lost, done = {}, set[frozenset[str]]()
    for role in sorted(row.opens)[: 6 if len(row.opens) <= 6 else 1]:
        with undone():
            page = stage.client(role, own=True).get(stage.address(row))
            html = page.text if page["Content-Type"].startswith("text/html") else ""
            for form in FilledForms(stage.address(row), html).forms:
                if frozenset(form.texts) in done:
                    continue
                done.add(frozenset(form.texts))
                again = _sent_in_vain(stage, role, form, came_from=stage.address(row))
                missing = [name for name, text in form.texts.items() if text not in again]
                if missing:
                    lost[f"{role} at {form.action}"] = missing
    assert lost == {}


def _sent_in_vain(stage: Stage, role: Role, form: Filled, *, came_from: str) -> str:
    """Send the form without a session, log in again in that browser, and open the page that the log-in leads to."""
    browser = as_client(stage.actor(role))
    browser.get("/")
    session = browser.cookies.pop("sessionid")
    away = browser.post(form.action, form.sent, headers={"Referer": f"http://testserver{came_from}"})
    assert away["Location"].startswith(reverse("account_login"))
    browser.cookies["sessionid"] = session.value
    return str(browser.get(parse_qs(urlsplit(away["Location"]).query)["next"][0], follow=True).text)


# --- lists, search and counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["number", "pseudonym"])
def test_search_finds_one_s_own_and_nothing_foreign(stage: Stage, part: str) -> None:
    wanted = next(mark for mark in stage.people if mark.startswith("P") == (part == "pseudonym"))

    with undone():
        own = stage.client(Role.CASE_MANAGER, own=True).get(reverse("cases:search"), {"q": wanted})
        foreign = stage.client(Role.CASE_MANAGER, own=False).get(reverse("cases:search"), {"q": wanted})

    assert own.status_code == FOUND  # a single one opens at once
    assert foreign.status_code == OK
    assert not [mark for mark in stage.marks - {wanted} if mark in foreign.text]


def test_looking_a_person_up_by_name_finds_nothing_foreign(stage: Stage) -> None:
    find = {"act": "find", "name": "Fenna van der Wold", "born": ""}

    with undone():
        own = stage.client(Role.POLICE_RCCB, own=True).post(reverse("cases:report"), find)
        foreign = stage.client(Role.POLICE_RCCB, own=False).post(reverse("cases:report"), find)

    assert [mark for mark in stage.people if mark in own.text]
    assert not [mark for mark in stage.marks if mark in foreign.text]


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.LCC_COORDINATOR, Role.DECIDER])
def test_the_board_counts_nothing_foreign(stage: Stage, role: Role) -> None:
    needed = {}
    for own in (True, False):
        with undone():
            rows = stage.client(role, own=own).get(reverse("capacity:board")).context["rows"]
        needed[own] = sum(row["cover"].needed for row in rows)

    assert needed[True] > 0
    assert needed[False] == 0


# --- the second wall ------------------------------------------------------------------------------------------------


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every filter of ours switched off: what is left is row-level security."""

    def everything(rows: models.QuerySet[Any], *_args: object, **_kwargs: object) -> models.QuerySet[Any]:
        return rows.all()

    monkeypatch.setattr(access, "visible", everything)
    monkeypatch.setattr(access, "_held_by", lambda _actor: (Q(), Q()))
    for module in (cases.querysets, threat.querysets, resilience.querysets, capacity.querysets):
        for held in vars(module).values():
            if isinstance(held, type) and issubclass(held, models.QuerySet) and "visible_to" in vars(held):
                monkeypatch.setattr(held, "visible_to", everything)


@pytest.mark.usefixtures("unfiltered")
@each_row
def test_without_the_filters_row_level_security_shows_nothing_foreign(stage: Stage, row: Row) -> None:
    if row.post:
        return
    for role in sorted(row.opens):
        with undone():
            answer = ask(stage.client(role, own=False), row, stage.address(row))

        assert answer.status_code == row.expected(role, own=False), role
        assert not [mark for mark in _marks(stage, row) if mark in answer.text], role


# --- the API --------------------------------------------------------------------------------------------------------


def send(client: Client, stage: Stage, row: ApiRow, *, absent: bool = False) -> Any:
    """A request that is whole: what it meets depends on who sends it."""
    record = RANDOM if absent else stage.ids.get(row.record)
    address = reverse(row.route, args=[record] if row.record else [])
    if row.method == "GET":
        return client.get(address)
    bodies = {
        "api:measure-reports": {"step": "put_in_place"},
        "api:measure-incidents": {"kind": "near_miss", "happenedAt": stage.at.isoformat(), "text": "A door was open."},
        "api:raised-risk-moments": {
            "caseId": str(RANDOM if absent else stage.ids["case"]),
            "kind": "appearance",
            "start": (stage.at + timedelta(days=1)).isoformat(),
            "end": (stage.at + timedelta(days=2)).isoformat(),
            "region": "noord",
        },
        "api:readiness-word": {"word": "in_place"},
        "api:products": {
            "kind": "estimate",
            "number": "LX-77",
            "dated": stage.at.date().isoformat(),
            "reliability": "B",
            "credibility": 2,
            "validFrom": stage.at.date().isoformat(),
            "text": "They meet at the harbour.",
        },
    }
    headers = {"Idempotency-Key": "access-table", "If-Match": "1"}
    return client.post(address, json.dumps(bodies[row.route]), content_type="application/json", headers=headers)


@each_api_row
def test_the_api_opens_by_role_and_shows_nothing_foreign(
    stage: Stage, systems: dict[tuple[Role, bool], Client], row: ApiRow
) -> None:
    wrong = {}
    for (role, own), client in systems.items():
        with undone():
            answer = send(client, stage, row)
        key = f"{role} on {'their own' if own else 'a foreign'} case"
        if answer.status_code != row.expected(role, own=own):
            wrong[key] = (answer.status_code, answer.text[:300])
        elif not own and [mark for mark in stage.marks - {str(stage.ids.get(row.record))} if mark in answer.text]:
            wrong[key] = ("shows what is foreign", answer.text[:300])
    assert wrong == {}


@pytest.mark.parametrize("row", [row for row in API if row.method == "POST"], ids=lambda row: row.route)
def test_a_foreign_client_cannot_tell_a_foreign_record_from_none(
    stage: Stage, systems: dict[tuple[Role, bool], Client], row: ApiRow
) -> None:
    for role in sorted(row.opens):
        with undone():
            foreign = send(systems[role, False], stage, row)
        with undone():
            absent = send(systems[role, False], stage, row, absent=True)

        assert (foreign.status_code, absent.status_code) == (ABSENT, ABSENT)
        assert shown(foreign.text) == shown(absent.text)


@each_api_row
def test_the_api_asks_everybody_who_they_are(stage: Stage, row: ApiRow) -> None:
    with undone():
        answer = send(Client(), stage, row)

    assert (answer.status_code, answer["Content-Type"]) == (UNAUTHORISED, "application/problem+json")


def test_the_schema_is_open_and_tells_nothing_of_anybody(stage: Stage) -> None:
    with undone():
        answer = Client().get(reverse("api:openapi"))

    assert answer.status_code == OK
    assert not [mark for mark in stage.marks if mark in answer.text]


# --- administration and the log-in library --------------------------------------------------------------------------


def test_administration_opens_for_the_administrator_alone(stage: Stage) -> None:
    """Also where somebody ticked "staff" for everybody."""
    with undone():
        User.objects.update(is_staff=True)
        opens = {role for role in PEOPLE if stage.client(role, own=True).get(reverse("admin:index")).status_code == OK}

    assert opens == {Role.ADMINISTRATOR}


def test_administration_holds_no_case(stage: Stage) -> None:
    with undone():
        User.objects.update(is_staff=True)
        client = stage.client(Role.ADMINISTRATOR, own=True)
        shown_there = "".join(
            client.get(address).text for address in plain_addresses("admin:") if "logout" not in address
        )

    assert "Parket Noord" in shown_there
    assert not [mark for mark in stage.marks if mark in shown_there]
    assert not {model._meta.db_table for model in admin.site._registry} & set(case_bound())


def test_pages_of_the_log_in_library_tell_nothing_of_anybody(stage: Stage) -> None:
    told = ""
    for address in plain_addresses(*LIBRARY):
        for client in (Client(), stage.client(Role.CASE_MANAGER, own=False)):
            with undone():
                answer = client.get(address)
            assert answer.status_code < 500, address
            told += answer.text

    assert not [mark for mark in stage.marks if mark in told]
