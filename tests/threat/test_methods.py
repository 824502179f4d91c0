"""Versions of the method: registered by a release, adopted or withdrawn by two of the method board."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import User, WorkItem
from tests.browsing import as_client
from tests.threat.scene import Scene
from tests.world import NOON, World
from threat import checks
from threat.methodology import GDB_1_0, METHODOLOGIES, Methodology
from threat.models import MethodUse, MethodVersion, Picture
from threat.services import approve_use, methods, propose_use, refuse_use, request_score


@pytest.fixture
def one(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD)


@pytest.fixture
def other(world: World) -> Actor:
    return world.actor(Role.METHOD_BOARD, nth=2)


def proposed(by: Actor, *, usable: bool = False, at: datetime = NOON) -> MethodUse:
    version = MethodVersion.objects.get(code="GDB-1.0")
    return propose_use(version_id=version.pk, usable=usable, starts_at=at, reason="Calibration", actor=by, at=at)


def withdrawn(one: Actor, other: Actor, *, at: datetime = NOON) -> MethodUse:
    return approve_use(change_id=proposed(one, at=at).pk, actor=other, at=at)


def found() -> set[str]:
    return {str(fault.id) for fault in checks.method_versions(databases=["default"])}


def held(monkeypatch: pytest.MonkeyPatch, *coded: Methodology) -> None:
    """This release holds these versions, and no other."""
    monkeypatch.setattr(methods, "METHODOLOGIES", MappingProxyType({each.version: each for each in coded}))


def test_r052_the_registered_version_is_the_coded_one_and_the_published_document() -> None:
    version = MethodVersion.objects.get()
    document = settings.ROOT / "docs" / "method" / "gdb-1.0.md"

    assert version.method_hash == METHODOLOGIES[version.code].fingerprint()
    assert version.document_hash == hashlib.sha256(document.read_bytes()).hexdigest()
    assert version.from_the_start
    assert found() == set()


def test_r052_any_number_or_anchor_changes_the_hash() -> None:
    floor = replace(GDB_1_0.floors[0], level=GDB_1_0.floors[1].level)
    changed = (
        replace(GDB_1_0, least_coverage=0.41),
        replace(GDB_1_0, floors=(floor, *GDB_1_0.floors[1:])),
        replace(GDB_1_0, norms=replace(GDB_1_0.norms, assessors=3)),
        replace(GDB_1_0, damped_phenomena=frozenset()),
    )

    assert len({GDB_1_0.fingerprint(), *(each.fingerprint() for each in changed)}) == 1 + len(changed)


def test_r052_a_usable_version_that_is_not_coded_as_published_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, one: Actor, other: Actor
) -> None:
    for coded in ((), (replace(GDB_1_0, least_coverage=0.41),)):
        held(monkeypatch, *coded)
        assert found() == {"threat.E001"}

    with transaction.atomic(), acting(one, at=NOON):
        withdrawn(one, other)
    assert found() == set()


def test_r052_nothing_is_scored_by_a_version_that_is_not_in_force_and_old_pictures_keep_it(
    scene: Scene, one: Actor, other: Actor
) -> None:
    picture = scene.start()
    line = scene.line(picture)
    scene.add(line)
    withdrawn(one, other, at=NOON + timedelta(hours=1))
    score = request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON)

    with pytest.raises(Conflict) as refusal:
        request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON + timedelta(hours=1))

    assert (refusal.value.code, refusal.value.params) == ("method_not_in_force", {"version": "GDB-1.0"})
    with acting(scene.analyst, at=NOON):
        assert Picture.objects.get(pk=picture.pk).method_version == score.method_version == "GDB-1.0"


def test_r052_no_picture_is_begun_while_no_version_is_in_force(scene: Scene, one: Actor, other: Actor) -> None:
    withdrawn(one, other)

    with pytest.raises(Conflict) as refusal:
        scene.start()

    assert refusal.value.code == "no_method"


def test_r052_a_withdrawn_version_is_adopted_again_by_two_of_the_board(one: Actor, other: Actor) -> None:
    withdrawn(one, other)
    later = NOON + timedelta(days=2)
    change = proposed(other, usable=True, at=later)
    approve_use(change_id=change.pk, actor=one, at=later)

    assert [methods.in_force(at=NOON + timedelta(days=days)) for days in (-1, 1, 2)] == [["GDB-1.0"], [], ["GDB-1.0"]]
    (version,) = methods.read_versions(at=later)
    assert version.periods == (methods.Period(None, NOON), methods.Period(later, None))


def test_r052_a_version_that_this_release_does_not_hold_is_not_adopted(
    monkeypatch: pytest.MonkeyPatch, one: Actor, other: Actor
) -> None:
    withdrawn(one, other)
    change = proposed(one, usable=True)
    held(monkeypatch)

    with pytest.raises(Invalid):
        approve_use(change_id=change.pk, actor=other, at=NOON)
    refuse_use(change_id=change.pk, actor=one, at=NOON)
    with pytest.raises(Invalid) as refusal:
        proposed(one, usable=True)
    assert [fault.code for fault in refusal.value.faults] == ["not_coded"]


def test_only_two_different_members_of_the_board_decide(world: World, one: Actor, other: Actor) -> None:
    for role in (Role.ADMINISTRATOR, Role.HEAD_OF_ANALYSIS):
        with pytest.raises(Forbidden):
            proposed(world.actor(role))
    change = proposed(one)
    for actor in (one, world.actor(Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            approve_use(change_id=change.pk, actor=actor, at=NOON)

    with acting(other, at=NOON):
        assert WorkItem.objects.get(kind="methoduse.approve").owner_role == Role.METHOD_BOARD
    approve_use(change_id=change.pk, actor=other, at=NOON)


def test_what_holds_already_is_not_proposed(one: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        proposed(one, usable=True)

    assert [fault.code for fault in refusal.value.faults] == ["no_change"]


def test_the_database_lets_nobody_register_or_change_a_version_or_a_decision(one: Actor, other: Actor) -> None:
    withdrawn(one, other)

    with acting(one, at=NOON), connection.cursor() as cursor:
        for statement, error in (
            ("UPDATE threat_methodversion SET method_hash = ''", ProgrammingError),
            ("INSERT INTO threat_methodversion SELECT * FROM threat_methodversion", IntegrityError),
            ("UPDATE threat_methoduse SET usable = true", IntegrityError),
        ):
            with pytest.raises(error), transaction.atomic():
                cursor.execute(statement)


def test_r052_two_members_of_the_board_withdraw_a_version_on_their_page(one: Actor, other: Actor) -> None:
    first, second = as_client(one), as_client(other)
    version = MethodVersion.objects.get()
    address = f"/threat/methods/{version.pk}/propose"

    empty = first.post(address, {"reason": ""})
    assert empty.status_code == 422
    assert first.post(address, {"reason": "Calibration"}).status_code == 302
    change = MethodUse.objects.get()
    assert first.post(f"/threat/methods/decisions/{change.pk}/approve").status_code == 403
    assert b"Calibration" in second.get("/threat/methods").content
    assert second.post(f"/threat/methods/decisions/{change.pk}/approve").status_code == 302

    change.refresh_from_db()
    assert change.state == "approved"
    assert second.post(f"/threat/methods/decisions/{change.pk}/refuse").status_code == 409


def test_r052_administrators_read_who_decided(world: World, one: Actor, other: Actor) -> None:
    withdrawn(one, other)
    administrator = world.actor(Role.ADMINISTRATOR)
    User.objects.filter(pk=administrator.user_id).update(is_staff=True)
    browser: Client = as_client(administrator)

    page = browser.get("/admin/threat/methodversion/").content.decode()

    assert "GDB-1.0" in page
    assert all(User.objects.get(pk=actor.user_id).full_name in page for actor in (one, other))
    assert browser.get("/admin/threat/methodversion/add/").status_code == 403
