"""Moments of raised risk: the event waits until protection is ready, for everybody concerned (O10)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases import services
from cases.lifecycle import GateState, gate_of
from cases.models import MomentOwner, RaisedRiskMoment, Readiness
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.walk import Walk
from tests.test_api import a_client
from tests.world import World

ANSWERS = st.sampled_from(["", "ready", "not_ready", "not_concerned"])


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.designated()
    return walk


def report(walk: Walk, *, days: int = 9, owned: bool = True) -> RaisedRiskMoment:
    at = walk.tick()
    return services.report_risk_moment(
        case_id=walk.case.pk,
        kind="publication",
        starts_at=at + timedelta(days=days),
        ends_at=at + timedelta(days=days, hours=2),
        region="noord",
        description="The agreement is made known.",
        owner_id=walk.actor(Role.CHIEF_PROSECUTOR).user_id if owned else None,
        actor=walk.actor(Role.CASE_MANAGER),
        at=at,
    )


def rows(walk: Walk, moment: RaisedRiskMoment) -> list[Readiness]:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        moment = RaisedRiskMoment.objects.get(pk=moment.pk)
        found = list(moment.readiness.filter(round=moment.round))
    return sorted(found, key=lambda row: row.person_id != walk.case.person_id)


def word(walk: Walk, row: Readiness, given: str = "in_place", reason: str = "") -> Readiness:
    coordinator = walk.actor(Role.LCC_COORDINATOR)
    return services.give_word(readiness_id=row.pk, word=given, reason=reason, actor=coordinator, at=walk.tick())


def answer(walk: Walk, row: Readiness, given: str = "ready", reason: str = "") -> Readiness:
    decider = walk.actor(Role.DECIDER)
    return services.answer_gate(readiness_id=row.pk, answer=given, reason=reason, actor=decider, at=walk.tick())


def make_ready(walk: Walk, moment: RaisedRiskMoment) -> None:
    for row in rows(walk, moment):
        word(walk, row)
        answer(walk, row)


def now(walk: Walk, moment: RaisedRiskMoment) -> RaisedRiskMoment:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return RaisedRiskMoment.objects.get(pk=moment.pk)


def seen_by_owner(walk: Walk) -> MomentOwner:
    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        return MomentOwner.objects.get()


def waits(walk: Walk, role: Role) -> set[str]:
    with acting(walk.actor(role), at=walk.at):
        return set(WorkItem.objects.filter(closed_at=None, owner_role=role).values_list("kind", flat=True))


@given(st.lists(ANSWERS, max_size=6))
def test_the_gate_opens_only_when_everybody_is_answered_and_nobody_is_not_ready(given: list[str]) -> None:
    found = gate_of(given)

    assert (found is GateState.READY) == ("ready" in given and not {"", "not_ready"} & set(given))
    assert (found is GateState.NOT_READY) == ("not_ready" in given)


def test_the_gate_asks_about_the_person_and_the_household_and_opens_when_all_are_ready(walk: Walk) -> None:
    moment = report(walk)
    person, partner = rows(walk, moment)
    word(walk, person)
    answer(walk, person)
    half = now(walk, moment).gate
    word(walk, partner)
    answer(walk, partner)

    assert half == GateState.WAITING
    assert now(walk, moment).gate == seen_by_owner(walk).state == GateState.READY
    assert not waits(walk, Role.DECIDER) & {"moment.answer", "moment.not_ready"}


def test_ready_rests_on_the_word_of_the_lcc(walk: Walk) -> None:
    row = rows(walk, report(walk))[0]

    with pytest.raises(Invalid) as refusal:
        answer(walk, row)

    assert refusal.value.faults[0].code == "no_word"
    with (
        acting(walk.actor(Role.DECIDER), at=walk.at),
        pytest.raises(IntegrityError, match="readiness_on_the_word_of_the_lcc"),
        transaction.atomic(),
    ):
        Readiness.objects.filter(pk=row.pk).update(answer="ready")


def test_a_word_that_is_taken_back_shuts_the_gate_again(walk: Walk) -> None:
    moment = report(walk)
    make_ready(walk, moment)

    word(walk, rows(walk, moment)[0], "not_in_place", "The car broke down.")

    assert now(walk, moment).gate == GateState.WAITING
    assert "moment.answer" in waits(walk, Role.DECIDER)


@pytest.mark.parametrize(("given", "field"), [("not_ready", "reason"), ("not_concerned", "reason")])
def test_not_ready_says_why_and_the_person_is_always_concerned(walk: Walk, given: str, field: str) -> None:
    person, partner = rows(walk, report(walk))

    with pytest.raises(Invalid) as without_reason:
        answer(walk, partner, given)
    assert without_reason.value.faults[0].field == field
    if given == "not_concerned":
        with pytest.raises(Invalid):
            answer(walk, person, given, "Is not there.")
        assert answer(walk, partner, given, "Is abroad.").answer == given


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.CHIEF_PROSECUTOR, Role.LCC_COORDINATOR])
def test_only_the_authority_answers(walk: Walk, role: Role) -> None:
    row = rows(walk, report(walk))[0]
    word(walk, row)

    with pytest.raises(Forbidden):
        services.answer_gate(readiness_id=row.pk, answer="ready", reason="", actor=walk.actor(role), at=walk.tick())


def test_a_moment_that_is_moved_is_asked_about_anew(walk: Walk) -> None:
    moment = report(walk)
    make_ready(walk, moment)
    old = rows(walk, moment)[0]
    moment = now(walk, moment)
    moved = services.move_moment(
        moment_id=moment.pk,
        starts_at=moment.starts_at + timedelta(days=1),
        ends_at=moment.ends_at + timedelta(days=1),
        version=moment.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    assert (moved.gate, moved.round) == (GateState.WAITING, 2)
    assert seen_by_owner(walk).state == GateState.WAITING
    assert [row.answer for row in rows(walk, moment)] == ["", ""]
    with pytest.raises(Conflict) as refusal:
        word(walk, old)
    assert refusal.value.code == "moved"


def test_somebody_else_does_not_see_the_event(walk: Walk) -> None:
    report(walk)
    owned = seen_by_owner(walk)

    other = as_client(walk.world.actor(Role.CHIEF_PROSECUTOR, of="om-zuid"))
    mine = as_client(walk.actor(Role.CHIEF_PROSECUTOR))

    assert other.get(reverse("cases:event", args=[owned.pk])).status_code == 404
    page = mine.get(reverse("cases:event", args=[owned.pk]))
    assert page.status_code == 200
    assert walk.case.number not in page.text
    assert walk.case.person.pseudonym not in page.text


def test_not_telling_of_moments_is_never_none(walk: Walk) -> None:
    manager = walk.actor(Role.CASE_MANAGER)
    services.note_agenda(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        answer="not_reported",
        actor=manager,
        at=walk.tick(),
    )

    page = as_client(manager).get(reverse("cases:case", args=[walk.case.pk]))

    assert "does not mean that there is none" in page.text


def test_on_the_page_a_refused_answer_keeps_what_was_typed(walk: Walk) -> None:
    walk.at = walk.at.replace(year=2027)
    moment = report(walk)
    row = rows(walk, moment)[0]
    told = {"act": "answer", "readiness_id": row.pk, "answer": "ready", "reason": TYPED}

    assert refused_with_what_was_typed(send(walk, Role.DECIDER, "moment", moment.pk, told), 422)
    assert send(walk, Role.DECIDER, "moment", moment.pk, {**told, "answer": "not_ready"}).status_code == 302
    assert now(walk, moment).gate == GateState.NOT_READY


def test_over_the_api_the_lcc_reads_the_gate_and_gives_its_word_once(walk: Walk) -> None:
    walk.at = datetime.now(UTC) - timedelta(hours=2)
    moment = report(walk)
    client = a_client(walk.actor(Role.LCC_COORDINATOR), scope="capacity")
    (seen,) = client.get("/api/v1/raised-risk-moments").json()
    asked = next(one for one in seen["readiness"] if one["personId"] == str(walk.case.person_id))

    def send_word(key: str, **body: str) -> Any:
        address = f"/api/v1/readiness/{asked['id']}/word"
        headers = {"Idempotency-Key": key}
        return client.post(address, json.dumps(body), content_type="application/json", headers=headers)

    given, again = (send_word("word-0001", word="in_place") for _ in range(2))
    refused = send_word("word-0002", word="not_in_place")

    assert (seen["gate"], asked["word"]) == ("waiting", "")
    assert given.json() == again.json()
    assert (given.status_code, refused.status_code) == (201, 422)
    assert refused.json()["code"] == "incomplete"
    assert rows(walk, moment)[0].word == "in_place"
