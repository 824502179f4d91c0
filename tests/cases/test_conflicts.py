"""Nobody acts in a case about themselves, a relative or a superior (Circulaire 2026 par. 2.4.2)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import services
from cases.models import Case, CloseRelation, ContactEntry, Person, Recusal
from cases.services import reading
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.walk import Walk
from tests.world import World

CM, D, S = Role.CASE_MANAGER, Role.DECIDER, Role.SECURITY_OFFICER


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.decided()
    give(walk, walk.actor(S))
    return walk


def give(walk: Walk, to: Actor) -> None:
    services.give_access(
        case_id=walk.case.pk,
        role=to.role,
        user_id=to.user_id,
        reason="keeps access",
        ground="access.give",
        actor=walk.actor(CM),
        at=walk.tick(),
    )


def recuse(walk: Walk, who: Actor, **given: Any) -> Recusal:
    told = {"ground": "superior", "reason": "Leads the department of the person.", "actor": walk.actor(S), **given}
    return services.recuse(case_id=walk.case.pk, user_id=who.user_id, at=walk.tick(), **told)


def log(walk: Walk, actor: Actor) -> object:
    return services.log_contact(
        case_id=walk.nomination.case_id,
        person_id=walk.case.person_id,
        text="Called.",
        is_signal=False,
        actor=actor,
        at=walk.tick(),
    )


def look(walk: Walk, actor: Actor) -> object:
    return reading.open_case_file(case_id=walk.nomination.case_id, part="contact", actor=actor, at=walk.tick())


@pytest.mark.parametrize("does", [log, look], ids=["an act", "a look"])
def test_who_is_kept_out_neither_acts_nor_looks(walk: Walk, does: Callable[[Walk, Actor], object]) -> None:
    manager = walk.actor(CM)
    recuse(walk, manager)

    with pytest.raises(Forbidden) as refusal:
        does(walk, manager)

    assert refusal.value.code == "conflict_of_interest"


@pytest.mark.parametrize("does", [log, look], ids=["an act", "a look"])
def test_who_is_in_the_family_is_kept_out_by_rule(walk: Walk, does: Callable[[Walk, Actor], object]) -> None:
    manager = walk.actor(CM)
    with acting(manager, at=walk.at):
        relation = CloseRelation.objects.filter(case=walk.case).first()
        assert relation is not None
        Person.objects.filter(pk=relation.person_id).update(user_id=manager.user_id)

    with pytest.raises(Forbidden) as refusal:
        does(walk, manager)

    assert refusal.value.code == "conflict_of_interest"


def test_the_database_keeps_them_out_as_well(walk: Walk) -> None:
    manager = walk.actor(CM)
    log(walk, manager)
    recuse(walk, manager)

    with pytest.raises(IntegrityError, match="conflict_of_interest"), transaction.atomic(), acting(manager, at=walk.at):
        entry = ContactEntry.objects.get()
        entry.pk = None
        entry.save(force_insert=True)


def test_emergency_access_is_no_way_round(walk: Walk) -> None:
    recuse(walk, walk.actor(CM))

    with pytest.raises(Forbidden) as refusal:
        at = walk.tick()
        manager = replace(walk.actor(CM), confirmed_at=at)
        services.break_glass(number=walk.case.number, reason="Now.", actor=manager, at=at)

    assert refusal.value.code == "conflict_of_interest"


def test_where_they_are_named_somebody_else_is_named(walk: Walk) -> None:
    recuse(walk, walk.actor(CM))

    with acting(walk.actor(D), at=walk.at):
        assert WorkItem.objects.filter(kind="triage.assign", closed_at=None).count() == 1


def test_somebody_else_ends_it_and_never_oneself(walk: Walk) -> None:
    row = recuse(walk, walk.actor(CM))
    with pytest.raises(Forbidden):
        services.end_recusal(recusal_id=row.pk, reason="No.", actor=walk.actor(D), at=walk.tick())

    services.end_recusal(recusal_id=row.pk, reason="Another department now.", actor=walk.actor(S), at=walk.tick())

    assert log(walk, walk.actor(CM))
    with pytest.raises(IllegalMove):
        services.end_recusal(recusal_id=row.pk, reason="Again.", actor=walk.actor(S), at=walk.tick())


def test_it_is_written_down_once(walk: Walk) -> None:
    recuse(walk, walk.actor(CM))

    with pytest.raises(Conflict):
        recuse(walk, walk.actor(CM))


def test_what_was_written_down_does_not_change(walk: Walk) -> None:
    row = recuse(walk, walk.actor(CM))

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(S), at=walk.at):
        Recusal.objects.filter(pk=row.pk).update(ground="other")


def test_a_stranger_keeps_nobody_out(walk: Walk) -> None:
    with pytest.raises(Case.DoesNotExist):
        recuse(walk, walk.actor(CM), actor=walk.world.actor(S, nth=2))


def test_the_page_keeps_out_and_ends_it(walk: Walk) -> None:
    key, address = walk.case.pk, reverse("cases:conflicts", args=[walk.case.pk])
    told = {"act": "recuse", "user_id": str(walk.actor(CM).user_id), "ground": "relative", "reason": TYPED}

    refused = send(walk, S, "conflicts", key, {**told, "ground": ""})
    kept = send(walk, S, "conflicts", key, told)
    shown = as_client(walk.actor(S)).get(address).text
    barred = as_client(walk.actor(CM)).get(reverse("cases:case", args=[key]))
    with acting(walk.actor(S), at=walk.at):
        row = Recusal.objects.get()
    ended = send(walk, S, "conflicts", key, {"act": "end", "recusal_id": str(row.pk), "reason": TYPED})

    assert refused_with_what_was_typed(refused, 422)
    assert (kept.status_code, ended.status_code) == (302, 302)
    assert TYPED in shown
    assert barred.status_code == 403
    assert "kept out of this case" in barred.text
    assert as_client(walk.actor(CM)).get(reverse("cases:case", args=[key])).status_code == 200
