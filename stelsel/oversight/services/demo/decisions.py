"""What is open on decisions in the demonstration: relatives one by one, and orders by telephone after designation."""

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


def relatives(walk: Walk) -> None:
    """For some of those outside the core household a designation is proposed; most of these are decided."""
    with acting(walk.manager, at=walk.clock.at):
        near = list(CloseRelation.objects.filter(case=walk.case, core_household=False).order_by("created_at", "pk")[:1])
    for relation in near:
        row = services.propose_relative(
            case_id=walk.case.pk,
            person_id=relation.person_id,
            grounds=walk.say(GROUNDS),
            actor=walk.manager,
            at=walk.clock.after(20),
        )
        if walk.chance.random() < 0.6:  # noqa: PLR2004  # a share
            services.designate_relative(
                relative_id=row.pk,
                reasons=REASONS,
                version=row.version,
                code=walk.code(walk.decider),
                actor=walk.decider,
                at=walk.clock.after(20),
            )


def by_telephone(walk: Walk) -> None:
    """At night the desk orders more for somebody in the scheme; a decider has to ratify it."""
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller=walk.say(texts.CALLERS),
        note=walk.say(texts.URGENT_NOTES),
        kinds=("attention",),
        actor=walk.desk,
        at=walk.clock.after(8),
    )
