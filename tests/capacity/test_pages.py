"""The pages of capacity, as people see them; strangers and other roles find nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from capacity import services, tasks
from capacity.lifecycle import local_day
from capacity.models import DemandLine, Displacement, Run, Shift, Team, TrainingGroup
from capacity.services import board
from capacity.services.panel import night_cover
from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import OutboxMessage
from tests.browsing import as_client
from tests.capacity.supply import a_team, teams
from tests.cases.walk import Walk
from tests.world import World, code_for

assert tasks.LEASE  # importing it registers the jobs


@pytest.fixture
def walk(world: World) -> Iterator[Walk]:
    """A case with demand, on the day before its first shifts; the clock of the pages stands there too."""
    walk = Walk(world)
    package = walk.decided()
    services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())
    with time_machine.travel(walk.at + timedelta(minutes=1), tick=True):
        yield walk


def browser(walk: Walk, role: Role, *, nth: int = 1, of: str = "") -> Client:
    return as_client(walk.world.actor(role, nth=nth, of=of))


def requested(walk: Walk) -> str:
    """A run, requested on its page; the address of its own page."""
    answer = browser(walk, Role.LCC_COORDINATOR).post(reverse("capacity:runs"), {"days": 2})
    assert answer.status_code == 302
    return str(answer["Location"])


def solve(walk: Walk) -> Run:
    message = OutboxMessage.objects.get(task="capacity.solve_run", state="queued")
    assert jobs.run(message.pk)
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        return Run.objects.get()


def short(walk: Walk) -> Displacement:
    """One team where two are needed, and the run that says so."""
    a_team(walk.world, "LX-1", at=walk.at)
    requested(walk)
    run = solve(walk)
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        return Displacement.objects.get(run=run)


def test_r095_the_board_counts_needed_filled_and_open(walk: Walk) -> None:
    page = browser(walk, Role.LCC_COORDINATOR).get(reverse("capacity:board")).content.decode()

    assert "Below the safety floor" in page
    assert "cell--short" in page


def test_r078_the_board_sets_demand_beside_supply_per_day(walk: Walk) -> None:
    teams(walk.world, 3, at=walk.at)

    coordinator = walk.actor(Role.LCC_COORDINATOR)

    with acting(coordinator, at=walk.at):
        days = board.cover_board(first=local_day(walk.at), days=3, actor=coordinator, at=walk.at)

    assert [(day.needed, day.filled, day.missing) for day in days] == [(0, 0, 0), (6, 0, 6), (6, 0, 6)]
    assert [day.supply for day in days] == [3, 3, 3]


@pytest.mark.parametrize("name", ["board", "lines", "wall", "teams", "groups"])
@pytest.mark.parametrize("role", [Role.THREAT_ANALYST, Role.RESILIENCE_EXPERT, Role.CHIEF_PROSECUTOR])
def test_cover_is_closed_to_analysis_and_resilience(walk: Walk, name: str, role: Role) -> None:
    assert browser(walk, role).get(reverse(f"capacity:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["board", "lines", "wall", "teams", "groups"])
@pytest.mark.parametrize("role", [Role.LCC_COORDINATOR, Role.DECIDER, Role.CASE_MANAGER, Role.UNIT_PLANNER])
def test_cover_opens_for_protection(walk: Walk, name: str, role: Role) -> None:
    a_team(walk.world, "LX-1", at=walk.at)

    assert browser(walk, role).get(reverse(f"capacity:{name}")).status_code == 200


def test_the_wall_screen_names_nobody(walk: Walk) -> None:
    page = browser(walk, Role.LCC_COORDINATOR).get(reverse("capacity:wall")).content.decode()

    assert walk.case.number not in page


def test_the_coordinator_follows_a_run_and_publishes_it(walk: Walk) -> None:
    teams(walk.world, 10, at=walk.at)
    client = browser(walk, Role.LCC_COORDINATOR)
    address = requested(walk)
    waiting = client.get(address).content.decode()
    run = solve(walk)
    proposal = client.get(address).content.decode()

    answer = client.post(reverse("capacity:publish", args=[run.pk]), follow=True)

    assert 'hx-trigger="every 2s"' in waiting
    assert "which is proven" in proposal
    assert "every 2s" not in proposal.partition('id="run"')[2]
    assert "published this plan" in answer.content.decode()


def test_r095_everybody_of_the_case_sees_who_protects_and_why_this_team(walk: Walk) -> None:
    teams(walk.world, 10, at=walk.at)
    requested(walk)
    run = solve(walk)
    services.publish_run(run_id=run.pk, actor=walk.actor(Role.LCC_COORDINATOR), at=walk.tick())

    page = browser(walk, Role.CASE_MANAGER).get(reverse("capacity:plan", args=[walk.case.pk])).content.decode()

    assert "LX-0" in page
    assert "Police Act art. 42(1)(c)" in page
    assert "LX-00-0" not in page  # no staff


def test_r078_a_short_shift_says_why(walk: Walk) -> None:
    row = short(walk)

    page = browser(walk, Role.DECIDER).get(reverse("capacity:displacement", args=[row.pk])).content.decode()

    assert "Even plan" in page
    assert "Sign the residual risk" in page


def test_r083_the_decider_signs_the_risk_and_then_the_decision(walk: Walk) -> None:
    row = short(walk)
    decider = walk.actor(Role.DECIDER)
    client = browser(walk, Role.DECIDER)
    address = reverse("capacity:displacement", args=[row.pk])
    risk = {"statement": "Weighed.", "assistance": "Asked; none.", "duty_of_care": "Considered."}
    choice = {
        "reasons": "No team.",
        "alternatives": "Considered.",
        "residual_risk": "Higher.",
        "ends_on": (local_day(walk.at) + timedelta(days=1)).isoformat(),
    }

    first = client.post(address, {**risk, "code": code_for(decider)})
    second = client.post(address, {**choice, "code": code_for(decider)})

    assert (first.status_code, second.status_code) == (302, 302)
    with acting(decider, at=walk.at):
        row.refresh_from_db()
    assert row.state == "decided"


def test_a_refused_decision_keeps_what_was_typed_but_the_code(walk: Walk) -> None:
    row = short(walk)
    code_for(walk.actor(Role.DECIDER))
    risk = {"statement": "Weighed well.", "assistance": "Asked; none.", "duty_of_care": "Considered."}

    answer = browser(walk, Role.DECIDER).post(
        reverse("capacity:displacement", args=[row.pk]), {**risk, "code": "000000"}
    )

    assert answer.status_code == 403
    assert "Weighed well." in answer.content.decode()
    assert "000000" not in answer.content.decode()


def test_the_coordinator_reads_why_the_plan_waits(walk: Walk) -> None:
    short(walk)
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        run = Run.objects.get()

    client = browser(walk, Role.LCC_COORDINATOR)
    page = client.get(reverse("capacity:run", args=[run.pk])).content.decode()
    refused = client.post(reverse("capacity:publish", args=[run.pk]))

    assert "the authority decides for each person first" in page
    assert refused.status_code == 403


def test_a_stranger_gets_the_same_404_for_a_case_that_is_not_theirs(walk: Walk) -> None:
    row = short(walk)
    client = browser(walk, Role.DECIDER, nth=2)

    found = [
        client.get(reverse("capacity:plan", args=[walk.case.pk])).status_code,
        client.get(reverse("capacity:displacement", args=[row.pk])).status_code,
    ]

    assert found == [404, 404]


def test_a_decider_of_another_case_sees_totals_only(walk: Walk) -> None:
    row = short(walk)

    page = browser(walk, Role.DECIDER, nth=2).get(reverse("capacity:run", args=[row.run_id])).content.decode()

    assert "1 more person is displaced" in page
    assert walk.case.number not in page


def test_the_coordinator_stops_a_run(walk: Walk) -> None:
    teams(walk.world, 3, at=walk.at)
    requested(walk)
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        run = Run.objects.get()
    client = browser(walk, Role.LCC_COORDINATOR)

    client.post(reverse("capacity:stop", args=[run.pk]))
    solve(walk)

    assert "It was stopped" in client.get(reverse("capacity:run", args=[run.pk])).content.decode()


def test_the_planner_registers_a_team_and_puts_it_on_the_roster(walk: Walk) -> None:
    client = browser(walk, Role.UNIT_PLANNER)
    given = {
        "code": "LX-77",
        "kind": "LX",
        "rule_set": "LAR",
        "region": "noord",
        "competences": ["escort"],
        "legal_bases": ["pw42-1c"],
        "staff": "P1 P2 P3",
        "start": "2026-03-01T08:00",
    }

    answer = client.post(reverse("capacity:team_new"), given, follow=True)

    assert "LX-77" in answer.content.decode()


def test_a_planner_cannot_touch_the_team_of_another_unit(walk: Walk) -> None:
    team = a_team(walk.world, "KMAR-1", at=walk.at, kind="KMAR")

    answer = browser(walk, Role.UNIT_PLANNER).get(reverse("capacity:absence", args=[team.pk]))

    assert answer.status_code == 403


def test_r086_a_group_becomes_teams_on_its_page(walk: Walk) -> None:
    client = browser(walk, Role.UNIT_PLANNER, of="kmar")
    announced = {
        "code": "KMAR-G6",
        "kind": "KMAR",
        "size": 8,
        "competence": "escort",
        "region": "noord",
        "starts_on": "2026-01-05",
        "expected_on": "2026-06-01",
    }
    client.post(reverse("capacity:group_new"), announced)
    group = TrainingGroup.objects.get()
    address = reverse("capacity:group", args=[group.pk])
    left = {"act": "update", "version": 1, "left": 1, "expected_on": "2026-06-01", "step": "start", "reason": ""}
    client.post(address, left)

    answer = client.post(
        address,
        {
            "act": "operational",
            "version": 2,
            "teams": "KMAR-31: K1 K2 K3 K4\nKMAR-32: K5 K6 K7",
            "rule_set": "DEFENCE",
            "legal_bases": ["pw57"],
        },
    )

    assert answer.status_code == 302
    assert {team.code for team in group.teams.all()} == {"KMAR-31", "KMAR-32"}
    assert client.get(address).status_code == 200


def test_r019_the_adviser_judges_feasibility_on_its_page(walk: Walk) -> None:
    with acting(walk.actor(Role.LCC_ADVISER), at=walk.at):
        assignment = walk.case.assignments.get()
    client = browser(walk, Role.LCC_ADVISER)
    address = reverse("capacity:feasibility", args=[assignment.pk])

    empty = client.post(address, {"feasible": "no", "reasons": "Too few.", "guard_safety": ""})
    whole = client.post(address, {"feasible": "no", "reasons": "Too few.", "guard_safety": "Not alone."})

    assert (empty.status_code, whole.status_code) == (422, 302)


def test_r007_the_night_card_shows_who_stands_there_now_and_next(walk: Walk) -> None:
    run = short(walk).run
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        first = DemandLine.objects.order_by("starts_at")[0]
        Shift.objects.create(
            case=first.case,
            line=first,
            team=Team.objects.get(),
            period=(first.starts_at, first.ends_at),
            run=run,
            published_at=walk.at,
        )
        found = night_cover(walk.case.pk, walk.actor(Role.DECIDER), first.starts_at + timedelta(hours=1))

    now, following = found["cover_now"], found["cover_next"]
    assert [(line.id, line.teams) for line in now] == [(first.pk, ("LX-1",))]  # type: ignore[attr-defined]
    assert [line.start for line in following] == [first.ends_at]  # type: ignore[attr-defined]


def test_the_case_page_shows_cover_and_its_events(walk: Walk) -> None:
    page = browser(walk, Role.CASE_MANAGER).get(reverse("cases:case", args=[walk.case.pk])).content.decode()

    assert "Who protects, shift by shift" in page
    assert "Assignment made" in page


def test_a_planner_sees_the_own_shifts_and_no_others(walk: Walk) -> None:
    teams(walk.world, 10, at=walk.at)
    requested(walk)
    run = solve(walk)
    services.publish_run(run_id=run.pk, actor=walk.actor(Role.LCC_COORDINATOR), at=walk.tick())
    lx, kmar = walk.actor(Role.UNIT_PLANNER), walk.world.actor(Role.UNIT_PLANNER, of="kmar")

    with acting(lx, at=walk.at):
        own = len(services.published_plan(actor=lx, at=walk.at))
    with acting(kmar, at=walk.at):
        others = len(services.published_plan(actor=kmar, at=walk.at))

    assert (own, others) == (6, 0)
    page = browser(walk, Role.UNIT_PLANNER).get(reverse("capacity:lines") + "?first=2026-03-04&days=1")
    assert "LX-0" in page.content.decode()
    assert walk.case.number not in page.content.decode()
