"""What is open on decisions in the demonstration: relatives one by one, and orders by telephone after designation."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from cases import services
from cases.lifecycle import PlannedStep
from cases.models import CloseRelation, DecisionCondition
from cases.services import case as cases
from cases.services.review import flaw_of, newest_level, package_in_force
from stelsel.kernel.access import acting
from stelsel.oversight.services.demo import care, decide, texts
from stelsel.oversight.services.demo.outbox import work_off
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
    _looked_at_conditions(walk, chance)
    if chance.random() < 0.1:  # noqa: PLR2004  # a share
        _kept_out(walk)
    if chance.random() < 0.25:  # noqa: PLR2004  # a share
        _less(walk, chance)
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


def _kept_out(walk: Walk) -> None:
    """A colleague who worked for the person does nothing in this case."""
    joren, selma = (walk.world.field.actor(name) for name in ("joren", "selma"))
    services.recuse(
        case_id=walk.case.pk,
        user_id=(selma if walk.manager.user_id == joren.user_id else joren).user_id,
        ground="superior",
        reason=texts.WORKED_FOR,
        actor=walk.decider,
        at=_on(walk, 0.01),
    )


def _looked_at_conditions(walk: Walk, chance: random.Random) -> None:
    with acting(walk.manager, at=walk.clock.at):
        rows = list(DecisionCondition.objects.filter(case=walk.case).order_by("check_on", "pk"))
    for row in rows:
        outcome = chance.choice(("met", "met", "not_met", ""))
        at = max(walk.clock.at, min(cases.end_of(row.check_on), _on(walk, 0.9)))
        if outcome:
            note = "" if outcome == "met" else texts.FOUND
            services.check_condition(
                condition_id=row.pk, outcome=outcome, again_on=None, note=note, actor=walk.manager, at=at
            )


def _less(walk: Walk, chance: random.Random) -> None:
    """A new decision ends something at the house; half of these wait for the second decider."""
    with acting(walk.manager, at=walk.clock.at):
        package, at = package_in_force(walk.case), walk.clock.at
        standing = services.going_on(walk.case, on=at.date())
        newest = newest_level(walk.case)
        flaw = flaw_of(package.level.picture, at=at + timedelta(days=10)) if package else ""
    at_the_house = [one for one in standing if one.kind in decide.TECHNICAL]
    if package is None or newest != package.level or not at_the_house:
        return
    if flaw or walk.clock.end - at < timedelta(days=10):
        return
    ends = at_the_house[0]
    planned = [replace(one, step=PlannedStep.END) if one is ends else one for one in standing]
    walk.clock.at += timedelta(days=1)
    anew = decide.written(walk, package.level_id, planned, tier=package.tier, due=package.review_due)
    care.answer_package(walk, anew)
    if decide.sign(walk, anew, walk.decider, texts.LESS).state == "submitted" and chance.random() < 0.5:  # noqa: PLR2004  # half of them
        decide.sign(walk, anew, decide.other_decider(walk), texts.LESS)
    work_off(at=walk.clock.at)


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
