"""Evidence that cannot be scored is refused with every fault named; files are read strictly."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from stelsel.kernel.errors import Invalid
from tests.threat.scoring_cases import AS_OF, ONLINE_THREATS, ORGANISED_CRIME, at_most, item, line
from threat.methodology import Factor
from threat.scoring import (
    Evidence,
    InvalidEvidence,
    Kind,
    Link,
    canonical,
    evidence_faults,
    parse,
    read,
    refuse_links,
    score,
)

GOOD = item("F1", 3, "B2", "G1", 10)
ITEM: Mapping[str, object] = {
    "factor": "F1",
    "value": 3,
    "bound": "AT_LEAST",
    "kind": "concrete",
    "reliability": "B",
    "credibility": 2,
    "group": "G1",
    "validAsOf": "2026-02-19",
    "windowEnd": None,
    "lapsed": False,
    "orderWithdrawn": False,
}
DOCUMENT: Mapping[str, object] = {
    "method": "GDB-1.0",
    "asOf": "2026-03-01",
    "phenomenon": 1,
    "withheld": ["F4"],
    "items": [ITEM],
}


def refused(document: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidEvidence) as refusal:
        parse(document)
    return [(fault.field, fault.code) for fault in refusal.value.faults]


def refused_item(**changes: object) -> list[tuple[str, str]]:
    return refused({**DOCUMENT, "items": [{**ITEM, **changes}]})


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (replace(GOOD, value=5), ("items[0].value", "value_outside_scale")),
        (replace(GOOD, value=-1), ("items[0].value", "value_outside_scale")),
        (replace(GOOD, value=0), ("items[0].value", "says_nothing")),
        (at_most("F1", 4, "B2", "G1", 10), ("items[0].value", "says_nothing")),
        (replace(GOOD, valid_as_of=AS_OF + timedelta(days=1)), ("items[0].validAsOf", "observed_in_future")),
        (replace(GOOD, reliability="G"), ("items[0].reliability", "grade_missing")),
        (replace(GOOD, credibility=7), ("items[0].credibility", "grade_missing")),
        (replace(GOOD, group=""), ("items[0].group", "origin_missing")),
        (replace(GOOD, group="G1 "), ("items[0].group", "origin_missing")),
        (replace(GOOD, group="Cafe\u0301"), ("items[0].group", "origin_missing")),
        (replace(GOOD, group="G" * 201), ("items[0].group", "origin_missing")),
        (replace(GOOD, credibility=1), ("items[0].credibility", "confirmation_missing")),
        (replace(GOOD, window_end=AS_OF), ("items[0].windowEnd", "window_not_f4")),
        (replace(GOOD, order_withdrawn=True), ("items[0].orderWithdrawn", "withdrawal_not_f6")),
    ],
)
def test_each_wrong_item_is_refused_by_name(wrong: Evidence, fault: tuple[str, str]) -> None:
    assert [(each.field, each.code) for each in evidence_faults(line([wrong]))] == [fault]
    with pytest.raises(InvalidEvidence):
        score(line([wrong]))


def test_every_fault_is_named_at_once() -> None:
    faults = evidence_faults(line([replace(GOOD, value=9, group=""), GOOD, replace(GOOD, reliability="")]))

    assert [(each.field, each.code) for each in faults] == [
        ("items[0].value", "value_outside_scale"),
        ("items[0].group", "origin_missing"),
        ("items[2].reliability", "grade_missing"),
    ]
    assert all(each.message for each in faults)


def test_a_refusal_is_a_domain_error_and_tells_what_is_wrong() -> None:
    with pytest.raises(Invalid, match=r"items\[0\]\.value") as refusal:
        score(line([replace(GOOD, value=9)]))
    assert refusal.value.code == "evidence_invalid"


@pytest.mark.parametrize(
    ("other", "confirmed"),
    [
        (item("F1", 3, "C3", "G2", 5), True),
        (item("F1", 4, "C3", "G2", 5), True),
        (item("F1", 2, "C3", "G2", 5), False),
        (item("F1", 3, "C3", "G1", 5), False),
        (item("F2", 3, "C3", "G2", 5), False),
        (at_most("F1", 3, "C3", "G2", 5), False),
    ],
)
def test_credibility_1_needs_another_group_that_says_as_much(other: Evidence, *, confirmed: bool) -> None:
    assert (evidence_faults(line([item("F1", 3, "B1", "G1", 10), other])) == ()) is confirmed


@pytest.mark.parametrize(("value", "confirmed"), [(0, True), (1, True), (2, False)])
def test_a_negative_finding_is_confirmed_by_one_as_low(value: int, *, confirmed: bool) -> None:
    items = [at_most("F1", 1, "B1", "G1", 10), at_most("F1", value, "C3", "G2", 5)]

    assert (evidence_faults(line(items)) == ()) is confirmed


def test_credibility_1_adds_nothing_to_2() -> None:
    support = item("F1", 3, "C3", "G2", 5)

    first, second = (score(line([item("F1", 3, grade, "G1", 10), support])) for grade in ("B1", "B2"))

    assert first.reading == second.reading


def test_r062_one_fact_is_not_concrete_and_phenomenon_knowledge_at_once() -> None:
    twice = [GOOD, item("F5", 2, "B2", "G1", 10, kind=Kind.PHENOMENON)]

    assert {each.code for each in evidence_faults(line(twice))} == {"fact_used_twice"}
    assert evidence_faults(line([GOOD, replace(twice[1], group="K")])) == ()


def test_links_above_the_ceiling_or_calling_knowledge_concrete_are_refused_together() -> None:
    links = (
        Link(kind=Kind.CONCRETE, phenomenon_product=True, marking=1),
        Link(kind=Kind.PHENOMENON, phenomenon_product=True, marking=2),
        Link(kind=Kind.CONCRETE, phenomenon_product=False, marking=1),
    )

    with pytest.raises(InvalidEvidence) as refusal:
        refuse_links(links, ceiling=1)

    assert [(each.field, each.code) for each in refusal.value.faults] == [
        ("items[0].kind", "phenomenon_as_concrete"),
        ("items[1].marking", "marking_above_ceiling"),
    ]
    refuse_links(links[2:], ceiling=1)


@pytest.mark.parametrize("items", [ORGANISED_CRIME, ONLINE_THREATS, ()])
def test_what_is_written_is_read_back(items: tuple[Evidence, ...]) -> None:
    evidence = line(items, phenomenon=4, withheld=["F4", "F2"])

    assert read(canonical(evidence.document())) == evidence


def test_the_example_of_the_format_is_read() -> None:
    evidence = parse(DOCUMENT)

    assert evidence.items == (GOOD,)
    assert evidence.withheld == {Factor.CONCRETENESS}
    assert evidence.document() == DOCUMENT


def test_what_may_be_left_out_gets_its_default_and_the_same_hash() -> None:
    short = {key: ITEM[key] for key in ("factor", "value", "kind", "reliability", "credibility", "group", "validAsOf")}
    document = {key: value for key, value in DOCUMENT.items() if key != "withheld"}

    brief = score(parse({**document, "items": [short]}))

    assert brief.input_hash == score(parse({**DOCUMENT, "withheld": []})).input_hash


def test_the_input_hash_is_that_of_the_canonical_file() -> None:
    content = b'{"a":["\xc3\xab",1.5,null],"b":true}'

    assert canonical({"b": True, "a": ["ë", 1.5, None]}) == content
    whole = canonical(dict(DOCUMENT))
    assert score(read(whole)).input_hash == hashlib.sha256(whole).hexdigest()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"factor": "F7"}, "not_in_list"),
        ({"factor": ["F1"]}, "not_in_list"),
        ({"bound": None}, "not_in_list"),
        ({"kind": "rumour"}, "not_in_list"),
        ({"value": 2.5}, "value_outside_scale"),
        ({"value": "3"}, "value_outside_scale"),
        ({"value": True}, "value_outside_scale"),
        ({"value": None}, "value_outside_scale"),
        ({"value": 10**30}, "value_outside_scale"),
        ({"reliability": None}, "grade_missing"),
        ({"reliability": "b"}, "grade_missing"),
        ({"credibility": "2"}, "grade_missing"),
        ({"group": None}, "origin_missing"),
        ({"group": "\ud800"}, "origin_missing"),
        ({"validAsOf": "20260219"}, "date_unreadable"),
        ({"validAsOf": "2026-02-30"}, "date_unreadable"),
        ({"validAsOf": "2026-02-19T10:00:00Z"}, "date_unreadable"),
        ({"validAsOf": None}, "date_unreadable"),
        ({"windowEnd": "soon"}, "date_unreadable"),
        ({"lapsed": 0}, "not_a_flag"),
        ({"orderWithdrawn": "no"}, "not_a_flag"),
        ({"weight": 1.0}, "key_unknown"),
    ],
)
def test_each_unreadable_field_is_refused_by_name(changes: dict[str, object], code: str) -> None:
    assert refused_item(**changes) == [(f"items[0].{next(iter(changes))}", code)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"method": "GDB-9"}, ("method", "method_unknown")),
        ({"method": 1}, ("method", "not_in_list")),
        ({"asOf": "today"}, ("asOf", "date_unreadable")),
        ({"phenomenon": 5}, ("phenomenon", "not_in_list")),
        ({"phenomenon": "1"}, ("phenomenon", "not_in_list")),
        ({"phenomenon": True}, ("phenomenon", "not_in_list")),
        ({"phenomenon": 1.0}, ("phenomenon", "not_in_list")),
        ({"withheld": "F1"}, ("withheld", "not_a_list")),
        ({"withheld": ["F9"]}, ("withheld[0]", "not_in_list")),
        ({"withheld": ["F1", "F1"]}, ("withheld[1]", "named_twice")),
        ({"items": {}}, ("items", "not_a_list")),
        ({"items": [3]}, ("items[0]", "not_an_object")),
        ({"colour": "red\x1b[31m"}, ("colour", "key_unknown")),
    ],
)
def test_each_unreadable_part_of_the_set_is_refused(changes: dict[str, object], fault: tuple[str, str]) -> None:
    assert refused({**DOCUMENT, **changes}) == [fault]


def test_faults_of_form_and_content_are_named_together_with_their_places_in_the_file() -> None:
    items = [{**ITEM, "kind": "rumour"}, {**ITEM, "value": 9}, {}]

    faults = refused({**DOCUMENT, "items": items})

    assert ("items[0].kind", "not_in_list") in faults
    assert ("items[1].value", "value_outside_scale") in faults
    assert {code for field, code in faults if field.startswith("items[2]")} == {
        "key_missing",
        "grade_missing",
        "origin_missing",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"method": "GDB-1.0", "method": "GDB-1.0"}',
        b"[" * 100_000,
        b"9" * 5_000,
        b"{} {}",
    ],
)
def test_a_file_that_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidEvidence) as refusal:
        read(content)
    assert [each.code for each in refusal.value.faults] == ["json_unreadable"]


@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_a_document_that_is_no_object_is_refused(document: object) -> None:
    assert refused(document)[0] == ("document", "not_an_object")


def test_the_result_document_has_exactly_the_published_keys() -> None:
    result = json.loads(canonical(score(line(ORGANISED_CRIME)).document()))

    assert set(result) == {
        "method", "asOf", "inputHash", "coverage", "damping", "index", "undamped", "low", "high", "band",
        "floor", "level", "outcome", "askUrgent", "lowLevelBlocked", "factors", "leaveOneGroupOut",
    }  # fmt: skip
    assert set(result["factors"]) == {"F1", "F2", "F3", "F4", "F5", "F6"}
    assert set(result["factors"]["F1"]) == {
        "beliefs",
        "evidenceBeliefs",
        "expected",
        "spread",
        "contribution",
    }
    assert result["leaveOneGroupOut"]["G4"]["level"] == "W3"
    assert (result["band"], result["floor"], result["level"], result["outcome"]) == (
        "W4",
        "W4",
        "W4",
        "LEVEL",
    )


def test_a_passed_window_takes_the_weight_but_not_the_floor() -> None:
    items = [item("F1", 4, "B2", "a", 5), item("F3", 2, "B2", "b", 5), item("F4", 4, "B2", "c", 2)]
    passed = replace(items[2], window_end=AS_OF - timedelta(days=1))
    today = replace(items[2], window_end=AS_OF)

    after = score(line([*items[:2], passed]))

    assert after.reading.factors[Factor.CONCRETENESS].expected == pytest.approx(1.1)
    assert after.reading.floor == score(line([*items[:2], today])).reading.floor
    assert score(line([*items[:2], today])).reading == score(line(items)).reading
