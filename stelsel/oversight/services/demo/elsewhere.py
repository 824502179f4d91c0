"""The demonstration's people whom another regime looks after, or is to look after."""

from cases import services
from cases.models import Demarcation
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.walk import Walk


def leaving(walk: Walk, *, regime: str = "basic_police_care") -> Demarcation:
    """The chief prosecutor decided it; the other regime did not say yet that it took the person over."""
    walk.handed_in()
    return services.demarcate(
        case_id=walk.case.pk,
        elsewhere=services.Elsewhere(
            regime,
            walk.world.field.organisations[f"politie-{walk.story.region}"].pk,
            "" if regime == "witness_protection" else walk.say(texts.ELSEWHERE),
        ),
        actor=walk.chief,
        at=walk.clock.after(8),
    )


def in_police_care(walk: Walk) -> Demarcation:
    return _taken_over(walk, leaving(walk), reference=f"PL-{walk.chance.randint(1000, 9999)}")


def blocked(walk: Walk) -> None:
    """In witness protection: here nothing but the block."""
    _taken_over(walk, leaving(walk, regime="witness_protection"), reference="")


def handed_back(walk: Walk) -> None:
    """Back from basic police care, and nobody said yet that they have the person in hand."""
    row = in_police_care(walk)
    walk.clock.at = walk.clock.end - (walk.clock.end - walk.clock.at) / 40
    services.hand_back(
        demarcation_id=row.pk, reason=walk.say(texts.HANDED_BACK), actor=walk.adviser, at=walk.clock.after(5)
    )


def _taken_over(walk: Walk, row: Demarcation, *, reference: str) -> Demarcation:
    return services.take_over(demarcation_id=row.pk, reference=reference, actor=walk.adviser, at=walk.clock.after(14))
