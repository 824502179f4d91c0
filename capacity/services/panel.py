"""What capacity shows on a case: cover today and tomorrow, its events for the timeline, who stands there at night."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from capacity.lifecycle import local_day, midnight
from capacity.models.demand import LONGEST
from capacity.services.board import LineCover, cover_lines
from capacity.services.reading import assignments_of, happenings, unassigned
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.composition import Event

AHEAD = timedelta(hours=36)


def cover_panel(case_id: UUID, actor: Actor, at: datetime) -> Mapping[str, object] | None:
    """Cover of the person today and tomorrow; None where nothing was decided that asks for teams."""
    today = local_day(at)
    waits = unassigned(case_id=case_id, actor=actor, at=at)
    if waits is None and not assignments_of(case_id=case_id, actor=actor, at=at):
        return None
    start, end = midnight(today), midnight(today + timedelta(days=2))
    lines = cover_lines(start=start, end=end, actor=actor, at=at, case_id=case_id)
    return {
        "days": [
            _day(_("Today"), [line for line in lines if local_day(line.start) == today]),
            _day(_("Tomorrow"), [line for line in lines if local_day(line.start) != today]),
        ],
        "unassigned": waits,
        "plan_url": reverse("capacity:plan", args=[case_id]),
    }


def night_cover(case_id: UUID, actor: Actor, at: datetime) -> Mapping[str, object]:
    """Who stands there at this instant by the published plan, and of each assignment the first shift that follows."""
    lines = cover_lines(start=at - LONGEST, end=at + AHEAD, actor=actor, at=at, case_id=case_id)
    following: dict[UUID, LineCover] = {}
    for line in lines:
        if line.start > at:
            following.setdefault(line.assignment_id, line)
    return {
        "cover_now": [line for line in lines if line.start <= at < line.end],
        "cover_next": list(following.values()),
        "plan_url": reverse("capacity:plan", args=[case_id]),
    }


def _day(label: str, lines: Sequence[LineCover]) -> Mapping[str, object]:
    needed, missing = sum(line.required for line in lines), sum(line.missing for line in lines)
    return {
        "label": label,
        "shifts": len(lines),
        "needed": needed,
        "covered": needed - missing,
        "missing": missing,
        "below_floor": sum(line.below_floor for line in lines),
        "now": [line for line in lines if line.missing],
    }


def cover_events(case_id: UUID, actor: Actor, at: datetime) -> list[Event]:
    """Assignments, published plans and decided displacement, as rows of the timeline."""
    texts = {
        "assigned": _("Assignment made: %(what)s"),
        "ended": _("Assignment ended: %(what)s"),
        "published": _("A plan with shifts for this case was published"),
        "displaced": _("A displacement was decided"),
    }
    return [
        Event(
            at=row.at,
            kind="measure",
            text=texts[row.what] % {"what": row.detail} if row.detail else texts[row.what],
            url=reverse("capacity:displacement", args=[row.subject]) if row.subject else "",
        )
        for row in happenings(case_id=case_id, actor=actor, at=at)
    ]
