"""Comparison of assessors: asked of analysts who are blind, compared once all are in, settled and calibrated."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from cases.models import Case
from cases.services import case as cases
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from threat.lifecycle import CodingState, ComparisonState, PictureState
from threat.models import Coding, Comparison, Picture
from threat.policies import may_compare
from threat.scoring.agreement import Rated, agreement, parts
from threat.services.case import box_for, refuse_if, text_faults
from threat.services.codings import WORK, ask_coder, see_the_case
from threat.services.information import analysts
from threat.services.methods import published
from threat.services.scores import lines_with_evidence

FROZEN: Final = (PictureState.PROPOSED, PictureState.ADOPTED)
MOST: Final = 4


@act
def ask_comparison(*, picture_id: UUID, coders: Sequence[UUID], actor: Actor, at: datetime) -> Comparison:
    """Put the evidence of a proposed or adopted picture before analysts who do not see the case.

    Raises:
        Forbidden: not the head of threat analysis.
        Conflict: the picture is no longer or not yet still, or a comparison of it is open.
        Invalid: nobody, too many, somebody who made it, or who sees the case and so is not blind.
    """
    require(may_compare(actor))
    picture = (
        Picture.objects.visible_to(actor, at=at)
        .select_related("case__person", "score")
        .select_for_update(of=("self",))
        .get(pk=picture_id)
    )
    cases.require_no_conflict(actor, picture.case)
    if picture.state not in FROZEN or picture.score is None or picture.score.result is None:
        raise Conflict("not_frozen", gettext_noop("Only the evidence of a proposed or adopted picture stands still."))
    if Comparison.objects.filter(picture=picture, state=ComparisonState.OPEN).exists():
        raise Conflict("comparison_open", gettext_noop("A comparison of this picture is open already."))
    refuse_if(_coder_faults(picture, coders, at=at))
    row = Comparison(
        case=picture.case,
        picture=picture,
        score=picture.score,
        state=ComparisonState.OPEN,
        asked_by_id=actor.user_id,
        asked_at=at,
        due_at=norms.due("threat.coding", since=at),
        marking=picture.marking,
    )
    row.save(force_insert=True)
    packet = json.dumps(_packet(picture), ensure_ascii=False)
    for coder in coders:
        ask_coder(row, coder, packet, at=at)
    audit.record("comparison.ask", row, scope=picture.case_id, detail={"coders": len(coders)})
    return row


def _coder_faults(picture: Picture, coders: Sequence[UUID], *, at: datetime) -> list[Fault]:
    makers = {picture.author_id, picture.proposed_by_id, picture.seconded_by_id, picture.adopted_by_id}
    makers |= {item.added_by_id for _line, items in lines_with_evidence(picture) for item in items}
    known = {one.pk for one in analysts(at=at)}
    checks = (
        (not 1 <= len(set(coders)) <= MOST, gettext_noop("Choose one to four analysts.")),
        (not set(coders) <= known, gettext_noop("Choose from the analysts.")),
        (bool(set(coders) & makers), gettext_noop("Who made or adopted the picture does not code it blind.")),
        (see_the_case(picture.case_id, coders), gettext_noop("Who sees the case is not blind: choose others.")),
    )
    return [Fault("coders", "invalid", message) for wrong, message in checks if wrong]


def _packet(picture: Picture) -> list[dict[str, Any]]:
    """The items as a coder reads them: no value, no grade, no name of a source; origins as codes."""
    box = box_for(picture.case)
    origins: dict[str, str] = {}
    return [
        {
            "id": str(item.pk),
            "line": line.number,
            "factor": item.factor,
            "bound": item.bound,
            "kind": item.kind,
            "origin": origins.setdefault(item.group, f"G{len(origins) + 1}"),
            "observed": item.valid_as_of.isoformat(),
            "text": box.open(item, "text"),
            "searched": box.open(item, "searched"),
        }
        for line, items in lines_with_evidence(picture)
        for item in items
        if not item.lapsed
    ]


@dataclass(frozen=True)
class Assessor:
    """One coding in the comparison; `who` is empty for the picture's own, and for readers who are not the head."""

    who: str
    level: int | None
    index: float
    codes: Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Pair:
    """Two codings beside each other: agreement on the values of the items, and whether they part too far."""

    first: int
    second: int
    raw: float
    kappa: float | None
    apart: bool


@dataclass(frozen=True)
class Compared:
    """A comparison as the head reads it: who was asked, and once all are in the codings side by side."""

    row: Comparison
    asked: Sequence[tuple[str, str]]  # name and state of each coder
    complete: bool
    assessors: Sequence[Assessor]
    pairs: Sequence[Pair]
    alpha: float | None  # over all assessors and items
    items: Sequence[str]
    consensus: str = field(default="", repr=False)

    @property
    def apart(self) -> bool:
        return any(pair.apart for pair in self.pairs)


@act
def read_comparison(*, comparison_id: UUID, actor: Actor, at: datetime) -> Compared:
    """Who was asked and who answered; the codings themselves only once everybody has.

    Raises:
        Comparison.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not the head of threat analysis.
    """
    row: Comparison = (
        Comparison.objects.visible_to(actor, at=at)
        .select_related("case__person", "picture", "score", "settled_by")
        .get(pk=comparison_id)
    )
    require(may_compare(actor))
    cases.require_no_conflict(actor, row.case)
    audit.saw([(row.case.person_id, row.case_id)])
    return _compared(row)


def _compared(row: Comparison) -> Compared:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, state FROM threat_codings_of(%s)", [row.pk])
        asked = list(cursor.fetchall())
    complete = all(state != CodingState.ASKED for _name, state in asked)
    codings = list(
        Coding.objects.filter(comparison=row, state=CodingState.HANDED_IN)
        .select_related("coder")
        .order_by("coder__full_name")
    )
    shown = [_own_of(row), *map(_assessor, codings)] if complete and codings else []
    items = sorted(set.intersection(*(set(one.codes) for one in shown))) if shown else []
    ratings = [Rated(one.level, one.index, [int(one.codes[item][0]) for item in items]) for one in shown]
    gap = published()[row.picture.method_version].norms.consensus_index_gap
    pairs = []
    for (nth, one), (mth, other) in combinations(enumerate(ratings), 2):
        pair = agreement(one.values, other.values)
        pairs.append(Pair(nth, mth, pair.raw, pair.kappa, parts(one, other, gap=gap)))
    box = vault.box(row.case.person.key_id)
    return Compared(
        row=row,
        asked=asked,
        complete=complete,
        assessors=shown,
        pairs=pairs,
        alpha=agreement(*(one.values for one in ratings)).alpha if ratings and items else None,
        items=items,
        consensus=box.open(row, "consensus"),
    )


def _own_of(row: Comparison) -> Assessor:
    """How the picture itself was coded."""
    document, result = json.loads(row.score.input), row.score.result or {}
    codes = {
        evidence_id: [item["value"], item["reliability"], item["credibility"]]
        for line in document["lines"]
        for item, evidence_id in zip(line["evidence"]["items"], line["evidenceIds"], strict=True)
    }
    person = result["person"]
    return Assessor("", person["level"], person["index"], codes)


def _assessor(coding: Coding) -> Assessor:
    result = coding.result or {}
    return Assessor(coding.coder.get_full_name(), result["level"], result["index"], coding.codes or {})


@act
def settle_comparison(
    *,
    comparison_id: UUID,
    met_on: date | None = None,
    agreed_level: int | None = None,
    consensus: str = "",
    actor: Actor,
    at: datetime,
) -> Comparison:
    """Close it: as it is, or after the meeting with the level that was agreed and why. Codings stay as they were.

    Raises:
        Conflict: not everybody answered, or it was settled or withdrawn.
        Invalid: they part, and the day, the level or the reason of the meeting is missing.
    """
    row = _open_comparison(comparison_id, actor=actor, at=at)
    found = _compared(row)
    if not found.complete:
        raise Conflict("not_complete", gettext_noop("Not everybody has handed in or declined."))
    if found.apart:
        faults = text_faults(consensus=consensus)
        if met_on is None or met_on > timezone.localdate(at):
            faults.append(Fault("met_on", "required", gettext_noop("They part: say when the assessors met.")))
        if agreed_level not in range(1, 6):
            faults.append(Fault("agreed_level", "required", gettext_noop("Choose a level from W1 to W5.")))
        refuse_if(faults)
        box_for(row.case).seal(row, "consensus", consensus, key=row.case.person.key_id)
        row.met_on, row.agreed_level = met_on, agreed_level
    return _close(row, ComparisonState.SETTLED, verb="comparison.settle", actor=actor, at=at)


@act
def withdraw_comparison(*, comparison_id: UUID, actor: Actor, at: datetime) -> Comparison:
    """It is not needed any more; who still coded is told so by their work being gone."""
    row = _open_comparison(comparison_id, actor=actor, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_withdraw_codings(%s)", [row.pk])
        for (coding_id,) in cursor.fetchall():
            for kind in WORK:
                work.close_items(coding_id, kind=kind, verb="comparison.withdraw")
    return _close(row, ComparisonState.WITHDRAWN, verb="comparison.withdraw", actor=actor, at=at)


def _open_comparison(comparison_id: UUID, *, actor: Actor, at: datetime) -> Comparison:
    row: Comparison = (
        Comparison.objects.visible_to(actor, at=at)
        .select_related("case__person", "score", "picture")
        .select_for_update(of=("self",))
        .get(pk=comparison_id)
    )
    require(may_compare(actor))
    cases.require_no_conflict(actor, row.case)
    if row.state != ComparisonState.OPEN:
        raise Conflict("closed", gettext_noop("This comparison was settled or withdrawn."))
    return row


def _close(row: Comparison, state: ComparisonState, *, verb: str, actor: Actor, at: datetime) -> Comparison:
    row.state, row.settled_by_id, row.settled_at = state, actor.user_id, at
    row.save()
    work.close_items(row.pk, kind="threat.compare", verb=verb)
    audit.record(verb, row, scope=row.case_id)
    return row


@dataclass(frozen=True)
class Calibration:
    """Over all comparisons that were settled: agreement on levels and on the values of each factor; None: too few."""

    comparisons: int
    level: float | None
    factors: Sequence[tuple[str, int, float | None]]  # factor, number of items, kappa

    ENOUGH = 10


@act
def calibration(*, actor: Actor, at: datetime) -> Calibration:
    """How the picture's own codings and the blind ones agree, over what the head of threat analysis sees; no names."""
    require(may_compare(actor))
    rows = Comparison.objects.visible_to(actor, at=at).filter(state=ComparisonState.SETTLED).select_related("score")
    codings: dict[UUID, list[Coding]] = {}
    found = Coding.objects.filter(comparison__in=rows, state=CodingState.HANDED_IN)
    for one in found:
        codings.setdefault(one.comparison_id, []).append(one)
    levels: list[tuple[int, int]] = []
    values: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        own, factors = _own_of(row), _factors(row)
        for one in codings.get(row.pk, []):
            other = _assessor_codes(one)
            if own.level is not None and other[0] is not None:
                levels.append((own.level, other[0]))
            for item, code in other[1].items():
                values.setdefault(factors[item], []).append((own.codes[item][0], code[0]))
    return Calibration(
        comparisons=len(rows),
        level=_kappa(levels),
        factors=[(factor, len(pairs), _kappa(pairs)) for factor, pairs in sorted(values.items())],
    )


def _assessor_codes(one: Coding) -> tuple[int | None, Mapping[str, Sequence[Any]]]:
    return (one.result or {}).get("level"), one.codes or {}


def _factors(row: Comparison) -> dict[str, str]:
    return {
        evidence_id: item["factor"]
        for line in json.loads(row.score.input)["lines"]
        for item, evidence_id in zip(line["evidence"]["items"], line["evidenceIds"], strict=True)
    }


def _kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    if len(pairs) < Calibration.ENOUGH:
        return None
    return agreement([one for one, _other in pairs], [other for _one, other in pairs]).kappa


def comparisons_of(case: Case, *, actor: Actor, at: datetime) -> list[Comparison]:
    """For the head of analysis, on the page of a case's information. Part of a read."""
    if actor.role is not Role.HEAD_OF_ANALYSIS:
        return []
    rows = Comparison.objects.visible_to(actor, at=at).filter(case=case).select_related("picture")
    return list(rows.order_by("-asked_at", "pk"))
