"""Work that is never lost and never done twice: the truth is in the database, the broker is a doorbell."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg2
import pytest
import redis
from celery import Celery
from django.db import connection, transaction
from django.utils import timezone

from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.jobs import IN_FLIGHT, MAX_ATTEMPTS, due_messages, enqueue, system_actor
from stelsel.kernel.management.commands.outbox_relay import ring
from stelsel.kernel.models import Membership, Organisation, OutboxMessage, User
from stelsel.kernel.tasks import tick
from tests.services import Services
from tests.stelsel.kernel import jobs_of_tests
from tests.stelsel.kernel.conftest import Run
from tests.worker import CeleryWorker
from tests.world import World, later

pytestmark = pytest.mark.django_db
assert "test.add" in jobs.JOBS, jobs_of_tests


def put(task: str = "test.add", *, key: str = "", code: str = "team") -> OutboxMessage:
    with acting(system_actor(), at=timezone.now()):
        if task == "test.refused":
            return enqueue(task, key=key)
        return enqueue(task, key=key, code=code)


def made(code: str = "team") -> int:
    return Organisation.objects.filter(name=code).count()


def state(message: OutboxMessage) -> tuple[str, int, str]:
    message.refresh_from_db()
    return message.state, message.attempts, message.error


def test_work_of_a_change_that_is_rolled_back_does_not_exist() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        raise ZeroDivisionError

    assert not OutboxMessage.objects.exists()


def test_the_same_key_twice_is_the_same_work() -> None:
    first, second = put(key="a"), put(key="a")

    assert first.pk == second.pk
    assert OutboxMessage.objects.count() == 1


def test_work_run_twice_is_done_once() -> None:
    message = put()

    assert jobs.run(message.pk) is True
    assert jobs.run(message.pk) is False
    assert made() == 1
    assert state(message) == ("done", 1, "")


def test_an_error_in_the_effect_leaves_nothing_and_is_tried_again_later() -> None:
    message = put("test.poison")

    assert jobs.run(message.pk) is False
    assert made() == 0
    assert state(message) == ("queued", 1, "ZeroDivisionError")
    assert message.pk not in due_messages(at=timezone.now())
    assert message.pk in due_messages(at=timezone.now() + timedelta(minutes=1))


def test_a_poison_job_is_given_up_and_an_administrator_can_send_it_again(world: World) -> None:
    message = put("test.poison")
    for _ in range(MAX_ATTEMPTS + 3):
        jobs.run(message.pk)

    assert state(message) == ("dead", MAX_ATTEMPTS, "ZeroDivisionError")
    assert due_messages(at=timezone.now() + timedelta(days=1)) == []

    with acting(world.actor(Role.ADMINISTRATOR), at=timezone.now()):
        jobs.resend(message)
    assert state(message)[:2] == ("queued", 0)
    assert due_messages(at=timezone.now()) == [message.pk]


def test_giving_up_is_in_the_trail(owner: Run) -> None:
    message = put("test.refused")
    for _ in range(MAX_ATTEMPTS):
        jobs.run(message.pk)

    assert owner("SELECT target_id, reason, outcome FROM kernel_auditentry WHERE verb = 'job.give_up'") == [
        (str(message.pk), "not_so", "refused")
    ]


def test_a_role_that_ends_while_the_job_computes_has_no_effect(world: World) -> None:
    actor = world.actor(Role.LCC_ADVISER)
    with acting(actor, at=timezone.now()):
        message = enqueue("test.ends_meanwhile", membership_id=str(actor.membership_id))

    assert jobs.run(message.pk) is False
    assert state(message) == ("queued", 1, "role_ended")
    assert not Organisation.objects.filter(code="too-late").exists()


def test_a_refused_job_keeps_its_code() -> None:
    message = put("test.refused")
    jobs.run(message.pk)

    assert state(message) == ("queued", 1, "not_so")


def test_an_unknown_task_fails_and_is_kept() -> None:
    message = put("test.nobody_knows")
    jobs.run(message.pk)

    assert state(message) == ("queued", 1, "unknown_task")


def test_a_job_acts_as_the_person_who_asked(world: World) -> None:
    with acting(world.actor(Role.LCC_ADVISER), at=timezone.now()):
        message = enqueue("test.as_asker", code="asked")

    assert jobs.run(message.pk)
    assert Organisation.objects.get(code="asked").name == "lcc_adviser"


def test_a_job_of_somebody_whose_role_ended_does_nothing(world: World) -> None:
    actor = world.actor(Role.LCC_ADVISER)
    world.appoint(actor_user(actor.user_id), Role.CONTROLLER, of="nctv")  # another role is not the one that asked
    with acting(actor, at=timezone.now()):
        message = enqueue("test.as_asker", code="asked")
    Membership.objects.filter(pk=str(actor.membership_id)).update(period=(later(hours=-9), later(hours=-1)))

    assert jobs.run(message.pk) is False
    assert not Organisation.objects.filter(code="asked").exists()
    assert state(message) == ("queued", 1, "role_ended")


def actor_user(user_id: UUID) -> User:
    return User.objects.get(pk=user_id)


def test_a_message_is_rung_for_once_per_lease() -> None:
    message, now = put(), timezone.now()

    assert due_messages(at=now) == [message.pk]
    assert due_messages(at=now) == []
    assert due_messages(at=now + timedelta(minutes=3)) == [message.pk]


def test_a_lease_grows_with_the_attempts() -> None:
    message, now = put(), timezone.now()
    OutboxMessage.objects.update(attempts=3)

    due_messages(at=now)

    message.refresh_from_db()
    assert message.available_at == now + timedelta(minutes=16)


def test_messages_in_flight_are_limited() -> None:
    for number in range(IN_FLIGHT + 5):
        put(code=str(number))
    now = timezone.now()

    assert len(due_messages(at=now)) == IN_FLIGHT
    assert due_messages(at=now) == []


def test_jobs_that_wait_after_a_failure_do_not_hold_up_the_others() -> None:
    """They are not in flight: nobody is working on them."""
    for number in range(IN_FLIGHT):
        jobs.run(put("test.poison", code=str(number)).pk)
    last = put()

    assert due_messages(at=timezone.now()) == [last.pk]


def test_two_relays_never_ring_for_the_same_message(owner: Run, services: Services) -> None:
    messages = {put(code=str(number)).pk for number in range(60)}
    taken: list[list[UUID]] = []
    at = timezone.now()

    def relay() -> None:
        taken.append(due_messages(at=at))
        connection.close()

    in_threads(relay, 4)

    assert sorted(key for part in taken for key in part) == sorted(messages)


def in_threads(step: Callable[[], object], count: int) -> None:
    threads = [threading.Thread(target=step) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_at_once_have_one_effect(fresh_db: str) -> None:
    message = put("test.slow", code="slow")

    def worker() -> None:
        jobs.run(message.pk)
        connection.close()

    in_threads(worker, 4)

    assert made("slow-slow") == 1
    assert state(message)[0] == "done"


def test_without_the_lock_on_the_message_it_would_be_done_more_than_once(fresh_db: str) -> None:
    """The control switched off: the effect alone, as four workers would run it."""
    at = timezone.now()

    def worker() -> None:
        with acting(system_actor(), at=at):
            Organisation.objects.create(code=str(threading.get_ident()), name="naive", kind="team")
        connection.close()

    in_threads(worker, 4)

    assert made("naive") > 1


def test_two_beats_tick_once() -> None:
    at = timezone.now().replace(second=10, microsecond=0)
    for _ in range(2):
        jobs.tick("test.add", at=at, every=timedelta(minutes=1))
    jobs.tick("test.add", at=at + timedelta(minutes=1), every=timedelta(minutes=1))

    assert OutboxMessage.objects.count() == 2


def test_a_schedule_of_an_unknown_job_writes_nothing() -> None:
    tick("test.nobody_knows", 60)

    assert not OutboxMessage.objects.exists()


def test_every_schedule_is_one_of_ours() -> None:
    from django_celery_beat.models import PeriodicTask  # noqa: PLC0415  # only here

    names = set(PeriodicTask.objects.filter(task="kernel.tick").values_list("name", flat=True))

    assert {"cases.watch", "threat.watch", "capacity.extend_demand"} <= names


# --- with a real broker and a real worker ---


UNHEARD = "a-queue-without-a-worker"


@pytest.fixture
def bell(services: Services) -> Celery:
    app = Celery("relay of the test", broker=services.broker)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=services.broker)
    return app


@contextmanager
def ringing(bell: Celery, *, lost_leases: bool = False) -> Iterator[Callable[[], bool]]:
    """Ring now and again while the test waits; with `lost_leases` as if every lease had ended."""

    def step() -> bool:
        if lost_leases:
            OutboxMessage.objects.filter(state="queued").update(available_at=timezone.now())
        ring(bell)
        return True

    yield step


def wait_for(done: Callable[[], bool], step: Callable[[], object], *, within: float = 40.0) -> None:
    last = time.monotonic() + within
    while not done():
        assert time.monotonic() < last, list(OutboxMessage.objects.values("task", "state", "attempts", "error"))
        step()
        time.sleep(0.25)


def queue_length(services: Services) -> int:
    with redis.Redis.from_url(services.broker_in_valkey) as client:
        return int(client.llen(UNHEARD))


def test_a_broker_that_forgets_everything_loses_nothing(bell: Celery, fresh_db: str, services: Services) -> None:
    bell.conf.update(task_default_queue=UNHEARD)
    message = put()
    assert ring(bell) == 1
    assert queue_length(services) == 1
    with redis.Redis.from_url(services.broker_in_valkey) as client:
        client.flushdb()

    OutboxMessage.objects.update(available_at=timezone.now())  # the lease ends
    assert ring(bell) == 1
    assert queue_length(services) == 1
    assert state(message)[0] == "queued"
    with redis.Redis.from_url(services.broker_in_valkey) as client:
        client.flushdb()


def test_without_a_broker_the_message_is_due_again_at_once(fresh_db: str) -> None:
    from kombu.exceptions import OperationalError  # noqa: PLC0415  # only here

    message = put()
    nowhere = Celery("nowhere", broker="redis+socket:///tmp/stelsel-no-such.sock")
    with pytest.raises((OperationalError, OSError)):
        ring(nowhere)

    assert due_messages(at=timezone.now()) == [message.pk]


def test_a_killed_worker_in_the_middle_of_the_effect_does_it_once_in_the_end(
    celery_worker_process: CeleryWorker, bell: Celery, services: Services
) -> None:
    """The real worker knows the product's jobs only, so the kill falls on one of those: cases.watch."""
    import os  # noqa: PLC0415  # only here
    import signal  # noqa: PLC0415  # only here

    messages = [put("cases.watch", key=f"kill-{number}") for number in range(10)]
    OutboxMessage.objects.update(ids={})
    ring(bell)
    time.sleep(0.2)
    os.kill(celery_worker_process.pid, signal.SIGKILL)
    assert celery_worker_process.child is not None
    celery_worker_process.child.wait()
    celery_worker_process.ready()

    with ringing(bell, lost_leases=True) as step:
        wait_for(lambda: not OutboxMessage.objects.filter(state="queued").exists(), step)

    assert {state(message)[0] for message in messages} == {"done"}


def test_a_worker_does_what_the_relay_rings_for(celery_worker_process: CeleryWorker, bell: Celery) -> None:
    message = put("cases.watch", key="once")
    OutboxMessage.objects.update(ids={})

    with ringing(bell) as step:
        wait_for(lambda: state(message)[0] == "done", step)

    assert state(message) == ("done", 1, "")


def test_an_effect_whose_connection_dies_leaves_nothing(fresh_db: str, services: Services) -> None:
    """A worker killed between the effect and the commit: the database forgets both."""
    message = put()
    own = psycopg2.connect(services.database_address("stelsel_worker"))
    with own.cursor() as cursor:
        cursor.execute("UPDATE kernel_outboxmessage SET state = 'done' WHERE id = %s", [str(message.pk)])
        cursor.execute(
            "INSERT INTO kernel_organisation (id, code, name, kind, region)"
            " VALUES (gen_random_uuid(), 't', 'team', 'team', '')"
        )
    own.close()

    assert made() == 0
    assert jobs.run(message.pk)
    assert made() == 1
