"""The demonstration's persons who were reported twice, the second time under another name."""

from cases import services
from stelsel.oversight.services.demo import texts
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


def known(walk: Walk) -> None:
    """Reported, and the nomination withdrawn: a case in the local domain."""
    walk.handed_in(relations=())
    services.withdraw_nomination(
        nomination_id=walk.nomination.pk,
        reason=texts.WITHDRAWAL,
        version=walk.nomination.version,
        actor=walk.adviser,
        at=walk.clock.after(20),
    )
    walk.world.resting = walk.case.pk


def merged(walk: Walk) -> None:
    """Reported again by another name; the office sees that it is one person, and the first case rests."""
    walk.handed_in(relations=())
    if walk.world.resting is None:
        return
    row = services.propose_merge(
        case_id=walk.world.resting,
        leading_id=walk.case.pk,
        reason=texts.ONE_PERSON,
        actor=walk.adviser,
        at=walk.clock.after(6),
    )
    services.confirm_merge(merge_id=row.pk, actor=walk.chief, at=walk.clock.after(8))
