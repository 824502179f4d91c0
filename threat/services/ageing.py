"""Ageing: every day the pictures in force are scored as of that day; a change plans a review and lowers nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from stelsel.kernel import work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.jobs import enqueue
from threat.models import AgedReading, Picture
from threat.services.case import nctv
from threat.services.rescoring import Scored, in_force, parts

KIND = "threat.picture_aged"


@act
def plan_ageing(*, actor: Actor, at: datetime) -> int:
    """Cut the pictures in force into the jobs of this day; a second run the same day adds none.

    Returns:
        In how many jobs.
    """
    if not actor.is_system:
        raise TypeError("ageing is the system's")
    day = timezone.localdate(at).isoformat()
    cut = parts()
    for first, last in cut:
        enqueue("threat.age_part", key=f"{day}:{first}", first=first, last=last, day=day)
    return len(cut)


@act
def keep_aged(*, scored: Sequence[Scored], day: date, actor: Actor, at: datetime) -> int:
    """Keep what is another level or outcome than the last reading, and ask for a review; the adopted level stands.

    Returns:
        How many readings are new.
    """
    if not actor.is_system:
        raise TypeError("ageing is the system's")
    rows = {row.pk: row for row in in_force().filter(pk__in=[each.picture for each in scored]).select_related("case")}
    last = latest(rows)
    new = [each for each in scored if each.picture in rows and _changed(each, last.get(each.picture), day=day)]
    for each in new:
        AgedReading(
            case_id=each.case,
            picture_id=each.picture,
            as_of=day,
            recorded_at=at,
            **{name: each.after[name] for name in ("level", "outcome", "index", "low", "high", "coverage")},
        ).save(force_insert=True)
        _ask(rows[each.picture], as_adopted=_said(each.after) == _said(each.before), at=at)
    return len(new)


def _changed(each: Scored, last: AgedReading | None, *, day: date) -> bool:
    if last is None:
        return _said(each.after) != _said(each.before)
    return last.as_of < day and _said(each.after) != (last.level, last.outcome)


def _said(person: Mapping[str, Any]) -> tuple[object, object]:
    return person["level"], person["outcome"]


def _ask(picture: Picture, *, as_adopted: bool, at: datetime) -> None:
    if as_adopted:
        work.close_items(picture.pk, kind=KIND, verb="picture.age")
        return
    for role in (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS):
        work.open_item(
            KIND,
            picture,
            owner_role=role,
            organisation=nctv().pk,
            label=picture.case.number,
            scope=picture.case_id,
            due=at,
        )


def latest(pictures: Iterable[UUID]) -> dict[UUID, AgedReading]:
    """The newest reading of each picture. Part of a read that was logged."""
    rows: QuerySet[AgedReading] = AgedReading.objects.filter(picture__in=list(pictures))
    return {row.picture_id: row for row in rows.order_by("picture", "-as_of").distinct("picture")}
