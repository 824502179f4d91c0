"""Decisions for review: marked when what they rest on changed, settled by a decision. The mark ends nothing (R068)."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.lifecycle import CaseState
from cases.models import AdoptedPicture, Case, DecisionReview, LevelDecision, Package
from cases.models.review import ReviewCause
from cases.policies import may_settle_review
from cases.services import case as cases
from stelsel.kernel import audit, norms, signing, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop

WORK = "decision.review"


def newest_picture(case: Case) -> AdoptedPicture | None:
    return AdoptedPicture.objects.filter(case=case).order_by("-adopted_at", "-picture_version").first()


def newest_level(case: Case) -> LevelDecision | None:
    return LevelDecision.objects.filter(case=case).order_by("-decided_at", "pk").first()


def package_in_force(case: Case) -> Package | None:
    """The newest decided package: the one whose reasons hold now."""
    return Package.objects.filter(case=case, state="decided").order_by("-decided_at", "pk").first()


def flaw_of(picture: AdoptedPicture, *, at: datetime) -> str:
    """Why one does not decide on this picture now: "newer_picture", "expired", or nothing."""
    if newest_picture(picture.case) != picture:
        return ReviewCause.NEWER_PICTURE
    return ReviewCause.EXPIRED if picture.review_due < timezone.localdate(at) else ""


def require_sound(picture: AdoptedPicture, *, urgent_reason: str, at: datetime, waits: bool = False) -> str:
    """Refuse to decide on a picture that expired or was followed by another, but by the urgent route.

    With `waits` something else keeps the decision waiting, which the urgent route may pass as well.

    Returns:
        What is wrong with the picture, or nothing; by the urgent route the decision must be ratified.

    Raises:
        Conflict: without a reason why it cannot wait.
        Invalid: with such a reason, on a picture that needs none.
    """
    flaw = flaw_of(picture, at=at)
    if not (flaw or waits) and urgent_reason.strip():
        fault = Fault(
            "urgent_reason", "not_needed", gettext_noop("The picture is the newest and in date: leave this empty.")
        )
        raise Invalid("invalid", fault.message, faults=(fault,))
    if flaw and not urgent_reason.strip():
        raise Conflict(flaw, REFUSED[flaw])
    return flaw


REFUSED: dict[str, str] = {
    ReviewCause.NEWER_PICTURE: gettext_noop("A newer threat picture was adopted. Decide on that one."),
    ReviewCause.EXPIRED: gettext_noop(
        "This threat picture is past its review date. Ask for a new one, or say why the decision cannot wait."
    ),
}


def mark(case: Case, cause: str, *, caused_at: datetime, at: datetime) -> int:
    """Mark level and package in force for review. Part of a service; what is marked for this already stays as it is.

    A decision of which was said that it stands is marked again when the cause is newer, or on the day set for that.
    """
    level, package = newest_level(case), package_in_force(case)
    found = [DecisionReview(level=level)] if level else []
    found += [DecisionReview(package=package)] if package else []
    wanted = [row for row in found if not _known(row, cause, caused_at=caused_at, at=at)]
    for row in wanted:
        row.case, row.cause, row.since, row.due = case, cause, at, norms.due("cases.review", since=at)
        row.save(force_insert=True)
        for role, owner in ((Role.CASE_MANAGER, case.case_manager_id), (Role.DECIDER, case.decider_id)):
            work.open_item(WORK, row, owner_role=role, owner=owner, label=case.number, scope=case.pk, due=row.due)
        audit.record("decision.for_review", row, scope=case.pk, reason=cause)
    return len(wanted)


def _known(row: DecisionReview, cause: str, *, caused_at: datetime, at: datetime) -> bool:
    earlier = DecisionReview.objects.filter(level=row.level, package=row.package)
    settled = Q(cause=cause, since__gte=caused_at) & (Q(again_on=None) | Q(again_on__gt=timezone.localdate(at)))
    return earlier.filter(Q(outcome="") | settled).exists()


@act
def mark_withdrawn(*, case_id: UUID, withdrawn_at: datetime, actor: Actor, at: datetime) -> int:
    """Threat analysis found that the newest adopted picture rests on a product that was withdrawn (scheduled)."""
    case = Case.objects.visible_to(actor, at=at).select_related("person").get(pk=case_id)
    return mark(case, ReviewCause.WITHDRAWN, caused_at=withdrawn_at, at=at)


def expired(at: datetime) -> int:
    """Mark what rests on a picture past its review date, while there is no newer one. Part of watching."""
    newer = LevelDecision.objects.filter(case=OuterRef("case"), decided_at__gt=OuterRef("decided_at"))
    late = LevelDecision.objects.filter(
        ~Exists(newer), case__state=CaseState.SCHEME, picture__review_due__lt=timezone.localdate(at)
    ).select_related("case__person", "picture")
    found = [row for row in late if newest_picture(row.case) == row.picture]
    for row in found:
        mark(row.case, ReviewCause.EXPIRED, caused_at=row.picture.adopted_at, at=at)
    return len(found)


def replaced(case: Case, kind: str, *, actor: Actor, at: datetime) -> None:
    """A new decision of this kind (level, package) settles what was for review on those before. Part of a service."""
    for row in DecisionReview.objects.select_for_update().filter(case=case, outcome="", **{f"{kind}__isnull": False}):
        row.outcome, row.settled_by_id, row.settled_at = "replaced", actor.user_id, at
        row.save()
        work.close_items(row.pk, kind=WORK, verb="decision.replace")


@act
def confirm_review(
    *, review_id: UUID, reasons: str, again_on: date, code: str, actor: Actor, at: datetime
) -> DecisionReview:
    """The decision stands, signed, for these reasons, until it is looked at again on a day that lies ahead.

    Raises:
        Conflict: it was settled already.
    """
    row = (
        DecisionReview.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=review_id)
    )
    case = row.case
    require(may_settle_review(actor, decider=case.decider_id, person_user=case.person.user_id))
    if row.outcome:
        raise Conflict("settled", gettext_noop("This review was settled already."))
    cases.require_texts(reasons=reasons)
    if again_on <= timezone.localdate(at):
        fault = Fault("again_on", "past", gettext_noop("Choose a day that lies ahead."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    content = {
        "case": case.number,
        "decision": str(row.level_id or row.package_id),
        "cause": row.cause,
        "again_on": again_on.isoformat(),
        "reasons": reasons,
    }
    row.signature = signing.sign(row, content, actor=actor, at=at, code=code)
    row.outcome, row.again_on, row.settled_by_id, row.settled_at = "stands", again_on, actor.user_id, at
    cases.seal(row, case, reasons=reasons)
    row.save()
    work.close_items(row.pk, kind=WORK, verb="decision.confirm")
    audit.record("decision.confirm", row, scope=case.pk)
    return row
