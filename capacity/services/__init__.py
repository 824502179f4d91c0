"""Acts and questions of capacity; pages, API and jobs call them from here."""

from capacity.services.board import (
    DayCover,
    Explained,
    LineCover,
    TeamRow,
    availability,
    cover_board,
    cover_lines,
    explained_plan,
    teams_now,
)
from capacity.services.choice import decide_displacement, publish_run, shown, state_risk
from capacity.services.demand import extend_demand, judge_feasibility, raise_demand
from capacity.services.exchange import assignments, demand, published_plan
from capacity.services.loans import Loan, lend_team, take_back_team
from capacity.services.runs import (
    Solved,
    begin_solving,
    progress_of,
    renew_run,
    request_run,
    stop_asked,
    stop_run,
    store_plan,
    tell_progress,
)
from capacity.services.supersede import overtake_for_case, supersede_open_runs
from capacity.services.teams import NewTeam, record_availability, record_worked, register_team, report_absence
from capacity.services.training import announce_group, become_operational, update_group

__all__ = [
    "DayCover",
    "Explained",
    "LineCover",
    "Loan",
    "NewTeam",
    "Solved",
    "TeamRow",
    "announce_group",
    "assignments",
    "availability",
    "become_operational",
    "begin_solving",
    "cover_board",
    "cover_lines",
    "decide_displacement",
    "demand",
    "explained_plan",
    "extend_demand",
    "judge_feasibility",
    "lend_team",
    "overtake_for_case",
    "progress_of",
    "publish_run",
    "published_plan",
    "raise_demand",
    "record_availability",
    "record_worked",
    "register_team",
    "renew_run",
    "report_absence",
    "request_run",
    "shown",
    "state_risk",
    "stop_asked",
    "stop_run",
    "store_plan",
    "supersede_open_runs",
    "take_back_team",
    "teams_now",
    "tell_progress",
    "update_group",
]
