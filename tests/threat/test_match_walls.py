"""Matches: what may not be used any more lapses, the walls in the database, and the pages."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg2.extras import DateRange

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict
from stelsel.legal.models import LegalGround
from tests.browsing import as_client
from tests.threat.matching import Two, again, waiting
from tests.threat.scene import TODAY
from tests.world import NOON
from threat import services as threat
from threat.models import Entity, Hit, MatchQuestion

DAY = timedelta(days=1)


# --- what is not compared any more ---


def test_o2_a_closed_or_resting_case_is_not_compared_and_takes_nothing_down(two: Two) -> None:
    first, second = two.both()
    product, theirs = two.product(two.one, "LX-3"), two.product(two.other, "LX-4")
    two.close(two.other)

    assert two.match(first, second) == []
    with pytest.raises(Conflict):
        two.take(theirs)
    assert two.match(two.take(product)) == []
    assert two.counted() == (0, 0)


@pytest.mark.parametrize("way", ["taken out", "withdrawn", "closed", "ground ended"])
def test_o2_what_may_not_be_used_any_more_lapses(two: Two, way: str) -> None:
    first, second = two.both()
    two.match(second)
    question = threat.ask_about_match(blind_id=two.blind().pk, side=1, actor=two.one.head, at=NOON)
    if way == "taken out":
        threat.remove_entity(entity_id=first.pk, actor=two.one.analyst, at=NOON)
        two.run_jobs()
    elif way == "withdrawn":
        assert first.product_id is not None
        threat.withdraw_product(product_id=first.product_id, reason="Wrong.", actor=two.one.supplier, at=NOON)
    elif way == "closed":
        two.close(two.other)
    else:
        LegalGround.objects.filter(code="match-agreed").update(in_force=DateRange(empty=True))
    two.watched()

    assert two.blind().state == "lapsed"
    assert waiting(two.one.head) == waiting(two.one.supplier) == []
    with acting(two.one.supplier, at=NOON):
        assert MatchQuestion.objects.get(pk=question.pk).answer == "lapsed"


def test_o2_of_a_withdrawn_product_the_watch_leaves_nothing_to_compare(two: Two) -> None:
    first, _second = two.both()
    assert first.product_id is not None
    threat.withdraw_product(product_id=first.product_id, reason="Wrong.", actor=two.one.supplier, at=NOON)
    two.watched()

    with acting(two.one.analyst, at=NOON):
        gone = Entity.objects.get(pk=first.pk)
    assert (bytes(gone.value), bytes(gone.blind_index)) == (b"", b"")
    assert threat.read_entities(product_id=first.product_id, actor=two.one.analyst, at=NOON).rows == []


def test_o2_a_match_is_not_shown_when_its_ground_ended_or_a_side_was_taken_out(two: Two) -> None:
    two.other.see(two.one.second)
    first, second = two.both()
    (found,) = two.match(second)
    LegalGround.objects.filter(code="match-agreed").update(in_force=DateRange(date(2026, 1, 1), TODAY))
    assert threat.read_hits(case_id=two.one.case.pk, actor=two.one.second, at=NOON) == []
    with pytest.raises(Hit.DoesNotExist):
        threat.read_hit(hit_id=found, actor=two.one.second, at=NOON)

    LegalGround.objects.filter(code="match-agreed").update(in_force=DateRange(date(2026, 1, 1), None))
    threat.remove_entity(entity_id=first.pk, actor=two.one.analyst, at=NOON)
    assert threat.read_hits(case_id=two.one.case.pk, actor=two.one.second, at=NOON) == []


# --- walls in the database ---


def test_o2_the_walls_hold_without_any_filter_and_what_was_written_stands(two: Two) -> None:
    first, second = two.both()
    two.match(second)

    def seen(actor: Actor) -> int:
        with acting(actor, at=NOON), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM threat_entity")
            return int(cursor.fetchone()[0])

    assert (seen(two.one.analyst), seen(two.apart)) == (1, 1)
    roles = (Role.LCC_ADVISER, Role.CHIEF_PROSECUTOR, Role.ADMINISTRATOR, Role.METHOD_BOARD, Role.RESILIENCE_EXPERT)
    others = [two.one.head, two.one.manager, two.one.decider, two.one.supplier, two.one.rival, two.one.stranger]
    assert not any(seen(actor) for actor in (*others, *(two.world.actor(role) for role in roles)))
    for actor, statement in (
        (two.one.analyst, "UPDATE threat_entity SET kind = 'phone'"),
        (two.one.analyst, "DELETE FROM threat_entity"),
        (two.one.head, "UPDATE threat_blindmatch SET kind = 'phone'"),
        (two.one.head, "DELETE FROM threat_blindmatch"),
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting(actor, at=NOON),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    for other in (two.one.rival, two.one.manager):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), acting(other, at=NOON):
            again(first, blind_index=b"x" * 32).save(force_insert=True)


# --- the pages ---


def test_o2_the_head_and_the_supplier_go_the_whole_way_on_their_pages(two: Two) -> None:
    two.match(*two.both()[1:])
    supplier, head = as_client(two.one.supplier), as_client(two.one.head)
    row = two.blind()
    assert row.number in head.get(reverse("threat:matches")).text
    ask = reverse("threat:match_ask", args=[row.pk])
    assert head.get(ask).status_code == 200
    assert head.post(ask, {"side": "1"}).status_code == 302
    with acting(two.one.head, at=NOON):
        question = MatchQuestion.objects.get()
    answer = reverse("threat:match_question", args=[question.pk])
    assert "LX-" in supplier.get(answer).text
    assert supplier.post(answer, {"answer": "may_share", "answered_on": ""}).status_code == 422
    assert supplier.post(answer, {"answer": "may_share", "answered_on": TODAY.isoformat()}).status_code == 302
    assert head.post(reverse("threat:match_settle", args=[row.pk]), {"reason": ""}).status_code == 422
    assert head.post(reverse("threat:match_settle", args=[row.pk]), {"reason": "analyst_named"}).status_code == 302


def test_o2_a_match_is_read_taken_and_gone_on_its_pages(two: Two) -> None:
    two.other.see(two.one.analyst)
    entity, second = two.both()
    two.match(second)
    analyst = as_client(two.one.analyst)
    with acting(two.one.analyst, at=NOON):
        found = Hit.objects.get()
    information = reverse("threat:information", args=[two.one.case.pk])
    assert "AB123C" in analyst.get(information).text
    page = analyst.get(reverse("threat:hit", args=[found.pk])).text
    assert "LX-2" in page
    assert "Eenheid LX" in page
    assert analyst.post(reverse("threat:hit_take", args=[found.pk])).status_code == 302
    assert analyst.post(reverse("threat:entity_remove", args=[entity.pk])).status_code == 302
    assert "AB123C" not in analyst.get(information).text


def test_o2_the_pages_cost_the_same_number_of_queries(two: Two) -> None:
    two.other.see(two.one.second)
    analyst, head = as_client(two.one.second), as_client(two.one.head)

    def cost() -> list[int]:
        counts = []
        for client, address in (
            (analyst, reverse("threat:information", args=[two.one.case.pk])),
            (head, reverse("threat:matches")),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    two.match(*two.both())
    cost()
    few = cost()
    mine, theirs = two.product(two.one, "LX-5"), two.product(two.other, "LX-6")
    for plate in ("11AA22", "33BB44", "55CC66"):
        two.match(two.take(mine, plate), two.take(theirs, plate))
    assert two.counted()[0] == 4
    assert cost() == few
