"""Matching: off without a ground, one form for each thing, and what is taken down."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extras import DateRange

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import OutboxMessage, User
from stelsel.legal.models import LegalGround, Provision
from tests.browsing import as_client
from tests.threat.matching import PLATE, Two, again, allow
from tests.threat.scene import TODAY
from tests.world import NOON, World
from threat import services as threat
from threat.models import Entity, Product
from threat.scoring.entities import EntityKind, normal
from threat.services import Named

DAY = timedelta(days=1)


# --- one form ---


@pytest.mark.parametrize(
    ("kind", "written", "form"),
    [
        ("vehicle", "ab-123-c", "AB123C"),
        ("vehicle", " 12 AB 34", "12AB34"),
        ("vehicle", "grey Golf with a dent", None),
        ("vehicle", "GOLF", None),
        ("phone", "06-12345678", "+31612345678"),
        ("phone", "0031 6 1234 5678", "+31612345678"),
        ("phone", "+31 (0)6 12345678", "+31612345678"),
        ("phone", "+49 151 2345 6789", "+4915123456789"),
        ("phone", "0612", None),
        ("address", "1234 ab 12-a", "1234AB 12 A"),
        ("address", "1234AB12A", "1234AB 12 A"),
        ("address", "1234 AB 12", "1234AB 12"),
        ("address", "Kerkstraat 12", None),
        ("account", "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        ("account", "NL92ABNA0417164300", None),
        ("person", "Sam", None),
    ],
)
def test_o2_the_same_thing_has_one_form_however_it_is_written(kind: str, written: str, form: str | None) -> None:
    assert normal(kind, written) == form


WRITTEN = st.one_of(
    st.text(max_size=70),
    st.text(alphabet="ABCDEabcde0123456789 -.+()/", max_size=30),
    st.from_regex(r"[1-9][0-9]{3} ?[A-Za-z]{2} ?[1-9][0-9]{0,4}[ -]?[A-Za-z0-9]{0,4}", fullmatch=True),
    st.from_regex(r"(\+31|0031|0) ?[1-9]([ -]?[0-9]){8}", fullmatch=True),
)


@given(kind=st.sampled_from(list(EntityKind)), written=WRITTEN)
def test_o2_done_twice_the_form_is_the_same(kind: str, written: str) -> None:
    form = normal(kind, written)

    assert form is None or normal(kind, form) == form


@given(digits=st.from_regex(r"[1-9][0-9]{8}", fullmatch=True))
def test_o2_a_dutch_number_is_one_number_in_all_its_spellings(digits: str) -> None:
    area, rest = digits[:2], digits[2:]
    spellings = (f"0{digits}", f"+31{digits}", f"0031{digits}", f"+31 (0){area} {rest}", f"0{area}-{rest}")

    assert {normal("phone", each) for each in spellings} == {f"+31{digits}"}


# --- off, and on ---


def test_o2_as_delivered_every_ground_to_match_is_proposed_and_nothing_is_taken_down(pair: Two) -> None:
    rows = Provision.objects.filter(information__startswith="match_").select_related("ground")
    assert rows.count() == len(EntityKind) * 7
    assert all(row.ground.in_force.isempty and not row.ground.verified for row in rows)
    assert threat.matchable(at=NOON) == frozenset()
    product = pair.product(pair.one, "LX-1")
    for kind, value in (("vehicle", PLATE), ("phone", "0612345678")):
        with pytest.raises(Forbidden) as refusal:
            pair.take(product, value, kind=kind)
        assert refusal.value.code == "no_provision"
    with pytest.raises(Invalid):
        pair.product(pair.one, "LX-2", named=[Named("vehicle", PLATE)])
    assert not OutboxMessage.objects.filter(task="threat.match_entity").exists()


def test_o2_a_ground_opens_one_kind_of_data_of_one_kind_of_organisation(pair: Two) -> None:
    allow(kind="vehicle", provider="police_lx")
    assert threat.matchable(at=NOON) == {("vehicle", "police_lx")}
    lx, kmar = pair.product(pair.one, "LX-1"), pair.product(pair.one, "KM-1", by=pair.one.rival)
    pair.take(lx)
    for product, kind, value in ((lx, "phone", "0612345678"), (kmar, "vehicle", PLATE)):
        with pytest.raises(Forbidden):
            pair.take(product, value, kind=kind)


def test_o2_the_proposed_ground_gets_its_dates_and_opens_what_it_names(pair: Two) -> None:
    LegalGround.objects.filter(code="match-wpg").update(in_force=DateRange(date(2026, 3, 3), date(2026, 4, 1)))

    assert threat.matchable(at=NOON) == frozenset()
    assert threat.matchable(at=NOON + DAY) == {
        (kind.value, provider) for kind in EntityKind for provider in ("police_region", "police_lx", "kmar")
    }
    assert threat.matchable(at=NOON + 30 * DAY) == frozenset()


def test_o2_the_database_takes_nothing_down_without_a_ground(pair: Two) -> None:
    allow()
    product = pair.product(pair.one, "LX-1")
    held = pair.take(product)
    Provision.objects.filter(ground="match-agreed").update(in_force=DateRange(date(2027, 1, 1), None))

    with (
        pytest.raises(IntegrityError, match="no_ground_to_match"),
        transaction.atomic(),
        acting(pair.one.analyst, at=NOON),
    ):
        again(held, blind_index=b"x" * 32).save(force_insert=True)


def test_o2_a_signal_goes_by_whose_data_it_is(pair: Two) -> None:
    signal = pair.one.signal()
    named: dict[str, Any] = {"signal_id": signal.pk, "named": Named("vehicle", PLATE), "actor": pair.one.analyst}
    allow(provider="police_lx")
    with pytest.raises(Forbidden):
        threat.take_down_entity(**named, at=NOON)
    allow(provider="nctv")

    row = threat.take_down_entity(**named, at=NOON)
    assert (row.provider, row.signal_id, row.product_id) == ("nctv", signal.pk, None)


# --- taking down and out ---


def test_o2_what_is_taken_down_is_sealed_and_once(pair: Two) -> None:
    allow()
    product = pair.product(pair.one, "LX-1")
    row = pair.take(product)
    assert pair.take(product, "ab 123 c").pk == row.pk
    with acting(pair.one.analyst, at=NOON):
        held = Entity.objects.get()
        assert b"AB123C" not in bytes(held.value) + bytes(held.blind_index)
    found = threat.read_entities(product_id=product.pk, actor=pair.one.analyst, at=NOON)
    assert [value for _, value in found.rows] == ["AB123C"]
    with pytest.raises(Invalid):
        pair.take(product, "a grey car")


def test_o2_a_supplier_names_with_its_delivery_what_may_be_matched(pair: Two) -> None:
    allow()
    product = pair.product(pair.one, "LX-1", named=[Named("vehicle", PLATE), Named("vehicle", "AB123C")])
    found = threat.read_entities(product_id=product.pk, actor=pair.one.analyst, at=NOON)
    assert [value for _, value in found.rows] == ["AB123C"]
    for wrong in (
        {"named": [Named("vehicle", "a car")]},
        {"named": [Named("phone", "0612345678")]},
        {"named": [Named("vehicle", PLATE)], "text": ""},
    ):
        with pytest.raises(Invalid):
            pair.product(pair.one, "LX-9", **wrong)


def test_o2_taken_out_value_and_index_are_gone_and_history_never_held_them(pair: Two) -> None:
    allow()
    row = pair.take(pair.product(pair.one, "LX-1"))
    gone = threat.remove_entity(entity_id=row.pk, actor=pair.one.second, at=NOON)
    assert (gone.value, gone.blind_index) == (b"", b"")
    with pytest.raises(Conflict):
        threat.remove_entity(entity_id=row.pk, actor=pair.one.analyst, at=NOON)
    assert {message.key for message in OutboxMessage.objects.filter(task="threat.match_entity")} == {
        f"threat.match_entity:{row.pk}",
        f"threat.match_entity:{row.pk}:removed",
    }


def test_o2_of_a_reference_or_a_withdrawn_product_nothing_is_taken_down(pair: Two) -> None:
    allow()
    reference, product = pair.product(pair.one, "LX-1", text=""), pair.product(pair.one, "LX-2")
    threat.withdraw_product(product_id=product.pk, reason="Wrong.", actor=pair.one.supplier, at=NOON)
    for row in (reference, product):
        with pytest.raises(Conflict):
            pair.take(row)


def test_o2_only_analysts_of_the_case_take_down_read_and_take_out(pair: Two) -> None:
    allow()
    product = pair.product(pair.one, "LX-1")
    row = pair.take(product)
    for actor in (pair.one.manager, pair.one.supplier, pair.one.head):
        with pytest.raises(Forbidden):
            pair.take(product, by=actor)
        with pytest.raises(Forbidden):
            threat.read_entities(product_id=product.pk, actor=actor, at=NOON)
    for actor in (pair.one.rival, pair.one.decider, pair.apart):
        with pytest.raises(Product.DoesNotExist):
            pair.take(product, by=actor)
        with pytest.raises(Entity.DoesNotExist):
            threat.remove_entity(entity_id=row.pk, actor=actor, at=NOON)


# --- the pages ---


def test_o2_the_pages_say_plainly_that_matching_is_off(pair: Two) -> None:
    product = pair.product(pair.one, "LX-1")
    analyst, supplier, head = (as_client(one) for one in (pair.one.analyst, pair.one.supplier, pair.one.head))
    address = reverse("threat:product_entities", args=[product.pk])
    page = analyst.get(address).text
    assert "Matching is off" in page
    assert "no legal ground in force" in page
    assert 'name="value"' not in page
    assert analyst.post(address, {"kind": "vehicle", "value": PLATE}).status_code == 422
    assert "Matching is off" in analyst.get(reverse("threat:product", args=[product.pk])).text
    assert "Matching is off" in head.get(reverse("threat:matches")).text
    deliver = supplier.get(reverse("threat:deliver", args=[product.request_id])).text
    assert "no legal ground in force" in deliver
    assert 'name="vehicle"' not in deliver


def test_o2_an_analyst_takes_down_and_a_supplier_names_on_their_pages(two: Two) -> None:
    product = two.product(two.one, "LX-1")
    supplier, analyst = as_client(two.one.supplier), as_client(two.one.analyst)
    address = reverse("threat:product_entities", args=[product.pk])
    assert analyst.post(address, {"kind": "vehicle", "value": "a car"}).status_code == 422
    assert analyst.post(address, {"kind": "vehicle", "value": PLATE}).status_code == 302
    assert "AB123C" in analyst.get(reverse("threat:product", args=[product.pk])).text
    request = two.other.ask(question="What else?")
    told = {
        "kind": "estimate",
        "number": "LX-2",
        "dated": TODAY.isoformat(),
        "marking": "DEP_V",
        "data_regime": "wpg",
        "caveat": "none",
        "reliability": "B",
        "credibility": "2",
        "valid_from": TODAY.isoformat(),
        "text": "The car was seen.",
        "vehicle": "not a plate at all\n",
    }
    deliver = reverse("threat:deliver", args=[request.pk])
    assert supplier.post(deliver, told).status_code == 422
    assert supplier.post(deliver, {**told, "vehicle": f"{PLATE}\n"}).status_code == 302
    two.run_jobs()
    assert two.counted() == (1, 1)


def test_o2_signals_have_their_entities_on_a_page(pair: Two) -> None:
    allow(provider="nctv")
    signal = pair.one.signal()
    analyst = as_client(pair.one.analyst)
    address = reverse("threat:signal_entities", args=[signal.pk])

    assert analyst.post(address, {"kind": "vehicle", "value": PLATE}).status_code == 302
    assert "AB123C" in analyst.get(address).text
    assert address in analyst.get(reverse("threat:information", args=[pair.one.case.pk])).text


def test_o2_the_administration_says_that_a_ground_is_proposed(world: World) -> None:
    administrator = world.actor(Role.ADMINISTRATOR)
    User.objects.filter(pk=administrator.user_id).update(is_staff=True)
    page = as_client(administrator).get(reverse("admin:legal_legalground_changelist"))

    assert page.text.count("proposed, not in force") == 3
