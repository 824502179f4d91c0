"""What person, employer and government may expect of each other, and what the employer does (R013, R107, R114)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import services
from cases.models import EmployerMeasure, Expectation, ExpectationQuestion, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.walk import Walk
from tests.world import World

CM = Role.CASE_MANAGER


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.designated()
    return walk


def by(walk: Walk, role: Role = CM) -> dict[str, Any]:
    return {"case_id": walk.nomination.case_id, "actor": walk.actor(role), "at": walk.tick()}


def written(walk: Walk, side: str = "person", *, name: str = "", replaces: UUID | None = None) -> Expectation:
    return services.write_expectation(
        side=side, name=name, text="They tell of every journey a day before.", replaces=replaces, **by(walk)
    )


def answered(walk: Walk, row: Expectation, answer: str = "acknowledged", *, said: str = "") -> Expectation:
    told = {"expectation_id": row.pk, "answer": answer, "answered_on": walk.at.date(), "said": said}
    return services.answer_expectation(**told, **by(walk))  # type: ignore[arg-type]  # as told


def open_work(walk: Walk, kind: str) -> list[UUID]:
    with acting(walk.actor(CM), at=walk.at):
        return list(WorkItem.objects.filter(kind=kind, closed_at=None).values_list("subject_id", flat=True))


# --- expectations ---


def test_r013_each_side_acknowledges_its_own_version(walk: Walk) -> None:
    rows = [written(walk), written(walk, "employer", name="Haven BV"), written(walk, "employer", name="Kade NV")]
    rows.append(written(walk, "government"))
    assert len(open_work(walk, "care.expectation")) == len(rows)

    for row in rows:
        answered(walk, row)

    assert open_work(walk, "care.expectation") == []
    with acting(walk.actor(CM), at=walk.at):
        assert set(Expectation.objects.values_list("answer", "number")) == {("acknowledged", 1)}


def test_r013_a_new_version_waits_for_its_own_answer_and_the_old_one_stands_as_it_was(walk: Walk) -> None:
    first = answered(walk, written(walk, "employer", name="Haven BV"))

    second = written(walk, "person", replaces=first.pk)  # the side follows from the version before

    assert (second.number, second.side, second.replaces_id) == (2, "employer", first.pk)
    assert open_work(walk, "care.expectation") == [second.pk]
    with pytest.raises(Conflict, match="newer_version"):
        written(walk, replaces=first.pk)
    with acting(walk.actor(CM), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Expectation.objects.filter(pk=first.pk).update(answer="refused")


def test_r013_a_refusal_has_its_words_and_ends_no_measure(world: World) -> None:
    walk = Walk(world)
    walk.decided()
    row = written(walk)
    with acting(walk.actor(CM), at=walk.at):
        before = Measure.objects.in_force().count()
    with pytest.raises(Invalid):
        answered(walk, row, "refused")

    answered(walk, row, "refused", said="I do not want to tell of each journey.")

    with acting(walk.actor(CM), at=walk.at):
        assert Measure.objects.in_force().count() == before > 0
    with pytest.raises(IllegalMove):
        answered(walk, row)


@pytest.mark.parametrize(
    ("change", "error"),
    [({"side": "employer"}, Invalid), ({"text": " "}, Invalid), ({"actor": Role.DECIDER}, Forbidden)],
)
def test_r013_what_is_not_whole_is_refused(walk: Walk, change: dict[str, Any], error: type[Exception]) -> None:
    told = by(walk, change.pop("actor", CM))

    with pytest.raises(error):
        services.write_expectation(**{"side": "person", "name": "", "text": "x", "replaces": None, **told, **change})


# --- questions ---


def test_r107_a_question_waits_until_it_is_answered(walk: Walk) -> None:
    row = services.ask_question(
        side="person", question="May my son go to school alone?", asked_on=walk.at.date(), **by(walk)
    )
    assert open_work(walk, "care.question") == [row.pk]

    services.answer_question(question_id=row.pk, answer="Yes, by the other road.", **by(walk))

    assert open_work(walk, "care.question") == []
    with acting(walk.actor(CM), at=walk.at):
        assert ExpectationQuestion.objects.get().answered_by_id == walk.actor(CM).user_id
    with pytest.raises(IllegalMove):
        services.answer_question(question_id=row.pk, answer="No.", **by(walk))


def test_r107_the_page_writes_asks_and_answers(walk: Walk) -> None:
    client, address = as_client(walk.actor(CM)), reverse("cases:expectations", args=[walk.nomination.case_id])
    empty = client.get(address).text
    client.post(address, {"act": "write", "side": "employer", "name": "", "text": "They let people in."})
    refused = client.post(address, {"act": "write", "side": "employer", "name": "", "text": "They let people in."})
    client.post(address, {"act": "write", "side": "employer", "name": "Haven BV", "text": "They let people in."})
    with acting(walk.actor(CM), at=walk.at):
        row = Expectation.objects.get()
    client.post(address, {"act": "ask", "side": "person", "asked_on": "2026-03-02", "question": "And at night?"})

    page = client.post(
        address,
        {
            "act": "answer",
            "expectation_id": row.pk,
            "answer": "refused",
            "answered_on": "2026-03-02",
            "said": "Too much.",
        },
        follow=True,
    ).text

    assert "Nothing was written down yet" in empty
    assert refused.status_code == 422
    assert "Say which employer." in refused.text
    for text in ("Haven BV", "Refused", "Too much.", "And at night?"):
        assert text in page


# --- measures of the employer ---


def agreed(walk: Walk) -> EmployerMeasure:
    return services.agree_employer_measure(
        employer="Haven BV",
        what="The guard at the gate asks every visitor for a name.",
        cost_bearer="employer",
        deadline=walk.at.date() + timedelta(days=7),
        **by(walk),
    )


def looked(walk: Walk, row: EmployerMeasure, *, there: bool, note: str = "") -> EmployerMeasure:
    return services.look_at_employer_measure(
        measure_id=row.pk, there=there, looked_on=walk.at.date(), note=note, **by(walk)
    )


def test_r114_a_measure_of_the_employer_stands_when_somebody_looked(walk: Walk) -> None:
    row = agreed(walk)
    assert open_work(walk, "care.employer") == [row.pk]

    row = looked(walk, row, there=True)

    assert (row.state, row.looked_by_id) == ("in_place", walk.actor(CM).user_id)
    assert open_work(walk, "care.employer") == []


def test_r114_what_fell_away_is_work_until_others_took_it_over(walk: Walk) -> None:
    row = looked(walk, agreed(walk), there=True)
    with pytest.raises(Invalid):
        looked(walk, row, there=False)

    row = looked(walk, row, there=False, note="The company is bankrupt.")

    assert open_work(walk, "care.employer_lapsed") == [row.pk]
    with pytest.raises(IllegalMove):
        looked(walk, row, there=True)
    services.settle_lapsed_measure(measure_id=row.pk, **by(walk))
    assert open_work(walk, "care.employer_lapsed") == []


def test_r114_a_deadline_lies_ahead_and_only_who_keeps_the_case_agrees(walk: Walk) -> None:
    told: dict[str, Any] = {"employer": "Haven BV", "what": "x", "cost_bearer": "employer"}
    with pytest.raises(Invalid):
        services.agree_employer_measure(deadline=walk.at.date() - timedelta(days=1), **told, **by(walk))
    with pytest.raises(Forbidden):
        services.agree_employer_measure(
            deadline=walk.at.date() + timedelta(days=1), **told, **by(walk, Role.DUTY_OFFICER)
        )


def test_r114_the_page_agrees_looks_and_says_what_fell_away(walk: Walk) -> None:
    client, address = as_client(walk.actor(CM)), reverse("cases:employer", args=[walk.nomination.case_id])
    empty = client.get(address).text
    client.post(
        address,
        {"act": "agree", "employer": "Haven BV", "what": "A gate", "cost_bearer": "employer", "deadline": "2030-01-01"},
    )
    with acting(walk.actor(CM), at=walk.at):
        row = EmployerMeasure.objects.get()
    look = {"act": "look", "measure_id": row.pk, "there": "no", "looked_on": "2026-03-02", "note": "It never came."}
    fallen = client.post(address, look, follow=True).text
    client.post(address, {"act": "taken_over", "measure_id": row.pk})
    done = client.get(address).text

    assert "No employer took a measure on itself yet" in empty
    assert "It never came." in fallen
    assert 'value="taken_over"' in fallen
    assert 'value="taken_over"' not in done
