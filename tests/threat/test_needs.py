"""The catalogue of needs for information: about a factor each, changed by two of the method board."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from tests.browsing import as_client
from tests.threat.scene import Scene
from tests.world import NOON, World
from threat.methodology import Factor
from threat.models import InformationNeed
from threat.scoring.needs import FIRST_NEEDS, PRIORITIES
from threat.services import Wanted, approve_need, propose_need, refuse_need
from threat.services.needs import needs_in_force

NEW = Wanted("F1", 2, "Wie zag dit?", "Who saw this?")


@pytest.fixture
def one(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD)


@pytest.fixture
def other(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD, nth=2)


def proposed(by: Actor, wanted: Wanted = NEW, at: datetime = NOON) -> InformationNeed:
    return propose_need(wanted=wanted, starts_at=at, reason="Asked often.", actor=by, at=at)


def test_r056_every_factor_has_needs_and_every_need_a_factor_and_a_priority() -> None:
    assert {need.factor for need in FIRST_NEEDS} == set(Factor)
    assert all(need.priority in PRIORITIES and need.code.startswith(f"{need.factor}.") for need in FIRST_NEEDS)
    assert len({need.code for need in FIRST_NEEDS}) == len(FIRST_NEEDS)
    assert all(0 < len(text) <= 200 for need in FIRST_NEEDS for text in (need.text_nl, need.text_en))


def test_r056_a_need_without_factor_priority_or_text_is_refused_with_every_fault(one: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        proposed(one, Wanted("", 7, " ", "x" * 201))

    assert [fault.field for fault in refusal.value.faults] == ["factor", "priority", "text_nl", "text_en"]


def test_r056_two_of_the_board_add_reword_and_end_a_need(one: Actor, other: Actor) -> None:
    added = proposed(one)
    with pytest.raises(Forbidden):
        approve_need(change_id=added.pk, actor=one, at=NOON)
    approve_need(change_id=added.pk, actor=other, at=NOON)
    assert added.code == "F1.5"
    assert "Who saw this?" in {need.text_en for need in needs_in_force(at=NOON)}

    later = NOON + timedelta(days=1)
    reworded = replace(NEW, code="F1.1", text_en="Who exactly?")
    approve_need(change_id=proposed(other, reworded, later).pk, actor=one, at=later)
    ended = replace(NEW, code="F1.5", offered=False)
    approve_need(change_id=proposed(other, ended, later).pk, actor=one, at=later)
    held = {need.code: need.text_en for need in needs_in_force(at=later)}
    assert (held["F1.1"], held.get("F1.5")) == ("Who exactly?", None)
    assert "F1.5" in {need.code for need in needs_in_force(at=NOON)}
    assert proposed(one, NEW, later).code == "F1.6"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (replace(NEW, code="F2.1"), "code"),
        (replace(NEW, code="F1.99"), "code"),
        (replace(NEW, offered=False), "offered"),
        (Wanted("F1", 1, FIRST_NEEDS[0].text_nl, FIRST_NEEDS[0].text_en, code="F1.1"), "offered"),
    ],
)
def test_r056_what_is_not_known_or_no_change_is_refused(one: Actor, wanted: Wanted, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        proposed(one, wanted)

    assert field in {fault.field for fault in refusal.value.faults}


def test_r056_one_proposal_at_a_time_and_taken_back(one: Actor, other: Actor) -> None:
    change = proposed(one, replace(NEW, code="F1.1"))
    with pytest.raises(Conflict):
        proposed(other, replace(NEW, code="F1.1", text_en="Another?"))

    refuse_need(change_id=change.pk, actor=one, at=NOON)
    assert needs_in_force(at=NOON)[0].text_en == FIRST_NEEDS[0].text_en


def test_r056_nobody_outside_the_board_changes_the_catalogue(world: World) -> None:
    for role in (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS, Role.CASE_MANAGER, Role.PRODUCT_SUPPLIER):
        with pytest.raises(Forbidden):
            proposed(world.actor(role))


def test_r056_the_database_keeps_what_was_decided(one: Actor, other: Actor) -> None:
    approve_need(change_id=proposed(one).pk, actor=other, at=NOON)

    with acting(one, at=NOON), connection.cursor() as cursor:
        for statement in (
            "UPDATE threat_informationneed SET text_nl = 'anders'",
            """INSERT INTO threat_informationneed SELECT (jsonb_populate_record(NULL::threat_informationneed,
               to_jsonb(n) || jsonb_build_object('id', gen_random_uuid(), 'factor', 'F9', 'state', 'refused'))).*
               FROM threat_informationneed n""",
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(statement)


def test_r056_who_commissions_reads_what_to_ask_beside_the_form(scene: Scene) -> None:
    asked = as_client(scene.manager).get(f"/threat/cases/{scene.case.pk}/commission").content.decode()

    assert FIRST_NEEDS[0].text_nl in asked or FIRST_NEEDS[0].text_en in asked
    for actor in (scene.manager, scene.analyst, scene.supplier):
        assert as_client(actor).get("/threat/needs").status_code == 200
    assert as_client(scene.decider).get("/threat/needs").status_code == 403


def test_r056_the_board_decides_on_its_page(one: Actor, other: Actor) -> None:
    first, second = as_client(one), as_client(other)
    told = {"code": "", "factor": "F4", "priority": "1", "text_nl": "Waar?", "text_en": "Where?", "reason": ""}
    assert first.post("/threat/needs/propose", told).status_code == 422
    assert first.post("/threat/needs/propose", {**told, "reason": "Asked often."}).status_code == 302
    change = InformationNeed.objects.get()
    assert first.post(f"/threat/needs/{change.pk}/approve").status_code == 403
    assert "Waar?" in second.get("/threat/needs").content.decode()
    assert second.post(f"/threat/needs/{change.pk}/approve").status_code == 302
    change.refresh_from_db()
    assert change.state == "approved"
