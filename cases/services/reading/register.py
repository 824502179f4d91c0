"""The register of decisions (besluitenregister): what was decided, by whom, and what is open on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import (
    Case,
    DecisionReview,
    Designation,
    LevelDecision,
    Package,
    Ratification,
    RelativeDesignation,
)
from cases.policies import may_see
from cases.querysets import CaseScoped
from cases.services.reading.rows import open_case_file
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require

KINDS: Final[dict[str, str | Promise]] = {
    "designation": _("Designation"),
    "relative": _("Designation of a relative"),
    "level": _("Threat level and resistance"),
    "measures": _("Decision on measures"),
    "urgent": _("Urgent measures by telephone"),
}
SHOWN: Final = 200


@dataclass(frozen=True)
class Wanted:
    """What the reader looks for; empty is everything."""

    kind: str = ""
    by: str = ""  # part of the name
    state: str = ""  # "holds", "ended"
    review: bool = False
    unratified: bool = False

    def fits(self, one: "Decided") -> bool:
        return (
            self.kind in ("", one.kind)
            and self.by.casefold() in one.by.casefold()
            and (not self.state or (self.state == "holds") is one.holds)
            and (not self.review or one.review is not None)
            and (not self.unratified or one.unratified)
        )


@dataclass(frozen=True)
class Decided:
    """A decision as the register lists it."""

    kind: str
    row: Any
    case: Case
    at: datetime
    by: str
    holds: bool
    review: UUID | None = None
    ratification: UUID | None = None
    unratified: bool = False

    @property
    def label(self) -> str | Promise:
        return KINDS[self.kind]


@act
def register(*, case_id: UUID | None = None, wanted: Wanted, actor: Actor, at: datetime) -> list[Decided]:
    """The newest decisions that the actor may see, of one case or of all; six queries, whatever their number.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role decides nothing and prepares nothing.
    """
    require(may_see("package", actor))
    if case_id is not None:
        open_case_file(case_id=case_id, part="package", actor=actor, at=at)
    found = sorted(_all(actor, at, case_id), key=lambda one: one.at, reverse=True)
    shown = [one for one in found if wanted.fits(one)][:SHOWN]
    audit.saw([(key, case) for key, case in {(one.case.person_id, one.case.pk) for one in shown}], kind="list")
    return shown


def _all(actor: Actor, at: datetime, case_id: UUID | None) -> Iterator[Decided]:
    look = _Look(actor, at, Q() if case_id is None else Q(case=case_id))
    reviews = {
        one.level_id or one.package_id: one.pk for one in look.rows(DecisionReview.objects.filter(outcome=""), "since")
    }
    confirmed = look.rows(Ratification.objects.select_related("decided_by"), "decided_at")
    urgent = {one.level_id or one.package_id: one for one in confirmed if one.urgent_request_id is None}
    orders = [_decided("urgent", row, at=row.decided_at, holds=True) for row in confirmed if row.urgent_request_id]
    for one in (*_placed(look), *_set(look), *orders):
        confirm = one.row if one.kind == "urgent" else urgent.get(one.row.pk)
        yield replace(
            one,
            review=reviews.get(one.row.pk),
            ratification=confirm.pk if confirm else None,
            unratified=one.unratified if confirm is None else confirm.ratified_at is None,
        )


def _placed(look: "_Look") -> Iterator[Decided]:
    """Who was placed in the scheme."""
    for row in look.rows(Designation.objects.select_related("decided_by"), "starts_at"):
        waits = row.ratify_due is not None and row.ratified_at is None
        yield _decided("designation", row, at=row.starts_at, holds=row.ends_at is None, unratified=waits)
    relatives = RelativeDesignation.objects.filter(starts_at__isnull=False).select_related("decided_by")
    for row in look.rows(relatives, "starts_at"):
        yield _decided("relative", row, at=row.starts_at, holds=row.ends_at is None)


def _set(look: "_Look") -> Iterator[Decided]:
    """Levels and measures: the newest of a case is the one that holds."""
    levels = look.rows(LevelDecision.objects.select_related("decided_by"), "decided_at")
    packages = look.rows(Package.objects.filter(state="decided").select_related("decided_by"), "decided_at")
    for kind, found in (("level", levels), ("measures", packages)):
        newest: set[UUID] = set()
        for row in found:
            yield _decided(kind, row, at=row.decided_at, holds=row.case_id not in newest)
            newest.add(row.case_id)


def _decided(kind: str, row: Any, *, at: datetime, holds: bool, unratified: bool = False) -> Decided:  # noqa: ANN401  # rows of several tables
    by = row.decided_by.get_full_name() if row.decided_by else ""
    return Decided(kind=kind, row=row, case=row.case, at=at, by=by, holds=holds, unratified=unratified)


@dataclass(frozen=True)
class _Look:
    """Whose sight, when, and of which case."""

    actor: Actor
    at: datetime
    only: Q

    def rows(self, rows: CaseScoped[Any], order: str) -> list[Any]:
        """The newest first."""
        found = rows.visible_to(self.actor, at=self.at).filter(self.only).select_related("case__person")
        return list(found.order_by(f"-{order}", "pk")[:SHOWN])
