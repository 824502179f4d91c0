"""The gate: no sharing without a ground in force on that day; nothing above the ceiling."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st
from psycopg2.extras import DateRange
from pytest_django import Settings

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, Invalid
from stelsel.legal import gate
from stelsel.legal.models import LegalGround, Marking, Provision, Sharing
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def share(
    world: World, *, on: date = DAY, information: str = "intake", ground: str = "", to: str = "prosecution"
) -> Sharing:
    with acting(world.actor(Role.POLICE_RCCB), at=NOON):
        return gate.share(
            information, world.organisations["lcc"], provider="police_region", receiver=to, on=on, ground=ground
        )


def test_r057_a_sharing_that_the_matrix_knows_is_kept(world: World) -> None:
    kept = share(world)

    assert (kept.ground_id, kept.by_id, kept.at) == ("wpg-16-bpg-4-4", world.actor(Role.POLICE_RCCB).user_id, NOON)


@pytest.mark.parametrize("changed", [{"to": "municipality"}, {"information": "identity"}, {"ground": "avg-6-1e"}])
def test_r057_a_sharing_that_the_matrix_does_not_know_is_refused(world: World, changed: dict[str, Any]) -> None:
    with pytest.raises(Forbidden) as refused:
        share(world, **changed)

    assert refused.value.code == "no_provision"
    assert not Sharing.objects.exists()


@pytest.mark.parametrize(
    ("on", "allowed"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
)
def test_r058_only_a_ground_that_is_in_force_on_the_day_opens_the_gate(world: World, on: date, allowed: bool) -> None:  # noqa: FBT001  # a case
    LegalGround.objects.filter(code="wpg-16-bpg-4-4").update(in_force=DateRange(date(2026, 1, 1), date(2026, 4, 1)))
    if allowed:
        assert share(world, on=on).at == NOON
    else:
        with pytest.raises(Forbidden):
            share(world, on=on)


def test_r058_a_row_of_the_matrix_that_ended_opens_nothing(world: World) -> None:
    Provision.objects.filter(information="intake").update(in_force=DateRange(date(2026, 1, 1), DAY))

    with pytest.raises(Forbidden):
        share(world)


def test_a_sharing_never_changes(world: World) -> None:
    kept = share(world)

    with pytest.raises((IntegrityError, Exception), match=r"refused|denied"):
        Sharing.objects.filter(pk=kept.pk).update(receiver="nctv")


def test_sharing_needs_somebody_who_shares(world: World) -> None:
    with pytest.raises(RuntimeError):
        gate.share("intake", world.organisations["lcc"], provider="police_region", receiver="prosecution", on=DAY)


@given(ceiling=st.sampled_from(list(Marking)), marking=st.sampled_from(list(Marking)))
def test_only_what_is_at_or_below_the_ceiling_is_taken(ceiling: Marking, marking: Marking) -> None:
    order = list(Marking)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stelsel.legal.gate.settings.MARKING_CEILING", str(ceiling))
        if order.index(marking) <= order.index(ceiling):
            gate.require_below_ceiling(marking)
        else:
            with pytest.raises(Invalid) as refused:
                gate.require_below_ceiling(marking)
            assert refused.value.faults[0].field == "marking"


def test_the_ceiling_is_dep_v(settings: Settings) -> None:
    assert settings.MARKING_CEILING == Marking.DEP_V
    assert gate.above_ceiling(Marking.STG_C)
    assert not gate.above_ceiling(Marking.DEP_V)


@given(st.lists(st.sampled_from([str(marking) for marking in Marking])))
def test_what_is_composed_has_the_highest_marking_of_its_parts(markings: list[str]) -> None:
    order = [str(marking) for marking in Marking]
    found = gate.highest(markings)

    assert all(order.index(marking) <= order.index(found) for marking in markings)
    assert found in markings or (not markings and found == Marking.NONE)
