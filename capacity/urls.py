"""Addresses of the pages of capacity; ids are UUIDs only."""

from django.urls import path

from capacity.views import board, displacement, runs, supply

app_name = "capacity"
urlpatterns = [
    path("", board.board, name="board"),
    path("wall", board.wall, name="wall"),
    path("lines", board.lines, name="lines"),
    path("cases/<uuid:case_id>", board.plan, name="plan"),
    path("assignments/<uuid:assignment_id>/feasibility", board.feasibility, name="feasibility"),
    path("runs", runs.runs, name="runs"),
    path("runs/<uuid:run_id>", runs.run, name="run"),
    path("runs/<uuid:run_id>/stop", runs.stop, name="stop"),
    path("runs/<uuid:run_id>/publish", runs.publish, name="publish"),
    path("displacements/<uuid:displacement_id>", displacement.displacement, name="displacement"),
    path("teams", supply.teams, name="teams"),
    path("teams/new", supply.new_team, name="team_new"),
    path("teams/<uuid:team_id>/availability", supply.availability, name="availability"),
    path("teams/<uuid:team_id>/absence", supply.absence, name="absence"),
    path("teams/<uuid:team_id>/loans", supply.loans, name="loans"),
    path("groups", supply.groups, name="groups"),
    path("groups/new", supply.new_group, name="group_new"),
    path("groups/<uuid:group_id>", supply.group, name="group"),
]
