"""The night card and the night desk: what a duty officer must know and do at 03:00 (R007)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import services
from cases.models import Case, Designation, Measure
from cases.services import reading
from cases.services.reading import NightCard
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Forbidden
from stelsel.kernel.models import ReadEntry
from tests.browsing import as_client
from tests.cases.test_urgent import urgently
from tests.cases.walk import Walk
from tests.world import World, code_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.decided()
    return walk


def officer(walk: Walk) -> Actor:
    """The duty officer, who sees this case too."""
    found = walk.actor(Role.DUTY_OFFICER)
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        give(walk.case, to=Principal(role=found.role, user_id=found.user_id), reason="on duty", ground="access.give")
    return found


def card(walk: Walk, actor: Actor | None = None, *, with_reach: bool = False) -> NightCard:
    actor = actor or officer(walk)
    return reading.read_night_card(case_id=walk.case.pk, with_reach=with_reach, actor=actor, at=walk.at)


def test_r007_the_night_card_joins_authority_level_promises_and_checks(walk: Walk) -> None:
    coordinator = walk.actor(Role.LCC_COORDINATOR)
    with acting(coordinator, at=walk.at):
        camera = Measure.objects.get(kind="camera")
    for step in ("put_in_place", "verify"):
        services.report_measure(
            measure_id=camera.pk, step=step, note="", version=camera.version, actor=coordinator, at=walk.tick()
        )
        camera.version += 1

    found = card(walk)

    assert [(one.holder.code, len(one.held)) for one in found.callees] == [("nctv", 2)]
    assert [one.user_id for one in found.callees[0].people] == [walk.actor(Role.DUTY_OFFICER).user_id]
    assert found.level is not None
    assert [one.measure.kind for one in found.waiting] == ["close_protection"]
    assert [(one.measure.kind, one.measure.verified_at) for one in found.standing] == [("camera", walk.at)]


def test_before_designation_the_prosecutors_are_called(world: World) -> None:
    walk = Walk(world)
    walk.signed()
    adviser, chief = walk.actor(Role.PROSECUTION_ADVISER), walk.actor(Role.CHIEF_PROSECUTOR)

    (callee,) = card(walk, walk.actor(Role.DUTY_OFFICER)).callees

    assert callee.holder.code == "om-noord"
    assert [one.user_id for one in callee.people] == [chief.user_id, adviser.user_id]


def test_the_next_moment_of_raised_risk_comes_first(walk: Walk) -> None:
    for days in (9, 2):
        services.report_risk_moment(
            case_id=walk.case.pk,
            kind="hearing",
            starts_at=walk.at + timedelta(days=days),
            ends_at=walk.at + timedelta(days=days, hours=4),
            region="noord",
            description="",
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.at,
        )

    moment = card(walk).moment
    assert moment is not None
    assert moment.starts_at == walk.at + timedelta(days=2)


def test_how_to_reach_them_opens_by_a_click_that_is_logged_as_identity(walk: Walk) -> None:
    assert card(walk).reach == []

    found = card(walk, with_reach=True)

    assert found.reach[0].text == "+31 6 0000 0001"
    with acting(walk.actor(Role.CONTROLLER), at=walk.at):
        assert ReadEntry.objects.filter(
            actor_id=walk.actor(Role.DUTY_OFFICER).user_id, kind="identity", subject_id=walk.case.person_id
        ).exists()


def test_who_needs_no_identities_does_not_see_how_to_reach_them(walk: Walk) -> None:
    assert not card(walk, walk.actor(Role.DECIDER)).may_reach
    with pytest.raises(Forbidden):
        card(walk, walk.actor(Role.DECIDER), with_reach=True)


def test_the_card_is_for_those_on_the_case_who_keep_contact(walk: Walk) -> None:
    with pytest.raises(Case.DoesNotExist):
        card(walk, walk.world.actor(Role.DUTY_OFFICER, of="om-zuid"))
    with pytest.raises(Forbidden):
        card(walk, walk.actor(Role.LCC_COORDINATOR))


def test_the_page_offers_what_may_be_done_now(walk: Walk) -> None:
    page = as_client(officer(walk)).get(reverse("cases:night", args=[walk.case.pk]))

    assert page.status_code == 200
    assert [offer.url.rpartition("/")[2] for offer in page.context["acts"]] == [
        "urgent",
        "contact",
        "risk-moment",
        "promises",
    ]
    assert "Fenna" not in page.text


def test_the_card_and_the_desk_ask_the_database_the_same_number_of_times(
    walk: Walk, django_assert_max_num_queries: Any
) -> None:
    browser = as_client(officer(walk))
    for address in (reverse("cases:night", args=[walk.case.pk]), reverse("cases:night_desk")):
        browser.get(address)
        with django_assert_max_num_queries(50):
            assert browser.get(address).status_code == 200


# --- the desk -------------------------------------------------------------------------------------------------------


def test_r038_the_desk_shows_what_waits_on_the_urgent_route_most_urgent_first(world: World) -> None:
    walk = Walk(world)
    urgently(walk, "close_protection")
    duty_officer = walk.actor(Role.DUTY_OFFICER)

    rows = reading.read_night_desk(actor=duty_officer, at=walk.at).rows

    assert {(one.kind, one.work) for one in rows} == {
        ("ratify", ""),
        ("measure", ""),
        ("call", "letter.confirm"),
        ("call", "triage.assign"),
    }
    dues = [one.due for one in rows if one.due]
    assert dues == sorted(dues)


def test_what_was_ratified_leaves_the_desk(world: World) -> None:
    walk = Walk(world)
    designation = urgently(walk, "close_protection")
    assert isinstance(designation, Designation)
    decider = walk.actor(Role.DECIDER)

    services.ratify_designation(
        designation_id=designation.pk, reasons="Right.", code=code_for(decider), actor=decider, at=walk.tick()
    )

    rows = reading.read_night_desk(actor=walk.actor(Role.DUTY_OFFICER), at=walk.at).rows
    assert "ratify" not in {one.kind for one in rows}


def test_the_desk_shows_nothing_of_cases_one_does_not_see(world: World) -> None:
    walk = Walk(world)
    urgently(walk, "close_protection")

    rows = reading.read_night_desk(actor=world.actor(Role.DUTY_OFFICER, of="om-zuid"), at=walk.at).rows

    assert rows == []
