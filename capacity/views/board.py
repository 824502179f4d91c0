"""The board of the coordination centre, the lines of a day, the wall screen, and the plan of one case."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from capacity import services
from capacity.forms import DayForm, FeasibilityForm
from capacity.lifecycle import local_day, midnight
from capacity.policies import COVER_ROLES, may_judge_feasibility
from capacity.services import DayCover, Explained, LineCover, reading
from capacity.views.answers import RULES, done, marking_of
from cases.models.catalogue import Competence, LegalBasis, kind_name
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.web import Request, page, show, status_of

ROLES = COVER_ROLES - {Role.SYSTEM}
WEEK = 7


@page(purpose="cover", roles=ROLES)
def board(request: Request) -> HttpResponse:
    """Needed, filled and open per day, and which unit fills."""
    first, days = local_day(request.at), WEEK
    form = DayForm(request.GET or None, initial={"first": first, "days": days})
    if form.is_bound and form.is_valid():
        first, days = form.cleaned_data["first"] or first, form.cleaned_data["days"]
    cover = services.cover_board(first=first, days=days, actor=request.actor, at=request.at)
    units = sorted({unit for day in cover for unit in day.by_unit})
    context = {
        "form": form,
        "rows": [_day(day, units) for day in cover],
        "units": units,
        "short": sum(day.below_floor for day in cover),
        "missing": sum(day.missing for day in cover),
    }
    return show(request, "capacity/board.html", context)


def _day(day: DayCover, units: list[str]) -> dict[str, object]:
    url = f"{reverse('capacity:lines')}?first={day.day.isoformat()}&days=1"
    return {"cover": day, "url": url, "filled": [day.by_unit.get(unit, 0) for unit in units]}


@page(purpose="cover", roles=ROLES)
def wall(request: Request) -> HttpResponse:
    """For a shared screen: ratios per day, no names, no open hours per region."""
    cover = services.cover_board(first=local_day(request.at), days=WEEK, actor=request.actor, at=request.at)
    return show(request, "capacity/wall.html", {"rows": cover})


@page(purpose="cover", roles=ROLES)
def lines(request: Request) -> HttpResponse:
    """The shifts behind a number of the board."""
    first, days = local_day(request.at), 1
    form = DayForm(request.GET or None, initial={"first": first, "days": days})
    if form.is_bound and form.is_valid():
        first, days = form.cleaned_data["first"] or first, form.cleaned_data["days"]
    found = services.cover_lines(
        start=midnight(first), end=midnight(first + timedelta(days=days)), actor=request.actor, at=request.at
    )
    only_open = request.GET.get("open") == "1"
    rows = [_line(line, actor=request.actor) for line in found if line.missing or not only_open]
    context = {"form": form, "rows": rows, "first": first, "total": len(found)}
    return show(request, "capacity/lines.html", context)


def _line(line: LineCover, *, actor: Actor) -> dict[str, object]:
    opens = actor.role is not Role.UNIT_PLANNER
    return {
        "line": line,
        "competence": Competence(line.competence).label,
        "concept": kind_name(line.concept),
        "url": reverse("capacity:plan", args=[line.case_id]) if opens else "",
        "teams": ", ".join(line.teams),
        "state": "danger" if line.below_floor else "warning" if line.missing else "ok",
    }


@page(purpose="cover")
def plan(request: Request, case_id: UUID) -> HttpResponse:
    """Who protects this person: shift by shift, why this team, and why a shift is short."""
    case = reading.read_case(case_id=case_id, actor=request.actor, at=request.at)
    first, days = local_day(request.at), WEEK
    form = DayForm(request.GET or None, initial={"first": first, "days": days})
    if form.is_bound and form.is_valid():
        first, days = form.cleaned_data["first"] or first, form.cleaned_data["days"]
    found = services.explained_plan(case_id=case_id, first=first, days=days, actor=request.actor, at=request.at)
    tomorrow = local_day(request.at) + timedelta(days=1)
    context = {
        "case": case,
        "form": form,
        "marking": marking_of(case),
        "rows": [explained(row, tomorrow=local_day(row.line.start) == tomorrow) for row in found],
        "assignments": reading.assignments_of(case_id=case_id, actor=request.actor, at=request.at),
        "unassigned": reading.unassigned(case_id=case_id, actor=request.actor, at=request.at),
        "judges": bool(may_judge_feasibility(request.actor)),
    }
    return show(request, "capacity/plan.html", context)


def explained(row: Explained, *, tomorrow: bool) -> dict[str, object]:
    """A shift of the plan, in words."""
    return {
        "line": row.line,
        "tomorrow": tomorrow,
        "concept": kind_name(row.line.concept),
        "competence": Competence(row.line.competence).label,
        "served": [
            {"team": one, "grounds": ", ".join(str(LegalBasis(ground).label) for ground in one.grounds)}
            for one in row.served
        ],
        "state": "danger" if row.line.below_floor else "warning" if row.line.missing else "ok",
        "why": why_short(row.short),
    }


def why_short(short: object) -> dict[str, object] | None:
    """The stored reason of a shortage, for people: rules with counts, teams held elsewhere, what would cover it."""
    if not isinstance(short, dict):
        return None
    rules = [{"label": RULES.get(rule, rule), "count": count} for rule, count in short["rules"].items()]
    return {"eligible": short["eligible"], "held": short["held"], "rules": rules, "extra": short["extra"]}


@page(purpose="cover")
def feasibility(request: Request, assignment_id: UUID) -> HttpResponse:
    """Whether an assignment can be carried out, said by the adviser of the coordination centre."""
    opened = reading.read_assignment(assignment_id=assignment_id, actor=request.actor, at=request.at)
    require(may_judge_feasibility(request.actor))
    form = FeasibilityForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.judge_feasibility(
            assignment_id=assignment_id, **form.cleaned_data, actor=request.actor, at=request.at
        ),
    ):
        return redirect("capacity:plan", opened.case.pk)
    context = {"opened": opened, "case": opened.case, "form": form, "marking": marking_of(opened.case)}
    return show(request, "capacity/feasibility.html", context, status=status_of(form))
