"""The demonstration's contact: plans, what was told and withheld, promises, and moments with their gate."""

from datetime import datetime, timedelta

from cases import services
from cases.models import Case, ContactPlan, MomentOwner, RaisedRiskMoment, Readiness
from cases.services import Heard, Plan, Said
from cases.services.plan import contacts_now
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.walk import Walk

LATE = 0.08  # the share of people with whom contact is overdue
ADVICES = ("norm", "fixed_contact", "stress_education", "partner_and_children", "supporting_services", "build_down")


def kept(walk: Walk) -> None:
    """The plan of the person is written; something was told, something withheld, something promised."""
    with acting(walk.manager, at=walk.clock.at):
        plan = ContactPlan.objects.get(case=walk.case, person=walk.case.person_id)
    interpreter = walk.chance.random() < 0.1  # noqa: PLR2004  # a share
    services.write_plan(
        plan_id=plan.pk,
        plan=Plan(
            every_days=walk.chance.choice((3, 7, 7, 14)),
            channel=walk.say(("face_to_face", "telephone", "video")),
            knows="knows",
            language="Engels" if interpreter else "",
            interpreter=interpreter,
            escalation=texts.ESCALATION,
            may_be_told=walk.say(texts.MAY_BE_TOLD),
            advices=tuple(walk.chance.sample(ADVICES, walk.chance.randint(2, len(ADVICES)))),
        ),
        version=plan.version,
        actor=walk.manager,
        at=walk.clock.after(12),
    )
    _said(walk, topic="measures", channel="face_to_face", told=walk.say(texts.TOLD), received="understood")
    if walk.chance.random() < 0.3:  # noqa: PLR2004  # a share
        review = (walk.clock.end + timedelta(days=walk.chance.randint(-2, 12))).date()
        at = walk.clock.after(15)
        ground = walk.say(("withhold-investigation", "withhold-safety"))
        if review > at.date():
            _said(walk, at=at, topic="threat", withheld=walk.say(texts.WITHHELD), ground=ground, review_on=review)
    if walk.chance.random() < 0.4:  # noqa: PLR2004  # a share
        _promised(walk)


def _said(walk: Walk, *, at: datetime | None = None, **said: object) -> None:
    services.tell(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        said=Said(**said),  # type: ignore[arg-type]  # the fields of Said, by name
        actor=walk.manager,
        at=at or walk.clock.after(10),
    )


def _promised(walk: Walk) -> None:
    at = walk.clock.after(20)
    promise = services.make_promise(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        text=walk.say(texts.PROMISES),
        due_on=max(at, walk.clock.end + timedelta(days=walk.chance.randint(-3, 9))).date(),
        actor=walk.manager,
        at=at,
    )
    if walk.chance.random() < 0.5:  # noqa: PLR2004  # half of them
        services.settle_promise(promise_id=promise.pk, outcome="kept", actor=walk.manager, at=walk.clock.after(20))


def gate(walk: Walk, moment: RaisedRiskMoment) -> None:
    """The gate of a moment: ready, not ready with postponement asked, or still waiting."""
    how = walk.say(("ready", "ready", "postpone", "waiting"))
    if how == "waiting":
        return
    coordinator = walk.of(Role.LCC_COORDINATOR, "lcc")
    with acting(walk.decider, at=walk.clock.at):
        asked = list(Readiness.objects.filter(moment=moment).order_by("person__pseudonym"))
        owned = MomentOwner.objects.filter(moment=moment).exists()
    for nth, row in enumerate(asked):
        ready = how == "ready" or nth > 0
        services.give_word(
            readiness_id=row.pk,
            word="in_place" if ready else "not_in_place",
            reason="" if ready else texts.NOT_IN_PLACE,
            actor=coordinator,
            at=walk.clock.after(3),
        )
        services.answer_gate(
            readiness_id=row.pk,
            answer="ready" if ready else "not_ready",
            reason="" if ready else texts.NOT_READY,
            actor=walk.decider,
            at=walk.clock.after(3),
        )
    if how == "postpone" and owned:  # not every event has somebody who can postpone it
        at = walk.clock.after(2)
        with acting(walk.decider, at=at):
            version = RaisedRiskMoment.objects.get(pk=moment.pk).version
        services.ask_postponement(moment_id=moment.pk, version=version, actor=walk.decider, at=at)


def up_to_date(walk: Walk) -> None:
    """Contact in the last days with everybody in the scheme, but for a few; now and then an attempt that failed."""
    reader = walk.desk
    with acting(reader, at=walk.clock.end):
        case = Case.objects.filter(pk=walk.case.pk, state="scheme").first()
        plans = list(ContactPlan.objects.filter(case=case).order_by("person__pseudonym")) if case else []
        contacts = contacts_now(at=walk.clock.end, case=walk.case)
    for plan in plans:
        named = contacts.get((plan.case_id, plan.person_id))
        if named is None or walk.chance.random() < LATE:
            continue
        recent = walk.clock.end - timedelta(hours=walk.chance.randint(2, min(plan.every_days, 6) * 24))
        walk.clock.at = max(walk.clock.at, recent)
        reached = walk.chance.random() > LATE
        services.log_contact(
            case_id=plan.case_id,
            person_id=plan.person_id,
            text=walk.say(texts.CONTACTS) if reached else texts.NOT_REACHED,
            is_signal=False,
            heard=Heard(channel=walk.say(("face_to_face", "telephone", "video")), reached=reached),
            actor=walk.world.field.of_user(named.user_id),
            at=walk.clock.after(1),
        )
    if plans and walk.chance.random() < 0.1:  # noqa: PLR2004  # a share
        services.note_agenda(
            case_id=plans[0].case_id,
            person_id=walk.case.person_id,
            answer="not_reported",
            actor=reader,
            at=walk.clock.after(1),
        )
