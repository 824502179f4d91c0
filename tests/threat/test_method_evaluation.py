"""A version registered by its text, tried on every picture in force, then adopted; and ageing day by day."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.jobs import run, system_actor
from stelsel.kernel.models import OutboxMessage, ReadEntry, WorkItem
from tests.browsing import as_client
from tests.services import Services
from tests.threat.conftest import connect
from tests.threat.scene import Scene
from tests.world import NOON, World
from threat.methodology import GDB_1_0, Methodology
from threat.models import AgedReading, MethodVersion, Picture, PictureScore, ShadowRun
from threat.scoring.shift import Shift, shift
from threat.scoring.version import InvalidVersion, differences, read_version
from threat.services import (
    approve_use,
    methods,
    plan_ageing,
    propose_use,
    read_shadow_run,
    register_version,
    start_new_version,
    start_shadow_run,
)
from threat.services.workbench import read_picture

STRICTER = replace(GDB_1_0, version="GDB-1.1", band_tops=(50.0, 70.0, 90.0, 95.0), floors=())
LEVELS = st.sampled_from((None, 1, 2, 3, 4, 5))


def registered(board: Actor, method: Methodology = STRICTER) -> MethodVersion:
    return register_version(definition=method.text(), document="Fewer alarms.", actor=board, at=NOON)


def worked(services: Services) -> int:
    """Everything the worker finds in the outbox, until it is empty; each piece twice."""
    connect(services, "stelsel_worker")
    done = 0
    while waiting := list(
        OutboxMessage.objects.filter(state="queued", task__startswith="threat.").order_by("created_at", "pk")
    ):
        for message in waiting:
            assert run(message.pk), message.task
            assert not run(message.pk)
            done += 1
    connect(services, "stelsel_web")
    return done


def ticked(services: Services, *, days: int) -> None:
    """The beat of a later day."""
    connect(services, "stelsel_worker")
    plan_ageing(actor=system_actor(), at=NOON + timedelta(days=days))
    worked(services)


# --- a version is data ---


def test_r063_a_version_is_read_back_as_it_was_written() -> None:
    assert read_version(GDB_1_0.text()) == GDB_1_0
    assert read_version(json.dumps(json.loads(GDB_1_0.text()), indent=4)).fingerprint() == GDB_1_0.fingerprint()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"least_coverage": "0.4"}, "definition.least_coverage"),
        ({"least_coverage": None}, "definition.least_coverage"),
        ({"surprise": 1}, "definition"),
        ({"norms": {}}, "definition.norms.assessors"),
        ({"advice": [[1, 1]]}, "definition.advice[0]"),
        ({"priors": [0.5, 0.3]}, "definition.priors"),
        ({"damped_phenomena": [9]}, "definition.damped_phenomena[0]"),
        ({"confirmed_credibility": 1.5}, "definition.confirmed_credibility"),
    ],
)
def test_r063_what_has_another_form_is_refused_by_its_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidVersion) as refusal:
        read_version(json.dumps({**json.loads(GDB_1_0.text()), **change}))

    assert place in {fault.field for fault in refusal.value.faults}
    assert {fault.code for fault in refusal.value.faults} == {"form"}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 5000, "x" * 100_001])
def test_r063_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidVersion):
        read_version(text)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "../1"},
        {"least_coverage": 1.2},
        {"factors": {}},
        {"band_tops": (40.0, 20.0, 60.0, 80.0)},
        {"reliability": {"A": 0.9}},
        {"credibility": {1: 0.9}},
        {"advice": ((1, 1, 1, 1, 7), *GDB_1_0.advice[1:])},
        {"norms": replace(GDB_1_0.norms, assessors=0)},
    ],
)
def test_r063_a_version_with_a_flaw_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidVersion) as refusal:
        read_version(replace(GDB_1_0, **change).text())

    assert {fault.code for fault in refusal.value.faults} == {"flaw"}


def test_r063_a_number_that_json_does_not_know_is_refused() -> None:
    for number in ("NaN", "Infinity"):
        with pytest.raises(InvalidVersion):
            read_version(GDB_1_0.text().replace('"cap_belief":0.5', f'"cap_belief":{number}'))


def test_r063_the_parts_that_differ_are_told() -> None:
    other = replace(STRICTER, least_coverage=0.5)

    assert [place for place, _was, _is in differences(GDB_1_0, other)] == [
        "band_tops[0]",
        "band_tops[1]",
        "band_tops[2]",
        "band_tops[3]",
        "floors",
        "least_coverage",
    ]


@given(LEVELS, LEVELS)
def test_r063_a_movement_back_is_the_opposite_movement(one: int | None, other: int | None) -> None:
    back = {Shift.UP: Shift.DOWN, Shift.LOST: Shift.GAINED, Shift.UNCHANGED: Shift.UNCHANGED}
    opposites = back | {there: here for here, there in back.items()}

    assert shift(other, one) is opposites[shift(one, other)]
    assert (shift(one, other) is Shift.UNCHANGED) == (one == other)


# --- registering and trying ---


def test_r052_a_second_version_is_loaded_by_its_text_alone(scene: Scene) -> None:
    board, other = scene.world.actor(Role.METHOD_BOARD), scene.world.actor(Role.METHOD_BOARD, nth=2)
    version = registered(board)

    assert (version.code, version.method_hash) == ("GDB-1.1", STRICTER.fingerprint())
    assert methods.published()["GDB-1.1"] == STRICTER
    assert methods.in_force(at=NOON) == ["GDB-1.0"]
    with pytest.raises(Invalid) as refusal:
        propose_use(version_id=version.pk, usable=True, starts_at=NOON, reason="Better", actor=other, at=NOON)
    assert [fault.code for fault in refusal.value.faults] == ["not_tried"]


def test_r052_a_name_is_used_once_and_a_version_is_explained(world: World) -> None:
    board = world.actor(Role.METHOD_BOARD)
    registered(board)

    for method, document, codes in (
        (STRICTER, "Again.", ["known"]),
        (GDB_1_0, " ", ["invalid", "known"]),
        (replace(STRICTER, version="GDB-1.2"), "", ["invalid"]),
    ):
        with pytest.raises(Invalid) as refusal:
            register_version(definition=method.text(), document=document, actor=board, at=NOON)
        assert [fault.code for fault in refusal.value.faults] == codes
    for role in (Role.HEAD_OF_ANALYSIS, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            registered(world.actor(role), replace(STRICTER, version="GDB-1.3"))


def test_r052_the_database_keeps_a_registered_version_as_it_is(world: World) -> None:
    board = world.actor(Role.METHOD_BOARD)
    version = registered(board)

    with acting(board, at=NOON):
        for change in ({"definition": "{}"}, {"method_hash": "0" * 64}):
            with pytest.raises(Exception, match=r"denied|append"), transaction.atomic():
                MethodVersion.objects.filter(pk=version.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            MethodVersion(code="GDB-9.9", from_the_start=True).save(force_insert=True)


def test_r063_one_run_at_a_time_and_of_a_version_that_is_held(world: World) -> None:
    board = world.actor(Role.METHOD_BOARD)
    version = registered(board)
    start_shadow_run(version_id=version.pk, reason="To see.", actor=board, at=NOON)

    with pytest.raises(Conflict):
        start_shadow_run(version_id=version.pk, reason="To see.", actor=board, at=NOON)
    with pytest.raises(Invalid):
        start_shadow_run(version_id=version.pk, reason=" ", actor=board, at=NOON)
    for role in (Role.HEAD_OF_ANALYSIS, Role.THREAT_ANALYST):
        with pytest.raises(Forbidden):
            start_shadow_run(version_id=version.pk, reason="To see.", actor=world.actor(role), at=NOON)


def test_r063_a_shadow_run_tells_what_would_move_and_touches_nothing(stage: Scene, services: Services) -> None:
    board, other = stage.world.actor(Role.METHOD_BOARD), stage.world.actor(Role.METHOD_BOARD, nth=2)
    picture = stage.adopted()
    before = _whole(stage)
    version = registered(board)
    started = start_shadow_run(version_id=version.pk, reason="Fewer alarms?", actor=board, at=NOON)
    worked(services)

    seen = read_shadow_run(run_id=started.pk, actor=board, at=NOON)
    assert (seen.run.state, seen.run.parts_done) == ("finished", 1)
    assert seen.run.counts == {"up": 0, "down": 1, "unchanged": 0, "lost": 0, "gained": 0}
    assert (list(seen.moved), seen.listed, seen.failed) == ([], False, False)
    assert tuple(place for place, _was, _is in seen.changes) != ("floors", "least_coverage")
    (row,) = read_shadow_run(run_id=started.pk, actor=stage.head, at=NOON).moved
    assert (row.picture_id, row.before, row.shift) == (picture.pk, 4, "down")
    assert row.after is not None
    assert row.after < 4
    assert read_shadow_run(run_id=started.pk, actor=stage.stranger, at=NOON).moved == []
    assert _whole(stage) == before

    change = propose_use(version_id=version.pk, usable=True, starts_at=NOON, reason="Better", actor=board, at=NOON)
    approve_use(change_id=change.pk, actor=other, at=NOON)
    assert methods.in_force(at=NOON) == ["GDB-1.0", "GDB-1.1"]
    next_version = start_new_version(picture_id=picture.pk, question="Still?", actor=stage.analyst, at=NOON)
    assert next_version.method_version == "GDB-1.1"
    score = stage.score(next_version)
    worked(services)
    with transaction.atomic(), acting(stage.analyst, at=NOON):
        result = PictureScore.objects.get(pk=score.pk).result
    assert result is not None
    assert (result["lines"][0]["alone"]["method"], result["person"]["level"]) == ("GDB-1.1", row.after)
    assert _whole(stage) == before


def _whole(scene: Scene) -> tuple[object, ...]:
    """The adopted picture and its score as they stand."""
    with transaction.atomic(), acting(scene.analyst, at=NOON):
        row = Picture.objects.select_related("score").get(state="adopted")
        assert row.score is not None
        return (row.content_hash, row.likelihood, row.method_version, row.revision, row.score.result, row.score.input)


def test_r063_a_run_without_pictures_is_finished_and_the_database_adds_no_reading_twice(
    stage: Scene, services: Services
) -> None:
    board = stage.world.actor(Role.METHOD_BOARD)
    started = start_shadow_run(
        version_id=MethodVersion.objects.get().pk, reason="The present one.", actor=board, at=NOON
    )
    worked(services)

    with transaction.atomic(), acting(board, at=NOON):
        assert ShadowRun.objects.get(pk=started.pk).state == "finished"
        assert WorkItem.objects.filter(kind="threat.shadow_done", closed_at=None).count() == 1
    read_shadow_run(run_id=started.pk, actor=board, at=NOON)
    with transaction.atomic(), acting(board, at=NOON):
        assert not WorkItem.objects.filter(kind="threat.shadow_done", closed_at=None).exists()
        with pytest.raises(Exception, match="denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE threat_shadowrun SET counts = '{}'")


def test_r063_the_list_of_a_run_is_logged_as_a_look_at_each_person(stage: Scene, services: Services) -> None:
    stage.adopted()
    board = stage.world.actor(Role.METHOD_BOARD)
    started = start_shadow_run(version_id=registered(board).pk, reason="To see.", actor=board, at=NOON)
    worked(services)
    read_shadow_run(run_id=started.pk, actor=stage.head, at=NOON)

    with acting(stage.world.actor(Role.CONTROLLER), at=NOON):
        assert ReadEntry.objects.filter(
            actor_id=stage.head.user_id, kind="list", subject_id=stage.case.person_id
        ).exists()
    with pytest.raises(Forbidden):
        read_shadow_run(run_id=started.pk, actor=stage.decider, at=NOON)


def test_r063_the_pages_register_a_version_and_try_it(world: World) -> None:
    board = world.actor(Role.METHOD_BOARD)
    browser = as_client(board)
    coded = MethodVersion.objects.get()
    file = browser.get(f"/threat/methods/{coded.pk}/definition")
    assert json.loads(file.content) == json.loads(GDB_1_0.text())

    def handed(content: bytes) -> Any:
        return browser.post(
            "/threat/methods/register",
            {"definition": SimpleUploadedFile("version.json", content), "document": "Fewer alarms."},
        )

    assert handed(b"\xff").status_code == 422
    assert handed(b"{}").status_code == 422
    assert handed(file.content).status_code == 422
    assert handed(file.content.replace(b"GDB-1.0", b"GDB-1.1")).status_code == 302
    version = MethodVersion.objects.get(code="GDB-1.1")
    assert browser.post(f"/threat/methods/{version.pk}/try", {"reason": "To see."}).status_code == 302
    run_ = ShadowRun.objects.get()
    page = browser.get(f"/threat/shadow-runs/{run_.pk}").content.decode()
    assert "GDB-1.1" in page
    assert "GDB-1.1" in browser.get("/threat/methods").content.decode()


# --- ageing ---


def test_ageing_plans_a_review_and_lowers_nothing(stage: Scene, services: Services) -> None:
    picture = stage.adopted()
    before = _whole(stage)
    for days in (1, 1, 200, 200, 201):
        ticked(services, days=days)

    with transaction.atomic(), acting(stage.analyst, at=NOON):
        aged = list(AgedReading.objects.filter(picture=picture).order_by("as_of"))
        assert [row.as_of for row in aged] == sorted({row.as_of for row in aged})
        assert len(aged) == 1
        assert (aged[0].level, aged[0].outcome) != (4, "LEVEL")
        assert WorkItem.objects.filter(kind="threat.picture_aged", closed_at=None).count() == 2
    assert _whole(stage) == before
    bench = read_picture(picture_id=picture.pk, actor=stage.analyst, at=NOON)
    assert bench.aged is not None
    assert bench.picture.likelihood == 4
