"""Shadow runs: what another version of the method would make of every picture in force (R063)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import OutboxMessage
from stelsel.kernel.models.jobs import JobState
from threat.lifecycle import RunState
from threat.models import MethodVersion, ShadowReading, ShadowRun
from threat.policies import may_evaluate, may_read_evaluation
from threat.scoring.shift import Shift, shift
from threat.scoring.version import differences
from threat.services.case import refuse_if, text_faults
from threat.services.methods import in_force, is_sound, published
from threat.services.rescoring import Scored, parts

SHOWN = 200
MESSAGES = {
    "not_coded": gettext_noop("This release does not hold this version as it was published, so it cannot be used."),
    "running": gettext_noop("A shadow run of this version is under way."),
    "too_long": gettext_noop("At most 300 characters."),
}


@act
def start_shadow_run(*, version_id: UUID, reason: str, actor: Actor, at: datetime) -> ShadowRun:
    """Have every picture in force scored by this version beside its own; the worker does it, in parts.

    Raises:
        Forbidden: not of the method board.
        Invalid: no reason, or this release does not hold the version; every fault is named.
        Conflict: a run of this version is under way.
    """
    require(may_evaluate(actor))
    version = MethodVersion.objects.get(pk=version_id)
    faults = text_faults(reason=reason)
    if len(reason) > 300:  # noqa: PLR2004  # the column
        faults.append(Fault("reason", "too_long", MESSAGES["too_long"]))
    if not is_sound(version):
        faults.append(Fault("", "not_coded", MESSAGES["not_coded"]))
    refuse_if(faults)
    with connection.cursor() as cursor:  # two of the board at the same instant: the second is refused
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"shadow run {version.code}"])
    if ShadowRun.objects.filter(candidate=version.code, state=RunState.RUNNING).exists():
        raise Conflict("running", MESSAGES["running"])
    run = ShadowRun(
        candidate=version.code,
        state=RunState.RUNNING,
        reason=reason.strip(),
        started_by_id=actor.user_id,
        started_at=at,
    )
    run.save(force_insert=True)
    enqueue("threat.plan_shadow", key=str(run.pk), run_id=run.pk)
    audit.record("method.shadow_run", run, detail={"code": version.code})
    return run


@act
def plan_shadow(*, run_id: UUID, actor: Actor, at: datetime) -> ShadowRun:
    """Cut the run into parts; without any picture it is finished at once."""
    run = _locked(run_id, actor)
    cut = parts()
    run.parts = len(cut)
    run.save(update_fields=["parts"])
    for first, last in cut:
        enqueue("threat.shadow_part", key=f"{run.pk}:{first}", run_id=run.pk, first=first, last=last)
    _finish(run, at=at)
    return run


@act
def keep_shadow(*, run_id: UUID, scored: Sequence[Scored], actor: Actor, at: datetime) -> ShadowRun:
    """Keep the readings of one part; the last part finishes the run."""
    run = _locked(run_id, actor)
    rows = [
        ShadowReading(
            run=run,
            case_id=each.case,
            picture_id=each.picture,
            before=each.before["level"],
            after=each.after["level"],
            index_before=each.before["index"],
            index_after=each.after["index"],
            shift=shift(each.before["level"], each.after["level"]),
        )
        for each in scored
    ]
    ShadowReading.objects.bulk_create(rows)
    run.parts_done += 1
    run.save(update_fields=["parts_done"])
    _finish(run, at=at)
    return run


def _locked(run_id: UUID, actor: Actor) -> ShadowRun:
    if not actor.is_system:
        raise TypeError("the parts of a shadow run are the system's")
    return ShadowRun.objects.select_for_update(of=("self",)).get(pk=run_id)


def _finish(run: ShadowRun, *, at: datetime) -> None:
    if run.parts_done < run.parts:
        return
    found = Counter(ShadowReading.objects.filter(run=run).values_list("shift", flat=True))
    run.counts = {each.value: found[each.value] for each in Shift}
    run.state, run.finished_at = RunState.FINISHED, at
    run.save(update_fields=["counts", "state", "finished_at"])
    work.open_item("threat.shadow_done", run, owner_role=Role.METHOD_BOARD, label=run.candidate, due=at)


@dataclass(frozen=True)
class RunView:
    """A run with what differs between the two versions; `moved` are the pictures this actor may see that moved."""

    run: ShadowRun
    failed: bool
    changes: Sequence[tuple[str, str, str]]
    moved: Sequence[ShadowReading]
    listed: bool  # whether this actor reads any list: the board reads figures alone


@act
def read_shadow_run(*, run_id: UUID, actor: Actor, at: datetime) -> RunView:
    """A run: figures for the method board, and for analysts the pictures of theirs that moved, furthest first.

    Raises:
        ShadowRun.DoesNotExist: unknown.
        Forbidden: neither of the board nor an analyst.
    """
    require(may_read_evaluation(actor))
    run = ShadowRun.objects.select_related("started_by").get(pk=run_id)
    if actor.role is Role.METHOD_BOARD:
        work.close_items(run.pk, kind="threat.shadow_done", verb="method.read_shadow_run")
    rows = ShadowReading.objects.visible_to(actor, at=at).filter(run=run).exclude(shift=Shift.UNCHANGED)
    moved = list(rows.select_related("case__person", "picture").order_by("case__number", "pk")[:SHOWN])
    audit.saw([(row.case.person_id, row.case_id) for row in moved], kind="list")
    methods = published()
    held = methods.get(run.candidate)
    used = in_force(at=at)
    changes = differences(methods[used[-1]], held) if held and used else []
    dead = OutboxMessage.objects.filter(state=JobState.DEAD, task__in=("threat.plan_shadow", "threat.shadow_part"))
    return RunView(
        run=run,
        failed=run.state == RunState.RUNNING and dead.filter(ids__run_id=str(run.pk)).exists(),
        changes=changes,
        moved=moved,
        listed=actor.role is not Role.METHOD_BOARD,
    )


def read_runs() -> list[ShadowRun]:
    """The newest runs; nothing of any case."""
    return list(ShadowRun.objects.select_related("started_by").order_by("-started_at")[:SHOWN])
