"""Two at the same moment, and the jobs that run as the system: on real connections, as the worker."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from psycopg2 import extensions

from capacity import services
from capacity.models import Assignment, DemandLine, Run
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.capacity.supply import teams
from tests.cases.walk import Walk
from tests.world import World

Connect = Callable[[str], extensions.connection]


@pytest.mark.usefixtures("fresh_db")
@pytest.mark.django_db(transaction=True)
def test_raising_demand_twice_at_once_gives_it_once(world: World) -> None:
    walk = Walk(world)
    with transaction.atomic():  # what the last actor sees stays in sight for the walk
        package = walk.decided()
    decider, at = walk.actor(Role.DECIDER), walk.tick()

    def raise_once(_: int) -> int:
        try:
            return len(services.raise_demand(package_id=package.pk, actor=decider, at=at))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(raise_once, range(2)))

    assert made == [1, 1]
    with acting(decider, at=at):
        assert Assignment.objects.count() == 1
        assert DemandLine.objects.count() == 13 * 3


@pytest.mark.usefixtures("fresh_db")
@pytest.mark.django_db(transaction=True)
def test_the_database_lets_a_team_be_in_one_place_only(world: World) -> None:
    walk = Walk(world)
    with transaction.atomic():  # what the last actor sees stays in sight for the walk
        package = walk.decided()
    services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())
    (team,) = teams(world, 1, at=walk.at)
    coordinator = walk.actor(Role.LCC_COORDINATOR)
    run = services.request_run(actor=coordinator, at=walk.tick(), days=2)

    with acting(coordinator, at=walk.at):
        line = DemandLine.objects.order_by("starts_at").first()
    assert line is not None
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"team_in_one_place|shift_once"):
        for shift in ("00000000-0000-0000-0000-0000000000a1", "00000000-0000-0000-0000-0000000000a2"):
            cursor.execute(
                "INSERT INTO capacity_shift (id, case_id, line_id, team_id, period, run_id, published_at)"
                " VALUES (%s, %s, %s, %s, tstzrange(%s, %s), %s, %s)",
                [shift, line.case_id, line.pk, team.pk, line.starts_at, line.ends_at, run.pk, walk.at],
            )


@pytest.mark.usefixtures("fresh_db")
@pytest.mark.django_db(transaction=True)
def test_the_system_extends_demand_and_renews_a_run_as_the_worker(world: World, as_role: Connect) -> None:
    walk = Walk(world)
    with transaction.atomic():  # what the last actor sees stays in sight for the walk
        package = walk.decided()
    services.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())
    teams(world, 3, at=walk.at)

    def worker_run() -> tuple[int, str]:
        from capacity.services import extend_demand, renew_run  # noqa: PLC0415
        from stelsel.kernel.jobs import system_actor  # noqa: PLC0415

        later = walk.at + timedelta(days=1)
        asked = extend_demand(actor=system_actor(), at=later)
        run = renew_run(actor=system_actor(), at=later)
        return asked, run.state if run else ""

    before = connection.connection
    connection.ensure_connection()
    mine, connection.connection = connection.connection, as_role("worker")
    try:
        asked, state = worker_run()
    finally:
        connection.connection = mine
    assert before is not None

    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at + timedelta(days=1)):
        assert DemandLine.objects.count() == 14 * 3
        assert Run.objects.get().requested_by.username == "stelsel"
    assert (asked, state) == (14 * 3, "queued")
