"""Handover in bulk: one signature of each side over the same content, then each file in a transaction of its own.

Nothing here designates, and no authority moves: it moved at designation. See docs/decisions/0013-bulk-handover.md.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from cases.lifecycle import BATCH_LIFECYCLE, HANDOVER_LIFECYCLE, BatchState, HandoverState, ItemState
from cases.models import Handover, HandoverBatch, HandoverBatchItem
from cases.policies import (
    RECEIVES,
    may_offer_handover,
    may_prepare_batch,
    may_receive_file,
    may_start_batch,
)
from cases.services import case as cases
from cases.services import handover as files
from stelsel.kernel import audit, norms, signing, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, DomainError, Fault, Invalid, NotVisible, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import Membership, Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

LARGEST = 500
LIVE = (BatchState.DRAFT, BatchState.OFFERED, BatchState.RUNNING, BatchState.STOPPED)


def candidates(*, office: UUID, receiver: UUID, role: str, actor: Actor, at: datetime) -> QuerySet[Handover]:
    """Files of this office that wait, of cases on which the receiver is named, and that are in no other batch."""
    named = {"case__case_manager": receiver} if role == Role.CASE_MANAGER else {"case__decider": receiver}
    elsewhere = HandoverBatchItem.objects.filter(batch__state__in=LIVE, state=ItemState.WAITING).values("case_id")
    return (
        Handover.objects.visible_to(actor, at=at)
        .exclude(state=HandoverState.ACCEPTED)
        .filter(case__office=office, case__state="scheme", **named)
        .exclude(case__in=elsewhere)
        .select_related("case__person")
        .order_by("due_at", "pk")
    )


@act
def prepare_batch(
    *, office_id: UUID, membership_id: UUID, case_ids: Collection[UUID], actor: Actor, at: datetime
) -> HandoverBatch:
    """Put files of one office together for one receiver of the NCTV, given by the membership they receive in.

    Raises:
        Invalid: no file was chosen, too many, or one that cannot go in this batch.
    """
    office = Organisation.objects.get(pk=office_id, kind=OrganisationKind.PROSECUTION)
    receiver = Membership.objects.in_force(at=at).get(pk=membership_id, role__in=RECEIVES)
    require(may_prepare_batch(actor, office=office.pk, receiver=receiver.user_id))
    found = candidates(office=office.pk, receiver=receiver.user_id, role=receiver.role, actor=actor, at=at)
    chosen = {one.case_id: one for one in found.filter(case__in=case_ids)}
    if not 1 <= len(case_ids) <= LARGEST or chosen.keys() != set(case_ids):
        fault = Fault("cases", "not_these", gettext_noop("Choose 1 to 500 files that can go in this batch."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    batch = HandoverBatch.objects.create(
        office=office,
        receiver_id=receiver.user_id,
        receiver_role=receiver.role,
        prepared_by_id=actor.user_id,
        prepared_at=at,
        state=BATCH_LIFECYCLE.initial,
        size=len(chosen),
    )
    HandoverBatchItem.objects.bulk_create(
        HandoverBatchItem(batch=batch, case_id=case_id, number=one.case.number, state=ItemState.WAITING)
        for case_id, one in chosen.items()
    )
    _work(batch, "batch.offer", role=Role.CHIEF_PROSECUTOR, organisation=office.pk, at=at)
    audit.record("batch.prepare", batch, detail={"files": len(chosen)})
    return batch


def _work(
    batch: HandoverBatch,
    kind: str,
    *,
    role: str,
    at: datetime,
    owner: UUID | None = None,
    organisation: UUID | None = None,
) -> None:
    work.open_item(
        kind,
        batch,
        owner_role=Role(role),
        owner=owner,
        organisation=organisation,
        label=str(batch),
        due=norms.due("cases.handover.batch", since=at),
    )


def locked_batch(batch_id: UUID, *, actor: Actor, version: int) -> HandoverBatch:
    batch: HandoverBatch = HandoverBatch.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=batch_id)
    if batch.version != version:
        raise Conflict("batch_moved_on", gettext_noop("This batch moved on meanwhile. Look at it as it stands now."))
    return batch


def batch_content(batch: HandoverBatch) -> dict[str, object]:
    """What both sides sign: each file by its number and the hash of its whole content."""
    rows = batch.items.order_by("number").values_list("number", "content_hash")
    return {"batch": str(batch.pk), "items": [[number, bytes(digest).hex()] for number, digest in rows]}


@act
def offer_batch(*, batch_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> HandoverBatch:
    """The chief prosecutor signs once over the content of all files. What changes later falls out, alone."""
    batch = locked_batch(batch_id, actor=actor, version=version)
    require(may_offer_handover(actor, office=batch.office_id))
    batch.state = BATCH_LIFECYCLE.apply("offer", state=batch.state)
    items = {item.case_id: item for item in batch.items.all()}
    for handover in Handover.objects.visible_to(actor, at=at).filter(case__in=items).select_related("case__person"):
        items[handover.case_id].content_hash = signing.content_hash(files.offered_content(handover))
    HandoverBatchItem.objects.bulk_update(items.values(), ["content_hash"])
    content = batch_content(batch)
    batch.content_hash = signing.content_hash(content)
    batch.offered_signature = signing.sign(batch, content, actor=actor, at=at, code=code)
    work.close_items(batch.pk, kind="batch.offer", verb="batch.offer")
    _work(batch, "batch.start", role=batch.receiver_role, owner=batch.receiver_id, at=at)
    return _changed(batch, "batch.offer")


@act
def start_batch(*, batch_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> HandoverBatch:
    """The receiver signs over the same content, and the files are handed over one by one by the worker.

    Raises:
        Conflict: what the office signed is not what stands here.
    """
    batch = locked_batch(batch_id, actor=actor, version=version)
    require(may_start_batch(actor, receiver=batch.receiver_id))
    batch.state = BATCH_LIFECYCLE.apply("start", state=batch.state)
    content = batch_content(batch)
    if not signing.holds(batch.offered_signature, content):
        raise Conflict("changed", gettext_noop("This is not what the office signed."))
    batch.started_signature = signing.sign(batch, content, actor=actor, at=at, code=code)
    batch.started_at = at
    work.close_items(batch.pk, kind="batch.start", verb="batch.start")
    _send(batch)
    return _changed(batch, "batch.start")


def _send(batch: HandoverBatch) -> None:
    """One errand per file that waits; the round in its key lets the same file be tried again later."""
    batch.round += 1
    for item_id in batch.items.filter(state=ItemState.WAITING).order_by("number").values_list("pk", flat=True):
        enqueue("cases.hand_over_item", key=f"{item_id}:{batch.round}", item_id=item_id)


@act
def stop_batch(*, batch_id: UUID, version: int, actor: Actor, at: datetime) -> HandoverBatch:  # noqa: ARG001  # @act binds it
    """What is handed over stays so; the other files wait until it goes on."""
    batch = locked_batch(batch_id, actor=actor, version=version)
    require(may_start_batch(actor, receiver=batch.receiver_id))
    batch.state = BATCH_LIFECYCLE.apply("stop", state=batch.state)
    return _changed(batch, "batch.stop")


@act
def continue_batch(*, batch_id: UUID, version: int, actor: Actor, at: datetime) -> HandoverBatch:  # noqa: ARG001  # as above
    """Try what waits or failed once more; what was handed over is not touched."""
    batch = locked_batch(batch_id, actor=actor, version=version)
    require(may_start_batch(actor, receiver=batch.receiver_id))
    batch.state = BATCH_LIFECYCLE.apply("go_on", state=batch.state)
    batch.items.filter(state=ItemState.FAILED).update(
        state=ItemState.WAITING, code="", message="", params={}, settled_at=None
    )
    _send(batch)
    return _changed(batch, "batch.continue")


@act
def withdraw_batch(*, batch_id: UUID, version: int, actor: Actor, at: datetime) -> HandoverBatch:  # noqa: ARG001  # as above
    """Give the batch up: its files can go in another one, or on their own."""
    batch = locked_batch(batch_id, actor=actor, version=version)
    require(may_prepare_batch(actor, office=batch.office_id, receiver=batch.receiver_id))
    batch.state = BATCH_LIFECYCLE.apply("withdraw", state=batch.state)
    for kind in ("batch.offer", "batch.start"):
        work.close_items(batch.pk, kind=kind, verb="batch.withdraw")
    return _changed(batch, "batch.withdraw")


def _changed(batch: HandoverBatch, verb: str) -> HandoverBatch:
    batch.version += 1
    batch.save()
    audit.record(verb, batch, detail={"files": batch.size, "round": batch.round})
    return batch


@act
def hand_over_item(*, item_id: UUID, actor: Actor, at: datetime) -> HandoverBatchItem:
    """Hand one file over with the rights that who started it has now. A refusal is kept on the item and stops no other.

    Done again it changes nothing: only a file that waits, of a batch that runs, is taken up.
    """
    batches = HandoverBatch.objects.visible_to(actor)
    item = (
        HandoverBatchItem.objects.select_for_update(of=("self",))
        .select_related("batch")
        .get(pk=item_id, batch__in=batches)
    )
    if item.state != ItemState.WAITING or item.batch.state != BatchState.RUNNING:
        return item
    item.settled_at = at
    try:
        with transaction.atomic():
            item.state = _hand_over(item, actor=actor, at=at)
    except (DomainError, ObjectDoesNotExist, IntegrityError) as error:
        refusal = _as_refusal(error)
        item.state, item.code, item.message = ItemState.FAILED, refusal.code, refusal.message
        item.params = refusal.params
        audit.record("batch.item_failed", item, detail={"code": refusal.code})
    item.save()
    return item


def _as_refusal(error: Exception) -> DomainError:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, ObjectDoesNotExist):
        return NotVisible()
    return Conflict("conflict", gettext_noop("Something else changed this file at the same moment."))


def _hand_over(item: HandoverBatchItem, *, actor: Actor, at: datetime) -> ItemState:
    """Accept one file on the signatures of the batch.

    Raises:
        Case.DoesNotExist: not visible to who started the batch.
        Forbidden: somebody else is named on the case.
        Conflict: the file or a measure changed after the signatures, or the case left the scheme.
        Invalid: the file is not complete.
    """
    handover: Handover = (
        Handover.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(case=item.case_id)
    )
    case, batch = handover.case, item.batch
    if handover.state == HandoverState.ACCEPTED:
        return ItemState.SKIPPED
    cases.require_no_conflict(actor, case)
    require(may_receive_file(actor, case_manager=case.case_manager_id, decider=case.decider_id))
    if case.state != "scheme":
        raise Conflict("not_in_scheme", gettext_noop("This person is not in the scheme any more."))
    if signing.content_hash(files.offered_content(handover)) != bytes(item.content_hash):
        raise Conflict("changed", gettext_noop("The file or a measure changed after the signatures: it fell out."))
    if files.missing(handover):
        raise Invalid("incomplete", gettext_noop("The handover file is not complete."))
    files.require_nothing_falls(handover, on=at.date())
    if handover.state != HandoverState.PROPOSED:
        handover.state = HANDOVER_LIFECYCLE.apply("propose", state=handover.state)
    handover.state = HANDOVER_LIFECYCLE.apply("accept", state=handover.state)
    handover.offered_signature, handover.accepted_signature = batch.offered_signature, batch.started_signature
    handover.accepted_at = at
    gate.share(
        InformationType.HANDOVER_FILE,
        handover,
        provider=OrganisationKind.PROSECUTION,
        receiver=OrganisationKind.NCTV,
        on=at.date(),
        scope=case.pk,
    )
    files.settle(handover)
    handover.version += 1
    handover.save()
    audit.record("handover.accept", handover, scope=case.pk, detail={"batch": str(batch.pk)})
    return ItemState.DONE
