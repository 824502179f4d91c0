"""The walls hold in the database itself: without the filter of any queryset nothing foreign is read or changed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from tests.threat.scene import Scene, contact_id
from tests.world import NOON
from threat.models import (
    EvidenceItem,
    InformationRequest,
    Picture,
    PictureScore,
    Product,
    ProductContent,
    Signal,
    ThreatLine,
)

DRAFT = ("threat_signal", "threat_picture", "threat_threatline", "threat_evidenceitem", "threat_picturescore")
FACTS = ("threat_informationrequest", "threat_product")
TEXT = ("threat_productcontent",)
MODELS = (
    EvidenceItem,
    InformationRequest,
    Picture,
    PictureScore,
    Product,
    ProductContent,
    Signal,
    ThreatLine,
)


@pytest.fixture
def full(scene: Scene) -> Scene:
    scene.signal()
    scene.scored()
    return scene


@contextmanager
def raw(actor: Actor) -> Iterator[None]:
    with acting(actor, at=NOON):
        yield


def rows(actor: Actor) -> dict[str, int]:
    """What plain SQL, without any filter of ours, gives this actor on the web's database role."""
    counts = {}
    with raw(actor), connection.cursor() as cursor:
        for table in (*DRAFT, *FACTS, *TEXT):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # fixed names
            counts[table] = cursor.fetchone()[0]
    return counts


def test_r069_analysts_of_the_case_read_all_of_it(full: Scene) -> None:
    for actor in (full.analyst, full.second, full.head):
        assert all(rows(actor).values()), actor.role


@pytest.mark.parametrize(
    "role",
    [
        Role.DECIDER,
        Role.DUTY_OFFICER,
        Role.LCC_ADVISER,
        Role.LCC_COORDINATOR,
        Role.RESILIENCE_EXPERT,
        Role.CHIEF_PROSECUTOR,
        Role.SECURITY_OFFICER,
        Role.ADMINISTRATOR,
    ],
)
def test_r065_r069_no_other_role_on_the_case_reads_any_row_of_the_analysis(full: Scene, role: Role) -> None:
    actor = full.world.actor(role)
    full.see(actor)

    assert not any(rows(actor).values())


def test_r069_the_case_manager_reads_facts_of_requests_and_products_and_no_text_or_draft(full: Scene) -> None:
    counts = rows(full.manager)

    assert all(counts[table] for table in FACTS)
    assert not any(counts[table] for table in (*DRAFT, *TEXT))


def test_a_supplier_reads_its_own_requests_products_and_texts_alone(full: Scene) -> None:
    own, rival = rows(full.supplier), rows(full.rival)

    assert all(own[table] for table in (*FACTS, *TEXT))
    assert not any(own[table] for table in DRAFT)
    assert not any(rival.values())


def test_a_supplier_reads_nothing_of_the_case_its_person_or_its_work(full: Scene) -> None:
    with raw(full.supplier), connection.cursor() as cursor:
        for table in ("cases_case", "cases_person", "cases_caseusergrant", "kernel_auditentry"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE true")  # noqa: S608  # fixed names
            seen = cursor.fetchone()[0]
            assert table == "kernel_auditentry" or not seen
        cursor.execute("SELECT count(*) FROM kernel_workitem WHERE scope_id IS NOT NULL")
        assert cursor.fetchone()[0] == 0


def test_an_analyst_without_a_grant_reads_nothing(full: Scene) -> None:
    assert not any(rows(full.stranger).values())


def test_a_grant_that_ended_opens_nothing(full: Scene) -> None:
    with acting(full.head, at=NOON), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_caseusergrant SET period = tstzrange(lower(period), %s) WHERE user_id = %s",
            [NOON, str(full.analyst.user_id)],
        )

    assert not any(rows(full.analyst).values())


@pytest.mark.parametrize("table", [*DRAFT, *FACTS, *TEXT])
def test_who_reads_nothing_changes_nothing(full: Scene, table: str) -> None:
    for actor in (full.decider, full.rival, full.stranger):
        with raw(actor), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET case_id = case_id") if table not in TEXT else None  # noqa: S608
            assert table in TEXT or cursor.rowcount == 0


@pytest.mark.parametrize("model", MODELS)
def test_the_queryset_is_a_wall_of_its_own(full: Scene, model: type[Picture]) -> None:
    """The first wall: what `visible_to` gives is none for the wrong roles, also where the database would let them."""
    for actor in (full.decider, full.rival, full.stranger):
        with acting(full.analyst, at=NOON):
            assert not model.objects.visible_to(actor, at=NOON).exists()


def test_texts_about_the_person_are_stored_as_ciphertext_only(full: Scene) -> None:
    with acting(full.analyst, at=NOON):
        blobs = [
            bytes(EvidenceItem.objects.all()[0].text),
            bytes(Picture.objects.get().question),
            bytes(Signal.objects.get().text),
            bytes(ProductContent.objects.get().text),
        ]
    assert not any(word in blob for blob in blobs for word in (b"house", b"attack", b"car", b"men"))


def test_a_signal_shows_the_case_side_no_more_than_its_state(full: Scene) -> None:
    with acting(full.analyst, at=NOON):
        signal = Signal.objects.get()
    with raw(full.manager), connection.cursor() as cursor:
        cursor.execute("SELECT signal_state FROM cases_contactentry WHERE id = %s", [str(contact_id(signal))])
        assert cursor.fetchone()[0] == "received"
        cursor.execute("SELECT detail FROM kernel_auditentry WHERE verb LIKE 'signal.%%' OR verb LIKE 'picture.%%'")
        details = [json.loads(row[0]) for row in cursor.fetchall() if row[0]]
    assert all(set(detail) <= {"version", "hash"} for detail in details)
