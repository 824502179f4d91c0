"""The demonstration's way out: measures ended, authority returned and confirmed, the case closed and opened again."""

from cases import services
from cases.models import AuthorityReturn, Case, Designation, Measure
from cases.services.authority import is_central
from cases.services.catalogue import Dated
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from stelsel.oversight.services.demo import care, texts
from stelsel.oversight.services.demo.walk import Walk


def ended(walk: Walk, by: Actor, *, central: bool = False) -> None:
    """Whoever has authority ends the measures, or those of the scheme alone, each by its own decision."""
    walk.clock.after(200)
    catalogue = Dated()
    for measure in _in_force(walk, by):
        if not central or is_central(measure, catalogue):
            care.answer(walk, "ending", measure.pk)
            services.end_measure(
                measure_id=measure.pk,
                reason=walk.say(texts.ENDED),
                version=measure.version,
                actor=by,
                at=walk.clock.after(1),
            )


def returned(walk: Walk, *, confirmed: bool) -> AuthorityReturn:
    ended(walk, walk.decider, central=True)
    walk.tell()
    decider = walk.decider
    walk.clock.after(300)
    with acting(decider, at=walk.clock.at):
        designation = Designation.objects.get(case=walk.case, ends_at=None)
    care.answer(walk, "return", designation.pk)
    outcomes = {measure.pk: walk.say(("continues", "reordered")) for measure in _in_force(walk, decider)}
    made = services.return_authority(
        case_id=walk.case.pk,
        reasons=walk.say(texts.RETURNED),
        outcomes=outcomes,
        version=_version(walk, decider),
        code=walk.code(decider),
        actor=decider,
        at=walk.clock.after(1),
    )
    if confirmed:
        services.confirm_return(
            return_id=made.pk, code=walk.code(walk.chief), actor=walk.chief, at=walk.clock.after(30)
        )
        walk.tell()
    return made


def closed(walk: Walk) -> None:
    services.close_case(
        case_id=walk.case.pk,
        reason=walk.say(texts.CLOSED),
        version=_version(walk, walk.chief),
        actor=walk.chief,
        at=walk.clock.after(400),
    )


def reopened(walk: Walk) -> None:
    services.reopen_case(
        case_id=walk.case.pk,
        reason=walk.say(texts.REOPENED),
        version=_version(walk, walk.chief),
        actor=walk.chief,
        at=walk.clock.after(300),
    )


def _in_force(walk: Walk, by: Actor) -> list[Measure]:
    with acting(by, at=walk.clock.at):
        return list(Measure.objects.filter(case=walk.case).in_force().order_by("kind", "pk"))


def _version(walk: Walk, by: Actor) -> int:
    with acting(by, at=walk.clock.at):
        return Case.objects.get(pk=walk.case.pk).version
