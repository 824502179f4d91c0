"""Comparison of assessors: blind codings of frozen evidence, compared once all are in; where they part, they meet."""

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import ReadEntry, WorkItem
from tests.browsing import as_client
from tests.threat.scene import TODAY, Scene
from tests.world import NOON
from threat import services
from threat.models import Coding, Comparison, Picture
from threat.scoring.agreement import Rated, agreement, parts
from threat.services import Code

CODES = st.lists(st.integers(0, 4), min_size=2, max_size=12)


@pytest.fixture
def stage(scene: Scene) -> Scene:
    scene.adopted()
    return scene


def blind(scene: Scene, nth: int = 11) -> Actor:
    """An analyst who does not see the case."""
    return scene.world.actor(Role.THREAT_ANALYST, nth=nth)


def asked(scene: Scene, *coders: Actor) -> Comparison:
    with acting(scene.head, at=NOON):
        picture = Picture.objects.get(state="adopted")
    return services.ask_comparison(
        picture_id=picture.pk,
        coders=[one.user_id for one in coders or (blind(scene),)],
        actor=scene.head,
        at=NOON,
    )


def coding_of(coder: Actor) -> Coding:
    with acting(coder, at=NOON):
        return Coding.objects.own(coder).get()


def code(coder: Actor, *, value: int = 3, reliability: str = "B", credibility: int = 2) -> Coding:
    row = coding_of(coder)
    items = services.read_coding(coding_id=row.pk, actor=coder, at=NOON).items
    codes = {one["id"]: Code(value, reliability, credibility) for one in items}
    return services.hand_in(coding_id=row.pk, codes=codes, actor=coder, at=NOON)


def read(scene: Scene, row: Comparison) -> Any:
    return services.read_comparison(comparison_id=row.pk, actor=scene.head, at=NOON)


# --- the rules ---


def test_r061_the_kappa_of_the_method_to_four_decimals() -> None:
    found = agreement([3, 4, 2, 4, 3, 5, 2, 3, 4, 1], [3, 4, 3, 4, 2, 4, 2, 3, 5, 1])

    assert (found.raw, found.kappa and round(found.kappa, 4)) == (0.6, 0.8450)


@given(CODES)
def test_r061_who_codes_alike_agrees_wholly(values: list[int]) -> None:
    found = agreement(values, values, values)

    assert found.raw == 1.0
    assert found.alpha is None if len(set(values)) == 1 else found.alpha == pytest.approx(1.0)


@given(CODES, st.data())
def test_r061_alpha_does_not_depend_on_the_order_of_assessors(values: list[int], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.integers(0, 4), min_size=len(values), max_size=len(values)))
    third = data.draw(st.lists(st.integers(0, 4), min_size=len(values), max_size=len(values)))

    first, second = agreement(values, other, third).alpha, agreement(third, values, other).alpha
    assert (first is None) == (second is None)
    assert first is None or first == pytest.approx(second)


def test_r061_another_level_or_a_gap_in_the_index_parts_assessors() -> None:
    one = Rated(3, 50.0, [])

    assert not parts(one, Rated(3, 65.0, []), gap=15.0)
    assert parts(one, Rated(3, 65.1, []), gap=15.0)
    assert parts(one, Rated(4, 50.0, []), gap=15.0)
    assert parts(one, Rated(None, 50.0, []), gap=15.0)


# --- blind ---


def test_r065_a_coder_reads_the_evidence_and_neither_values_nor_grades_nor_the_case(stage: Scene) -> None:
    asked(stage)
    coder = blind(stage)

    found = services.read_coding(coding_id=coding_of(coder).pk, actor=coder, at=NOON)
    assert {key for one in found.items for key in one} == {
        "id",
        "line",
        "factor",
        "bound",
        "kind",
        "origin",
        "observed",
        "text",
        "searched",
    }
    assert {one["text"] for one in found.items} == {"Reconnaissance of the house."}
    with acting(coder, at=NOON):
        assert not Picture.objects.exists()
        assert not Comparison.objects.exists()
    with acting(stage.world.actor(Role.CONTROLLER), at=NOON):
        assert ReadEntry.objects.filter(actor_id=coder.user_id, subject_id=stage.case.person_id).exists()


def test_r065_nobody_reads_a_coding_before_all_are_in(stage: Scene) -> None:
    first, second = blind(stage), blind(stage, 12)
    row = asked(stage, first, second)
    code(first)

    found = read(stage, row)
    assert (found.complete, found.assessors, found.pairs) == (False, [], [])
    for actor in (stage.head, stage.analyst, second):
        with acting(actor, at=NOON):
            assert not Coding.objects.filter(coder_id=first.user_id).exists()
    code(second)
    assert len(read(stage, row).assessors) == 3


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_r065_who_made_it_or_sees_the_case_does_not_code(stage: Scene, nth: int) -> None:
    with pytest.raises(Invalid):
        asked(stage, stage.world.actor(Role.THREAT_ANALYST, nth=nth))


def test_r065_who_sees_the_case_meanwhile_is_not_blind_any_more(stage: Scene) -> None:
    asked(stage)
    coder = blind(stage)
    stage.see(coder)

    with pytest.raises(Forbidden):
        code(coder)


def test_r065_only_the_head_has_assessors_compared_and_only_the_coder_codes(stage: Scene) -> None:
    row = asked(stage)
    for actor in (stage.analyst, stage.manager, stage.decider):
        with pytest.raises((Forbidden, Comparison.DoesNotExist)):
            services.read_comparison(comparison_id=row.pk, actor=actor, at=NOON)
    other = blind(stage, 12)
    with pytest.raises(Coding.DoesNotExist):
        services.read_coding(coding_id=coding_of(blind(stage)).pk, actor=other, at=NOON)


# --- coded and compared ---


def test_r061_alike_it_is_settled_as_it_is(stage: Scene) -> None:
    row = asked(stage)
    code(blind(stage))

    found = read(stage, row)
    assert (found.complete, found.apart, len(found.pairs)) == (True, False, 1)
    assert found.assessors[0].level == found.assessors[1].level
    done = services.settle_comparison(comparison_id=row.pk, actor=stage.head, at=NOON)
    assert (done.state, done.agreed_level) == ("settled", None)


def test_r061_apart_the_assessors_meet_and_each_coding_stays(stage: Scene) -> None:
    row = asked(stage)
    code(blind(stage), value=1)
    assert read(stage, row).apart

    by: dict[str, Any] = {"comparison_id": row.pk, "actor": stage.head, "at": NOON}
    with pytest.raises(Invalid):
        services.settle_comparison(**by)
    services.settle_comparison(met_on=TODAY, agreed_level=3, consensus="Seen from the street alone.", **by)

    found = read(stage, row)
    assert (found.row.agreed_level, found.consensus) == (3, "Seen from the street alone.")
    assert [one.level for one in found.assessors] != [3, 3]
    with pytest.raises(Conflict):
        services.settle_comparison(**by)


def test_r061_every_item_is_coded_once_and_what_the_method_refuses_is_refused(stage: Scene) -> None:
    asked(stage)
    coder = blind(stage)
    row = coding_of(coder)
    with pytest.raises(Invalid):
        services.hand_in(coding_id=row.pk, codes={}, actor=coder, at=NOON)
    with pytest.raises(Invalid):
        code(coder, value=0)
    with pytest.raises(Invalid):
        code(coder, credibility=1)
    code(coder)
    with pytest.raises(Conflict):
        code(coder)
    with transaction.atomic(), acting(coder, at=NOON), pytest.raises(DatabaseError):
        Coding.objects.filter(pk=row.pk).update(codes={})


def test_r061_declined_with_a_reason_the_others_are_compared(stage: Scene) -> None:
    first, second = blind(stage), blind(stage, 12)
    row = asked(stage, first, second)
    code(first)
    with pytest.raises(Invalid):
        services.decline_coding(coding_id=coding_of(second).pk, reason=" ", actor=second, at=NOON)
    services.decline_coding(coding_id=coding_of(second).pk, reason="No time.", actor=second, at=NOON)

    assert len(read(stage, row).assessors) == 2


def test_r061_withdrawn_the_work_is_gone_and_nothing_is_handed_in(stage: Scene) -> None:
    row, coder = asked(stage), blind(stage)
    services.withdraw_comparison(comparison_id=row.pk, actor=stage.head, at=NOON)

    with acting(coder, at=NOON):
        assert not WorkItem.objects.filter(kind="threat.code", closed_at=None).exists()
    with pytest.raises(Conflict):
        code(coder)


def test_r061_one_comparison_at_a_time_and_of_evidence_that_stands_still(scene: Scene) -> None:
    picture = scene.scored()
    by: dict[str, Any] = {"picture_id": picture.pk, "coders": [blind(scene).user_id], "actor": scene.head, "at": NOON}
    with pytest.raises(Conflict, match="not_frozen"):
        services.ask_comparison(**by)
    services.propose_adoption(
        picture_id=picture.pk,
        proposal=services.Proposal(likelihood=4, summary="Seen.", review_due=TODAY.replace(year=2027)),
        actor=scene.analyst,
        at=NOON,
    )
    services.ask_comparison(**by)
    with pytest.raises(Conflict, match="comparison_open"):
        services.ask_comparison(**by)


def test_r061_calibration_says_nothing_from_too_few(stage: Scene) -> None:
    row = asked(stage)
    code(blind(stage))
    services.settle_comparison(comparison_id=row.pk, actor=stage.head, at=NOON)

    found = services.calibration(actor=stage.head, at=NOON)
    assert (found.comparisons, found.level) == (1, None)
    assert [(factor, count, kappa) for factor, count, kappa in found.factors] == [("F1", 1, None), ("F3", 1, None)]
    with pytest.raises(Forbidden):
        services.calibration(actor=stage.analyst, at=NOON)


# --- the pages ---


def test_r061_the_pages_go_the_whole_way(stage: Scene) -> None:
    head, coder = as_client(stage.head), as_client(blind(stage))
    with acting(stage.head, at=NOON):
        picture = Picture.objects.get(state="adopted")
    assert "codings" not in head.get(reverse("threat:picture", args=[picture.pk])).content.decode()
    compare = reverse("threat:compare", args=[picture.pk])
    assert head.get(compare).status_code == 200
    assert head.post(compare, {"coders": []}).status_code == 422
    sent = head.post(compare, {"coders": [str(blind(stage).user_id)]})
    assert sent.status_code == 302
    row = coding_of(blind(stage))
    address = reverse("threat:coding", args=[row.pk])
    page = coder.get(address).content.decode()
    assert "Reconnaissance of the house." in page
    assert stage.case.number not in page
    assert coder.post(address, {}).status_code == 422
    items = services.read_coding(coding_id=row.pk, actor=blind(stage), at=NOON).items
    told: dict[str, str] = {}
    for one in items:
        told |= {f"{one['id']}_value": "1", f"{one['id']}_source": "C", f"{one['id']}_information": "3"}
    assert coder.post(address, told).status_code == 302
    assert coder.get(address).status_code == 200
    result = sent.headers["Location"]
    assert "kappa" in head.get(result).content.decode()
    assert head.post(result, {"met_on": "", "agreed_level": "", "consensus": ""}).status_code == 422
    agreed = {"met_on": TODAY.isoformat(), "agreed_level": "3", "consensus": "Agreed."}
    assert head.post(result, agreed).status_code == 302
    assert head.get(reverse("threat:calibration")).status_code == 200


def test_the_declined_are_read_by_their_coder_and_the_register_of_users_is_not(stage: Scene) -> None:
    row = asked(stage)
    with acting(blind(stage), at=NOON), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM threat_codings_of(%s)", [row.pk])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT threat_coded_input(%s)", [UUID(int=1)])
        assert cursor.fetchone() == (None,)
