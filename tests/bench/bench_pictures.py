"""Scoring pictures by another version (`make bench`): read, score and write, beside the arithmetic alone.

`STELSEL_BENCH_PICTURES=2000 make bench` measures another number; each has 40 items on two lines.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections, transaction

from cases.models import Case
from stelsel.kernel.access import acting
from stelsel.kernel.jobs import enqueue, run, system_actor
from stelsel.kernel.models import OutboxMessage, User
from stelsel.kernel.models.jobs import JobState
from stelsel.oversight.services import demo
from stelsel.oversight.services.demo.outbox import know_jobs
from threat.lifecycle import RunState
from threat.methodology import GDB_1_0
from threat.models import Picture, PictureScore, ShadowReading, ShadowRun
from threat.scoring import canonical, input_hash
from threat.services import score_document
from threat.services.rescoring import PART, rescored

PICTURES = int(os.environ.get("STELSEL_BENCH_PICTURES", "10000"))
CORES = 2
ITEMS = 20  # on each of two lines


def bench_pictures(worker_database: None) -> None:
    """A shadow run over many pictures by two processes, as two workers do it."""
    at = datetime.now(UTC)
    demo.load(demo.Wanted("a password of this measurement", size=0.1), at=at)
    with acting(system_actor(), at=at):
        told = set(Case.objects.values_list("pk", flat=True))
    demo.multiply(PICTURES * 5 // 4, seed=1, at=at)
    inputs = _pictures(told, at)
    say(f"{PICTURES} pictures of {2 * ITEMS} items, {CORES} processes")

    methods = {"GDB-1.0": GDB_1_0}
    began = time.perf_counter()
    _spread(_arithmetic, [inputs[start : start + PART] for start in range(0, len(inputs), PART)])
    bare = time.perf_counter() - began
    say(f"baseline, the arithmetic alone: {len(inputs) / bare:.0f} pictures a second, {bare:.1f} s")
    assert rescored(inputs[0], methods=methods) == score_document(inputs[0])["person"]

    know_jobs()
    with transaction.atomic(), acting(system_actor(), at=at):
        row = ShadowRun(
            candidate="GDB-1.0",
            state=RunState.RUNNING,
            reason="A measurement.",
            started_by=User.objects.get(username="otto"),
            started_at=at,
        )
        row.save(force_insert=True)
        enqueue("threat.plan_shadow", key=str(row.pk), run_id=row.pk)
    began = time.perf_counter()
    while waiting := _waiting():
        _spread(_job, waiting)
    took = time.perf_counter() - began
    with transaction.atomic(), acting(system_actor(), at=at):
        row.refresh_from_db()
        written = ShadowReading.objects.filter(run=row).count()
    assert row.state == RunState.FINISHED
    say(f"read, scored and written: {written / took:.0f} pictures a second, {took:.1f} s ({took / bare:.2f})")


def _waiting() -> list[UUID]:
    found = OutboxMessage.objects.filter(state=JobState.QUEUED, task__in=("threat.plan_shadow", "threat.shadow_part"))
    return list(found.values_list("pk", flat=True))


def _spread(work: Callable[..., object], parts: Sequence[object]) -> None:
    """Do the parts in processes of their own, each with its own connection."""
    connections.close_all()
    with ProcessPoolExecutor(CORES, mp_context=get_context("fork")) as pool:
        assert all(pool.map(work, parts))


def _arithmetic(inputs: list[str]) -> bool:
    for frozen in inputs:
        rescored(frozen, methods={"GDB-1.0": GDB_1_0}, method="GDB-1.0")
    return True


def _job(message_id: UUID) -> bool:
    return run(message_id)


def _pictures(told: set[UUID], at: datetime) -> list[str]:
    """Adopted pictures by bulk insert, one to a case: true to every constraint."""
    chance = random.Random(1)  # noqa: S311  # varied, not secret
    day = at.date()
    inputs = []
    with transaction.atomic(), acting(system_actor(), at=at):
        people = list(User.objects.filter(username__in=("rosanne", "idris")))
        cases = Case.objects.exclude(pk__in=told).exclude(state="closed").values_list("pk", flat=True)
        for case_id in list(cases[:PICTURES]):
            picture = Picture(
                case_id=case_id,
                version=1,
                state="draft",
                method_version="GDB-1.0",
                question=b"",
                author=people[0],
                created_at=at,
                severity=4,
                likelihood=3,
                review_due=day + timedelta(days=30),
                proposed_by=people[0],
                proposed_at=at,
            )
            document = _input(picture.pk, chance, day)
            frozen = canonical(document).decode()
            inputs.append(frozen)
            picture.save(force_insert=True)
            picture.score = PictureScore(
                picture=picture,
                case_id=case_id,
                revision=1,
                method_version="GDB-1.0",
                as_of=day,
                input=frozen,
                input_hash=input_hash(document),
                job_key="",
                requested_by=people[0],
                requested_at=at,
                result=score_document(frozen),
                scored_at=at,
            )
            picture.score.save(force_insert=True)
            picture.state = "proposed"
            picture.save()
            picture.state, picture.content_hash = "adopted", b"\0" * 32
            picture.adopted_by, picture.adopted_at = people[1], at
            picture.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return inputs


def _input(picture: UUID, chance: random.Random, day: date) -> dict[str, object]:
    lines: list[dict[str, Any]] = [
        {
            "key": str(uuid4()),
            "number": number,
            "target": "person",
            "actor": actor,
            "evidence": {
                "method": "GDB-1.0",
                "asOf": day.isoformat(),
                "phenomenon": 1,
                "withheld": [],
                "items": [_item(chance, day, nth) for nth in range(ITEMS)],
            },
            "evidenceIds": [],
        }
        for number, actor in ((1, "A1"), (2, None))
    ]
    return {
        "method": "GDB-1.0",
        "asOf": day.isoformat(),
        "picture": str(picture),
        "lines": lines,
    }


def _item(chance: random.Random, day: date, nth: int) -> dict[str, object]:
    return {
        "factor": f"F{chance.randint(1, 6)}",
        "value": chance.randint(1, 3),
        "bound": chance.choice(("AT_LEAST", "AT_LEAST", "AT_MOST")),
        "kind": "concrete",
        "reliability": chance.choice("ABCDEF"),
        "credibility": chance.randint(2, 6),
        "group": f"G{nth % 6}",
        "validAsOf": (day - timedelta(days=chance.randint(1, 300))).isoformat(),
    }


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
