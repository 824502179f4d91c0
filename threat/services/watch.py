"""What time causes in threat analysis, scheduled as the system: nothing ends in silence."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils import timezone

from cases.services import mark_withdrawn
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role
from threat.lifecycle import REQUEST_LIFECYCLE, PictureState, RequestState
from threat.models import EvidenceItem, InformationRequest, Picture, Signal
from threat.services.case import nctv
from threat.services.codings import watch_codings
from threat.services.elsewhere import watch_elsewhere
from threat.services.information import REFUSED_STATES, tell_asker
from threat.services.matching import watch_matches
from threat.services.reasoning import watch_assumptions
from threat.services.shielded import watch_checks


@act
def watch(*, actor: Actor, at: datetime) -> int:
    """Record silences and open the work that time has caused; a second run opens nothing twice.

    Returns:
        How many requests, refusals, signals and pictures are late now, how many lost a product, and how many blind
        matches are open.
    """
    if not actor.is_system:
        raise TypeError("the watch is the system's")
    return (
        _silences(at)
        + _refusals(at)
        + _signals(at)
        + _proposals(at)
        + _reviews(at)
        + watch_assumptions(_at_rest().filter(assumptions__isnull=False).distinct(), at=at)
        + watch_elsewhere(at)
        + _withdrawn(actor, at)
        + watch_checks(at)
        + watch_codings(at)
        + watch_matches(at)
    )


def _silences(at: datetime) -> int:
    """A due date that passed without an answer is itself recorded as the answer (R053)."""
    late = InformationRequest.objects.filter(state=RequestState.ASKED, due_at__lte=at)
    for request in late.select_for_update(of=("self",)).order_by("pk"):
        request.state = REQUEST_LIFECYCLE.apply("fall_silent", state=request.state)
        request.silent_at = at
        request.version += 1
        request.save()
        audit.record("information.fall_silent", request, scope=request.case_id)
    silent = InformationRequest.objects.filter(state=RequestState.SILENT)
    for request in silent:
        tell_asker(request, kind="threat.request_overdue", due=request.due_at)
    return len(silent)


def _refusals(at: datetime) -> int:
    """Refused or withheld, and the review date is there: both sides look again."""
    due = InformationRequest.objects.filter(state__in=REFUSED_STATES, review_due__lte=timezone.localdate(at))
    for request in due:
        tell_asker(request, kind="threat.refusal_review", due=at)
        work.open_item(
            "threat.refusal_review_own",
            request,
            owner_role=Role.PRODUCT_SUPPLIER,
            organisation=request.supplier_id,
            label=request.number,
            due=at,
        )
    return len(due)


def _signals(at: datetime) -> int:
    waiting = Signal.objects.undisposed().filter(taken_at__lte=at).select_related("case")
    late = [signal for signal in waiting if norms.due("threat.signal", since=signal.taken_at) <= at]
    for signal in late:
        _tell_head("threat.signal_overdue", signal, signal.case.number, scope=signal.case_id, at=at)
    return len(late)


def _proposals(at: datetime) -> int:
    waiting = Picture.objects.filter(state=PictureState.PROPOSED, proposed_at__lte=at).select_related("case")
    late = [row for row in waiting if row.proposed_at and norms.due("threat.adopt", since=row.proposed_at) <= at]
    for picture in late:
        _tell_head("threat.adopt_overdue", picture, picture.case.number, scope=picture.case_id, at=at)
    return len(late)


def _reviews(at: datetime) -> int:
    """The newest adopted version of a case whose review date is there, while nobody works on the next one."""
    due = _at_rest().filter(review_due__lte=timezone.localdate(at))
    for picture in due:
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
    return len(due)


def _at_rest() -> models.QuerySet[Picture]:
    """The newest adopted version of each case on whose next version nobody works."""
    newer = Picture.objects.filter(case=models.OuterRef("case")).exclude(state=PictureState.ABANDONED)
    return Picture.objects.filter(
        ~models.Exists(newer.filter(version__gt=models.OuterRef("version"))), state=PictureState.ADOPTED
    ).select_related("case")


def _withdrawn(actor: Actor, at: datetime) -> int:
    """Decisions rest on a picture of which a supplier took a product back after its adoption: they are for review."""
    newer = Picture.objects.filter(
        case=models.OuterRef("case"), state=PictureState.ADOPTED, version__gt=models.OuterRef("picture__version")
    )
    found = (
        EvidenceItem.objects.filter(
            ~models.Exists(newer),
            picture__state=PictureState.ADOPTED,
            lapsed=False,
            removed_at=None,
            product__withdrawn_at__gt=models.F("picture__adopted_at"),
        )
        .values("case_id")
        .annotate(latest=models.Max("product__withdrawn_at"))
        .order_by("case_id")
    )
    for row in found:
        mark_withdrawn(case_id=row["case_id"], withdrawn_at=row["latest"], actor=actor, at=at)
    return len(found)


def _tell_head(kind: str, subject: models.Model, label: str, *, scope: UUID, at: datetime) -> None:
    work.open_item(
        kind,
        subject,
        owner_role=Role.HEAD_OF_ANALYSIS,
        organisation=nctv().pk,
        label=label,
        scope=scope,
        due=at,
    )
