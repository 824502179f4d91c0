"""What the authority decides about one person when capacity falls short: first the risk, then the choice."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime

from capacity import services
from capacity.forms import DisplacementForm, RiskForm
from capacity.lifecycle import RunState, local_day
from capacity.policies import may_decide_displacement, may_state_risk
from capacity.services import reading
from capacity.services.reading import OpenedDisplacement
from capacity.views.answers import done, marking_of
from capacity.views.board import why_short
from stelsel.kernel.authorisation import Verdict
from stelsel.kernel.forms import Signed
from stelsel.kernel.web import Request, page, show, status_of


@page(purpose="prioritisation")
def displacement(request: Request, displacement_id: UUID) -> HttpResponse:
    """Both plans side by side for this person, the reasons, and the decision."""
    opened = reading.read_displacement(displacement_id=displacement_id, actor=request.actor, at=request.at)
    first = opened.row.floor_hours > 0 and opened.row.floor_signature_id is None
    form = _form(request, opened, first=first)
    service = services.state_risk if first else services.decide_displacement

    def act() -> object:
        return service(displacement_id=displacement_id, **form.cleaned_data, actor=request.actor, at=request.at)

    if done(request, form, act):
        return redirect("capacity:displacement", displacement_id) if first else redirect("capacity:run", opened.run.pk)
    context = {
        "opened": opened,
        "row": opened.row,
        "case": opened.case,
        "run": opened.run,
        "texts": opened.texts,
        "marking": marking_of(opened.case),
        "form": form,
        "first": first,
        "waits": opened.row.decided_at is None and opened.run.state == RunState.PROPOSED,
        "why_not": _may(request, opened, first=first).reason,
        "lines": [_line(line) for line in opened.row.effect["lines"]],
    }
    return show(request, "capacity/displacement.html", context, status=status_of(form))


def _form(request: Request, opened: OpenedDisplacement, *, first: bool) -> Signed:
    posted = request.POST if request.method == "POST" else None
    if first:
        return RiskForm(posted)
    return DisplacementForm(posted, initial={"ends_on": local_day(opened.run.ends_at)})


def _may(request: Request, opened: OpenedDisplacement, *, first: bool) -> Verdict:
    if first:
        return may_state_risk(request.actor, requested_by=opened.row.requested_by_id)
    return may_decide_displacement(
        request.actor,
        requested_by=opened.row.requested_by_id,
        floor_missing=opened.row.floor_hours > 0,
        stated=opened.row.floor_signature_id is not None,
    )


def _line(line: dict[str, object]) -> dict[str, object]:
    return {
        **line,
        "start": parse_datetime(str(line["start"])),
        "end": parse_datetime(str(line["end"])),
        "why": why_short(line["why"]),
    }
