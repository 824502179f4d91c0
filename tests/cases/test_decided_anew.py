"""A decision is changed or withdrawn by a decision that speaks of every measure in force (R068, R049, lesson O5)."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import services
from cases.lifecycle import PlannedStep
from cases.models import Measure, MeasureReport, PlannedMeasure
from cases.services import Planned
from cases.services.package import TEXTS
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.deciding import decide, ends, standing, submit, written
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.walk import Walk
from tests.world import World

CM, D = Role.CASE_MANAGER, Role.DECIDER


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def measures(walk: Walk) -> dict[str, Measure]:
    with acting(walk.actor(CM), at=walk.at):
        return {one.kind: one for one in Measure.objects.order_by("ordered_at")}


def test_what_stands_is_offered_with_the_numbers_it_has(walk: Walk) -> None:
    walk.decided()

    guard = standing(walk)["close_protection"]

    assert (guard.required, guard.region, guard.step) == (2, "noord", PlannedStep.CONTINUE)


@pytest.mark.parametrize("left_out", ["camera", "close_protection"])
def test_r049_a_package_that_leaves_a_measure_in_force_unmentioned_is_not_submitted(walk: Walk, left_out: str) -> None:
    first = walk.decided()
    kept = [one for kind, one in standing(walk).items() if kind != left_out]

    with pytest.raises(Conflict) as refusal:
        submit(walk, written(walk, first.level_id, *kept))

    assert refusal.value.code == "measures_changed"


def test_a_decision_anew_lets_go_on_and_adds(walk: Walk) -> None:
    first, before = walk.decided(), measures(walk)
    new = Planned(walk.case.person_id, "alarm", walk.at.date(), "noord")

    second = decide(walk, submit(walk, written(walk, first.level_id, *standing(walk).values(), new)))

    after = measures(walk)
    assert {kind: one.pk for kind, one in after.items() if kind != "alarm"} == {k: m.pk for k, m in before.items()}
    assert {one.state for one in after.values()} == {"ordered"}
    assert after["camera"].review_due == second.review_due
    with acting(walk.actor(CM), at=walk.at):
        assert MeasureReport.objects.filter(step="continue").count() == len(before)


def test_r106_what_ends_by_a_decision_asks_for_the_answers_on_article_2_first(walk: Walk) -> None:
    first = walk.decided()
    now = standing(walk)
    package = submit(walk, written(walk, first.level_id, now["close_protection"], ends(now["camera"])))

    with pytest.raises(Conflict) as refusal:
        decide(walk, package)

    assert refusal.value.code == "duty_of_care"
    decide(walk, package, less=True)
    camera = measures(walk)["camera"]
    assert (camera.state, camera.ended_at) == ("ended", walk.at)
    assert measures(walk)["close_protection"].state == "ordered"


def test_a_decision_is_withdrawn_by_one_that_ends_all_it_ordered(walk: Walk) -> None:
    first = walk.decided()

    decide(walk, submit(walk, written(walk, first.level_id, *map(ends, standing(walk).values()))), less=True)

    assert {one.state for one in measures(walk).values()} == {"ended"}
    with acting(walk.actor(CM), at=walk.at):
        assert not WorkItem.objects.filter(kind__startswith="measure.", closed_at=None).exists()


def test_r050_what_was_ordered_by_telephone_is_provisional_until_a_decision_lets_it_go_on(walk: Walk) -> None:
    first = walk.decided()
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="The desk",
        note="Seen at the door.",
        kinds=["patrol"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )
    assert measures(walk)["patrol"].provisional

    decide(walk, submit(walk, written(walk, first.level_id, *standing(walk).values())))

    assert not measures(walk)["patrol"].provisional


def test_a_measure_ordered_after_the_package_was_laid_before_the_decider_stops_it(walk: Walk) -> None:
    first = walk.decided()
    package = submit(walk, written(walk, first.level_id, *standing(walk).values()))
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="The desk",
        note="Seen at the door.",
        kinds=["patrol"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )

    with pytest.raises(Conflict) as refusal:
        decide(walk, package)

    assert refusal.value.code == "measures_changed"


def test_a_measure_that_ended_meanwhile_stops_it_too(walk: Walk) -> None:
    first = walk.decided()
    package = submit(walk, written(walk, first.level_id, *standing(walk).values()))
    camera = measures(walk)["camera"]
    walk.answered("ending", camera.pk)
    services.end_measure(
        measure_id=camera.pk, reason="Moved.", version=camera.version, actor=walk.actor(D), at=walk.tick()
    )

    with pytest.raises(Conflict):
        decide(walk, package)


def test_a_measure_of_somebody_else_is_none_of_this_package(walk: Walk) -> None:
    first = walk.decided()

    with pytest.raises(Measure.DoesNotExist):
        written(walk, first.level_id, replace(standing(walk)["camera"], standing_id=walk.case.pk))


@pytest.mark.parametrize("step", ["continue", "end"])
def test_a_line_is_an_order_or_speaks_of_what_stands(walk: Walk, step: str) -> None:
    package = walk.drafted()

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(CM), at=walk.at):
        package.planned.update(step=step)


def test_r049_the_database_ends_no_measure_on_a_draft_that_says_so(walk: Walk) -> None:
    first = walk.decided()
    package = written(walk, first.level_id, *map(ends, standing(walk).values()))
    walk.answered("reduction", package.pk)

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(D), at=walk.at):
        Measure.objects.filter(kind="camera").update(state="ended", ended_at=walk.at)


# --- on the page ---


def rows(walk: Walk, **steps: str) -> dict[str, object]:
    """The form as the page offers it, with what becomes of each measure by kind."""
    told: dict[str, object] = {"planned-TOTAL_FORMS": str(len(steps)), "planned-INITIAL_FORMS": str(len(steps))}
    told |= {"terms-TOTAL_FORMS": "0", "terms-INITIAL_FORMS": "0"}
    now = standing(walk)
    for n, (kind, step) in enumerate(steps.items()):
        one = now[kind]
        told |= {
            f"planned-{n}-standing": str(one.standing_id),
            f"planned-{n}-step": step,
            f"planned-{n}-starts_on": "2026-12-01",
            f"planned-{n}-region": "noord",
            f"planned-{n}-required": "1",
            f"planned-{n}-floor": "1",
            f"planned-{n}-shifts": ["D"],
        }
    return {"tier": 2, "review_due": "2027-01-10", **dict.fromkeys(TEXTS, TYPED), **told}


def test_the_page_asks_of_every_measure_whether_it_goes_on_or_ends(walk: Walk) -> None:
    first = walk.decided()
    package = services.start_package(
        level_id=first.level_id, tier=2, review_due=first.review_due, actor=walk.actor(CM), at=walk.tick()
    )
    shown = as_client(walk.actor(CM)).get(reverse("cases:package", args=[package.pk])).text
    silent = {**rows(walk, camera="continue", close_protection=""), "version": 1, "act": "submit"}
    told = {**rows(walk, camera="continue", close_protection="end"), "version": 1, "same_because": TYPED}

    refused = send(walk, CM, "package", package.pk, silent)
    laid = send(walk, CM, "package", package.pk, {**told, "act": "submit"})

    assert "In force: ordered" in shown or "in force: ordered" in shown
    assert refused_with_what_was_typed(refused, 422)
    assert laid.status_code == 302
    with acting(walk.actor(CM), at=walk.at):
        steps = dict(PlannedMeasure.objects.filter(package=package).values_list("kind", "step"))
    assert steps == {"camera": "continue", "close_protection": "end"}
    assert "Ends" in as_client(walk.actor(D)).get(reverse("cases:package_decide", args=[package.pk])).text
