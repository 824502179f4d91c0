"""What is open on the decisions of a case: for review, to be ratified; and what came in after the freeze."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from cases.models import AdoptedPicture, DecisionReview, Ratification
from cases.services.reading.rows import Opened, _open
from cases.services.review import flaw_of
from stelsel.kernel import composition
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor


@dataclass(frozen=True)
class Basis:
    """The frozen picture a decision rests on, as it stands now."""

    picture: AdoptedPicture
    flaw: str  # "newer_picture", "expired" or nothing
    arrived: int  # products that came in after it was frozen: how many, and nothing of them

    @property
    def content_hash(self) -> str:
        return bytes(self.picture.content_hash).hex()


def basis_of(picture: AdoptedPicture, *, at: datetime) -> Basis:
    """Part of reading a decision."""
    before, now = (
        {number for source in composition.EVIDENCE for number in source(picture.case_id, instant)}
        for instant in (picture.adopted_at, at)
    )
    return Basis(picture=picture, flaw=flaw_of(picture, at=at), arrived=len(now - before))


def panel(case_id: UUID, *, actor: Actor, at: datetime) -> dict[str, object] | None:  # noqa: ARG001  # @act binds it
    """The block on the case page: nothing when nothing is open."""
    reviews = list(DecisionReview.objects.filter(case=case_id, outcome="").order_by("since", "pk"))
    urgent = list(Ratification.objects.filter(case=case_id, ratified_at=None).order_by("due", "pk"))
    return {"reviews": reviews, "urgent": urgent} if reviews or urgent else None


def open_review(decision: Q) -> DecisionReview | None:
    """Whether this decision is for review. Part of reading a decision."""
    return DecisionReview.objects.filter(decision, outcome="").first()


@act
def read_review(*, review_id: UUID, actor: Actor, at: datetime) -> Opened[DecisionReview]:
    rows = DecisionReview.objects.select_related(
        "level__picture__case", "package__level__picture__case", "package__decided_by", "settled_by"
    )
    return _open(rows, review_id, part="package", actor=actor, at=at)


@act
def read_ratification(*, ratification_id: UUID, actor: Actor, at: datetime) -> Opened[Ratification]:
    rows = Ratification.objects.select_related(
        "level__picture", "package__level__picture", "urgent_request", "decided_by", "ratified_by"
    )
    return _open(rows, ratification_id, part="package", actor=actor, at=at)
