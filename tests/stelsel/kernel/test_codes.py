"""Code lists: a code never changes, its name does, from a day on, proposed by one and approved by another."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from stelsel.kernel import codes
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Forbidden, Invalid
from stelsel.kernel.models import CodeValue, User
from tests.browsing import as_client
from tests.world import NOON, World, later

TODAY, IN_2025 = NOON.date(), date(2025, 6, 1)
CLOSED, OPEN = "phenomenon", "withheld_ground"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def one(world: World) -> Actor:
    return world.actor(Role.ADMINISTRATOR)


@pytest.fixture
def other(world: World) -> Actor:
    return world.actor(Role.ADMINISTRATOR, nth=2)


def proposed(by: Actor, name: str, code: str, text: str, *, offered: bool = True, replaced_by: str = "") -> CodeValue:
    return codes.propose(
        name=name,
        code=code,
        name_nl=f"{text} (nl)",
        name_en=text,
        offered=offered,
        replaced_by=replaced_by,
        starts_at=later(days=3),
        reason="A new circular",
        actor=by,
        at=NOON,
    )


@pytest.mark.django_db
def test_r115_a_code_is_called_by_the_name_of_the_day() -> None:
    names = {
        (code, day): codes.label(CLOSED, code, on=day)
        for code in ("terrorism", "fixated_loners")
        for day in (IN_2025, TODAY)
    }

    assert names == {
        ("terrorism", IN_2025): "Terrorism",
        ("terrorism", TODAY): "Terrorism and extremism",
        ("fixated_loners", IN_2025): "Radicalised loners",
        ("fixated_loners", TODAY): "Fixated loners",
    }
    with translation.override("nl"):
        assert codes.label(CLOSED, "fixated_loners", on=IN_2025) == "Geradicaliseerde eenlingen"


def test_r115_a_new_name_holds_from_its_day_in_both_languages_and_the_old_day_keeps_its_own(
    one: Actor, other: Actor
) -> None:
    codes.approve(change_id=proposed(one, CLOSED, "terrorism", "Extremism").pk, actor=other, at=later(days=1))

    assert codes.label(CLOSED, "terrorism", on=later(days=2).date()) == "Terrorism and extremism"
    assert codes.label(CLOSED, "terrorism", on=later(days=3).date()) == "Extremism"
    with translation.override("nl"):
        assert codes.label(CLOSED, "terrorism", on=later(days=3).date()) == "Extremism (nl)"


def test_a_new_code_can_be_chosen_from_its_day_and_an_old_one_no_longer(one: Actor, other: Actor) -> None:
    for code, offered, successor in (("court", True, ""), ("safety", False, "unreachable")):
        change = proposed(one, OPEN, code, "Court", offered=offered, replaced_by=successor)
        codes.approve(change_id=change.pk, actor=other, at=NOON)

    before, after = (dict(codes.choices(OPEN, on=later(days=days).date())) for days in (2, 3))

    assert ("court" in before, "safety" in before) == (False, True)
    assert ("court" in after, "safety" in after) == (True, False)
    assert after["court"] == "Court"


def test_only_names_change_in_a_list_whose_codes_rules_know(one: Actor) -> None:
    for code, offered in (("cults", True), ("terrorism", False)):
        with pytest.raises(Invalid) as refusal:
            proposed(one, CLOSED, code, "Name", offered=offered)
        assert [fault.code for fault in refusal.value.faults] == ["closed_list"]


def test_a_code_a_name_and_a_successor_are_checked_and_every_fault_is_named(one: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        proposed(one, OPEN, "No code!", "Name", replaced_by="nothing")

    assert [fault.field for fault in refusal.value.faults] == ["code", "replaced_by"]


def test_nobody_approves_their_own_name(one: Actor) -> None:
    change = proposed(one, CLOSED, "terrorism", "Extremism")

    with pytest.raises(Forbidden):
        codes.approve(change_id=change.pk, actor=one, at=NOON)


def browser(actor: Actor) -> Client:
    User.objects.filter(pk=actor.user_id).update(is_staff=True)
    return as_client(actor)


def test_r115_two_administrators_add_a_code_in_the_administration(one: Actor, other: Actor) -> None:
    first, second = browser(one), browser(other)
    new = f"/admin/kernel/codevalue/of/{OPEN}./"

    told = {"propose": "1", "code": "court", "name_nl": "Rechter", "name_en": "Court", "offered": "on", "reason": "New"}
    assert first.post(new, told).status_code == 302
    change = CodeValue.objects.get()
    assert b"withheld_ground.court" in second.get("/admin/kernel/codevalue/").content
    assert second.post(f"/admin/kernel/codevalue/of/{change.code}/", {"approve": str(change.pk)}).status_code == 302

    change.refresh_from_db()
    assert change.state == "approved"
    assert b">Court<" in second.get("/admin/kernel/codevalue/").content
    form = first.get(f"/admin/kernel/codevalue/of/{change.code}/").context["form"]
    assert [form[name].value() for name in ("name_nl", "name_en", "offered")] == ["Rechter", "Court", True]
    assert first.get(f"/admin/kernel/codevalue/of/{CLOSED}./").status_code == 404
    assert first.get("/admin/kernel/codevalue/of/nothing.at_all/").status_code == 404
