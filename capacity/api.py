"""The LCC over REST: assignments, demand, teams and their availability, the published plan, reports on measures."""

from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capacity.services import board, exchange
from stelsel.kernel.rest import ClientView

HORIZON = timedelta(days=14)
SINCE = OpenApiParameter("since", datetime, description="Only what was made or changed from this instant on.")


class Since(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False, default=None)


class Window(serializers.Serializer[Any]):
    start = serializers.DateTimeField(required=False, default=None)
    end = serializers.DateTimeField(required=False, default=None)


class Assignment(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    caseId = serializers.UUIDField(source="case_id")
    caseNumber = serializers.CharField(source="case_number")
    personId = serializers.UUIDField(source="person_id")
    pseudonym = serializers.CharField()
    authority = serializers.CharField()
    concept = serializers.CharField()
    kind = serializers.CharField()
    resistance = serializers.IntegerField(min_value=1, max_value=5)
    tier = serializers.IntegerField(min_value=1, max_value=4)
    createdAt = serializers.DateTimeField(source="created_at")
    endedAt = serializers.DateTimeField(source="ended_at", allow_null=True)


class DemandLine(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    assignmentId = serializers.UUIDField(source="assignment_id")
    caseId = serializers.UUIDField(source="case_id")
    personId = serializers.UUIDField(source="person_id")
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    competence = serializers.CharField()
    requiredTeams = serializers.IntegerField(source="required")
    floorTeams = serializers.IntegerField(source="floor")
    tier = serializers.IntegerField(min_value=1, max_value=4)
    region = serializers.CharField()
    kind = serializers.CharField()
    legalBases = serializers.ListField(source="legal_bases", child=serializers.CharField())


class Period(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class Team(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    unit = serializers.CharField()
    kind = serializers.CharField()
    region = serializers.CharField()
    competences = serializers.ListField(child=serializers.CharField())
    legalBases = serializers.ListField(source="legal_bases", child=serializers.CharField())
    operational = serializers.BooleanField()
    available = serializers.BooleanField(help_text="At this instant")
    availability = serializers.SerializerMethodField()

    def get_availability(self, team: board.TeamRow) -> list[dict[str, datetime]]:
        return [{"start": start, "end": end} for start, end in team.free]


class Shift(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    lineId = serializers.UUIDField(source="line_id")
    caseId = serializers.UUIDField(source="case_id")
    personId = serializers.UUIDField(source="person_id")
    teamId = serializers.UUIDField(source="team_id")
    team = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    runId = serializers.UUIDField(source="run_id")
    publishedAt = serializers.DateTimeField(source="published_at")
    withdrawnAt = serializers.DateTimeField(source="withdrawn_at", allow_null=True)


class CapacityView(ClientView):
    scope = "capacity"

    def since(self) -> datetime | None:
        asked = Since(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        since: datetime | None = asked.validated_data["since"]
        return since


class Assignments(CapacityView):
    purpose = "execution"

    @extend_schema(operation_id="listAssignments", parameters=[SINCE], responses=Assignment(many=True))
    def get(self, request: Request) -> Response:
        """Protection assignments (beveiligingsopdrachten), oldest first."""
        rows = exchange.assignments(actor=self.actor, at=self.at, since=self.since())
        return Response(Assignment(rows, many=True).data)


class Demand(CapacityView):
    purpose = "execution"

    @extend_schema(
        operation_id="listDemandLines",
        parameters=[OpenApiParameter("start", datetime), OpenApiParameter("end", datetime)],
        responses=DemandLine(many=True),
    )
    def get(self, request: Request) -> Response:
        """Demand lines that begin in the window; without one, the coming fourteen days."""
        asked = Window(data=request.query_params)
        asked.is_valid(raise_exception=True)
        start = asked.validated_data["start"] or self.at
        end = asked.validated_data["end"] or start + HORIZON
        rows = exchange.demand(start=start, end=end, actor=self.actor, at=self.at)
        return Response(DemandLine(rows, many=True).data)


class Teams(CapacityView):
    purpose = "execution"

    @extend_schema(operation_id="listTeams", responses=Team(many=True))
    def get(self, request: Request) -> Response:
        """Teams with their competences and availability; never who is in them."""
        return Response(Team(board.teams_now(actor=self.actor, at=self.at), many=True).data)


class PublishedPlan(CapacityView):
    purpose = "execution"

    @extend_schema(operation_id="getPublishedPlan", parameters=[SINCE], responses=Shift(many=True))
    def get(self, request: Request) -> Response:
        """The shifts of the published plan; with `since`, those published or withdrawn from then on."""
        rows = exchange.published_plan(actor=self.actor, at=self.at, since=self.since())
        return Response(Shift(rows, many=True).data)
