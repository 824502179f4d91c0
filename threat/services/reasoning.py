"""Assumptions and other explanations of a picture; an assumption that is not checked in time reopens the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from stelsel.kernel import audit, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from stelsel.kernel.models import Membership
from threat.lifecycle import PICTURE_LIFECYCLE, PictureState, Weighing
from threat.models import Assumption, AssumptionCheck, Hypothesis, Picture
from threat.policies import may_make_picture
from threat.services.case import box_for, nctv, refuse_if, text_faults
from threat.services.pictures import locked_picture

KIND = "threat.assumption"
MESSAGES = {
    "ahead": gettext_noop("The day lies ahead."),
    "owner": gettext_noop("Only an analyst who holds the role now can watch it."),
    "weighing": gettext_noop("Say how likely it is beside the picture."),
    "not_adopted": gettext_noop("An assumption is checked once its picture is adopted; until then change the draft."),
    "failed": gettext_noop("This assumption was found not to hold; the picture is reviewed."),
}


@dataclass(frozen=True)
class AssumptionView:
    """An assumption in clear with its last check; `due` is until when it is relied on, None once it failed."""

    row: Assumption
    text: str
    last: AssumptionCheck | None
    note: str

    @property
    def due(self) -> date | None:
        return self.last.check_by if self.last else self.row.check_by


@dataclass(frozen=True)
class HypothesisView:
    """Another explanation in clear."""

    row: Hypothesis
    text: str
    reason: str


@act
def add_assumption(
    *, picture_id: UUID, text: str, owner_id: UUID, check_by: date, actor: Actor, at: datetime
) -> Assumption:
    """Write down what the picture assumes, who watches it and until when it is relied on.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Invalid: no text, a day that has passed, or an owner who is no analyst; every fault is named.
        IllegalMove: the picture is proposed, adopted or abandoned.
    """
    picture = _workable(picture_id, actor=actor, at=at)
    faults = text_faults(text=text)
    if check_by <= timezone.localdate(at):
        faults.append(Fault("check_by", "past", MESSAGES["ahead"]))
    if not Membership.objects.in_force(at=at).filter(user_id=owner_id, role=Role.THREAT_ANALYST).exists():
        faults.append(Fault("owner_id", "invalid", MESSAGES["owner"]))
    refuse_if(faults)
    row = Assumption(
        picture=picture,
        case=picture.case,
        owner_id=owner_id,
        check_by=check_by,
        marking=picture.marking,
        added_by_id=actor.user_id,
        added_at=at,
        provenance=actor.organisation,
    )
    box_for(picture.case).seal(row, "text", text.strip(), key=picture.case.person.key_id)
    row.save(force_insert=True)
    audit.record("picture.add_assumption", row, scope=picture.case_id)
    return row


@act
def add_hypothesis(
    *, picture_id: UUID, text: str, weighing: str, reason: str, actor: Actor, at: datetime
) -> Hypothesis:
    """Write down another explanation of the evidence, how likely it is beside the picture, and why.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Invalid: something not filled in; every fault is named.
        IllegalMove: the picture is proposed, adopted or abandoned.
    """
    picture = _workable(picture_id, actor=actor, at=at)
    faults = text_faults(text=text, reason=reason)
    if weighing not in set(Weighing):
        faults.append(Fault("weighing", "invalid", MESSAGES["weighing"]))
    refuse_if(faults)
    row = Hypothesis(
        picture=picture,
        case=picture.case,
        weighing=weighing,
        marking=picture.marking,
        added_by_id=actor.user_id,
        added_at=at,
        provenance=actor.organisation,
    )
    box, key = box_for(picture.case), picture.case.person.key_id
    box.seal(row, "text", text.strip(), key=key)
    box.seal(row, "reason", reason.strip(), key=key)
    row.save(force_insert=True)
    audit.record("picture.add_hypothesis", row, scope=picture.case_id)
    return row


@act
def remove_assumption(*, assumption_id: UUID, actor: Actor, at: datetime) -> Assumption:
    """Take an assumption out of the draft; the history keeps it."""
    row = Assumption.objects.visible_to(actor, at=at).kept().get(pk=assumption_id)
    _workable(row.picture_id, actor=actor, at=at)
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    audit.record("picture.remove_assumption", row, scope=row.case_id)
    return row


@act
def remove_hypothesis(*, hypothesis_id: UUID, actor: Actor, at: datetime) -> Hypothesis:
    """Take another explanation out of the draft; the history keeps it."""
    row = Hypothesis.objects.visible_to(actor, at=at).kept().get(pk=hypothesis_id)
    _workable(row.picture_id, actor=actor, at=at)
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    audit.record("picture.remove_hypothesis", row, scope=row.case_id)
    return row


def _workable(picture_id: UUID, *, actor: Actor, at: datetime) -> Picture:
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    PICTURE_LIFECYCLE.apply("change", state=picture.state)
    return picture


@act
def check_assumption(
    *, assumption_id: UUID, holds: bool, note: str, check_by: date | None = None, actor: Actor, at: datetime
) -> AssumptionCheck:
    """Say whether an assumption of an adopted picture still holds, and until when; if not, the picture is reviewed.

    Raises:
        Assumption.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Invalid: no note, or it holds without a day ahead; every fault is named.
        Conflict: the picture is not adopted, or the assumption was found not to hold.
    """
    row = Assumption.objects.visible_to(actor, at=at).kept().get(pk=assumption_id)
    picture = locked_picture(row.picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    if picture.state != PictureState.ADOPTED:
        raise Conflict("not_adopted", MESSAGES["not_adopted"])
    if AssumptionCheck.objects.filter(assumption=row, holds=False).exists():
        raise Conflict("failed", MESSAGES["failed"])
    faults = text_faults(note=note)
    if holds and (check_by is None or check_by <= timezone.localdate(at)):
        faults.append(Fault("check_by", "past", MESSAGES["ahead"]))
    refuse_if(faults)
    check = AssumptionCheck(
        assumption=row,
        case_id=row.case_id,
        holds=holds,
        check_by=check_by if holds else None,
        checked_by_id=actor.user_id,
        checked_at=at,
    )
    box_for(picture.case).seal(check, "note", note.strip(), key=picture.case.person.key_id)
    check.save(force_insert=True)
    work.close_items(row.pk, kind=KIND, verb="picture.check_assumption")
    if not holds:
        _reopen(picture, at=at)
    audit.record("picture.check_assumption", check, scope=row.case_id, detail={"holds": holds})
    return check


def _reopen(picture: Picture, *, at: datetime) -> None:
    for role in (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS):
        work.open_item(
            "threat.picture_review",
            picture,
            owner_role=role,
            organisation=nctv().pk,
            label=picture.case.number,
            scope=picture.case_id,
            due=at,
        )


def watch_assumptions(pictures: Iterable[Picture], *, at: datetime) -> int:
    """Assumptions of pictures in force that were not checked in time: their watchers look, and the picture reopens.

    Part of the watch.
    """
    by_id = {picture.pk: picture for picture in pictures}
    due = 0
    for view in _views(Assumption.objects.filter(picture__in=by_id).kept(), box=None):
        if view.due is None or view.due > timezone.localdate(at):
            continue
        due += 1
        picture = by_id[view.row.picture_id]
        work.open_item(
            KIND,
            view.row,
            owner_role=Role.THREAT_ANALYST,
            owner=view.row.owner_id,
            organisation=nctv().pk,
            label=picture.case.number,
            scope=picture.case_id,
            due=at,
        )
        _reopen(picture, at=at)
    return due


def reasoning_of(picture: Picture, box: vault.Box) -> tuple[list[AssumptionView], list[HypothesisView]]:
    """Assumptions and other explanations in clear. Part of a read that was logged."""
    rows = Hypothesis.objects.filter(picture=picture).kept().order_by("added_at", "pk")
    return (
        _views(Assumption.objects.filter(picture=picture).kept().select_related("owner"), box=box),
        [HypothesisView(row, box.open(row, "text"), box.open(row, "reason")) for row in rows],
    )


def _views(rows: QuerySet[Assumption], *, box: vault.Box | None) -> list[AssumptionView]:
    found = list(rows.order_by("added_at", "pk"))
    checks = AssumptionCheck.objects.filter(assumption__in=found).order_by("assumption", "-checked_at", "holds")
    last = {check.assumption_id: check for check in checks.distinct("assumption").select_related("checked_by")}
    return [
        AssumptionView(
            row=row,
            text=box.open(row, "text") if box else "",
            last=last.get(row.pk),
            note=box.open(last[row.pk], "note") if box and row.pk in last else "",
        )
        for row in found
    ]
