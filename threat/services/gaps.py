"""Gaps in what is known (R073): per person what is missing or late, per supplier who answered, refused or is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from cases.models import Case
from stelsel.kernel import access, audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.models import WorkItem
from threat.lifecycle import OPEN_PICTURES, PictureState, RequestState
from threat.models import InformationRequest, Picture, Product, Signal
from threat.policies import may_see_analysis, may_take_gap
from threat.services.case import nctv, visible_case
from threat.services.elsewhere import in_date
from threat.services.shielded import LastCheck, last_checks

WORST: Final = (
    RequestState.SILENT,
    RequestState.REFUSED,
    RequestState.WITHHELD,
    RequestState.ASKED,
    RequestState.ANSWERED,
)
"""Of several requests to one supplier the map shows the first of these."""
ESCALATED: Final = "threat.gap"


@dataclass(frozen=True)
class Cell:
    """What one supplier did about one person: the worst state of its requests, and when it looked along last."""

    state: str
    check: LastCheck | None


@dataclass(frozen=True)
class Gap:
    """One person: `picture` is the newest that counts, adopted or being made."""

    case: Case
    picture: Picture | None
    elsewhere: bool  # a picture made elsewhere is in date
    overdue: bool  # the review date of the adopted picture has passed, or there is no adopted picture
    products: int  # valid today
    undisposed: int
    unanswered: int
    cells: Mapping[UUID, Cell]
    escalated: bool

    @property
    def open(self) -> bool:
        """Whether something is missing or late."""
        late = any(cell.check is not None and cell.check.overdue for cell in self.cells.values())
        return self.overdue or not self.products or bool(self.undisposed or self.unanswered) or late


@dataclass(frozen=True)
class Map:
    """Part of the map: rows, the suppliers asked about them, and the cursors of the parts after and before it."""

    rows: Sequence[Gap]
    suppliers: Sequence[tuple[UUID, str]]
    following: str
    preceding: str


@act
def read_gaps(
    *, after: str = "", before: str = "", size: int = 25, only_open: bool = False, actor: Actor, at: datetime
) -> Map:
    """The persons in the scheme that the actor analyses; a constant number of queries, each read logged.

    `only_open` leaves out, of this part, who lacks nothing.

    Raises:
        Forbidden: not an analyst.
    """
    require(may_see_analysis(actor))
    part = access.page(Case, to=actor, at=at, size=size, after=after, before=before, filters={"state": "scheme"})
    cases = {one.pk: one for one in Case.objects.filter(pk__in=part.ids).select_related("person")}
    shown = [cases[key] for key in part.ids if key in cases]
    audit.saw([(one.person_id, one.pk) for one in shown], kind="list")
    on = timezone.localdate(at)
    pictures, products, signals = _pictures(shown), _products(shown, on=on), _signals(shown)
    elsewhere = in_date([one.pk for one in shown], on=on)
    states, names = _states(shown, actor=actor, at=at)
    checks = {(one.case_id, one.supplier_id): one for one in last_checks([one.pk for one in shown], at=at)}
    names |= {one.supplier_id: one.supplier for one in checks.values()}
    told = set(
        WorkItem.objects.filter(kind=ESCALATED, subject_id__in=cases, closed_at=None).values_list(
            "subject_id", flat=True
        )
    )
    rows = [
        Gap(
            case=one,
            picture=pictures.get(one.pk),
            elsewhere=one.pk in elsewhere,
            overdue=one.pk not in elsewhere and _overdue(pictures.get(one.pk), on=on),
            products=products.get(one.pk, 0),
            undisposed=signals.get(one.pk, 0),
            unanswered=sum(
                state != RequestState.ANSWERED for (case_id, _supplier), state in states.items() if case_id == one.pk
            ),
            cells={
                supplier: Cell(states.get((one.pk, supplier), ""), checks.get((one.pk, supplier)))
                for supplier in names
                if (one.pk, supplier) in states or (one.pk, supplier) in checks
            },
            escalated=one.pk in told,
        )
        for one in shown
    ]
    kept = [row for row in rows if row.open] if only_open else rows
    return Map(kept, sorted(names.items(), key=lambda pair: pair[1]), part.following, part.preceding)


def _overdue(picture: Picture | None, *, on: date) -> bool:
    return picture is None or picture.review_due is None or picture.review_due <= on


def _pictures(cases: Sequence[Case]) -> dict[UUID, Picture]:
    """The adopted picture of each case, or the one that is being made where none was adopted."""
    rows = Picture.objects.filter(case__in=cases, state__in=[PictureState.ADOPTED, *OPEN_PICTURES])
    found: dict[UUID, Picture] = {}
    for row in rows.order_by("case_id", "version"):
        if row.case_id not in found or row.state == PictureState.ADOPTED:
            found[row.case_id] = row
    return found


def _products(cases: Sequence[Case], *, on: date) -> dict[UUID, int]:
    rows = Product.objects.filter(case__in=cases, withdrawn_at=None, replaced_by=None, valid_from__lte=on)
    valid = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on))
    return dict(valid.order_by().values_list("case_id").annotate(Count("pk")))


def _signals(cases: Sequence[Case]) -> dict[UUID, int]:
    rows = Signal.objects.undisposed().filter(case__in=cases)
    return dict(rows.order_by().values_list("case_id").annotate(Count("pk")))


def _states(
    cases: Sequence[Case], *, actor: Actor, at: datetime
) -> tuple[dict[tuple[UUID, UUID], str], dict[UUID, str]]:
    """Per case and supplier the worst state of its requests, and the suppliers' names."""
    rows = InformationRequest.objects.visible_to(actor, at=at).filter(case__in=cases)
    found: dict[tuple[UUID, UUID], str] = {}
    names: dict[UUID, str] = {}
    for case_id, supplier_id, name, state in rows.values_list("case_id", "supplier_id", "supplier__name", "state"):
        names[supplier_id] = name
        known = found.get((case_id, supplier_id))
        if known is None or WORST.index(RequestState(state)) < WORST.index(RequestState(known)):
            found[case_id, supplier_id] = state
    return found, names


@act
def escalate_gap(*, case_id: UUID, actor: Actor, at: datetime) -> WorkItem:
    """Put the line of one person before the head of threat analysis; once, until it is taken in hand.

    The map itself says what is missing, so no words are asked that would have to be kept sealed.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not an analyst.
        Conflict: it lies there already.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_see_analysis(actor))
    if WorkItem.objects.filter(kind=ESCALATED, subject_id=case.pk, closed_at=None).exists():
        raise Conflict("escalated", gettext_noop("This lies with the head of threat analysis already."))
    item = work.open_item(
        ESCALATED,
        case,
        owner_role=Role.HEAD_OF_ANALYSIS,
        organisation=nctv().pk,
        label=case.number,
        scope=case.pk,
        due=at,
    )
    audit.record("gap.escalate", case, scope=case.pk)
    return item


@act
def take_gap(*, case_id: UUID, actor: Actor, at: datetime) -> None:
    """The head of threat analysis takes it in hand.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not the head of threat analysis.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_take_gap(actor))
    work.close_items(case.pk, kind=ESCALATED, verb="gap.take")
    audit.record("gap.take", case, scope=case.pk)
