"""Teams, their rosters, and groups in training: kept by the planner of their own unit."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from capacity import services
from capacity.forms import (
    AbsenceForm,
    GroupForm,
    GroupUpdateForm,
    LendForm,
    OperationalForm,
    PeriodForm,
    TakeBackForm,
    TeamForm,
)
from capacity.lifecycle import local_day
from capacity.models import TeamLoan
from capacity.models.teams import Kind
from capacity.policies import COVER_ROLES, may_keep_roster, may_lend, may_report_absence
from capacity.services import NewTeam, reading
from capacity.views.answers import done
from cases.models.catalogue import Competence
from stelsel.kernel.authorisation import Role, require
from stelsel.kernel.web import Request, page, show, status_of
from stelsel.legal.services import lines_in_force

ROLES = COVER_ROLES - {Role.SYSTEM}
PLANNER = frozenset({Role.UNIT_PLANNER})
ROSTER = frozenset({Role.UNIT_PLANNER, Role.LCC_COORDINATOR})


@page(purpose="rosters", roles=ROLES)
def teams(request: Request) -> HttpResponse:
    """All teams, with whether they can be deployed now; members are counted for planner and coordinator only."""
    rows = [
        {
            "team": team,
            "kind": Kind(team.kind).label,
            "competences": ", ".join(str(Competence(code).label) for code in team.competences),
            "until": next((end for start, end in team.free if start <= request.at < end), None),
        }
        for team in services.teams_now(actor=request.actor, at=request.at)
    ]
    context = {
        "rows": rows,
        "plans": request.actor.role in PLANNER,
        "keeps": request.actor.role in ROSTER,
        "counts": request.actor.role in ROSTER,
    }
    return show(request, "capacity/teams.html", context)


@page(purpose="rosters", roles=PLANNER)
def new_team(request: Request) -> HttpResponse:
    """Register a team of one's own unit."""
    form = TeamForm(request.POST if request.method == "POST" else None)

    def register() -> object:
        given = dict(form.cleaned_data)
        start = given.pop("start")
        return services.register_team(team=NewTeam(**given), start=start, actor=request.actor, at=request.at)

    if done(request, form, register):
        return redirect("capacity:teams")
    return show(request, "capacity/team_new.html", {"form": form}, status=status_of(form))


@page(purpose="rosters", roles=PLANNER)
def availability(request: Request, team_id: UUID) -> HttpResponse:
    """Put a team on the roster."""
    team = reading.read_team(team_id=team_id, actor=request.actor)
    require(may_keep_roster(request.actor, unit=team.unit_id))
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.record_availability(team_id=team_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("capacity:teams")
    return show(request, "capacity/availability.html", {"form": form, "team": team}, status=status_of(form))


@page(purpose="rosters", roles=ROSTER)
def absence(request: Request, team_id: UUID) -> HttpResponse:
    """A team drops out."""
    team = reading.read_team(team_id=team_id, actor=request.actor)
    require(may_report_absence(request.actor, unit=team.unit_id))
    form = AbsenceForm(request.POST if request.method == "POST" else None)
    if done(
        request,
        form,
        lambda: services.report_absence(team_id=team_id, **form.cleaned_data, actor=request.actor, at=request.at),
    ):
        return redirect("capacity:teams")
    return show(request, "capacity/absence.html", {"form": form, "team": team}, status=status_of(form))


@page(purpose="rosters", roles=ROSTER)
def loans(request: Request, team_id: UUID) -> HttpResponse:
    """To whom a team is lent, under which agreement: mark it, or end it earlier."""
    team = reading.read_team(team_id=team_id, actor=request.actor)
    require(may_lend(request.actor, unit=team.unit_id))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    lines = [
        (str(one.pk), f"{one.version.agreement.number}: {one.borrower.name}, {one.purpose}")
        for one in lines_in_force(lender=team.unit_id, on=local_day(request.at))
    ]
    by: dict[str, Any] = {"actor": request.actor, "at": request.at}
    lend = LendForm(request.POST if act == "lend" else None, lines=lines, auto_id="lend_%s")
    marked = [
        (one, TakeBackForm(_sent(request, act, one), initial={"loan_id": one.pk}, auto_id=f"{one.pk}_%s"))
        for one in reading.loans_of(team, on=local_day(request.at))
    ]
    back = next((form for _one, form in marked if form.is_bound), None)
    if act == "lend" and done(request, lend, lambda: services.lend_team(team_id=team_id, **lend.cleaned_data, **by)):
        return redirect("capacity:loans", team_id)
    if back is not None and done(request, back, lambda: services.take_back_team(**back.cleaned_data, **by)):
        return redirect("capacity:loans", team_id)
    context = {"team": team, "lend": lend, "lines": lines, "marked": marked}
    return show(request, "capacity/loans.html", context, status=status_of(back or lend))


def _sent(request: Request, act: str, loan: TeamLoan) -> QueryDict | None:
    return request.POST if act == "back" and request.POST.get("loan_id") == str(loan.pk) else None


@page(purpose="rosters", roles=ROLES)
def groups(request: Request) -> HttpResponse:
    """Groups in training, and when they are expected."""
    rows = reading.training_groups(actor=request.actor)
    own = {row.pk for row in rows if may_keep_roster(request.actor, unit=row.unit_id)}
    context = {"rows": [{"group": row, "own": row.pk in own} for row in rows], "plans": request.actor.role in PLANNER}
    return show(request, "capacity/groups.html", context)


@page(purpose="rosters", roles=PLANNER)
def new_group(request: Request) -> HttpResponse:
    """Announce a group."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if done(request, form, lambda: services.announce_group(**form.cleaned_data, actor=request.actor, at=request.at)):
        return redirect("capacity:groups")
    return show(request, "capacity/group_new.html", {"form": form}, status=status_of(form))


@page(purpose="rosters", roles=PLANNER)
def group(request: Request, group_id: UUID) -> HttpResponse:
    """A group of one's own unit: who left, when it is expected, and the day it becomes teams."""
    row = reading.read_group(group_id=group_id, actor=request.actor)
    require(may_keep_roster(request.actor, unit=row.unit_id))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    initial = {"version": row.version, "left": row.left, "expected_on": row.expected_on}
    update = GroupUpdateForm(request.POST if act == "update" else None, initial=initial, auto_id="update_%s")
    ready = OperationalForm(
        request.POST if act == "operational" else None, initial={"version": row.version}, auto_id="ready_%s"
    )

    def become() -> object:
        given = ready.cleaned_data
        new = [
            NewTeam(
                code=code,
                kind=row.kind,
                rule_set=given["rule_set"],
                region=row.region,
                legal_bases=given["legal_bases"],
                competences=[row.competence],
                staff=staff,
            )
            for code, staff in given["teams"]
        ]
        return services.become_operational(
            group_id=group_id, teams=new, version=given["version"], actor=request.actor, at=request.at
        )

    def change() -> object:
        return services.update_group(group_id=group_id, **update.cleaned_data, actor=request.actor, at=request.at)

    if (act == "update" and done(request, update, change)) or (act == "operational" and done(request, ready, become)):
        return redirect("capacity:groups")
    status = max(status_of(update), status_of(ready))
    return show(request, "capacity/group.html", {"group": row, "update": update, "ready": ready}, status=status)
