"""Adopted pictures in force, scored again in parts of a few hundred by the worker; no picture changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from cases.demarcation import Regime
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from threat.lifecycle import PictureState
from threat.methodology import Methodology
from threat.models import Picture, ShadowRun
from threat.scoring import score_person
from threat.services.methods import published
from threat.services.scores import lines_of, person_result

PART = 200  # pictures in one job: about a second of work


def in_force() -> models.QuerySet[Picture]:
    """The newest adopted picture of every open case of the scheme's own regime."""
    newer = Picture.objects.filter(case=models.OuterRef("case"), state=PictureState.ADOPTED)
    return Picture.objects.filter(
        ~models.Exists(newer.filter(version__gt=models.OuterRef("version"))),
        state=PictureState.ADOPTED,
        case__demarcation=Regime.NONE,
        case__closed_at=None,
    )


def parts() -> list[tuple[UUID, UUID]]:
    """The pictures in force, cut into ranges of their ids."""
    ids = list(in_force().order_by("pk").values_list("pk", flat=True))
    cut = [ids[start : start + PART] for start in range(0, len(ids), PART)]
    return [(part[0], part[-1]) for part in cut]


@dataclass(frozen=True)
class Scored:
    """What the scoring of one frozen input says of the person."""

    picture: UUID
    case: UUID
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def scored_again(
    first: UUID, last: UUID, *, run_id: UUID | None = None, as_of: date | None = None, actor: Actor, at: datetime
) -> list[Scored]:
    """Score a part again, by the version of a shadow run or on another day.

    Reads in a short transaction and changes nothing.
    """
    with transaction.atomic(), acting(actor, at=at):
        rows = in_force().filter(pk__gte=first, pk__lte=last)
        found = list(rows.order_by("pk").values_list("pk", "case_id", "score__input", "score__result"))
        methods = published()
        method = ShadowRun.objects.get(pk=run_id).candidate if run_id else None
    return [
        Scored(picture, case, (result or {})["person"], rescored(frozen, methods=methods, method=method, as_of=as_of))
        for picture, case, frozen, result in found
    ]


def rescored(
    frozen: str, *, methods: Mapping[str, Methodology], method: str | None = None, as_of: date | None = None
) -> Mapping[str, Any]:
    """What the same evidence says by another version of the method, or on another day.

    Raises:
        InvalidEvidence: the version cannot read this evidence, for instance a grade that it does not know.
    """
    changes: dict[str, Any] = {}
    if method is not None:
        changes["method"] = methods[method]
    if as_of is not None:
        changes["as_of"] = as_of
    lines = lines_of(frozen, methods=methods)
    return person_result(score_person([replace(line, evidence=replace(line.evidence, **changes)) for line in lines]))
