"""Earlier products beside the picture until the switch date; far apart, their supplier is consulted first."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import override_settings

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import ReadEntry
from tests.browsing import as_client
from tests.threat.scene import TODAY, Scene, later
from tests.world import NOON
from threat.models import LocalLevel, OldLevel, Picture, Product
from threat.scoring.local import must_consult
from threat.services import (
    adopt,
    approve_mapping,
    propose_mapping,
    read_double_run,
    record_consultation,
    record_local_level,
)

SCALE = "police_estimate"


@pytest.fixture
def picture(scene: Scene) -> Picture:
    """Proposed at W4; the board has mapped hoog and laag."""
    one, other = (scene.world.actor(Role.METHOD_BOARD, nth=nth) for nth in (1, 2))
    table = "hoog = W4\ngemiddeld = W3\nlaag = W2"
    change = propose_mapping(scale=SCALE, table=table, starts_at=NOON, reason="Agreed", actor=one, at=NOON)
    approve_mapping(change_id=change.pk, actor=other, at=NOON)
    return scene.proposed()


def said(scene: Scene, original: str) -> LocalLevel:
    with acting(scene.analyst, at=NOON):
        product = Product.objects.get()
    return record_local_level(product_id=product.pk, scale=SCALE, original=original, actor=scene.analyst, at=NOON)


def consulted(scene: Scene, picture: Picture, level: LocalLevel, **fields: object) -> None:
    actor = fields.pop("actor", scene.analyst)
    given = {"level_id": level.pk, "partner": "Their analyst", "outcome": "Newer signals.", "held_on": TODAY, **fields}
    record_consultation(picture_id=picture.pk, actor=actor, at=NOON, **given)  # type: ignore[arg-type]


def kept(scene: Scene) -> list[tuple[int, int]]:
    with acting(scene.analyst, at=NOON):
        return [(row.old, row.new) for row in OldLevel.objects.all()]


def test_r072_two_levels_apart_either_way_asks_for_consultation() -> None:
    assert [must_consult(old, 3) for old in range(1, 6)] == [True, False, False, False, True]
    assert not must_consult(1, None)


@pytest.mark.parametrize(("original", "expected"), [("hoog", [(4, 4)]), ("gemiddeld", [(3, 4)]), ("vrij hoog", [])])
def test_r072_the_mapped_level_of_an_earlier_product_is_kept_beside_the_picture(
    scene: Scene, picture: Picture, original: str, expected: list[tuple[int, int]]
) -> None:
    said(scene, original)

    adopt(picture_id=picture.pk, actor=scene.second, at=NOON)

    assert kept(scene) == expected


def test_r072_two_levels_apart_is_not_adopted_before_the_supplier_was_consulted(scene: Scene, picture: Picture) -> None:
    level = said(scene, "laag")
    with pytest.raises(Invalid) as refusal:
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    assert [fault.code for fault in refusal.value.faults] == ["two_apart"]

    consulted(scene, picture, level)
    adopt(picture_id=picture.pk, actor=scene.second, at=NOON)

    assert kept(scene) == [(2, 4)]
    with pytest.raises(Conflict):
        consulted(scene, picture, level)


def test_r072_from_the_switch_date_on_earlier_products_no_longer_count(scene: Scene, picture: Picture) -> None:
    said(scene, "laag")

    with override_settings(SWITCH_DATE=later(1).isoformat()), pytest.raises(Invalid):
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    with override_settings(SWITCH_DATE=TODAY.isoformat()):
        adopt(picture_id=picture.pk, actor=scene.second, at=NOON)

    assert kept(scene) == []


def test_r072_a_consultation_says_about_what_with_whom_when_and_what_came_of_it(scene: Scene, picture: Picture) -> None:
    level = said(scene, "laag")

    with pytest.raises(Invalid) as refusal:
        consulted(scene, picture, level, level_id=None, partner=" ", outcome="", held_on=later(1))

    assert {fault.field for fault in refusal.value.faults} == {"level_id", "partner", "outcome", "held_on"}


def test_r072_nobody_outside_the_analysis_records_a_consultation_or_reads_the_report(
    scene: Scene, picture: Picture
) -> None:
    level = said(scene, "laag")
    for actor in (scene.manager, scene.decider, scene.supplier, scene.stranger):
        with pytest.raises(Picture.DoesNotExist):
            consulted(scene, picture, level, actor=actor)
    for actor in (scene.manager, scene.decider, scene.supplier):
        with pytest.raises(Forbidden):
            read_double_run(actor=actor, at=NOON)


def test_r072_the_report_counts_what_the_reader_may_see_and_is_logged(scene: Scene, picture: Picture) -> None:
    consulted(scene, picture, said(scene, "laag"))
    adopt(picture_id=picture.pk, actor=scene.second, at=NOON)

    assert read_double_run(actor=scene.head, at=NOON).counts == (0, 0, 1)
    assert read_double_run(actor=scene.stranger, at=NOON).counts == (0, 0, 0)
    with acting(scene.world.actor(Role.CONTROLLER), at=NOON):
        looks = ReadEntry.objects.filter(actor_id=scene.head.user_id, kind="list", subject_id=scene.case.person_id)
        assert looks.exists()


def test_r072_the_database_keeps_no_far_level_without_consultation_and_changes_nothing(
    scene: Scene, picture: Picture
) -> None:
    level = said(scene, "laag")
    row = OldLevel(case_id=picture.case_id, picture=picture, level=level, old=2, new=4, kept_at=NOON)
    with acting(scene.analyst, at=NOON), pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    consulted(scene, picture, level)
    with (
        acting(scene.analyst, at=NOON),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError),
        transaction.atomic(),
    ):
        cursor.execute("UPDATE threat_consultation SET held_on = held_on - 1")


def test_r072_the_consultation_is_recorded_on_the_page_and_the_report_shows_the_difference(
    scene: Scene, picture: Picture
) -> None:
    level = said(scene, "laag")
    analyst = as_client(scene.analyst)
    address = f"/threat/pictures/{picture.pk}/consult"
    assert "Consult its supplier" in analyst.get(f"/threat/pictures/{picture.pk}").content.decode()
    assert analyst.post(address, {"level_id": str(level.pk)}).status_code == 422
    sent = {"level_id": str(level.pk), "partner": "Their analyst", "outcome": "Newer.", "held_on": TODAY.isoformat()}
    assert analyst.post(address, sent).status_code == 302

    adopt(picture_id=picture.pk, actor=scene.second, at=NOON)

    assert "Two or more levels apart" in analyst.get("/threat/double-run").content.decode()
