"""The demonstration's mayors: where people live, what their mayor was told, and meetings of the quadrangle."""

from datetime import timedelta

from cases import services
from cases.models import Case, MeetingAgreement
from cases.services import Agreed, Notice
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.walk import Walk

HOMES = {
    "noord": "gemeente-noorderveen",
    "oost": "gemeente-oosterwaard",
    "zuid": "gemeente-zuiderdam",
    "west": "gemeente-westerkade",
}


def told(walk: Walk) -> None:
    """The mayor of whoever is in the scheme is told, or not; most notices were read, one now and then was not."""
    with acting(walk.desk, at=walk.clock.end):
        case = Case.objects.filter(pk=walk.case.pk, state="scheme", case_manager=walk.manager.user_id).first()
    if case is None or walk.chance.random() < 0.3:  # noqa: PLR2004  # a share has not got so far
        return
    home = walk.world.field.organisations[HOMES[walk.story.region]]
    is_mayor = walk.chance.random() < 0.04  # noqa: PLR2004  # a share
    who = {"case_id": case.pk, "person_id": case.person_id, "actor": walk.manager}
    services.set_residence(
        municipality_ids=[home.pk], mayor_of=home.pk if is_mayor else None, at=walk.clock.after(2), **who
    )
    silent = walk.chance.random() < 0.25  # noqa: PLR2004  # a share
    notice = Notice(
        scenario="admission",
        consequences=texts.NO_CONSEQUENCES if silent else walk.say(texts.CONSEQUENCES),
        elements=() if silent else ("resident", "visible", "consult", "reach"),
    )
    (row,) = services.propose_notice(notice=notice, at=walk.clock.after(2), **who)
    if walk.chance.random() < 0.1:  # noqa: PLR2004  # a share waits for the decider
        return
    services.decide_notice(notice_id=row.pk, send=not silent, actor=walk.decider, at=walk.clock.after(4))
    if not silent and walk.chance.random() < 0.85:  # noqa: PLR2004  # a share was read
        reader = next(walk.world.field.all_of(Role.MAYORS_CONTACT, home.code), walk.manager)
        if is_mayor:
            reader = walk.chief
        services.acknowledge_notice(notice_id=row.pk, actor=reader, at=walk.clock.after(6))
    if walk.chance.random() < 0.2:  # noqa: PLR2004  # a share
        _met(walk)


def _met(walk: Walk) -> None:
    """A meeting of the quadrangle with two agreements, one of them carried out."""
    at = walk.clock.after(10)
    agreed = [
        Agreed(text, who, max(at, walk.clock.end + timedelta(days=walk.chance.randint(-2, 10))).date())
        for text, who in texts.AGREED
    ]
    meeting = services.write_meeting(
        case_id=walk.case.pk,
        held_at=at - timedelta(minutes=20),
        participants=["nctv", "mayor", "prosecutor", "police"],
        municipality_id=walk.world.field.organisations[HOMES[walk.story.region]].pk,
        agreed=agreed,
        actor=walk.manager,
        at=at,
    )
    with acting(walk.manager, at=at):
        first = MeetingAgreement.objects.filter(meeting=meeting, who="police").get()
    services.settle_agreement(agreement_id=first.pk, outcome="done", actor=walk.manager, at=walk.clock.after(10))
