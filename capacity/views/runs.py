"""Runs: request one, follow it, stop it, see what it takes from whom, publish it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from capacity import services
from capacity.forms import RunForm
from capacity.models import Displacement
from capacity.policies import RUN_ROLES, may_publish, may_request_run
from capacity.services import reading
from capacity.services.reading import OpenedRun
from capacity.views.answers import FAILURES, LEVELS, OVERTAKEN, RUN_BADGE, done
from stelsel.kernel.authorisation import Role
from stelsel.kernel.web import Request, attempt, page, show, status_of

COORDINATOR = frozenset({Role.LCC_COORDINATOR})


@page(purpose="prioritisation", roles=RUN_ROLES)
def runs(request: Request) -> HttpResponse:
    """The runs, newest first; the coordinator requests one here."""
    form = RunForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        run = attempt(
            request,
            form,
            lambda: services.request_run(days=form.cleaned_data["days"], actor=request.actor, at=request.at),
        )
        if run is not None:
            return redirect("capacity:run", run.pk)
    rows = [{"run": run, "badge": RUN_BADGE[run.state]} for run in reading.recent_runs(actor=request.actor)]
    context = {"form": form, "rows": rows, "requests": bool(may_request_run(request.actor))}
    return show(request, "capacity/runs.html", context, status=status_of(form))


@page(purpose="prioritisation", roles=RUN_ROLES)
def run(request: Request, run_id: UUID) -> HttpResponse:
    """A run while it is solved, and what it proposes."""
    return _run_page(request, reading.read_run(run_id=run_id, actor=request.actor, at=request.at), form=Form())


def _run_page(request: Request, opened: OpenedRun, *, form: Form) -> HttpResponse:
    row = opened.run
    verdict = may_publish(request.actor, undecided=row.undecided)
    levels = _levels(row.levels)
    context = {
        "opened": opened,
        "run": row,
        "form": form,
        "badge": RUN_BADGE[row.state],
        "failure": FAILURES.get(row.failure, row.failure),
        "overtaken": OVERTAKEN.get(row.superseded_by, row.superseded_by),
        "progress": _progress(opened),
        "levels": [level for level in levels if level["tells"]],
        "quiet_levels": len([level for level in levels if not level["tells"]]),
        "costs": [cost for cost in row.costs if cost["exceeds"]],
        "rows": [_displaced(one) for one in opened.rows],
        "coordinates": request.actor.role is Role.LCC_COORDINATOR,
        "why_not": "" if verdict else verdict.reason,
    }
    return show(request, "capacity/run.html", context, status=status_of(form))


def _progress(opened: OpenedRun) -> dict[str, object]:
    told = services.progress_of(opened.run.pk)
    if told is None:
        return {"percent": 0, "level": "", "best": None, "bound": None, "tier": 0}
    return {
        "percent": round(100 * float(told["done"])),
        "level": LEVELS.get(str(told["level"]), told["level"]),
        "tier": told["tier"],
        "best": told["best"],
        "bound": told["bound"],
    }


def _levels(levels: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, object]]:
    """The levels of the plan, with the values that greedy reaches; the even plan has no tiers, so it stands apart."""
    greedy = {(level["name"], level["tier"]): level["value"] for level in levels.get("greedy", [])}
    return [
        {
            "label": LEVELS.get(level["name"], level["name"]),
            "level": level,
            "percent": round(100 * level["gap"]),
            "greedy": greedy.get((level["name"], level["tier"])),
            "tells": bool(level["value"] or greedy.get((level["name"], level["tier"])) or not level["proven"]),
        }
        for level in levels.get("plan", [])
    ]


def _displaced(row: Displacement) -> dict[str, object]:
    effect = row.effect
    return {
        "row": row,
        "url": reverse("capacity:displacement", args=[row.pk]),
        "even_floor": effect["evenFloorHours"],
        "even_required": effect["evenRequiredHours"],
        "borne": effect["borneHours"],
        "worse": effect["worse"],
        "shifts": len(effect["lines"]),
    }


@require_POST
@page(purpose="prioritisation", roles=COORDINATOR)
def stop(request: Request, run_id: UUID) -> HttpResponse:
    """Ask the solver to stop."""
    services.stop_run(run_id=run_id, actor=request.actor, at=request.at)
    return redirect("capacity:run", run_id)


@require_POST
@page(purpose="prioritisation", roles=COORDINATOR)
def publish(request: Request, run_id: UUID) -> HttpResponse:
    """Make a proposal the plan."""
    form = Form(request.POST)
    opened = reading.read_run(run_id=run_id, actor=request.actor, at=request.at)
    if done(request, form, lambda: services.publish_run(run_id=run_id, actor=request.actor, at=request.at)):
        return redirect("capacity:run", run_id)
    return _run_page(request, opened, form=form)
