"""What changes need or supply overtakes the open run, and one new run comes of it."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from celery import Celery
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from capacity import services
from capacity.models import PlanResult, Run, Shift
from cases import services as case_services
from cases.models import Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.management.commands.outbox_relay import ring
from stelsel.kernel.models import OutboxMessage, WorkItem
from tests.browsing import as_client
from tests.capacity.planning import ample, coordinator, proposed, solved
from tests.capacity.supply import a_team
from tests.cases.walk import Walk
from tests.worker import CeleryWorker
from tests.world import World


def test_a_new_request_overtakes_the_open_run(walk: Walk) -> None:
    a_team(walk.world, "LX-1", at=walk.at)
    first = proposed(walk)

    services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    with acting(coordinator(walk), at=walk.at):
        first.refresh_from_db()
        assert (first.state, first.superseded_by) == ("superseded", "newer_run")
        assert not WorkItem.objects.filter(kind="displacement.decide", closed_at=None).exists()


def test_an_overtaken_run_keeps_no_plan(walk: Walk) -> None:
    ample(walk)
    first = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)
    services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    first = solved(walk, first)

    assert first.state == "superseded"
    with acting(coordinator(walk), at=walk.at):
        assert not PlanResult.objects.filter(run=first).exists()


def test_a_team_that_drops_out_overtakes_the_plan_and_queues_a_new_run(walk: Walk) -> None:
    ample(walk)
    services.publish_run(run_id=proposed(walk).pk, actor=coordinator(walk), at=walk.tick())
    again = proposed(walk)
    with acting(coordinator(walk), at=walk.at):
        shift = Shift.objects.standing().select_related("line").order_by("line__starts_at", "pk").first()
    assert shift is not None

    services.report_absence(
        team_id=shift.team_id,
        start=walk.at,
        end=shift.line.ends_at,
        reason="illness",
        actor=walk.world.actor(Role.UNIT_PLANNER, of="lx"),
        at=walk.tick(),
    )

    with acting(coordinator(walk), at=walk.at):
        again.refresh_from_db()
        assert (again.state, again.superseded_by) == ("superseded", "team")
    assert OutboxMessage.objects.filter(task="capacity.renew_run", state="queued").exists()


def test_the_shift_of_a_team_that_dropped_out_goes_to_another(walk: Walk) -> None:
    ample(walk)
    services.publish_run(run_id=proposed(walk).pk, actor=coordinator(walk), at=walk.tick())
    with acting(coordinator(walk), at=walk.at):
        shift = Shift.objects.standing().select_related("line").order_by("line__starts_at", "pk").first()
    assert shift is not None
    services.report_absence(
        team_id=shift.team_id,
        start=walk.at,
        end=shift.line.ends_at,
        reason="illness",
        actor=coordinator(walk),
        at=walk.tick(),
    )

    services.publish_run(run_id=proposed(walk).pk, actor=coordinator(walk), at=walk.tick())

    with acting(coordinator(walk), at=walk.at):
        on_line = Shift.objects.filter(line=shift.line)
        assert on_line.standing().count() == 2
        assert shift.team_id not in set(on_line.standing().values_list("team_id", flat=True))
        assert on_line.exclude(withdrawn_at=None).get().team_id == shift.team_id


# --- acts in a case -------------------------------------------------------------------------------------------------


def urgent(walk: Walk) -> None:
    case_services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="Colonel Vermeer",
        note="Shots fired at the house.",
        kinds=["escort"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )


def the_measure(walk: Walk) -> Measure:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        measure: Measure = Measure.objects.exclude(state="ended").earliest("ordered_at")
    return measure


def end(walk: Walk) -> None:
    measure = the_measure(walk)
    decider = walk.actor(Role.DECIDER)
    walk.answered("ending", measure.pk)
    case_services.end_measure(
        measure_id=measure.pk, reason="Gone.", version=measure.version, actor=decider, at=walk.tick()
    )


def fall_away(walk: Walk) -> None:
    measure, lcc = the_measure(walk), coordinator(walk)
    for step in ("accept", "fall_away"):
        case_services.report_measure(measure_id=measure.pk, step=step, note="Called away.", actor=lcc, at=walk.tick())


def picture(walk: Walk) -> None:
    walk.adopt_picture(version=2)


def level(walk: Walk) -> None:
    newest = walk.adopt_picture(version=2)
    case_services.decide_level(
        picture_id=newest.pk,
        severity=4,
        likelihood=4,
        resistance=4,
        departure="",
        reasons="As the picture.",
        actor=walk.actor(Role.DECIDER),
        at=walk.tick(),
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (urgent, "urgent"),
        (end, "measure_ended"),
        (fall_away, "measure_fell_away"),
        (picture, "picture"),
        (level, "level"),
    ],
)
def test_an_act_that_changes_the_need_tells_the_planning(walk: Walk, change: Callable[[Walk], None], why: str) -> None:
    change(walk)

    told = [one.ids for one in OutboxMessage.objects.filter(task="capacity.need_changed", state="queued")]
    assert {"case_id": str(walk.case.pk), "why": why} in told


def test_a_change_overtakes_the_open_run_once_and_asks_for_one_new_run(walk: Walk) -> None:
    ample(walk)
    run = proposed(walk)

    for why in ("urgent", "measure_fell_away", "picture"):
        services.overtake_for_case(case_id=walk.case.pk, why=why, actor=coordinator(walk), at=walk.at)

    with acting(coordinator(walk), at=walk.at):
        run.refresh_from_db()
        assert (run.state, run.superseded_by, run.superseded_at) == ("superseded", "urgent", walk.at)
    assert OutboxMessage.objects.filter(key=f"capacity.renew_run:run:{run.pk}").exists()
    services.renew_run(actor=coordinator(walk), at=walk.tick())
    assert services.renew_run(actor=coordinator(walk), at=walk.at) is None


def test_a_picture_of_somebody_for_whom_no_team_is_asked_overtakes_nothing(world: World) -> None:
    other = Walk(world)
    other.pictured()

    def overtaken(why: str) -> int:
        return OutboxMessage.objects.filter(task="capacity.renew_run").count() + services.overtake_for_case(
            case_id=other.case.pk, why=why, actor=other.actor(Role.CASE_MANAGER), at=other.at
        )

    assert overtaken("picture") == 0
    assert not OutboxMessage.objects.filter(task="capacity.renew_run").exists()
    overtaken("urgent")
    assert OutboxMessage.objects.filter(task="capacity.renew_run").count() == 1


def test_a_team_that_drops_out_overtakes_a_plan_in_the_making(walk: Walk) -> None:
    team = ample(walk)[0]
    run = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    services.report_absence(
        team_id=team.pk,
        start=run.starts_at,
        end=run.ends_at,
        reason="illness",
        actor=walk.world.actor(Role.UNIT_PLANNER, of="lx"),
        at=walk.tick(),
    )

    with acting(coordinator(walk), at=walk.at):
        run.refresh_from_db()
        assert (run.state, run.superseded_by) == ("superseded", "team")


def test_the_database_keeps_one_run_open(walk: Walk) -> None:
    ample(walk)
    run = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)

    with acting(coordinator(walk), at=walk.at), pytest.raises(IntegrityError, match="run_one_open"):
        Run.objects.create(
            state="queued",
            requested_by_id=run.requested_by_id,
            requested_at=walk.at,
            starts_at=run.starts_at,
            ends_at=run.ends_at,
            input_hash=run.input_hash,
        )


def test_the_page_of_an_overtaken_run_says_by_what_and_leads_to_the_new_one(walk: Walk) -> None:
    ample(walk)
    run = proposed(walk)
    services.overtake_for_case(case_id=walk.case.pk, why="urgent", actor=coordinator(walk), at=walk.tick())
    address = reverse("capacity:run", args=[run.pk])
    with time_machine.travel(walk.tick(), tick=True):
        waits = as_client(coordinator(walk)).get(address).content.decode()
        newer = services.request_run(actor=coordinator(walk), at=walk.tick(), days=2)
    with time_machine.travel(walk.tick(), tick=True):
        follows = as_client(coordinator(walk)).get(address).content.decode()

    assert "urgent measures were ordered" in waits
    assert "A new run is asked for by itself" in waits
    assert reverse("capacity:run", args=[newer.pk]) in follows


@pytest.mark.django_db(transaction=True)
def test_urgent_measures_overtake_the_open_run_and_a_worker_makes_the_new_plan(
    celery_worker_process: CeleryWorker,  # asked for its effect
    world: World,
) -> None:
    """Real worker, broker and database: two changes at once, one new run, solved."""
    walk = Walk(world, at=timezone.now() - timedelta(hours=40))
    with transaction.atomic():  # what the last actor sees stays in sight for the walk
        package = walk.decided()
    services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())
    ample(walk)
    OutboxMessage.objects.update(state="done")  # of the acts before
    first = services.request_run(actor=coordinator(walk), at=timezone.now(), days=2)
    urgent(walk)
    fall_away(walk)

    bell = Celery("relay of the test")
    bell.config_from_object("django.conf:settings", namespace="CELERY")

    def runs() -> list[tuple[str, str]]:
        waiting = OutboxMessage.objects.filter(state="queued")
        if not waiting.filter(task="capacity.need_changed").exists():
            waiting.filter(task="capacity.renew_run").update(
                available_at=timezone.now()
            )  # the minute of gathering ends
        ring(bell)
        time.sleep(0.25)
        with acting(coordinator(walk), at=timezone.now()):
            return list(Run.objects.order_by("requested_at").values_list("state", "superseded_by"))

    last = time.monotonic() + 60
    while runs()[1:] != [("proposed", "")]:
        assert time.monotonic() < last, (runs(), list(OutboxMessage.objects.values_list("task", "state", "error")))

    with acting(coordinator(walk), at=timezone.now()):
        first.refresh_from_db()
        assert first.superseded_by in {"urgent", "measure_fell_away"}  # whichever the worker took first
        assert first.superseded_at is not None
