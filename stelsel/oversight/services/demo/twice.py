"""The demonstration's person who was reported twice, the second time under another name."""

from cases import services
from stelsel.oversight.services.demo.walk import Walk


def reported(walk: Walk) -> None:
    """First by name, with another name beside it; then by that other name, birth date unknown."""
    if walk.world.also_known:
        walk.handed_in(name=walk.world.also_known, birth_date="")
        return
    walk.handed_in()
    walk.world.also_known = next(walk.world.names)
    services.add_alias(
        case_id=walk.case.pk,
        name=walk.world.also_known,
        kind="former",
        actor=walk.adviser,
        at=walk.clock.after(2),
    )
