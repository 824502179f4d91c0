"""What we knew then: the case as a role could see it at an instant, from what had been recorded by then (R007)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cases import services
from cases.models import Case, ContactPlan, Measure
from cases.services import reading
from cases.services.reading import CaseFile, Then, past
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, Invalid
from stelsel.kernel.models import AuditEntry, ReadEntry
from tests.browsing import as_client
from tests.cases.walk import Walk
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World) -> Walk:
    """A case whose facts are dated from yesterday on; all were recorded just now, one after the other."""
    return Walk(world, at=timezone.now() - timedelta(hours=30))


def recorded() -> datetime:
    """The instant up to which everything is recorded, by the clock that records."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (instant,) = cursor.fetchone()
    found: datetime = instant
    return found


def look(walk: Walk, then: datetime, *, role: Role = Role.DECIDER, by: Role = Role.CASE_MANAGER) -> Then:
    return reading.read_then(
        case_id=walk.case.pk, role=role, then=then, ground="evaluation", actor=walk.actor(by), at=recorded()
    )


def known(walk: Walk, then: datetime, *, role: Role = Role.DECIDER) -> CaseFile:
    found = look(walk, then, role=role).file
    assert found is not None
    return found


def _level(walk: Walk, picture_id: UUID) -> None:
    """The level on a picture; it asks the LCC for advice, which from then on sees the case."""
    services.decide_level(
        picture_id=picture_id,
        severity=4,
        likelihood=4,
        resistance=4,
        departure="",
        reasons="The picture is clear.",
        actor=walk.actor(Role.DECIDER),
        at=walk.tick(),
    )


def test_r007_a_level_that_was_set_later_was_not_known(walk: Walk) -> None:
    walk.pictured()
    before = recorded()
    picture = known(walk, before).picture
    assert picture is not None
    _level(walk, picture.pk)

    assert known(walk, before).level is None
    level = known(walk, recorded()).level
    assert level is not None
    assert level.severity == 4


def ended(walk: Walk) -> datetime:
    """The camera is ended; the instant before it."""
    walk.decided()
    before = recorded()
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        camera = Measure.objects.get(kind="camera")
    walk.answered("ending", camera.pk)
    services.end_measure(
        measure_id=camera.pk,
        reason="No longer needed.",
        version=camera.version,
        actor=walk.actor(Role.DECIDER),
        at=walk.tick(),
    )
    return before


def test_r007_a_measure_that_was_ended_later_was_in_force(walk: Walk) -> None:
    before = ended(walk)

    assert {one.kind for one in known(walk, before).measures} == {"camera", "close_protection"}
    assert [one.kind for one in known(walk, recorded()).measures] == ["close_protection"]


def test_r007_what_was_entered_later_with_an_earlier_date_was_not_known(walk: Walk) -> None:
    walk.designated()
    before = recorded()
    services.log_contact(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        text="A car before the house.",
        is_signal=False,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.at,  # dated before that instant
    )

    assert walk.at < before
    assert known(walk, before).contacts == []
    assert [one.text for one in known(walk, recorded()).contacts] == ["A car before the house."]


def test_r007_the_case_bears_its_old_words(walk: Walk) -> None:
    walk.designated()
    before = recorded()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        Case.objects.update(region="zuid")

    assert known(walk, before).case.region == "noord"
    assert look(walk, before).case.region == "zuid"


def test_acts_recorded_later_are_not_in_the_timeline(walk: Walk) -> None:
    before = ended(walk)

    assert gettext("Measure ended") not in {event.text for event in known(walk, before).history}
    assert gettext("Measure ended") in {event.text for event in known(walk, recorded()).history}


def test_r007_who_could_not_see_it_then_is_shown_nothing(walk: Walk) -> None:
    walk.pictured()
    before = recorded()
    picture = known(walk, before).picture
    assert picture is not None
    _level(walk, picture.pk)

    found = look(walk, before, role=Role.LCC_ADVISER)
    assert (found.known, found.file) == (True, None)
    assert known(walk, recorded(), role=Role.LCC_ADVISER).parts


def test_before_it_was_recorded_the_case_was_not_known(walk: Walk) -> None:
    before = recorded()
    walk.designated()

    assert not look(walk, before).known


def test_the_parts_are_those_of_the_role_and_never_the_names(walk: Walk) -> None:
    walk.designated()

    found = known(walk, recorded(), role=Role.PROSECUTION_ADVISER)

    assert "handover" in found.parts
    assert not found.parts & {"contact", "package", "identity"}


# --- who may, and what is left of it --------------------------------------------------------------------------------


def test_r007_only_who_sees_the_case_today_and_accounts_for_it_or_evaluates_it_looks_back(walk: Walk) -> None:
    walk.designated()
    with pytest.raises(Case.DoesNotExist):
        look(walk, recorded(), by=Role.QUALITY_MANAGER)
    with pytest.raises(Forbidden):
        look(walk, recorded(), by=Role.PROSECUTION_ADVISER)

    quality = walk.actor(Role.QUALITY_MANAGER)
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        give(
            walk.case,
            to=Principal(role=quality.role, user_id=quality.user_id),
            reason="evaluation",
            ground="access.give",
        )
    seen = look(walk, recorded(), by=Role.QUALITY_MANAGER).file
    assert seen is not None
    assert "package" in seen.parts
    assert "contact" not in seen.parts


def test_looking_back_is_an_act_with_its_ground_and_a_read_of_each_person(walk: Walk) -> None:
    walk.designated()

    look(walk, recorded())

    manager = walk.actor(Role.CASE_MANAGER)
    with acting(manager, at=recorded()):
        (entry,) = AuditEntry.objects.filter(verb="case.look_back")
    assert (entry.actor_id, entry.role, entry.reason) == (manager.user_id, "case_manager", "evaluation")
    assert entry.detail
    assert entry.detail["role"] == "decider"
    with acting(walk.actor(Role.CONTROLLER), at=recorded()):
        assert ReadEntry.objects.filter(actor_id=manager.user_id, role="case_manager").count() >= 2


@pytest.mark.parametrize("change", [{"then": timedelta(hours=1)}, {"ground": "curiosity"}])
def test_an_instant_ahead_and_an_unknown_ground_are_refused(walk: Walk, change: dict[str, Any]) -> None:
    walk.designated()
    now = recorded()
    then = now + change.get("then", timedelta(0))

    with pytest.raises(Invalid):
        reading.read_then(
            case_id=walk.case.pk,
            role=Role.DECIDER,
            then=then,
            ground=change.get("ground", "court"),
            actor=walk.actor(Role.CASE_MANAGER),
            at=now,
        )


def test_another_table_of_a_case_is_not_there(walk: Walk) -> None:
    """What nobody made a past of fails; the rows of today do not take its place."""
    walk.designated()
    manager = walk.actor(Role.CASE_MANAGER)

    with (
        acting(manager, at=recorded()),
        pytest.raises(ProgrammingError),
        past.as_recorded(walk.case.pk, until=recorded()),
    ):
        list(walk.case.designations.get().covered.all())


def test_afterwards_today_is_back(walk: Walk) -> None:
    before = ended(walk)

    look(walk, before)

    with acting(walk.actor(Role.CASE_MANAGER), at=recorded()):
        assert Measure.objects.get(kind="camera").state == "ended"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_views WHERE schemaname LIKE 'pg_temp%'")
        assert cursor.fetchone() == (0,)


def test_the_database_gives_a_stranger_no_past(walk: Walk) -> None:
    walk.designated()

    with (
        acting(walk.world.actor(Role.CASE_MANAGER, nth=2), at=recorded()),
        pytest.raises(DatabaseError),
        past.as_recorded(walk.case.pk, until=recorded()),
    ):
        pass


@pytest.mark.parametrize("table", ["kernel_personkey", "kernel_user", "legal_sharing"])
def test_the_database_gives_no_past_of_what_is_of_no_case(walk: Walk, table: str) -> None:
    walk.designated()

    def ask() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cases_look_back(%s, %s, %s, %s)", [walk.case.pk, recorded(), [table], list[str]()])

    with acting(walk.actor(Role.CASE_MANAGER), at=recorded()), pytest.raises(DatabaseError):
        ask()


@pytest.mark.parametrize(("role", "plans"), [(Role.CASE_MANAGER, 2), (Role.PROSECUTION_ADVISER, 0)])
def test_a_table_for_some_roles_alone_has_its_past_for_them_alone(walk: Walk, role: Role, plans: int) -> None:
    walk.designated()

    with acting(walk.actor(role), at=recorded()), past.as_recorded(walk.case.pk, until=recorded()):
        found = ContactPlan.objects.count()

    assert found == plans


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_asks_first_and_then_shows_what_was_known(
    walk: Walk, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    before = ended(walk)
    browser, address = as_client(walk.actor(Role.CASE_MANAGER)), reverse("cases:then", args=[walk.case.pk])
    asked = {"at": timezone.localtime(before).strftime("%Y-%m-%d %H:%M:%S.%f"), "role": "decider", "ground": "court"}

    empty = browser.get(address)
    with django_assert_max_num_queries(84) as asked_of:
        page = browser.get(address, asked)

    assert (empty.status_code, empty.context["found"]) == (200, None)
    assert page.status_code == 200
    assert {one.kind for one in page.context["found"].file.measures} == {"camera", "close_protection"}
    begun = [query["sql"] for query in asked_of.captured_queries]
    looked = next(nth for nth, sql in enumerate(begun) if "search_path" in sql)
    after = begun[next(nth for nth, sql in enumerate(begun) if nth > looked and "ROLLBACK TO" in sql) :]
    assert [sql for sql in after if 'FROM "cases_' in sql] == []  # the page is made of what was read, not of today


def test_the_page_says_that_nobody_in_the_role_could_see_it(walk: Walk) -> None:
    walk.designated()
    browser, address = as_client(walk.actor(Role.CASE_MANAGER)), reverse("cases:then", args=[walk.case.pk])
    now = timezone.localtime(recorded()).strftime("%Y-%m-%d %H:%M:%S.%f")

    page = browser.get(address, {"at": now, "role": "unit_planner", "ground": "court"})
    refused = browser.get(address, {"at": "2999-01-01 10:00", "role": "decider", "ground": "court"})

    assert "Nobody in this role could see this case" in page.text
    assert refused.status_code == 422
