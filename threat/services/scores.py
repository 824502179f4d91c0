"""Scoring a picture: the input frozen, computed outside the transaction, the result written once."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stelsel.kernel import audit
from stelsel.kernel.access import act, acting
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.jobs import enqueue
from threat.lifecycle import PICTURE_LIFECYCLE, WORKABLE
from threat.methodology import METHODOLOGIES, Factor, Methodology
from threat.models import EvidenceItem, InformationRequest, Picture, PictureScore, ThreatLine
from threat.policies import may_make_picture
from threat.scoring import (
    Line,
    LineReading,
    Outcome,
    PersonReading,
    Result,
    canonical,
    decisive_groups,
    evidence_faults,
    input_hash,
    latest_review,
    missing_factors,
    parse,
    score_person,
)
from threat.services.case import refuse_if
from threat.services.evidence import evidence_set
from threat.services.methods import published, require_in_force
from threat.services.pictures import ask_about_urgent_measures, locked_picture


def withheld_factors(case_id: UUID) -> frozenset[Factor]:
    """The factors on which something is asked, silent, refused or withheld: none of that may lower a level."""
    asked = InformationRequest.objects.filter(case_id=case_id).unanswered().values_list("factors", flat=True)
    return frozenset(Factor(factor) for factors in asked for factor in factors)


def lines_with_evidence(picture: Picture) -> list[tuple[ThreatLine, list[EvidenceItem]]]:
    """The kept lines in order, each with its kept items, in two queries."""
    items: dict[UUID, list[EvidenceItem]] = defaultdict(list)
    kept = EvidenceItem.objects.filter(picture=picture).kept().select_related("product__supplier", "signal")
    for item in kept.order_by("factor", "added_at", "pk"):
        items[item.line_id].append(item)
    lines = ThreatLine.objects.filter(picture=picture).kept().select_related("target", "picture")
    return [(line, items[line.pk]) for line in lines.order_by("number")]


def frozen_input(picture: Picture, *, as_of: date) -> tuple[dict[str, object], list[Fault]]:
    """The document that is scored, without personal data, and every reason why it cannot be."""
    withheld = withheld_factors(picture.case_id)
    lines, faults = [], []
    for line, items in lines_with_evidence(picture):
        evidence = evidence_set(line, items, as_of=as_of, withheld=withheld)
        faults += [replace(fault, field=f"line {line.number}: {fault.field}") for fault in evidence_faults(evidence)]
        lines.append(
            {
                "key": str(line.pk),
                "number": line.number,
                "target": str(line.target_id),
                "actor": line.actor_code or None,
                "evidence": evidence.document(),
                "evidenceIds": [str(item.pk) for item in items],
            }
        )
    if not lines:
        faults.append(Fault("lines", "no_lines", gettext_noop("A picture needs at least one threat line.")))
    document: dict[str, object] = {
        "method": picture.method_version,
        "asOf": as_of.isoformat(),
        "picture": str(picture.pk),
        "lines": lines,
    }
    return document, faults


@act
def request_score(*, picture_id: UUID, revision: int | None = None, actor: Actor, at: datetime) -> PictureScore:
    """Freeze the evidence of this revision and have it scored; asking twice gives the same score.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        Invalid: with every fault of every line.
        IllegalMove: the picture is proposed, adopted or abandoned.
        Conflict: its version of the method is not in force.
    """
    picture = locked_picture(picture_id, actor=actor, at=at, revision=revision)
    require(may_make_picture(actor))
    PICTURE_LIFECYCLE.apply("store_score", state=picture.state)
    require_in_force(picture.method_version, at=at)
    day = timezone.localdate(at)
    document, faults = frozen_input(picture, as_of=day)
    refuse_if(faults)
    digest = input_hash(document)
    known = PictureScore.objects.filter(picture=picture, revision=picture.revision, input_hash=digest).first()
    if known is not None:
        if known.result is not None and picture.score_id != known.pk:
            _take_over(picture, known)
        return known
    score = PictureScore(
        picture=picture,
        case_id=picture.case_id,
        revision=picture.revision,
        method_version=picture.method_version,
        as_of=day,
        input=canonical(document).decode(),
        input_hash=digest,
        requested_by_id=actor.user_id,
        requested_at=at,
    )
    score.job_key = f"threat.score_picture:{score.pk}"
    score.save(force_insert=True)
    enqueue("threat.score_picture", key=str(score.pk), score_id=score.pk)
    audit.record("picture.request_score", score, scope=picture.case_id)
    return score


def compute_score(*, score_id: UUID, actor: Actor, at: datetime) -> dict[str, Any]:
    """Score the frozen input: reads it in a short transaction, computes outside one, changes nothing."""
    with transaction.atomic(), acting(actor, at=at):
        stored = PictureScore.objects.visible_to(actor, at=at).get(pk=score_id)
        methods = published()
    return score_document(stored.input, methods=methods)


def score_document(frozen: str, *, methods: Mapping[str, Methodology] = METHODOLOGIES) -> dict[str, Any]:
    """The result of a frozen input; the same input and version always give the same result.

    Raises:
        InvalidEvidence: with every fault; frozen inputs were checked before, so it was tampered with.
    """
    reading = score_person(lines_of(frozen, methods=methods))
    return {"lines": [_line_result(each) for each in reading.lines], "person": person_result(reading)}


def lines_of(frozen: str, *, methods: Mapping[str, Methodology]) -> list[Line]:
    """The lines in a frozen input.

    Raises:
        InvalidEvidence: with every fault.
    """
    return [
        Line(
            key=each["key"],
            target=each["target"],
            actor=each["actor"],
            evidence=parse(each["evidence"], methods=methods),
        )
        for each in json.loads(frozen)["lines"]
    ]


def _line_result(reading: LineReading) -> dict[str, Any]:
    counts = next((key for key, each in reading.with_unknown.items() if each is reading.highest), None)
    return {
        "key": reading.line.key,
        "alone": _reading_result(reading.alone),
        "withUnknown": {key: each.document() for key, each in reading.with_unknown.items()},
        "counts": counts,  # the unknown actor's line it is read with, None when it counts alone
        "highest": reading.highest.document(),
    }


def _reading_result(result: Result) -> dict[str, Any]:
    """The result document, and what explains it: the part of the prior, what is missing, what is decisive."""
    return {
        **result.document(),
        "fromPrior": {factor.value: share for factor, share in result.reading.prior_contributions.items()},
        "covered": {factor.value: each.covered for factor, each in result.reading.factors.items()},
        "missing": [factor.value for factor in missing_factors(result)],
        "decisiveGroups": list(decisive_groups(result)),
        "weights": [each.weight for each in result.weighed],
    }


def person_result(reading: PersonReading) -> dict[str, Any]:
    """What the lines together say of the person."""
    decisive = max(reading.lines, key=lambda each: (each.highest.level or 0, each.highest.index))
    highest = decisive.highest
    outcome = Outcome.LEVEL
    if reading.level is None:
        outcome = Outcome.INSUFFICIENT
    elif reading.provisional:
        outcome = Outcome.PROVISIONAL
    review = latest_review(highest) if outcome is Outcome.PROVISIONAL else None
    return {
        "line": decisive.line.key,
        "level": int(reading.level) if reading.level is not None else None,
        "outcome": outcome.value,
        "index": highest.index,
        "undamped": highest.reading.undamped,
        "low": highest.reading.low,
        "high": highest.reading.high,
        "coverage": highest.reading.coverage,
        "multipleThreat": reading.multiple_threat,
        "cumulationStatementNeeded": reading.cumulation_statement_needed,
        "askUrgent": reading.ask_urgent,
        "lowLevelBlocked": reading.low_level_blocked,
        "insufficient": list(reading.insufficient),
        "reviewBy": review.isoformat() if review else None,
    }


@act
def store_score(*, score_id: UUID, result: dict[str, Any], actor: Actor, at: datetime) -> PictureScore:
    """Write the result, once. The picture takes it over when no line or item changed meanwhile."""
    stored = PictureScore.objects.visible_to(actor, at=at).get(pk=score_id)
    picture = locked_picture(stored.picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    if stored.result is not None or picture.state not in WORKABLE:
        return stored
    stored.result, stored.scored_at = result, at
    stored.save(update_fields=["result", "scored_at"])
    if picture.revision == stored.revision:
        _take_over(picture, stored)
    audit.record("picture.score", stored, scope=stored.case_id, detail={"hash": stored.input_hash})
    return stored


def _take_over(picture: Picture, score: PictureScore) -> None:
    picture.state = PICTURE_LIFECYCLE.apply("store_score", state=picture.state)
    picture.score = score
    picture.save(update_fields=["state", "score"])
    ask_about_urgent_measures(picture)
