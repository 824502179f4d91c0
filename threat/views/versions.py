"""Two versions of a picture side by side."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import formats
from django.utils.translation import gettext as _

from stelsel.kernel.web import Request, page, show
from threat.services.versions import read_changes
from threat.services.workbench import Workbench
from threat.views.answers import marking_of, trail
from threat.views.explain import level_name
from threat.views.pictures import picture_crumbs


@page(purpose="threat analysis")
def changes(request: Request, picture_id: UUID) -> HttpResponse:
    """What a version has otherwise than the one it follows."""
    found = read_changes(picture_id=picture_id, actor=request.actor, at=request.at)
    row = found.new.picture
    labels = {
        "question": _("Question"),
        "summary": _("Summary for the decider"),
        "severity_reason": _("Reason of the severity"),
        "departure_reason": _("Reason of the departure"),
        "cumulation": _("Do several threats add up?"),
        "handling_advice": _("How this may be handled"),
    }
    context = {
        "found": found,
        "picture": row,
        "case": row.case,
        "trail": trail(picture_crumbs(row), _("What changed")),
        "marking": marking_of(row),
        "outcomes": [
            (label, was, now)
            for (label, was), (_same, now) in zip(_outcome(found.old), _outcome(found.new), strict=True)
        ],
        "texts": [(labels[name], pieces) for name, pieces in found.texts.items()],
    }
    return show(request, "threat/changes.html", context)


def _outcome(bench: Workbench) -> list[tuple[str, str]]:
    row, person = bench.picture, bench.person
    index = formats.number_format(person["index"], decimal_pos=1) if person else ""
    interval = (
        _("%(low)s to %(high)s")
        % {name: formats.number_format(person[name], decimal_pos=1) for name in ("low", "high")}
        if person
        else ""
    )
    return [
        (_("State"), str(row.get_state_display())),
        (_("Severity"), f"E{row.severity}" if row.severity else ""),
        (_("Likelihood by the score"), level_name(person["level"]) if person else ""),
        (_("Put up for adoption"), level_name(row.likelihood)),
        (_("Index of evidential support (0-100, no probability)"), index),
        (_("Interval"), interval),
        (_("Method"), row.method_version),
        (_("Review due"), formats.date_format(row.review_due, "j F Y") if row.review_due else ""),
    ]
