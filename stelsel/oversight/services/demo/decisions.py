"""What is open on decisions in the demonstration: relatives one by one, and orders by telephone after designation."""

import random
from datetime import datetime

from cases import services
from cases.models import CloseRelation
from stelsel.kernel.access import acting
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.walk import Walk

GROUNDS = (
    "Wordt in de bedreiging bij naam genoemd en woont elders; maatregelen aan de woning van het gezin helpen niet.",
    "Is tweemaal gevolgd na een bezoek aan het gezin. Druk via deze naaste is eerder gebruikt.",
)
REASONS = "De dreiging richt zich ook op deze naaste zelf; gewogen los van het gezin."


def open_on_decisions(walk: Walk) -> None:
    """After the story of a case; with a chance of its own, so that the other stories stay what they are."""
    chance = random.Random(walk.case.number)  # noqa: S311  # a demonstration, not a secret
    _relative(walk, chance)
    if chance.random() < 0.1:  # noqa: PLR2004  # a share
        _by_telephone(walk, chance)


def _on(walk: Walk, share: float) -> datetime:
    """An instant between the last act of the story and its end."""
    return walk.clock.at + (walk.clock.end - walk.clock.at) * share


def _relative(walk: Walk, chance: random.Random) -> None:
    """For somebody outside the core household a designation is proposed; most of these are decided."""
    with acting(walk.manager, at=walk.clock.at):
        near = CloseRelation.objects.filter(case=walk.case, core_household=False).order_by("created_at", "pk").first()
    if near is None:
        return
    row = services.propose_relative(
        case_id=walk.case.pk,
        person_id=near.person_id,
        grounds=chance.choice(GROUNDS),
        actor=walk.manager,
        at=_on(walk, 0.02),
    )
    if chance.random() < 0.6:  # noqa: PLR2004  # a share
        services.designate_relative(
            relative_id=row.pk,
            reasons=REASONS,
            version=row.version,
            code=walk.code(walk.decider),
            actor=walk.decider,
            at=_on(walk, 0.04),
        )


def _by_telephone(walk: Walk, chance: random.Random) -> None:
    """At night the desk orders more for somebody in the scheme; a decider has to ratify it."""
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller=chance.choice(texts.CALLERS),
        note=chance.choice(texts.URGENT_NOTES),
        kinds=("attention",),
        actor=walk.desk,
        at=_on(walk, 0.06),
    )
