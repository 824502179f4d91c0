"""Matches: the same thing in two cases is told to who sees both, or blindly to the head; and what lapses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse
from psycopg2.extras import DateRange

from cases.models import Case
from stelsel.kernel.access import acting, take_back
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import OrganisationKind, ReadEntry, WorkItem
from stelsel.kernel.models.trail import AuditEntry
from stelsel.legal.models import Sharing
from tests.browsing import as_client
from tests.threat.matching import PLATE, Two, allow, waiting
from tests.threat.scene import TODAY
from tests.world import NOON
from threat import services as threat
from threat.models import BlindMatch, Entity, Hit, MatchQuestion
from threat.services import Named

DAY = timedelta(days=1)


# --- matches ---


def test_o2_who_sees_both_cases_gets_the_match_with_its_origin(two: Two) -> None:
    two.other.see(two.one.second)
    first, second = two.both()
    (found,) = two.match(second)

    with acting(two.one.second, at=NOON):
        item = WorkItem.objects.get(kind="threat.match", closed_at=None)
    assert (item.owner_id, item.subject_id) == (two.one.second.user_id, found)
    view = threat.read_hits(case_id=two.one.case.pk, actor=two.one.second, at=NOON)[0]
    assert (view.value, view.mine.case.pk, view.other.case.pk) == ("AB123C", two.one.case.pk, two.other.case.pk)
    assert (view.other.supplier, view.other.number, view.other.dated) == ("Eenheid LX", "LX-2", TODAY)
    assert two.counted() == (1, 0)
    with acting(two.world.actor(Role.CONTROLLER), at=NOON):
        assert ReadEntry.objects.filter(
            actor_id=two.one.second.user_id, kind="list", subject_id=two.other.case.person_id
        ).exists()
    two.match(first, second)
    two.run_jobs()
    two.watched()
    assert two.counted() == (1, 0)


def test_o2_who_sees_one_of_the_cases_learns_nothing(two: Two) -> None:
    two.other.see(two.one.second)
    (found,) = two.match(*two.both()[1:])

    for scene, actor in ((two.one, two.one.analyst), (two.other, two.apart)):
        assert threat.read_hits(case_id=scene.case.pk, actor=actor, at=NOON) == []
        assert waiting(actor) == []
        with pytest.raises(Hit.DoesNotExist):
            threat.read_hit(hit_id=found, actor=actor, at=NOON)
        with acting(actor, at=NOON):
            assert not AuditEntry.objects.filter(verb__startswith="match.").exists()
    for actor in (two.one.manager, two.one.supplier, two.one.head):
        with acting(actor, at=NOON):
            assert not Hit.objects.exists()
            assert not AuditEntry.objects.filter(verb__startswith="match.").exists()


def test_o2_an_analyst_looked_at_a_match_once(two: Two) -> None:
    two.other.see(two.one.second)
    (found,) = two.match(*two.both()[1:])
    threat.take_hit(hit_id=found, actor=two.one.second, at=NOON)

    assert waiting(two.one.second) == []
    with pytest.raises(Conflict):
        threat.take_hit(hit_id=found, actor=two.one.second, at=NOON)


def test_o2_a_match_whose_analyst_lost_sight_of_a_case_goes_on_blind(two: Two) -> None:
    two.other.see(two.one.second)
    two.match(*two.both()[1:])
    two.watched()
    assert (waiting(two.one.second), two.counted()) == (["threat.match"], (1, 0))
    with acting(two.one.manager, at=NOON + DAY):
        take_back(two.other.case, ground="test")
    two.watched(at=NOON + DAY)
    two.watched(at=NOON + DAY)

    assert (waiting(two.one.second), waiting(two.one.head)) == ([], ["threat.blind_match"])
    assert two.counted() == (1, 1)


def test_o2_of_one_supplier_in_one_case_nothing_matches_and_of_two_it_does(two: Two) -> None:
    allow(provider="kmar")
    two.take(two.product(two.one, "LX-1"))
    assert two.match(two.take(two.product(two.one, "LX-2"))) == []

    assert len(two.match(two.take(two.product(two.one, "KM-1", by=two.one.rival)))) == 2
    assert waiting(two.one.analyst) == ["threat.match"]
    assert two.counted() == (2, 0)


def test_o2_both_sides_must_be_allowed_and_each_sharing_is_kept(two: Two) -> None:
    allow(provider="kmar", period=DateRange(date(2026, 1, 1), TODAY + DAY))
    first = two.take(two.product(two.one, "LX-1"))
    second = two.take(two.product(two.other, "KM-1", by=two.one.rival))
    assert two.match(first, second, at=NOON + DAY) == []

    assert len(two.match(first)) == 1
    kept = Sharing.objects.filter(information="match_vehicle")
    assert {row.provider: (row.subject_id, row.scope_id) for row in kept} == {
        "police_lx": (first.pk, None),
        "kmar": (second.pk, None),
    }


def test_o2_what_a_new_ground_allows_is_found_by_the_watch(two: Two) -> None:
    allow(provider="kmar", period=DateRange(date(2026, 1, 1), TODAY + DAY))
    two.take(two.product(two.one, "LX-1"))
    two.take(two.product(two.other, "KM-1", by=two.one.rival))
    two.watched(at=NOON + 2 * DAY)
    assert two.counted() == (0, 0)
    allow(provider="kmar", period=DateRange(TODAY + 2 * DAY, None))

    assert two.watched(at=NOON + 3 * DAY) == two.watched(at=NOON + 3 * DAY)
    assert two.counted() == (1, 1)


def test_o2_two_entities_recorded_at_the_same_instant_give_one_match(two: Two) -> None:
    entities = two.both()

    def match(row: Entity) -> int:
        try:
            return len(threat.match_entity(entity_id=row.pk, actor=system_actor(), at=NOON))
        finally:
            connections.close_all()

    with two.worker(), ThreadPoolExecutor(2) as pool:
        found = list(pool.map(match, entities))

    assert sum(found) == 1
    assert two.counted() == (1, 1)


# --- blind ---


def test_o2_a_match_that_nobody_sees_both_sides_of_is_blind_and_the_head_s_alone(two: Two) -> None:
    two.match(*two.both()[1:])

    row = two.blind()
    assert (row.kind, row.first_supplier.code, row.second_supplier.code) == ("vehicle", "lx", "lx")
    assert (row.found_on, row.state) == (TODAY, "open")
    assert waiting(two.one.head) == ["threat.blind_match"]
    (view,) = threat.read_matches(actor=two.one.head, at=NOON).rows
    assert view.row.pk == row.pk
    everybody = [two.one.analyst, two.apart, two.one.manager, two.one.decider, two.one.supplier, two.one.rival]
    for actor in (*everybody, two.world.actor(Role.CHIEF_PROSECUTOR), two.world.actor(Role.ADMINISTRATOR)):
        with acting(actor, at=NOON), connection.cursor() as cursor:
            for table in ("threat_blindmatch", "threat_hit"):
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # fixed names
                assert cursor.fetchone() == (0,), (actor.role, table)
        with pytest.raises(Forbidden):
            threat.read_matches(actor=actor, at=NOON)


def test_o2_a_blind_match_has_no_place_for_case_person_or_words(two: Two) -> None:
    two.match(*two.both()[1:])
    names = {field.name for field in BlindMatch._meta.fields} | {field.name for field in MatchQuestion._meta.fields}
    assert not names & {"case", "person", "product", "value", "text", "label"}
    page = as_client(two.one.head).get(reverse("threat:matches")).text
    for hidden in (two.one.case, two.other.case):
        with acting(two.one.manager, at=NOON):
            case = Case.objects.select_related("person").get(pk=hidden.pk)
        assert case.number not in page
        assert case.person.pseudonym not in page
        assert str(case.pk) not in page
    for hidden_text in ("LX-1", "LX-2", "AB123C"):
        assert hidden_text not in page
    with acting(two.one.head, at=NOON), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM threat_hit")
        assert cursor.fetchone() == (0,)


def test_o2_the_head_asks_the_supplier_about_its_own_product_and_settles(two: Two) -> None:
    two.match(*two.both()[1:])
    row, head = two.blind(), two.one.head
    question = threat.ask_about_match(blind_id=row.pk, side=1, actor=head, at=NOON)
    with pytest.raises(Conflict):
        threat.ask_about_match(blind_id=row.pk, side=1, actor=head, at=NOON)
    with pytest.raises(Invalid):
        threat.ask_about_match(blind_id=row.pk, side=3, actor=head, at=NOON)
    assert waiting(two.one.supplier) == ["threat.match_question"]
    asked = threat.read_match_question(question_id=question.pk, actor=two.one.supplier, at=NOON)
    assert asked.product is not None
    assert asked.product.number in {"LX-1", "LX-2"}

    with pytest.raises(MatchQuestion.DoesNotExist):
        threat.read_match_question(question_id=question.pk, actor=two.one.rival, at=NOON)
    given: dict[str, Any] = {"question_id": question.pk, "actor": two.one.supplier, "at": NOON}
    for wrong in ({"answer": "asked"}, {"answered_on": TODAY + DAY}):
        with pytest.raises(Invalid):
            threat.answer_match_question(**{"answer": "may_share", "answered_on": TODAY, **given, **wrong})
    threat.answer_match_question(answer="may_share", answered_on=TODAY, **given)
    with pytest.raises(Conflict):
        threat.answer_match_question(answer="may_not", answered_on=TODAY, **given)
    assert waiting(two.one.supplier) == []
    assert waiting(head) == ["threat.blind_match", "threat.match_answered"]

    settled = threat.settle_match(blind_id=row.pk, reason="analyst_named", actor=head, at=NOON)
    assert settled.state == "followed_up"
    assert waiting(head) == []
    with pytest.raises(Conflict):
        threat.settle_match(blind_id=row.pk, reason="coincidence", actor=head, at=NOON)
    with acting(two.world.actor(Role.CONTROLLER), at=NOON):
        entry = AuditEntry.objects.get(verb="match.follow_up")
    assert (entry.reason, entry.scope_id) == ("analyst_named", None)


def test_o2_dismissed_nobody_is_asked_any_more(two: Two) -> None:
    two.match(*two.both()[1:])
    row, head = two.blind(), two.one.head
    question = threat.ask_about_match(blind_id=row.pk, side=2, actor=head, at=NOON)
    with pytest.raises(Invalid):
        threat.settle_match(blind_id=row.pk, reason="they meet at the harbour", actor=head, at=NOON)
    with pytest.raises(Forbidden):
        threat.settle_match(blind_id=row.pk, reason="coincidence", actor=two.one.analyst, at=NOON)
    assert threat.settle_match(blind_id=row.pk, reason="coincidence", actor=head, at=NOON).state == "dismissed"

    assert waiting(two.one.supplier) == []
    with pytest.raises(Conflict):
        threat.answer_match_question(
            question_id=question.pk, answer="may_not", answered_on=TODAY, actor=two.one.supplier, at=NOON
        )


def test_o2_nobody_is_asked_about_a_signal(two: Two) -> None:
    allow(provider="nctv")
    with transaction.atomic():
        signal = two.one.signal()
    named = Named("vehicle", PLATE)
    threat.take_down_entity(signal_id=signal.pk, named=named, actor=two.one.analyst, at=NOON)
    two.match(two.take(two.product(two.other, "LX-2")))

    (view,) = threat.read_matches(actor=two.one.head, at=NOON).rows
    assert [one.kind for _, one in view.to_ask] == [OrganisationKind.POLICE_LX]


def test_o2_named_on_both_cases_an_analyst_sees_the_match_by_itself(two: Two) -> None:
    two.match(*two.both()[1:])
    assert threat.read_hits(case_id=two.one.case.pk, actor=two.one.analyst, at=NOON) == []
    two.other.see(two.one.analyst)

    assert len(threat.read_hits(case_id=two.one.case.pk, actor=two.one.analyst, at=NOON)) == 1
