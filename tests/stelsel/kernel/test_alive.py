"""The health of a process is its progress: work that waits while nobody does it is what a probe must find."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from psycopg2 import extensions

from stelsel.kernel.management.commands.alive import UNSEALED
from stelsel.kernel.models import OutboxMessage
from stelsel.kernel.models.jobs import JobState
from tests.stelsel.kernel.conftest import Run

pytestmark = pytest.mark.django_db
LONG = timedelta(minutes=6)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def probe(process: str, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settings, "PROCESS", process)
    call_command("alive", stdout=None)


def work(key: str, *, since: datetime, ringing: bool, finished: datetime | None = None) -> None:
    state = JobState.DONE if finished else JobState.QUEUED
    OutboxMessage.objects.create(
        task="test.alive",
        key=key,
        state=state,
        ringing=ringing,
        available_at=since,
        created_at=since,
        finished_at=finished,
    )


@pytest.mark.parametrize("process", ["worker", "beat", "relay"])
def test_a_process_with_nothing_to_do_is_alive(process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    probe(process, monkeypatch)


def test_a_worker_that_leaves_work_lying_is_not_alive(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    work("old", since=now - LONG, ringing=True)

    with pytest.raises(CommandError, match="none was finished"):
        probe("worker", monkeypatch)


def test_a_worker_busy_with_other_work_is_alive(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    work("old", since=now - LONG, ringing=True)
    work("done", since=now - LONG, ringing=False, finished=now)

    probe("worker", monkeypatch)


def test_a_relay_that_does_not_ring_is_not_alive(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    work("due", since=now - LONG, ringing=False)

    with pytest.raises(CommandError, match="not rung"):
        probe("relay", monkeypatch)


@pytest.fixture
def schedule(now: datetime) -> PeriodicTask:
    found = PeriodicTask.objects.get(name="cases.watch")
    PeriodicTask.objects.filter(pk=found.pk).update(last_run_at=now - LONG)
    return found


def test_a_beat_whose_schedules_stand_still_is_not_alive(
    schedule: PeriodicTask, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    with pytest.raises(CommandError, match="no schedule ticked"):
        probe("beat", monkeypatch)

    PeriodicTask.objects.filter(pk=schedule.pk).update(last_run_at=now)
    probe("beat", monkeypatch)


def test_an_unknown_process_is_not_called_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Nothing is known"):
        probe("web", monkeypatch)


def test_a_trail_that_waits_for_its_seal_is_seen_by_the_sealer(
    owner: Run, as_role: Callable[[str], extensions.connection], now: datetime
) -> None:
    def waits() -> object:
        with as_role("sealer").cursor() as cursor:
            cursor.execute(UNSEALED, {"since": now + LONG})
            return cursor.fetchone()

    assert waits() == (True,)
    owner(
        "INSERT INTO kernel_seal (number, at, from_txid, to_txid, leaves, total, root, chain, signature)"
        " VALUES (1, now(), 0, 9000000000000000, 0, 0, '', '', '')"
    )
    assert waits() == (False,)
