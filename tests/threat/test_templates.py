"""The template of the picture: in versions that two approve; a picture keeps the one it was started from."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.threat.scene import Scene, proposal
from tests.world import NOON, World
from threat.models import Picture, PictureTemplate
from threat.services import (
    adopt,
    approve_template,
    propose_adoption,
    propose_template,
    refuse_template,
    start_new_version,
    template_of,
)
from threat.services.adoption import hash_of

DAY = timedelta(days=1)


@pytest.fixture
def one(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD)


@pytest.fixture
def other(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD, nth=2)


def proposed(by: Actor, text: str = "Who, and how likely?", *, at: datetime = NOON) -> PictureTemplate:
    return propose_template(text=text, starts_at=at, reason="Agreed", actor=by, at=at)


def held(one: Actor, other: Actor, text: str = "Who, and how likely?", *, at: datetime = NOON) -> PictureTemplate:
    return approve_template(change_id=proposed(one, text, at=at).pk, actor=other, at=at)


def started_from(scene: Scene, picture: Picture) -> str | None:
    with acting(scene.analyst, at=NOON):
        found = template_of(picture)
    return found.text if found else None


def test_r075_two_of_the_board_approve_a_version_and_it_is_work_until_then(
    world: World, one: Actor, other: Actor
) -> None:
    change = proposed(one)
    for actor in (one, world.actor(Role.ADMINISTRATOR), world.actor(Role.HEAD_OF_ANALYSIS)):
        with pytest.raises(Forbidden):
            approve_template(change_id=change.pk, actor=actor, at=NOON)
    with acting(other, at=NOON):
        assert WorkItem.objects.get(kind="picturetemplate.approve", closed_at=None).owner_role == Role.METHOD_BOARD

    approve_template(change_id=change.pk, actor=other, at=NOON)
    with pytest.raises(Conflict):
        refuse_template(change_id=change.pk, actor=one, at=NOON)


def test_r075_a_version_without_text_without_change_or_beside_another_proposal_is_refused(
    one: Actor, other: Actor
) -> None:
    for text in (" ", "x" * 4001):
        with pytest.raises(Invalid):
            proposed(one, text)
    held(one, other)
    with pytest.raises(Invalid) as refusal:
        proposed(one)
    assert [fault.code for fault in refusal.value.faults] == ["no_change"]
    proposed(one, "Another")
    with pytest.raises(Conflict):
        proposed(other, "Yet another")


def test_r075_a_picture_keeps_the_version_it_was_started_from_when_the_template_changes_mid_draft(
    scene: Scene, one: Actor, other: Actor
) -> None:
    held(one, other)
    picture = scene.start()
    held(one, other, "A newer one", at=NOON + DAY)

    assert started_from(scene, picture) == "Who, and how likely?"


def test_r075_without_a_version_in_force_a_picture_starts_without(scene: Scene, one: Actor, other: Actor) -> None:
    held(one, other, at=NOON + DAY)

    assert started_from(scene, scene.start()) is None


def test_r075_a_newer_version_changes_no_adopted_picture_and_the_next_one_is_started_from_it(
    scene: Scene, one: Actor, other: Actor
) -> None:
    held(one, other)
    picture = scene.scored()
    propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    adopted = adopt(picture_id=picture.pk, actor=scene.second, at=NOON)
    held(one, other, "A newer one", at=NOON + DAY)
    following = start_new_version(picture_id=picture.pk, question="Again?", actor=scene.analyst, at=NOON + DAY)

    with acting(scene.analyst, at=NOON + DAY):
        assert hash_of(Picture.objects.get(pk=picture.pk)) == bytes(adopted.content_hash or b"")
    assert [started_from(scene, each) for each in (picture, following)] == ["Who, and how likely?", "A newer one"]


def test_r075_the_summary_begins_with_the_template_on_the_page(scene: Scene, one: Actor, other: Actor) -> None:
    held(one, other)
    picture = scene.scored()
    analyst = as_client(scene.analyst)

    assert b"begins with the template from" in analyst.get(f"/threat/pictures/{picture.pk}").content
    assert b"Who, and how likely?" in analyst.get(f"/threat/pictures/{picture.pk}/propose").content


def test_r075_the_board_decides_on_its_page(one: Actor, other: Actor) -> None:
    first, second = as_client(one), as_client(other)
    assert first.post("/threat/templates/propose", {"text": "", "reason": "Agreed"}).status_code == 422
    assert first.post("/threat/templates/propose", {"text": "Who?", "reason": "Agreed"}).status_code == 302
    change = PictureTemplate.objects.get()
    assert first.post(f"/threat/templates/{change.pk}/approve").status_code == 403
    assert second.post(f"/threat/templates/{change.pk}/approve").status_code == 302
    assert second.post(f"/threat/templates/{change.pk}/refuse").status_code == 409
    assert b"Who?" in second.get("/threat/templates").content
    assert b"Who?" in second.get("/threat/templates/propose").content


def test_r075_the_database_lets_nobody_change_what_was_decided_or_what_a_picture_was_started_from(
    scene: Scene, one: Actor, other: Actor
) -> None:
    held(one, other)
    scene.start()

    for actor, statement, error in (
        (one, "UPDATE threat_picturetemplate SET text = 'other'", IntegrityError),
        (scene.analyst, "UPDATE threat_templateuse SET template_id = gen_random_uuid()", ProgrammingError),
        (scene.analyst, "DELETE FROM threat_templateuse", ProgrammingError),
    ):
        with (
            acting(actor, at=NOON),
            connection.cursor() as cursor,
            pytest.raises(error),
            transaction.atomic(),
        ):
            cursor.execute(statement)


def test_r075_nobody_outside_the_analysis_reads_that_a_picture_was_started(
    scene: Scene, one: Actor, other: Actor
) -> None:
    held(one, other)
    scene.start()
    for actor in (scene.manager, scene.decider, scene.supplier, scene.stranger, one):
        with acting(actor, at=NOON), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM threat_templateuse")
            assert cursor.fetchone() == (0,), actor.role
