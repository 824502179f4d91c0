"""Matching (O2): the same entity in products of two cases, recorded once per pair, told to who may see both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cases.demarcation import Regime
from cases.models import Case
from cases.services import case as cases
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.jobs import SYSTEM_USER
from stelsel.kernel.models import OrganisationKind, WorkItem
from stelsel.legal import gate
from threat.lifecycle import BLIND_LIFECYCLE, BlindState, MatchAnswer
from threat.models import BlindMatch, Entity, Hit, MatchQuestion
from threat.policies import may_take_down
from threat.scoring.entities import EntityKind
from threat.services.case import nctv, visible_case
from threat.services.entities import TYPES, matchable

WORK: Final = "threat.match"
BLIND_WORK: Final = "threat.blind_match"
ANSWERED_WORK: Final = "threat.match_answered"
QUESTION_WORK: Final = "threat.match_question"
SHOWN: Final = 200
ORIGIN: Final = ("product", "signal", "supplier", "case__person")


# --- finding, as the system ---


@act
def match_entity(*, entity_id: UUID, actor: Actor, at: datetime) -> list[Hit]:
    """Compare one entity with those of other cases, and of other suppliers in its own. Run twice it finds nothing new.

    Both sides pass the gate, each on a ground of its own. Taken out meanwhile, what it matched lapses.
    """
    if not actor.is_system:
        raise TypeError("matching is the system's")
    mine = _live().filter(pk=entity_id).first()
    if mine is None:
        _lapse(Q(first=entity_id) | Q(second=entity_id), at=at)
        return []
    same = _live().filter(kind=mine.kind, blind_index=mine.blind_index).exclude(pk=mine.pk)
    may = matchable(at=at)
    found = [_meet(mine, other, may=may, at=at) for other in same.order_by("recorded_at", "pk")]
    return [hit for hit in found if hit is not None]


def _live() -> QuerySet[Entity]:
    return Entity.objects.live().select_related("supplier", "case")


def _meet(mine: Entity, other: Entity, *, may: frozenset[tuple[str, str]], at: datetime) -> Hit | None:
    """Record that two entities are the same thing; None when it was recorded, says nothing, or may not be."""
    if (mine.case_id, mine.supplier_id) == (other.case_id, other.supplier_id):
        return None
    if not {(mine.kind, mine.provider), (other.kind, other.provider)} <= may:
        return None
    first, second = sorted((mine, other), key=lambda each: each.pk)
    if Hit.objects.filter(first=first, second=second).exists():
        return None
    hit = Hit(
        number=_next_number(on=timezone.localdate(at)),
        kind=mine.kind,
        first=first,
        second=second,
        first_case_id=first.case_id,
        second_case_id=second.case_id,
        marking=gate.highest([first.marking, second.marking]),
        data_regime=max(first.data_regime, second.data_regime),
        found_at=at,
    )
    if not _kept(hit):
        return None
    for side in (first, second):
        gate.share(
            TYPES[EntityKind(side.kind)],
            side,
            provider=side.provider,
            receiver=OrganisationKind.NCTV,
            on=timezone.localdate(at),
        )
    blind = _tell(hit, mine.recorded_by_id, at=at)
    # Without a case: the timeline of neither may betray the other.
    audit.record("match.find", hit, detail={"kind": hit.kind, "blind": blind})
    return hit


def _kept(hit: Hit) -> bool:
    """Whether this pair is new; of two jobs that find it at once, one keeps it."""
    try:
        with transaction.atomic():
            hit.save(force_insert=True)
    except IntegrityError as error:
        if "hit_once" not in str(error):
            raise
        return False
    return True


def _tell(hit: Hit, recorder: UUID | None, *, at: datetime) -> bool:
    """Work for an analyst who sees both cases; where nobody does, a blind match for the head. Whether it is blind.

    Work about two cases is under neither: who sees one of them must not learn that there is something.
    """
    owner, scope = None, hit.first_case_id if hit.first_case_id == hit.second_case_id else None
    if scope is None:
        readers = _who_sees_both(hit)
        if not readers:
            _tell_blindly(hit, at=at)
            return True
        owner = recorder if recorder in readers else readers[0]
    work.open_item(
        WORK,
        hit,
        owner_role=Role.THREAT_ANALYST,
        owner=owner,
        organisation=None if owner else nctv().pk,
        label=hit.number,
        scope=scope,
        due=norms.due("threat.match", since=at),
    )
    return False


def _next_number(*, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('threat_match_number')")
        (running,) = cursor.fetchone()
    return f"M{on:%y}-{running:05d}"


def _who_sees_both(hit: Hit) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_who_sees_both(%s, %s)", [hit.first_case_id, hit.second_case_id])
        return [user_id for (user_id,) in cursor.fetchall()]


def _tell_blindly(hit: Hit, *, at: datetime) -> None:
    today = timezone.localdate(at)
    blind = BlindMatch(
        number=hit.number,
        hit=hit,
        kind=hit.kind,
        first_supplier_id=hit.first.supplier_id,
        second_supplier_id=hit.second.supplier_id,
        found_on=today,
        state=BLIND_LIFECYCLE.initial,
    )
    blind.save(force_insert=True)
    work.open_item(
        BLIND_WORK,
        blind,
        owner_role=Role.HEAD_OF_ANALYSIS,
        organisation=nctv().pk,
        label=blind.number,
        due=norms.due("threat.blind_match", since=at),
    )


# --- what time causes ---


def watch_matches(at: datetime) -> int:
    """Pairs that a ground of today allows, and what may not be used any more. Part of watching.

    Returns:
        How many blind matches are open.
    """
    may = matchable(at=at)
    groups = _live().order_by().values("kind", "blind_index").annotate(of=Count("pk")).filter(of__gt=1)
    for group in groups:
        rows = _live().filter(kind=group["kind"], blind_index=group["blind_index"]).order_by("recorded_at", "pk")
        for other, mine in combinations(rows, 2):
            _meet(mine, other, may=may, at=at)
    _empty(at=at)
    _lapse(Q(), at=at)
    _pass_on(at=at)
    return BlindMatch.objects.filter(state=BlindState.OPEN).count()


def _pass_on(*, at: datetime) -> None:
    """Work of who does not see both cases any more goes to another who does, or blind to the head."""
    items = WorkItem.objects.filter(kind=WORK, closed_at=None, scope_id=None)
    owners = dict(items.values_list("subject_id", "owner_id"))
    for hit in Hit.objects.filter(pk__in=owners).select_related("first", "second").order_by("pk"):
        if owners[hit.pk] not in _who_sees_both(hit):
            work.close_items(hit.pk, kind=WORK, verb="match.pass_on")
            _tell(hit, None, at=at)


def _empty(*, at: datetime) -> None:
    """What a supplier took back, and what is about a person whose content was destroyed, is not kept to be compared."""
    gone = Q(product__withdrawn_at__isnull=False) | Q(key__destroyed_at__isnull=False)
    rows = Entity.objects.filter(gone, removed_at=None, case__demarcation=Regime.NONE)
    for entity in rows.select_for_update(of=("self",)).order_by("pk"):
        entity.value = entity.blind_index = b""
        entity.removed_at, entity.removed_by_id = at, SYSTEM_USER
        entity.save(update_fields=["value", "blind_index", "removed_at", "removed_by"])
        audit.record("entity.remove", entity, scope=entity.case_id, detail={"kind": entity.kind})


def _lapse(which: Q, *, at: datetime) -> None:
    """Settle what waits about matches of which a side is not compared any more, or may not be."""
    waiting = WorkItem.objects.filter(kind=WORK, closed_at=None).values("subject_id")
    blind = BlindMatch.objects.filter(state=BlindState.OPEN).values("hit")
    rows = Hit.objects.filter(which).filter(Q(pk__in=waiting) | Q(pk__in=blind)).select_related("first", "second")
    hits = list(rows.order_by("pk"))
    sides = {side.pk for hit in hits for side in (hit.first, hit.second)}
    live = set(_live().filter(pk__in=sides).values_list("pk", flat=True))
    may = matchable(at=at)
    for hit in hits:
        both = {hit.first_id, hit.second_id} <= live
        if both and {(hit.kind, hit.first.provider), (hit.kind, hit.second.provider)} <= may:
            continue
        work.close_items(hit.pk, kind=WORK, verb="match.lapse")
        for row in BlindMatch.objects.select_for_update().filter(hit=hit, state=BlindState.OPEN):
            _lapse_blind(row, at=at)


def _lapse_blind(row: BlindMatch, *, at: datetime) -> None:
    row.state, row.settled_at = BLIND_LIFECYCLE.apply("lapse", state=row.state), at
    row.save(update_fields=["state", "settled_at"])
    close_questions(row, verb="match.lapse", at=at)
    audit.record("match.lapse", row)


def close_questions(row: BlindMatch, *, verb: str, at: datetime) -> None:
    """Nobody waits any more for what was asked about a blind match. Part of settling it."""
    for kind in (BLIND_WORK, ANSWERED_WORK):
        work.close_items(row.pk, kind=kind, verb=verb)
    for question in MatchQuestion.objects.select_for_update().filter(blind=row, answer=MatchAnswer.ASKED):
        question.answer, question.answered_at = MatchAnswer.LAPSED, at
        question.save(update_fields=["answer", "answered_at"])
        work.close_items(question.pk, kind=QUESTION_WORK, verb=verb)


# --- reading, for who may see both ---


@dataclass(frozen=True)
class Side:
    """Where one of the two stands: case, supplier, number and date of the product, or the signal."""

    case: Case
    entity: Entity

    @property
    def supplier(self) -> str:
        return str(self.entity.supplier.name)

    @property
    def number(self) -> str:
        return str(self.entity.product.number) if self.entity.product else ""

    @property
    def dated(self) -> date:
        """The date of the product, or the day on which the signal was told."""
        if self.entity.product:
            return self.entity.product.dated
        return timezone.localdate(self.entity.signal.received_at)  # type: ignore[union-attr]  # it is of one of the two


@dataclass(frozen=True)
class HitView:
    """A match as who may see both cases reads it; `mine` is the side of the case one came from."""

    row: Hit
    value: str
    mine: Side
    other: Side


@act
def read_hits(*, case_id: UUID, actor: Actor, at: datetime) -> list[HitView]:
    """The matches of a case with cases that the actor sees too, the newest first; each look is logged for both persons.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_take_down(actor))
    of_case = Hit.objects.visible_to(actor, at=at).filter(Q(first_case=case) | Q(second_case=case))
    views = _views(of_case.order_by("-found_at", "pk")[:SHOWN], mine=case.pk, at=at)
    audit.saw([(side.case.person_id, side.case.pk) for view in views for side in (view.mine, view.other)], kind="list")
    return views


@act
def read_hit(*, hit_id: UUID, actor: Actor, at: datetime) -> HitView:
    """One match, with where it comes from.

    Raises:
        Hit.DoesNotExist: unknown, of a case that `actor` does not see, taken out, or no ground allows it any more.
    """
    view = next(iter(_views(Hit.objects.visible_to(actor, at=at).filter(pk=hit_id), mine=None, at=at)), None)
    if view is None:
        raise Hit.DoesNotExist
    require(may_take_down(actor))
    for side in (view.mine, view.other):
        cases.require_no_conflict(actor, side.case)
    audit.saw([(side.case.person_id, side.case.pk) for side in (view.mine, view.other)])
    return view


@act
def take_hit(*, hit_id: UUID, actor: Actor, at: datetime) -> HitView:
    """An analyst looked at a match: what it means goes into the picture as evidence, or not.

    Raises:
        Hit.DoesNotExist: as for `read_hit`.
        Conflict: somebody looked before.
    """
    view = read_hit(hit_id=hit_id, actor=actor, at=at)
    row = Hit.objects.select_for_update(of=("self",)).get(pk=hit_id)
    if row.taken_at is not None:
        raise Conflict("taken", gettext_noop("Somebody looked at this match already."))
    row.taken_at, row.taken_by_id = at, actor.user_id
    row.save(update_fields=["taken_at", "taken_by"])
    work.close_items(row.pk, kind=WORK, verb="match.take")
    audit.record("match.take", row)
    return view


def _views(rows: QuerySet[Hit], *, mine: UUID | None, at: datetime) -> list[HitView]:
    """These matches with their sides, but for those that were taken out or that no ground allows today."""
    parts = [f"{side}__{part}" for side in ("first", "second") for part in ORIGIN]
    may = matchable(at=at)
    found = [hit for hit in rows.select_related("taken_by", *parts) if _usable(hit, may)]
    box = vault.box(*{hit.first.key_id for hit in found}) if found else None
    return [_view(hit, box.open(hit.first, "value") if box else "", mine=mine) for hit in found]


def _usable(hit: Hit, may: frozenset[tuple[str, str]]) -> bool:
    sides: Sequence[Entity] = (hit.first, hit.second)
    return all(side.removed_at is None and (side.kind, side.provider) in may for side in sides)


def _view(hit: Hit, value: str, *, mine: UUID | None) -> HitView:
    sides = [Side(each.case, each) for each in (hit.first, hit.second)]
    if mine is not None and sides[0].case.pk != mine:
        sides.reverse()
    return HitView(hit, value, *sides)
