"""Prioritisation when capacity runs short.

The planning problem, the plan, tiers, floors and displacement (pure rules).
"""

from capacity.priority.displacement import (
    Cost,
    Displaced,
    cost_of_order,
    displaced,
    floor_hours_missing,
    needs_authority,
)
from capacity.priority.plan import Level, Plan, Roster, Shortfall, Status, plan_document, read_plan
from capacity.priority.problem import (
    Assignment,
    Line,
    Problem,
    Service,
    Team,
    canonical,
    digest,
    input_hash,
    problem_document,
)
from capacity.priority.reading import read_problem
from capacity.priority.tiers import TierAnswers, TierProposal, floor_table, tier_table

__all__ = [
    "Assignment",
    "Cost",
    "Displaced",
    "Level",
    "Line",
    "Plan",
    "Problem",
    "Roster",
    "Service",
    "Shortfall",
    "Status",
    "Team",
    "TierAnswers",
    "TierProposal",
    "canonical",
    "cost_of_order",
    "digest",
    "displaced",
    "floor_hours_missing",
    "floor_table",
    "input_hash",
    "needs_authority",
    "plan_document",
    "problem_document",
    "read_plan",
    "read_problem",
    "tier_table",
]
