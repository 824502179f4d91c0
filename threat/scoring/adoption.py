"""From a proposal to an adopted level: blockers, departures, review and the urgent question."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.scales import Likelihood, Severity
from threat.methodology import GDB_1_0, Methodology
from threat.scoring.outcome import Outcome, Result

LOW_LEVEL_BLOCKED: Final = Fault(
    field="level",
    code="low_level_blocked",
    message=gettext_noop("W1 and W2 cannot be adopted while a request for information is open, refused or withheld."),
)


@dataclass(frozen=True, slots=True)
class Departure:
    """What adopting `final` instead of the proposal asks.

    `steps` is final minus proposal, None when one of them is no level. A reason is a category and a text. The
    second analyst is not the adopter.
    """

    steps: int | None
    reason_required: bool
    second_analyst_required: bool


def override_requirements(
    proposed: Likelihood | None, final: Likelihood | None, *, method: Methodology = GDB_1_0
) -> Departure:
    """Lowering, raising by two steps, and setting or dropping a level where there was none ask two analysts.

    None is "insufficient information": there is no step to measure from, so departing from it needs both eyes
    too.
    """
    if proposed is None or final is None:
        departs = proposed is not final
        return Departure(steps=None, reason_required=departs, second_analyst_required=departs)
    steps = int(final) - int(proposed)
    return Departure(
        steps=steps,
        reason_required=steps != 0,
        second_analyst_required=steps < 0 or steps > method.norms.steps_up_alone,
    )


def adoption_blockers(result: Result, final: Likelihood | None) -> tuple[Fault, ...]:
    """Why `final` cannot be adopted, with any reason or any number of analysts; empty when it can."""
    if final is not None and final <= Likelihood.LOW and result.low_level_blocked:
        return (LOW_LEVEL_BLOCKED,)
    return ()


def latest_review(result: Result) -> date | None:
    """Last day to review a provisional outcome (house norm, from the picture's date); None for others."""
    if result.outcome is not Outcome.PROVISIONAL:
        return None
    return result.as_of + timedelta(days=result.method.norms.review_provisional_days)


def asks_urgent_measures(result: Result, severity: Severity, *, urgent_measures_in_force: bool) -> bool:
    """Whether the screen asks if urgent measures (spoedmaatregelen) are needed."""
    return result.ask_urgent and severity >= result.method.urgent_severity and not urgent_measures_in_force
