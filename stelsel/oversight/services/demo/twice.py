"""The demonstration's persons who were reported twice, the second time under another name."""

from cases import services
from stelsel.kernel import vault
from stelsel.kernel.access import acting
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


def heard_of(walk: Walk) -> None:
    """Nominated; then the police hear more. The first such report is taken up, the second waits."""
    walk.assigned()
    with acting(walk.adviser, at=walk.clock.at):
        name = vault.box(walk.case.person.key_id).open(walk.case.person, "name")
        born = vault.box(walk.case.person.key_id).open(walk.case.person, "birth_date")
    told = walk.intake(name=name, birth_date=born, what_happened=walk.say(texts.HEARD), relations=())
    row = services.pass_report(intake=told, actor=walk.police, at=walk.clock.after(12))
    if not walk.world.heard:
        services.forward_report(report_id=row.pk, actor=walk.adviser, at=walk.clock.after(2))
        answer = texts.TAKEN_UP
        services.take_report(report_id=row.pk, answer=answer, actor=walk.manager, at=walk.clock.after(2))
    walk.world.heard += 1
