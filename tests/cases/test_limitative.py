"""The limitative list: persons, objects and services, their authority by purpose, and nothing that ends by itself."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import services
from cases.lifecycle import Authority
from cases.models import (
    AuthorityPeriod,
    AuthorityRuling,
    EntryHolder,
    EntryMeasure,
    EntryMeasureReport,
    ListEntry,
    Person,
)
from cases.services import reading
from cases.services.watch import _expired
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.listing import REVIEW, Listing, a_function, an_object
from tests.cases.test_authority import SETTINGS, now_check
from tests.cases.walk import Walk
from tests.test_api import a_client
from tests.world import NOON, World, code_for


@pytest.fixture
def listing(world: World) -> Listing:
    return Listing(world)


@pytest.fixture
def embassy(listing: Listing) -> Listing:
    """An object that stands on the list for public order: the mayor has authority."""
    listing.placed(an_object(listing.world))
    return listing


def lapse(listing: Listing, day: int) -> Listing:
    """The same object for a time: its last day is so many days after noon."""
    listing.placed(an_object(listing.world, ends_on=(NOON + timedelta(days=day)).date()))
    return listing


# --- on the list ----------------------------------------------------------------------------------------------------

PLACED = {
    "object": (an_object, Authority.MAYOR, "thing_order"),
    "object, enforcement": (
        lambda world: an_object(world, purpose="criminal_enforcement"),
        Authority.CHIEF_PROSECUTOR,
        "thing_enforcement",
    ),
    "palace": (lambda world: an_object(world, kmar_object=True), Authority.NCTV, "kmar_object"),
    "service": (
        lambda world: an_object(world, kind="service", title="Night train", several_municipalities=True),
        Authority.MAYOR,
        "service_order_coordinating",
    ),
    "function": (lambda _world: a_function(), Authority.NCTV, "scheme_person"),
    "royal": (lambda _world: a_function(status="royal"), Authority.NCTV, "royal"),
    "military": (lambda _world: a_function(status="military"), Authority.DEFENCE, "military"),
}


@pytest.mark.parametrize(("entry", "authority", "rule"), PLACED.values(), ids=PLACED.keys())
def test_r005_an_entry_of_each_kind_is_placed_with_its_authority_by_rule(
    listing: Listing, entry: Callable[[World], services.Entry], authority: Authority, rule: str
) -> None:
    placed = listing.placed(entry(listing.world))

    now_check()
    (period,) = listing.periods()
    assert (placed.state, placed.marking) == ("designated", "DEP_V")
    assert (period.authority, period.rule, period.period.lower) == (authority, rule, placed.decided_at)


def test_r042_an_object_needs_a_ground_and_every_fault_is_named(listing: Listing) -> None:
    with pytest.raises(Invalid) as refusal:
        listing.proposed(
            an_object(listing.world, foreign_relations=False, motivation=" ", office=None, holder="Somebody")
        )

    assert {fault.field for fault in refusal.value.faults} == {"motivation", "office", "state_safety", "holder"}


def test_r042_the_database_wants_a_ground_too(embassy: Listing) -> None:
    with (
        pytest.raises(IntegrityError, match="entry_has_a_ground"),
        transaction.atomic(),
        acting(embassy.actor(Role.DECIDER), at=embassy.at),
    ):
        ListEntry.objects.filter(pk=embassy.entry_id).update(foreign_relations=False)


def test_r042_who_prepared_it_does_not_decide(listing: Listing) -> None:
    row = listing.proposed(an_object(listing.world))
    manager = listing.actor(Role.CASE_MANAGER)
    both = listing.world.appoint(_user(manager.user_id), Role.DECIDER, of="nctv")

    with pytest.raises(Forbidden):
        services.decide_entry(
            entry_id=row.pk,
            outcome="designate",
            reasons="Mine.",
            version=row.version,
            code=code_for(both),
            actor=both,
            at=listing.tick(),
        )


def _user(user_id: Any) -> Any:
    from stelsel.kernel.models import User  # noqa: PLC0415  # of this helper alone

    return User.objects.get(pk=user_id)


def test_r005_an_entry_that_was_not_placed_has_no_authority_and_is_final(listing: Listing) -> None:
    listing.placed(an_object(listing.world), outcome="reject")

    now_check()
    assert listing.periods() == []
    with pytest.raises(IllegalMove):
        listing.end()


def test_r005_the_function_stays_when_its_holder_goes(listing: Listing) -> None:
    listing.placed(a_function())
    before = [(period.pk, period.period.upper) for period in listing.periods()]

    services.change_holder(
        entry_id=listing.entry_id,
        name="Joris van Zandwijk",
        birth_date="",
        version=listing.entry.version,
        actor=listing.actor(Role.CASE_MANAGER),
        at=listing.tick(),
    )

    file = reading.read_entry(entry_id=listing.entry_id, actor=listing.actor(Role.DECIDER), at=listing.at)
    assert [one.name for one in file.holders] == ["Joris van Zandwijk", "Wilhelmina Dijkgraaf"]
    assert file.holders[1].row.period.upper == file.holders[0].row.period.lower == listing.at
    assert [(period.pk, period.period.upper) for period in listing.periods()] == before


def test_r005_an_object_cannot_be_put_among_persons(embassy: Listing) -> None:
    with pytest.raises(Conflict, match="no_function"):
        services.change_holder(
            entry_id=embassy.entry_id,
            name="Somebody",
            birth_date="",
            version=embassy.entry.version,
            actor=embassy.actor(Role.CASE_MANAGER),
            at=embassy.tick(),
        )
    walk = Walk(embassy.world)
    walk.opened()

    with (
        pytest.raises(IntegrityError, match="has no holder"),
        transaction.atomic(),
        acting(walk.actor(Role.POLICE_RCCB), at=walk.at),
    ):
        EntryHolder.objects.create(
            entry_id=embassy.entry_id, person=Person.objects.get(pk=walk.case.person_id), period=(walk.at, None)
        )


def test_r005_a_temporary_entry_that_is_over_is_work_and_never_ends_by_itself(listing: Listing) -> None:
    lapse(listing, 3).ordered()
    decider = listing.actor(Role.DECIDER)

    for day, found in ((3, 0), (4, 1), (5, 1)):
        at = NOON + timedelta(days=day)
        with acting(decider, at=at):
            assert _expired(at) == found

    with acting(decider, at=NOON + timedelta(days=5)):
        assert WorkItem.objects.filter(kind="listing.expired", closed_at=None).count() == 1
        assert ListEntry.objects.get(pk=listing.entry_id).state == "designated"
    page = as_client(decider).get(reverse("cases:entry_end", args=[listing.entry_id]))
    assert "Intensified patrol supervision" in page.text  # what hangs on it


def test_r005_an_entry_ends_by_a_decision_after_its_measures(embassy: Listing) -> None:
    measure = embassy.ordered()
    with pytest.raises(Conflict, match="measures_in_force"):
        embassy.end()

    services.end_entry_measure(
        measure_id=measure.pk,
        reason="Quiet.",
        version=measure.version,
        actor=embassy.actor(Role.MAYORS_CONTACT),
        at=embassy.tick(),
    )
    ended = embassy.end()

    now_check()
    assert ended.state == "ended"
    assert embassy.periods()[-1].period.upper == ended.ended_at


def test_r041_a_person_on_the_list_and_nominated_is_shown_on_both(listing: Listing) -> None:
    walk = Walk(listing.world)
    walk.assigned()
    listing.at = walk.at
    listing.placed(a_function(holder="Fenna van der Wold", birth_date="1981-04-12"))
    manager = as_client(listing.actor(Role.CASE_MANAGER))

    case_page = manager.get(reverse("cases:case", args=[walk.nomination.case_id]))
    entry_page = manager.get(reverse("cases:entry", args=[listing.entry_id]))

    assert listing.entry.number in case_page.text
    assert walk.case.number in entry_page.text


def test_r041_who_does_not_see_the_case_is_not_told_of_it(listing: Listing) -> None:
    walk = Walk(listing.world)
    walk.opened()
    listing.at = walk.at
    listing.placed(a_function(holder="Fenna van der Wold", birth_date="1981-04-12"))

    page = as_client(listing.actor(Role.LEGAL_OFFICER)).get(reverse("cases:entry", args=[listing.entry_id]))

    assert page.status_code == 200
    assert walk.case.number not in page.text


# --- authority over objects by purpose ------------------------------------------------------------------------------


def test_r043_another_purpose_moves_authority_dated_and_ends_no_measure(embassy: Listing) -> None:
    measure = embassy.ordered()

    moved = embassy.change_purpose("criminal_enforcement", by=Role.CHIEF_PROSECUTOR)

    now_check()
    first, second = embassy.periods()
    assert (first.authority, second.authority) == (Authority.MAYOR, Authority.CHIEF_PROSECUTOR)
    assert first.period.upper == second.period.lower == embassy.at
    assert moved.pk == second.pk
    (standing,) = embassy.measures()
    assert (standing.pk, standing.state, standing.purpose) == (measure.pk, "ordered", "criminal_enforcement")


def test_r043_only_who_has_authority_for_the_purpose_orders_and_ends(embassy: Listing) -> None:
    with pytest.raises(Forbidden):
        embassy.ordered(by=Role.CHIEF_PROSECUTOR)
    measure = embassy.ordered(by=Role.MAYORS_CONTACT)

    embassy.change_purpose("criminal_enforcement")

    with pytest.raises(Forbidden):
        embassy.ordered(by=Role.MAYORS_CONTACT)
    ended = services.end_entry_measure(
        measure_id=measure.pk,
        reason="Arrested.",
        version=measure.version + 1,
        actor=embassy.actor(Role.CHIEF_PROSECUTOR),
        at=embassy.tick(),
    )
    assert ended.state == "ended"


def test_r043_an_object_of_the_marechaussee_stays_with_the_nctv_for_both_purposes(listing: Listing) -> None:
    listing.placed(an_object(listing.world, kmar_object=True))

    listing.change_purpose("criminal_enforcement")

    now_check()
    assert [period.authority for period in listing.periods()] == [Authority.NCTV, Authority.NCTV]


def test_r043_the_same_purpose_twice_is_refused(embassy: Listing) -> None:
    with pytest.raises(Conflict, match="same_purpose"):
        embassy.change_purpose("public_order")


def test_r043_supervision_runs_from_ordered_to_verified_and_falling_away_ends_nothing(embassy: Listing) -> None:
    measure, coordinator = embassy.ordered(), embassy.actor(Role.LCC_COORDINATOR)

    for step in ("accept", "put_in_place", "verify", "fall_away"):
        services.report_entry_measure(
            measure_id=measure.pk, step=step, note="Seen.", actor=coordinator, at=embassy.tick()
        )

    with acting(coordinator, at=embassy.at):
        assert EntryMeasure.objects.get(pk=measure.pk).state == "ordered"
        assert EntryMeasureReport.objects.filter(measure=measure).count() == 4


def test_r043_a_person_directed_measure_is_none_of_an_object(embassy: Listing) -> None:
    with pytest.raises(Invalid):
        embassy.ordered(kind="close_protection")


def test_r043_whether_the_advice_was_followed_is_kept_with_the_reason(embassy: Listing) -> None:
    advice = services.give_entry_advice(
        entry_id=embassy.entry_id,
        severity=4,
        likelihood=3,
        advice="Permanent supervision for a week.",
        actor=embassy.actor(Role.DECIDER),
        at=embassy.tick(),
    )
    mayor = embassy.actor(Role.MAYORS_CONTACT)
    with acting(mayor, at=embassy.at):
        assert WorkItem.objects.filter(kind="listing.follow", closed_at=None).exists()
    with pytest.raises(Forbidden):
        services.settle_entry_advice(
            advice_id=advice.pk,
            followed="yes",
            reason="x",
            actor=embassy.actor(Role.CHIEF_PROSECUTOR),
            at=embassy.tick(),
        )

    services.settle_entry_advice(
        advice_id=advice.pk, followed="partly", reason="At night alone.", actor=mayor, at=embassy.tick()
    )

    file = reading.read_entry(entry_id=embassy.entry_id, actor=mayor, at=embassy.at)
    assert (file.advice[0].row.followed, file.advice[0].reason) == ("partly", "At night alone.")
    with pytest.raises(Conflict, match="settled"):
        services.settle_entry_advice(advice_id=advice.pk, followed="no", reason="x", actor=mayor, at=embassy.tick())


def test_r037_a_dated_ruling_decides_what_the_circulars_leave_open(listing: Listing) -> None:
    AuthorityRuling.objects.create(
        rule="military",
        gives="nctv",
        article="Agreement of 2026",
        in_force=((NOON - timedelta(days=1)).date(), None),
    )

    listing.placed(a_function(status="military"))

    assert listing.periods()[0].authority == Authority.NCTV


# --- guards ---------------------------------------------------------------------------------------------------------


def test_r009_a_second_authority_over_an_object_is_refused_whatever_its_purpose(embassy: Listing) -> None:
    with (
        pytest.raises(IntegrityError, match="one_authority_over_an_entry"),
        transaction.atomic(),
        acting(embassy.actor(Role.DECIDER), at=embassy.at),
    ):
        present = AuthorityPeriod.objects.select_related("holder").get(entry_id=embassy.entry_id)
        AuthorityPeriod.objects.create(
            entry_id=embassy.entry_id,
            scope="criminal_enforcement",
            authority="chief_prosecutor",
            holder=present.holder,
            period=(embassy.tick(), None),
            ground="test",
        )


def test_r009_a_gap_in_authority_over_an_object_is_refused_at_commit(embassy: Listing) -> None:
    with (
        pytest.raises(IntegrityError, match="authority over this entry would have a gap"),
        transaction.atomic(),
        acting(embassy.actor(Role.DECIDER), at=embassy.at),
    ):
        period = AuthorityPeriod.objects.get(entry_id=embassy.entry_id)
        period.period = (period.period.lower, embassy.tick())
        period.save()
        now_check()


def test_an_entry_stays_what_it_is(embassy: Listing) -> None:
    with (
        pytest.raises(IntegrityError, match="stays what it is"),
        transaction.atomic(),
        acting(embassy.actor(Role.DECIDER), at=embassy.at),
    ):
        ListEntry.objects.filter(pk=embassy.entry_id).update(kind="service")


def test_a_stranger_sees_no_entry_through_any_filter(embassy: Listing) -> None:
    stranger = embassy.world.actor(Role.CHIEF_PROSECUTOR, of="om-zuid")
    tables = ("listentry", "entrymeasure", "entryadvice", "entryholder", "listentrygroupgrant")
    embassy.ordered()

    with acting(stranger, at=embassy.at), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM cases_{table}")  # noqa: S608  # named above
            assert cursor.fetchone() == (0,), table
    with pytest.raises(ListEntry.DoesNotExist):
        reading.read_entry(entry_id=embassy.entry_id, actor=stranger, at=embassy.at)


def _end_measures(listing: Listing) -> None:
    for measure in listing.measures():
        roles = {Authority.MAYOR: Role.MAYORS_CONTACT, Authority.CHIEF_PROSECUTOR: Role.CHIEF_PROSECUTOR}
        authority = Authority(listing.periods()[-1].authority)
        services.end_entry_measure(
            measure_id=measure.pk,
            reason="Quiet.",
            version=measure.version,
            actor=listing.actor(roles[authority]),
            at=listing.tick(),
        )


STEPS: dict[str, Callable[[Listing], object]] = {
    "order": lambda listing: listing.ordered(by=Role.MAYORS_CONTACT),
    "order_enforcement": lambda listing: listing.ordered(by=Role.CHIEF_PROSECUTOR, kind="static_a"),
    "enforcement": lambda listing: listing.change_purpose("criminal_enforcement"),
    "order_again": lambda listing: listing.change_purpose("public_order", by=Role.MAYORS_CONTACT),
    "end_measures": _end_measures,
    "end": Listing.end,
}


@settings(parent=SETTINGS, max_examples=15)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=9))
def test_r043_no_sequence_of_acts_breaks_authority_over_an_object_or_ends_a_measure(
    world: World, names: list[str]
) -> None:
    listing = Listing(world)
    placed = listing.placed(an_object(world))
    ordered: set[str] = set()

    for name in names:
        with suppress(DomainError):  # refused: nothing changed
            STEPS[name](listing)
        now_check()
        periods, entry = listing.periods(), listing.entry
        assert periods[0].period.lower == placed.decided_at
        assert all(one.period.upper == two.period.lower for one, two in pairwise(periods))
        assert periods[-1].period.upper == entry.ended_at
        in_force = {str(measure.pk) for measure in listing.measures()}
        assert ordered <= in_force or name == "end_measures"
        ordered = in_force


# --- pages and API --------------------------------------------------------------------------------------------------


def test_r005_the_pages_prepare_and_place_an_entry(listing: Listing) -> None:
    manager, decider = listing.actor(Role.CASE_MANAGER), listing.actor(Role.DECIDER)
    sent = {
        "kind": "object",
        "title": "Embassy of Ruritania",
        "category": "2",
        "motivation": "Tense.",
        "foreign_relations": "on",
        "municipality": str(listing.world.organisations["gemeente-noord"].pk),
        "office": str(listing.world.organisations["om-noord"].pk),
        "purpose": "public_order",
    }
    client = as_client(manager)

    refused = client.post(reverse("cases:entry_new"), {**sent, "foreign_relations": ""})
    made = client.post(reverse("cases:entry_new"), sent)

    assert refused.status_code == 422
    assert "Name at least one of the three grounds" in refused.text
    assert "Embassy of Ruritania" in refused.text  # what was typed survives
    assert made.status_code == 302
    entry_id = made["Location"].rsplit("/", 1)[1]
    decided = as_client(decider).post(
        reverse("cases:entry_decide", args=[entry_id]),
        {"outcome": "designate", "reasons": "Yes.", "version": 1, "code": code_for(decider)},
    )
    assert decided.status_code == 302, decided.text
    page = as_client(listing.actor(Role.MAYORS_CONTACT)).get(reverse("cases:entry", args=[entry_id]))
    assert "Gemeente Noorderveen" in page.text
    assert "Order supervision" in page.text


def test_r005_the_list_filters_and_sorts(embassy: Listing) -> None:
    other = Listing(embassy.world, at=embassy.at)
    other.placed(a_function())
    client = as_client(embassy.actor(Role.DECIDER))

    everything = client.get(reverse("cases:entries"), {"sort": "-title"}).text
    objects = client.get(reverse("cases:entries"), {"kind": "object"}).text

    assert everything.index("Minister of Dikes") < everything.index("Embassy of Ruritania")
    assert "Embassy of Ruritania" in objects
    assert "Minister of Dikes" not in objects


def test_r043_the_pages_change_the_purpose_and_show_who_had_authority_when(embassy: Listing) -> None:
    embassy.ordered()
    chief = as_client(embassy.actor(Role.CHIEF_PROSECUTOR))
    version = embassy.entry.version

    answer = chief.post(
        reverse("cases:entry_purpose", args=[embassy.entry_id]),
        {"purpose": "criminal_enforcement", "version": version},
    )
    stale = chief.post(
        reverse("cases:entry_purpose", args=[embassy.entry_id]), {"purpose": "public_order", "version": version}
    )

    page = chief.get(reverse("cases:entry", args=[embassy.entry_id]), {"at": "2026-03-02T16:00"})
    assert (answer.status_code, stale.status_code) == (302, 412)
    assert "Parket Noord" in page.text
    assert page.context["then"].period.authority == Authority.MAYOR


def test_r043_the_api_says_who_has_authority_at_an_instant(embassy: Listing) -> None:
    embassy.ordered()
    embassy.change_purpose("criminal_enforcement")
    client: Client = a_client(embassy.actor(Role.LCC_COORDINATOR), scope="capacity")
    address = f"/api/v1/list-entries/{embassy.entry_id}/authority"
    first, second = embassy.periods()

    before = client.get(address, {"at": first.period.lower.isoformat()}).json()  # type: ignore[union-attr]  # bounded
    now = client.get(address).json()
    never = client.get(address, {"at": "2025-01-01T00:00:00Z"}).json()
    listed = client.get("/api/v1/list-entries").json()

    assert (before["holder"]["authority"], now["holder"]["authority"]) == ("mayor", "chief_prosecutor")
    assert now["holder"]["rule"]["article"] == "Politiewet 2012 art. 12, 16(1)"
    assert now["holder"]["decision"]["act"] == "listing.purpose"
    assert datetime.fromisoformat(now["holder"]["start"]) == second.period.lower
    assert never["holder"] is None
    assert [row["measures"][0]["kind"] for row in listed] == ["patrol"]


def test_r037_the_api_says_who_had_authority_over_a_person_and_refuses_no_instant(world: World) -> None:
    walk = Walk(world)
    walk.decided()
    case_id = walk.nomination.case_id
    client = a_client(world.actor(Role.LCC_COORDINATOR), scope="capacity")
    address = f"/api/v1/cases/{case_id}/authority"

    first = client.get(address, {"at": "2026-03-02T14:00:00Z"}).json()
    now = client.get(address).json()
    wrong = client.get(address, {"at": "yesterday"})

    assert {held["authority"] for held in first["holders"]} == {"chief_prosecutor"}
    assert {held["authority"] for held in now["holders"]} == {"nctv"}
    assert now["holders"][0]["rule"]["code"] == "scheme_person"
    assert (wrong.status_code, wrong["Content-Type"]) == (422, "application/problem+json")


def test_a_page_of_an_entry_asks_the_same_number_of_questions_however_much_is_on_it(
    embassy: Listing, django_assert_max_num_queries: Any
) -> None:
    client, address = as_client(embassy.actor(Role.DECIDER)), reverse("cases:entry", args=[embassy.entry_id])
    for kind in ("patrol", "combined", "static_a"):
        embassy.ordered(kind=kind)
    client.get(address)

    with django_assert_max_num_queries(45):
        client.get(address)


def test_a_stale_version_is_refused(embassy: Listing) -> None:
    with pytest.raises(Stale):
        services.end_entry(
            entry_id=embassy.entry_id,
            reason="x",
            version=99,
            actor=embassy.actor(Role.DECIDER),
            at=embassy.tick(),
        )


def test_a_review_in_the_past_is_refused(embassy: Listing) -> None:
    with pytest.raises(Invalid):
        services.order_entry_measure(
            entry_id=embassy.entry_id,
            kind="patrol",
            review_due=REVIEW.replace(year=2020),
            actor=embassy.actor(Role.MAYORS_CONTACT),
            at=embassy.tick(),
        )
