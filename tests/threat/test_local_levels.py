"""Levels of the local domain: kept as written, mapped by approved tables, and never guessed."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import ReadEntry, WorkItem
from tests.browsing import as_client
from tests.threat.scene import Scene
from tests.world import NOON, World
from threat.models import LocalLevel, LocalMapping, Product
from threat.scoring.local import LocalTable, Mapped, map_level, read_table
from threat.services import (
    approve_mapping,
    level_of_product,
    local_levels,
    propose_mapping,
    record_local_level,
    refuse_mapping,
    withdraw_product,
)

DAY = timedelta(days=1)
SCALE = "police_estimate"


@pytest.fixture
def one(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD)


@pytest.fixture
def other(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD, nth=2)


def proposed(by: Actor, table: str = "hoog = W4\nlaag = 2", *, at: datetime = NOON, scale: str = SCALE) -> LocalMapping:
    return propose_mapping(scale=scale, table=table, starts_at=at, reason="Agreed", actor=by, at=at)


def mapped(one: Actor, other: Actor, table: str = "hoog = W4\nlaag = 2", *, at: datetime = NOON) -> LocalMapping:
    return approve_mapping(change_id=proposed(one, table, at=at).pk, actor=other, at=at)


def recorded(scene: Scene, product: Product, original: str = "Hoog", *, at: datetime = NOON) -> LocalLevel:
    return record_local_level(product_id=product.pk, scale=SCALE, original=original, actor=scene.analyst, at=at)


def shown(scene: Scene, product: Product, *, at: datetime = NOON) -> Mapped | None:
    with acting(scene.analyst, at=at):
        found = level_of_product(product, actor=scene.analyst, at=at)
    assert found is not None
    return found.mapped


def codes(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def test_r047_a_table_maps_what_it_names_whatever_the_case_and_spaces() -> None:
    table = LocalTable(NOON, {"zeer hoog": 5, "hoog": 4})

    assert [table.level(word) for word in ("hoog", " Zeer  hoog ", "vrij hoog", "4", "")] == [4, 5, None, None, None]


def test_r064_what_was_mapped_once_keeps_its_level_and_what_was_not_waits_for_a_table_that_names_it() -> None:
    tables = [
        LocalTable(NOON, {"hoog": 4}),
        LocalTable(NOON + 2 * DAY, {"hoog": 5, "vrij hoog": 3}),
        LocalTable(NOON + 3 * DAY, {"vrij hoog": 2}),
    ]

    assert map_level("hoog", recorded_at=NOON + DAY, tables=reversed(tables)) == Mapped(4, NOON)
    assert map_level("hoog", recorded_at=NOON - DAY, tables=tables) == Mapped(4, NOON)
    assert map_level("vrij hoog", recorded_at=NOON + DAY, tables=tables) == Mapped(3, NOON + 2 * DAY)
    assert map_level("hoog", recorded_at=NOON + 4 * DAY, tables=tables) is None
    assert map_level("nieuw", recorded_at=NOON, tables=tables) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hoog", "row"),
        ("hoog = W6", "row"),
        ("hoog = W0", "row"),
        ("= W4", "row"),
        ("x" * 61 + " = W4", "row"),
        ("hoog = W4\nHOOG = W3", "twice"),
        ("", "size"),
        ("\n".join(f"{n} = W1" for n in range(31)), "size"),
    ],
)
def test_r047_a_faulty_table_is_refused_by_name(text: str, code: str) -> None:
    assert [fault.code for fault in read_table(text)[1]] == [code]


def test_r047_two_of_the_board_approve_a_table_and_it_is_work_until_then(
    world: World, one: Actor, other: Actor
) -> None:
    change = proposed(one)
    for actor in (one, world.actor(Role.ADMINISTRATOR), world.actor(Role.HEAD_OF_ANALYSIS)):
        with pytest.raises(Forbidden):
            approve_mapping(change_id=change.pk, actor=actor, at=NOON)
    with acting(other, at=NOON):
        assert WorkItem.objects.get(kind="localmapping.approve", closed_at=None).owner_role == Role.METHOD_BOARD

    assert approve_mapping(change_id=change.pk, actor=other, at=NOON).levels == {"hoog": 4, "laag": 2}
    with pytest.raises(Conflict):
        refuse_mapping(change_id=change.pk, actor=one, at=NOON)


def test_r047_a_table_without_change_of_no_known_scale_or_beside_another_proposal_is_refused(
    one: Actor, other: Actor
) -> None:
    mapped(one, other)

    with pytest.raises(Invalid) as refusal:
        proposed(one)
    assert codes(refusal) == ["no_change"]
    with pytest.raises(Invalid) as refusal:
        proposed(one, "hoog", scale="nothing")
    assert codes(refusal) == ["row", "invalid"]
    proposed(one, "hoog = W5")
    with pytest.raises(Conflict):
        proposed(other, "hoog = W3")


def test_r064_the_original_is_kept_word_for_word_beside_the_mapped_level(
    scene: Scene, one: Actor, other: Actor
) -> None:
    mapped(one, other)
    product = scene.deliver(scene.ask())
    row = recorded(scene, product, " Hoog ")

    assert (row.original, row.marking) == ("Hoog", product.marking)
    assert shown(scene, product) == Mapped(4, NOON)


def test_r047_an_unmapped_level_is_shown_as_unmapped_until_a_table_names_it(
    scene: Scene, one: Actor, other: Actor
) -> None:
    product = scene.deliver(scene.ask())
    recorded(scene, product, "Vrij hoog")
    assert shown(scene, product) is None

    mapped(one, other, at=NOON + DAY)
    assert shown(scene, product, at=NOON + DAY) is None
    mapped(one, other, "hoog = W4\nvrij hoog = W3", at=NOON + 2 * DAY)

    assert shown(scene, product, at=NOON + DAY) is None
    assert shown(scene, product, at=NOON + 2 * DAY) == Mapped(3, NOON + 2 * DAY)


def test_r064_recording_twice_is_once_and_a_correction_is_a_newer_row(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    first = recorded(scene, product)

    assert recorded(scene, product).pk == first.pk
    newer = recorded(scene, product, "Laag", at=NOON + DAY)

    with acting(scene.head, at=NOON + DAY):
        (level,) = local_levels(scene.case.pk, actor=scene.head, at=NOON + DAY)
        assert LocalLevel.objects.count() == 2
    assert level.row == newer


def test_r064_no_level_is_recorded_of_a_product_that_was_withdrawn_or_without_words(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    with pytest.raises(Invalid) as refusal:
        record_local_level(product_id=product.pk, scale="", original="  ", actor=scene.analyst, at=NOON)
    assert codes(refusal) == ["invalid", "invalid"]
    withdraw_product(product_id=product.pk, reason="An error.", actor=scene.supplier, at=NOON)

    with pytest.raises(Conflict):
        recorded(scene, product)


def test_r064_analysts_of_the_case_alone_record_and_see_a_local_level(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    recorded(scene, product)
    for actor, error in (
        (scene.manager, Forbidden),
        (scene.supplier, Forbidden),
        (scene.decider, Product.DoesNotExist),
        (scene.stranger, Product.DoesNotExist),
        (scene.rival, Product.DoesNotExist),
    ):
        with pytest.raises(error):
            record_local_level(product_id=product.pk, scale=SCALE, original="Laag", actor=actor, at=NOON)
        with acting(actor, at=NOON), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM threat_locallevel")
            assert cursor.fetchone() == (0,), actor.role


def test_r064_the_database_lets_nobody_change_what_was_recorded_or_approved(
    scene: Scene, one: Actor, other: Actor
) -> None:
    mapped(one, other)
    recorded(scene, scene.deliver(scene.ask()))
    change = proposed(one, "hoog = W3")

    for actor, statement, error in (
        (scene.analyst, "UPDATE threat_locallevel SET original = 'laag'", ProgrammingError),
        (one, "UPDATE threat_localmapping SET levels = '{\"hoog\": 1}' WHERE state = 'approved'", IntegrityError),
        (one, "UPDATE threat_localmapping SET levels = '{\"hoog\": 9}' WHERE state = 'proposed'", IntegrityError),
        (one, "UPDATE threat_localmapping SET levels = '{\"hoog\": \"4\"}' WHERE state = 'proposed'", IntegrityError),
        (one, "UPDATE threat_localmapping SET levels = '{\"hoog\": [4]}' WHERE state = 'proposed'", IntegrityError),
        (one, "UPDATE threat_localmapping SET levels = '{\"hoog\": 3.5}' WHERE state = 'proposed'", IntegrityError),
        (one, "UPDATE threat_localmapping SET levels = '{}' WHERE state = 'proposed'", IntegrityError),
    ):
        with (
            acting(actor, at=NOON),
            connection.cursor() as cursor,
            pytest.raises(error),
            transaction.atomic(),
        ):
            cursor.execute(statement)
    change.refresh_from_db()
    assert change.levels == {"hoog": 3}


def test_r047_the_board_maps_on_its_page_and_the_analyst_sees_both_levels(
    scene: Scene, one: Actor, other: Actor
) -> None:
    product = scene.deliver(scene.ask())
    first, second, analyst = as_client(one), as_client(other), as_client(scene.analyst)
    faulty = first.post("/threat/mappings/propose", {"scale": SCALE, "levels": "hoog", "reason": "Agreed"})
    assert (faulty.status_code, b"an equals sign, and W1 to W5" in faulty.content) == (422, True)
    sent = {"scale": SCALE, "levels": "hoog = W4", "reason": "Agreed"}
    assert first.post("/threat/mappings/propose", sent).status_code == 302
    change = LocalMapping.objects.get()
    assert first.post(f"/threat/mappings/{change.pk}/approve").status_code == 403
    assert second.post(f"/threat/mappings/{change.pk}/approve").status_code == 302
    assert b"hoog" in first.get("/threat/mappings").content
    assert b"hoog = W4" in first.get(f"/threat/mappings/propose?scale={SCALE}").content

    address = f"/threat/products/{product.pk}/local-level"
    assert analyst.post(address, {"scale": SCALE, "original": ""}).status_code == 422
    assert analyst.post(address, {"scale": SCALE, "original": "Vrij hoog"}).status_code == 302
    assert "Not mapped" in analyst.get(f"/threat/products/{product.pk}").content.decode()
    assert analyst.post(address, {"scale": SCALE, "original": "Hoog"}).status_code == 302
    for page in (f"/threat/products/{product.pk}", f"/threat/cases/{scene.case.pk}"):
        assert "Hoog" in analyst.get(page).content.decode()
        assert "W4" in analyst.get(page).content.decode()
    assert "Hoog" not in as_client(scene.manager).get(f"/threat/cases/{scene.case.pk}").content.decode()


def test_r064_looking_at_the_levels_is_logged_as_a_look_at_the_person(scene: Scene) -> None:
    recorded(scene, scene.deliver(scene.ask()))

    assert as_client(scene.analyst).get(f"/threat/cases/{scene.case.pk}").status_code == 200

    with acting(scene.world.actor(Role.CONTROLLER), at=NOON):
        looks = ReadEntry.objects.filter(actor_id=scene.analyst.user_id, subject_id=scene.case.person_id)
        assert looks.filter(route="threat:information").exists()
