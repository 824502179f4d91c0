"""Handover in bulk (R048): both sides sign once over the same content, one bad file stops no other, nothing twice."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from celery import Celery
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases import services as case_services
from cases import tasks as _jobs  # noqa: F401  # registers them
from cases.models import Case, CaseUserGrant, Handover, HandoverBatch, HandoverBatchItem, HandoverItem
from stelsel.kernel import jobs
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.management.commands.outbox_relay import ring
from stelsel.kernel.models import Membership, Organisation, OutboxMessage, WorkItem
from tests.browsing import as_client
from tests.cases.many import many_files
from tests.services import Services
from tests.worker import CeleryWorker
from tests.world import ORGANISATIONS, World, code_for

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Line:
    """A batch on its way: the office and the receiver, and the time that goes on."""

    def __init__(self, world: World, count: int) -> None:
        self.world, self.at = world, timezone.now() - 8 * HOUR
        self.manager, self.decider = world.actor(Role.CASE_MANAGER), world.actor(Role.DECIDER)
        self.adviser, self.chief = world.actor(Role.PROSECUTION_ADVISER), world.actor(Role.CHIEF_PROSECUTOR)
        self.files = many_files(world, count, manager=self.manager, decider=self.decider, at=self.at)

    def tick(self) -> datetime:
        self.at += HOUR
        return self.at

    def prepare(self, files: Sequence[Handover] | None = None, actor: Actor | None = None) -> HandoverBatch:
        membership = self.manager.membership_id
        assert membership is not None
        return case_services.prepare_batch(
            office_id=self.world.organisations["om-noord"].pk,
            membership_id=membership,
            case_ids=[one.case_id for one in (self.files if files is None else files)],
            actor=actor or self.adviser,
            at=self.tick(),
        )

    def offer(self, batch: HandoverBatch) -> HandoverBatch:
        return case_services.offer_batch(
            batch_id=batch.pk,
            version=batch.version,
            code=code_for(self.chief),
            actor=self.chief,
            at=self.tick(),
        )

    def start(self, batch: HandoverBatch, actor: Actor | None = None) -> HandoverBatch:
        actor = actor or self.manager
        return case_services.start_batch(
            batch_id=batch.pk, version=batch.version, code=code_for(actor), actor=actor, at=self.tick()
        )

    def started(self) -> HandoverBatch:
        return self.start(self.offer(self.prepare()))

    def items(self) -> list[HandoverBatchItem]:
        with acting(self.manager, at=self.at):
            return list(HandoverBatchItem.objects.order_by("number"))

    def accepted(self) -> int:
        with acting(self.chief, at=self.at):
            return Handover.objects.filter(state="accepted").count()


def work_off() -> None:
    for message in OutboxMessage.objects.filter(task="cases.hand_over_item", state="queued").order_by("created_at"):
        jobs.run(message.pk)


def spoil(line: Line) -> dict[str, str]:
    """After both signatures: seven files go wrong, each in a way of its own; the code by case number."""
    first, second, third, fourth, fifth, sixth, seventh = line.files[:7]
    with acting(line.adviser, at=line.at):
        for one in (first, second):
            HandoverItem.objects.filter(handover=one, code="contacts").update(not_applicable=False)
        other = line.world.actor(Role.CASE_MANAGER, nth=2).user_id
        Case.objects.filter(pk__in=[third.case_id, fourth.case_id]).update(case_manager=other)
        Case.objects.filter(pk=fifth.case_id).update(state="local")
        CaseUserGrant.objects.filter(content_object=sixth.case_id).update(period=(line.at - 100 * HOUR, line.at))
    return {
        first.case.number: "changed",
        second.case.number: "changed",
        third.case.number: "not_named",
        fourth.case.number: "not_named",
        fifth.case.number: "not_in_scheme",
        sixth.case.number: "not_found",
        seventh.case.number: "incomplete",
    }


def test_r048_300_files_with_7_bad_ones_hand_293_over_and_say_why_7_did_not_go(world: World) -> None:
    line = Line(world, 300)
    with acting(line.adviser, at=line.at):
        HandoverItem.objects.filter(handover=line.files[6], code="contacts").update(not_applicable=False)
    line.started()
    bad = spoil(line)

    work_off()

    items = line.items()
    assert sum(item.state == "done" for item in items) == line.accepted() == 293
    assert {item.number: item.code for item in items if item.state == "failed"} == bad
    assert all(item.sentence for item in items if item.state == "failed")


def test_r048_a_rerun_changes_nothing_of_what_is_handed_over(world: World) -> None:
    line = Line(world, 4)
    line.started()
    with acting(line.adviser, at=line.at):
        HandoverItem.objects.filter(handover=line.files[0], code="contacts").update(not_applicable=False)
    work_off()
    before = [(item.number, item.state, item.code, item.settled_at) for item in line.items()]
    with acting(line.manager, at=line.at):
        batch = HandoverBatch.objects.get()

    case_services.continue_batch(batch_id=batch.pk, version=batch.version, actor=line.manager, at=line.tick())
    work_off()

    after = [(item.number, item.state, item.code, item.settled_at) for item in line.items()]
    assert after[1:] == before[1:]
    assert after[0][:3] == before[0][:3]


def test_both_sides_sign_over_the_same_content_and_every_file_bears_both(world: World) -> None:
    line = Line(world, 2)
    batch = line.started()
    work_off()

    assert batch.offered_signature is not None
    assert batch.started_signature is not None
    assert bytes(batch.offered_signature.content_hash) == bytes(batch.started_signature.content_hash)
    with acting(line.chief, at=line.at):
        signed = set(Handover.objects.values_list("offered_signature_id", "accepted_signature_id"))
    assert signed == {(batch.offered_signature_id, batch.started_signature_id)}


def test_what_was_signed_does_not_change(world: World) -> None:
    line = Line(world, 1)
    line.offer(line.prepare())

    with acting(line.chief, at=line.at), pytest.raises(IntegrityError), transaction.atomic():
        HandoverBatchItem.objects.update(content_hash=b"1" * 32)


def test_a_stopped_batch_hands_nothing_over_until_it_goes_on(world: World) -> None:
    line = Line(world, 2)
    batch = line.started()
    stopped = case_services.stop_batch(batch_id=batch.pk, version=batch.version, actor=line.manager, at=line.tick())
    work_off()
    assert line.accepted() == 0

    case_services.continue_batch(batch_id=batch.pk, version=stopped.version, actor=line.manager, at=line.tick())
    work_off()

    assert line.accepted() == 2


def test_a_file_handed_over_on_its_own_meanwhile_is_skipped(world: World) -> None:
    line = Line(world, 1)
    batch = line.started()
    with acting(line.manager, at=line.at):
        Handover.objects.update(
            state="accepted",
            offered_signature=batch.offered_signature_id,
            accepted_signature=batch.started_signature_id,
        )

    work_off()

    assert [item.state for item in line.items()] == ["skipped"]


def test_when_the_role_of_who_started_it_ends_nothing_more_is_handed_over(world: World) -> None:
    line = Line(world, 1)
    line.started()
    Membership.objects.filter(user=line.manager.user_id).update(period=(line.at - 900 * HOUR, line.at))

    work_off()

    assert line.accepted() == 0
    assert OutboxMessage.objects.get(task="cases.hand_over_item").error == "role_ended"


def test_each_side_does_its_own_part_alone(world: World) -> None:
    line = Line(world, 1)
    with pytest.raises(Forbidden):
        line.prepare(actor=world.actor(Role.CASE_MANAGER, nth=2))
    batch = line.prepare()
    with pytest.raises(Forbidden):
        case_services.offer_batch(batch_id=batch.pk, version=batch.version, code="1", actor=line.adviser, at=line.at)
    with pytest.raises(Forbidden):
        line.start(line.offer(batch), actor=line.chief)


def test_a_file_is_in_one_live_batch_at_a_time(world: World) -> None:
    line = Line(world, 2)
    batch = line.prepare(line.files[:1])
    with pytest.raises(Invalid):
        line.prepare()
    case_services.withdraw_batch(batch_id=batch.pk, version=batch.version, actor=line.adviser, at=line.tick())

    assert line.prepare().size == 2


def test_a_step_on_a_batch_that_moved_on_is_refused(world: World) -> None:
    line = Line(world, 1)
    batch = line.prepare()
    line.offer(batch)

    with pytest.raises(Conflict):
        line.offer(batch)


def test_a_batch_is_unknown_to_another_office(world: World) -> None:
    line = Line(world, 1)
    batch = line.prepare()

    answer = as_client(world.actor(Role.CHIEF_PROSECUTOR, of="om-zuid")).get(reverse("cases:batch", args=[batch.pk]))

    assert answer.status_code == 404


def test_the_pages_prepare_sign_and_start_it(world: World) -> None:
    line = Line(world, 2)
    adviser, chief, manager = (as_client(one) for one in (line.adviser, line.chief, line.manager))
    query = f"?office={world.organisations['om-noord'].pk}&membership={line.manager.membership_id}"
    none = adviser.post(reverse("cases:batch_new") + query, {"cases": []})
    made = adviser.post(reverse("cases:batch_new") + query, {"cases": [str(one.case_id) for one in line.files]})
    address = made.headers["Location"]
    offered = chief.post(f"{address}?act=offer", {"version": 1, "code": code_for(line.chief)})
    wrong = manager.post(f"{address}?act=start", {"version": 2, "code": "000000"})
    started = manager.post(f"{address}?act=start", {"version": 2, "code": code_for(line.manager)})
    work_off()

    assert [one.status_code for one in (none, made, offered, wrong, started)] == [422, 302, 302, 403, 302]
    assert "2 of 2 handed over" in manager.get(address).text
    with acting(line.manager, at=timezone.now()):
        assert not WorkItem.objects.filter(kind__startswith="batch.", closed_at=None).exists()


def test_a_killed_worker_loses_nothing_and_does_nothing_twice(
    fresh_db: str, celery_worker_process: CeleryWorker, services: Services
) -> None:
    world = World(
        {
            code: Organisation.objects.create(code=code, name=name, kind=kind, region="noord")
            for code, name, kind in ORGANISATIONS
        }
    )
    line = Line(world, 12)
    line.started()
    bell = Celery("relay of the test", broker=services.broker)
    bell.config_from_object("django.conf:settings", namespace="CELERY")
    bell.conf.update(broker_url=services.broker)
    ring(bell)
    _wait(lambda: line.accepted() >= 2)
    os.kill(celery_worker_process.pid, signal.SIGKILL)
    assert celery_worker_process.child is not None
    celery_worker_process.child.wait()
    celery_worker_process.ready()

    def again() -> bool:
        OutboxMessage.objects.filter(state="queued").update(available_at=timezone.now())
        ring(bell)
        return not OutboxMessage.objects.filter(state="queued").exists()

    _wait(again)

    assert line.accepted() == 12
    with acting(line.chief, at=timezone.now()):
        numbers = HandoverBatchItem.objects.filter(state="done").count()
    assert numbers == 12


def _wait(done: Callable[[], bool], *, within: float = 60.0) -> None:
    last = time.monotonic() + within
    while not done():
        assert time.monotonic() < last
        time.sleep(0.2)
