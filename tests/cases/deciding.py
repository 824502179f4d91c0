"""A decision anew in tests: what stands goes on or ends, written, laid before the decider, decided."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from cases import services
from cases.lifecycle import PlannedStep
from cases.models import Package
from cases.services import Planned
from cases.services.package import TEXTS
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from tests.cases.walk import Walk
from tests.world import code_for

CM, D = Role.CASE_MANAGER, Role.DECIDER


def standing(walk: Walk) -> dict[str, Planned]:
    """What stands, by kind, as it goes on."""
    with acting(walk.actor(CM), at=walk.at):
        return {one.kind: one for one in services.going_on(walk.case, on=walk.at.date())}


def written(walk: Walk, level_id: UUID, *planned: Planned, tier: int = 2) -> Package:
    manager = walk.actor(CM)
    due = walk.at.date() + timedelta(days=60)
    package = services.start_package(level_id=level_id, tier=tier, review_due=due, actor=manager, at=walk.tick())
    return services.write_package(
        package_id=package.pk,
        texts={**dict.fromkeys(TEXTS, f"Considered again, on {walk.at}."), "same_because": "The threat is the same."},
        planned=planned,
        tier=tier,
        review_due=due,
        version=package.version,
        actor=manager,
        at=walk.tick(),
    )


def submit(walk: Walk, package: Package) -> Package:
    return services.submit_package(package_id=package.pk, version=package.version, actor=walk.actor(CM), at=walk.tick())


def decide(walk: Walk, package: Package, *, less: bool = False) -> Package:
    """By the decider of the case, and where it is less than before by another one too."""
    if less:
        walk.answered("reduction", package.pk)
    package = sign(walk, package, walk.actor(D))
    return sign(walk, package, walk.world.actor(D, nth=2)) if less else package


def sign(walk: Walk, package: Package, decider: Actor, **given: str) -> Package:
    return services.decide_package(
        package_id=package.pk,
        **{"reasons": "The route to work changed.", **given},
        version=package.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


def ends(one: Planned) -> Planned:
    return replace(one, step=PlannedStep.END)
