"""The demonstration's support of protected persons: talks planned and held, offers answered, phases changed."""

from datetime import datetime, timedelta
from uuid import UUID

from resilience import services
from resilience.models import ResilienceFile, SupportItem
from resilience.services import About, Held, Plan
from stelsel.kernel.access import acting
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.walk import Walk

EXPERTS = ("liselot", "marwan")
TOPICS = ("what_to_expect", "daily_life", "children", "work", "telling", "online", "partner")
ITEMS = ("what-to-expect", "online-safety", "school-contact", "family-talk")
PLACES = ("home", "neutral", "office", "video")
LEAST_PAST = timedelta(days=30)


def supported(walk: Walk) -> None:
    """The person of the case talks with an expert; who was designated long ago is in the next phase, a talk ahead."""
    name = walk.chance.choice(EXPERTS)
    expert = walk.world.field.actor(name)
    at = walk.clock.after(10)
    with acting(expert, at=at):
        file = ResilienceFile.objects.get(case=walk.case, person=walk.case.person_id)
        item = SupportItem.objects.get(code=walk.chance.choice(ITEMS))
    about = About("adult", "given", "knows", language="nl", needs=walk.say(texts.NEEDS))
    file = services.write_about(file_id=file.pk, about=about, version=file.version, actor=expert, at=at)
    _talk(walk, file, item)
    if walk.clock.end - file.opened_at < LEAST_PAST or walk.chance.random() < 0.3:  # noqa: PLR2004  # a share
        return
    at = walk.clock.after(500)
    with acting(expert, at=at):
        file = ResilienceFile.objects.get(pk=file.pk)
    services.change_phase(
        file_id=file.pk,
        phase="consolidation",
        reason=walk.say(texts.PHASE_REASONS),
        version=file.version,
        actor=expert,
        at=at,
    )
    ahead = walk.clock.end + timedelta(days=walk.chance.randint(1, 12), hours=3)
    services.plan_talk(file_id=file.pk, plan=_plan(walk, ahead, expert.user_id), actor=expert, at=walk.clock.after(3))


def _plan(walk: Walk, planned_for: datetime, expert_id: UUID) -> Plan:
    return Plan(
        planned_for=planned_for,
        place=walk.say(PLACES),
        expert_id=expert_id,
        interpreter=walk.chance.random() < 0.1,  # noqa: PLR2004  # a share
        preparation=walk.say(texts.TALK_PLANS),
    )


def _talk(walk: Walk, file: ResilienceFile, item: SupportItem) -> None:
    expert = walk.world.field.actor(walk.chance.choice(EXPERTS))
    at = walk.clock.after(20)
    held_at = at + (walk.clock.end - at) * 0.05
    talk = services.plan_talk(file_id=file.pk, plan=_plan(walk, held_at, expert.user_id), actor=expert, at=at)
    after = held_at + (walk.clock.end - held_at) * 0.05
    walk.clock.at = after
    if walk.chance.random() < 0.12:  # noqa: PLR2004  # a share
        services.end_talk(
            talk_id=talk.pk, step="refuse", why="Nu liever niet.", version=talk.version, actor=expert, at=after
        )
        return
    follows = walk.chance.random() < 0.3  # noqa: PLR2004  # a share
    held = Held(
        held_at=held_at,
        minutes=walk.chance.choice((45, 60, 75, 90)),
        topics=walk.chance.sample(TOPICS, 2),
        offers=(item.pk,),
        summary=walk.say(texts.TALK_SUMMARIES),
        follow_up=walk.say(texts.FOLLOW_UPS) if follows else "",
        follow_up_due=(after + timedelta(days=14)).date() if follows else None,
    )
    services.hold_talk(talk_id=talk.pk, held=held, version=talk.version, actor=expert, at=after)
