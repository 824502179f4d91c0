"""Handover in bulk as its pages show it: what can go in a batch, how far a batch is, and why a file did not go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from cases.lifecycle import BatchState, ItemState
from cases.models import Case, Handover, HandoverBatch, HandoverBatchItem
from cases.policies import RECEIVES
from cases.services.batches import LARGEST, candidates
from cases.services.reading.choices import Choice
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import Membership

SHOWN = 50


@dataclass(frozen=True)
class Progress:
    """How many files of a batch are in each state."""

    counts: dict[str, int]
    size: int

    @property
    def settled(self) -> int:
        return self.size - self.counts.get(ItemState.WAITING, 0)

    @property
    def percent(self) -> int:
        return 100 * self.settled // max(self.size, 1)

    @property
    def done(self) -> int:
        return self.counts.get(ItemState.DONE, 0)

    @property
    def failed(self) -> int:
        return self.counts.get(ItemState.FAILED, 0)

    @property
    def skipped(self) -> int:
        return self.counts.get(ItemState.SKIPPED, 0)


@dataclass(frozen=True)
class Batch:
    """A batch with its progress, and its files: those that failed first."""

    row: HandoverBatch
    progress: Progress
    items: Sequence[HandoverBatchItem]
    role_ended: bool

    @property
    def finished(self) -> bool:
        return self.row.state == BatchState.RUNNING and self.progress.settled == self.row.size

    @property
    def runs(self) -> bool:
        return self.row.state == BatchState.RUNNING and not self.finished

    @property
    def stands(self) -> str:
        """For the bar of progress: something when nothing moves any more."""
        return "" if self.runs else "yes"


@act
def list_batches(*, actor: Actor, at: datetime) -> list[tuple[HandoverBatch, Progress]]:  # noqa: ARG001  # @act binds it
    """The newest batches of one's office, or that one receives."""
    rows = list(
        HandoverBatch.objects.visible_to(actor)
        .select_related("office", "receiver")
        .order_by("-prepared_at", "pk")[:SHOWN]
    )
    counts: dict[UUID, dict[str, int]] = {}
    for batch_id, state, count in _counted([row.pk for row in rows]):
        counts.setdefault(batch_id, {})[state] = count
    return [(row, Progress(counts.get(row.pk, {}), row.size)) for row in rows]


def _counted(batch_ids: Sequence[UUID]) -> list[tuple[UUID, str, int]]:
    found = HandoverBatchItem.objects.filter(batch__in=batch_ids).order_by().values_list("batch_id", "state")
    return list(found.annotate(Count("pk")))


@act
def read_batch(*, batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """One batch.

    Raises:
        HandoverBatch.DoesNotExist: unknown, or of another office and receiver.
    """
    rows = HandoverBatch.objects.visible_to(actor).select_related(
        "office", "receiver", "prepared_by", "offered_signature", "started_signature"
    )
    row = rows.get(pk=batch_id)
    items = sorted(row.items.all(), key=lambda one: (one.state != ItemState.FAILED, one.number))
    seen = Case.objects.visible_to(actor, at=at).filter(pk__in=[one.case_id for one in items])
    audit.saw([(person, case) for case, person in seen.values_list("pk", "person_id")], kind="list")
    counts = {state: count for _batch, state, count in _counted([row.pk])}
    holds = Membership.objects.in_force(at=at).filter(user=row.receiver_id, role=row.receiver_role)
    return Batch(row, Progress(counts, row.size), items, role_ended=not holds.exists())


def receivers(*, actor: Actor, at: datetime) -> list[Choice]:
    """Who can receive files: the colleagues of the NCTV; one of them for themselves."""
    held = Membership.objects.in_force(at=at).filter(role__in=RECEIVES, user__is_service=False)
    if actor.role in RECEIVES:
        held = held.filter(user_id=actor.user_id, role=actor.role)
    return [
        Choice(str(one.pk), f"{one.user.get_full_name()} · {one.get_role_display()}")
        for one in held.select_related("user").order_by("user__full_name", "role", "pk")
    ]


@act
def batch_candidates(*, office_id: UUID, membership_id: UUID, actor: Actor, at: datetime) -> list[Handover]:
    """Files that can go in a batch of this office for this receiver; each is somebody whose case was seen."""
    receiver = Membership.objects.in_force(at=at).get(pk=membership_id, role__in=RECEIVES)
    found = list(
        candidates(office=office_id, receiver=receiver.user_id, role=receiver.role, actor=actor, at=at)[:LARGEST]
    )
    audit.saw([(one.case.person_id, one.case_id) for one in found], kind="list")
    return found
