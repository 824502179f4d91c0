"""Teams and rosters, demand, runs, plans and displacement."""

from capacity.models.demand import Assignment, DemandLine, Feasibility
from capacity.models.plan import Displacement, PlanResult, Run, RunInput, Shift
from capacity.models.teams import Availability, Team, TeamCompetence, TeamLoan, TeamMember, TrainingGroup, WorkedShift

__all__ = [
    "Assignment",
    "Availability",
    "DemandLine",
    "Displacement",
    "Feasibility",
    "PlanResult",
    "Run",
    "RunInput",
    "Shift",
    "Team",
    "TeamCompetence",
    "TeamLoan",
    "TeamMember",
    "TrainingGroup",
    "WorkedShift",
]
