"""The work list and the watch: what is due, planned, held or missed, a page at a time, at a constant cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resilience import services
from resilience.models import ResilienceFile
from resilience.services.watch import watch
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, NotVisible
from stelsel.kernel.jobs import run, system_actor
from stelsel.kernel.models import OutboxMessage, WorkItem
from tests.resilience.walk import DAY, Support, designated_for_good, on_the_worker
from tests.services import Services
from tests.world import World


def test_files_come_by_when_the_talk_is_due(support: Support) -> None:
    support.hold(support.plan())

    found = services.list_files(actor=support.expert, at=support.at)

    assert [file.pk for file in found.rows] == [support.files[1].pk, support.files[0].pk]


def test_only_overdue_files_are_listed_when_asked(support: Support) -> None:
    support.hold(support.plan())
    later = support.partner.talk_due_at + DAY

    found = services.list_files(due_only=True, actor=support.expert, at=later)

    assert [file.pk for file in found.rows] == [support.files[1].pk]


def test_a_list_goes_on_where_it_stopped(support: Support) -> None:
    first = services.list_files(size=1, actor=support.expert, at=support.at)

    second = services.list_files(size=1, after=first.following, actor=support.expert, at=support.at)

    assert {first.rows[0].pk, second.rows[0].pk} == {file.pk for file in support.files}
    assert second.following == ""


@pytest.mark.parametrize("after", ["x", "2026-01-01~x", "~"])
def test_a_place_in_the_list_that_is_none_is_not_found(support: Support, after: str) -> None:
    with pytest.raises(NotVisible):
        services.list_talks(show="held", after=after, actor=support.expert, at=support.at)


def test_talks_are_listed_by_what_became_of_them(support: Support) -> None:
    held = support.hold(support.plan())
    planned = support.plan(file=support.partner)
    missed = support.plan()
    services.end_talk(
        talk_id=missed.pk, step="miss", why="Ill.", version=1, actor=support.expert, at=support.walk.tick()
    )

    lists = {
        show: [talk.pk for talk in services.list_talks(show=show, actor=support.expert, at=support.at).rows]
        for show in ("planned", "held", "missed")
    }

    assert lists == {"planned": [planned.pk], "held": [held.pk], "missed": [missed.pk]}


def test_my_talks_are_not_my_colleagues(support: Support) -> None:
    support.plan()
    colleague = support.world.actor(Role.RESILIENCE_EXPERT, nth=2)

    assert services.list_talks(show="planned", mine=True, actor=colleague, at=support.at).rows == []
    assert len(services.list_talks(show="planned", actor=colleague, at=support.at).rows) == 1


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.THREAT_ANALYST, Role.DECIDER, Role.LCC_COORDINATOR])
def test_the_lists_are_for_the_roles_of_the_file(support: Support, role: Role) -> None:
    actor = support.walk.actor(role)

    with pytest.raises(Forbidden):
        services.list_files(actor=actor, at=support.at)
    with pytest.raises(Forbidden):
        services.list_talks(show="held", actor=actor, at=support.at)


def queries(support: Support) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as of_list:
        services.list_talks(show="held", actor=support.expert, at=support.at)
    with CaptureQueriesContext(connection) as of_file:
        services.open_file(file_id=support.files[0].pk, actor=support.expert, at=support.at)
    return len(of_list), len(of_file)


def test_more_talks_cost_no_more_queries(support: Support) -> None:
    support.hold(support.plan(), participants=[support.partner.pk], offers=[support.item().pk])
    before = queries(support)
    for code in ("telling-others", "online-safety", "family-talk"):
        support.hold(support.plan(), participants=[support.partner.pk], offers=[support.item(code).pk])

    assert queries(support) == before


@pytest.mark.usefixtures("fresh_db")
def test_what_is_overdue_lands_on_the_experts_start_page_once(world: World, services: Services) -> None:
    walk, _ = designated_for_good(world)
    message = OutboxMessage.objects.get(task="resilience.begin")
    with on_the_worker(services):
        run(message.pk)
        with acting(system_actor(), at=walk.at):
            file = ResilienceFile.objects.order_by("person__pseudonym")[0]
        soon, late = file.talk_due_at - DAY, file.phase_since + 15 * DAY

        counts = [watch(actor=system_actor(), at=at) for at in (soon, late, late)]

        with acting(system_actor(), at=late):
            kinds = WorkItem.objects.filter(subject_id=file.pk, closed_at=None).values_list("kind", flat=True)
            assert sorted(kinds) == ["resilience.offer", "resilience.overdue", "resilience.plan"]
    assert counts == [0, 4, 0]  # two files, each without a talk and without an offer


def test_an_offer_and_a_talk_settle_what_the_watch_opened(support: Support) -> None:
    from resilience.services.watch import _ask  # noqa: PLC0415  # the watch itself runs on the worker

    with acting(support.walk.actor(Role.DECIDER), at=support.at):
        for kind in ("resilience.overdue", "resilience.offer"):
            _ask(support.files[0], kind=kind, due=support.at)

    support.hold(support.plan(), offers=[support.item().pk])

    with acting(support.expert, at=support.at):
        open_now = WorkItem.objects.filter(subject_id=support.files[0].pk, closed_at=None)
        assert list(open_now) == []
