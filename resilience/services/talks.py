"""Talks: planned by an expert, then held, missed, refused or cancelled; no clinical content (R027)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from resilience.lifecycle import MINUTES, TALK_LIFECYCLE, Awareness, TalkState
from resilience.models import ResilienceFile, SupportItem, Talk, TalkParticipant
from resilience.models.talk import Place, Topic
from resilience.policies import may_hold_talk, may_talk_to
from resilience.services import texts
from resilience.services.files import ask_to_plan, locked_file, set_due
from resilience.services.support import make_offer, offerable
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.models import Membership

ENDINGS: Final = {"miss": "resilience.miss", "refuse": "resilience.refuse", "cancel": "resilience.cancel"}


@dataclass(frozen=True)
class Plan:
    """When, where and with which expert one talks; `preparation` is what the expert wants at hand."""

    planned_for: datetime
    place: str
    expert_id: UUID
    interpreter: bool = False
    preparation: str = ""

    def faults(self, *, at: datetime) -> list[Fault]:
        faults = []
        if self.planned_for <= at:
            faults.append(Fault("planned_for", "past", gettext_noop("A talk is planned ahead.")))
        if self.place not in Place.values:
            faults.append(Fault("place", "invalid", gettext_noop("Choose one of the list.")))
        experts = Membership.objects.in_force(at=at).filter(user_id=self.expert_id, role=Role.RESILIENCE_EXPERT)
        if not experts.exists():
            faults.append(Fault("expert", "wrong_role", gettext_noop("This colleague does not hold that role now.")))
        return faults


@act
def plan_talk(*, file_id: UUID, plan: Plan, clinical_confirmed: bool = False, actor: Actor, at: datetime) -> Talk:
    """Plan a talk with this person.

    Raises:
        Forbidden: the relation does not know of the threat.
    """
    file = locked_file(file_id, actor=actor, at=at)
    require(may_talk_to(aware=file.awareness != Awareness.DOES_NOT_KNOW))
    free = {"preparation": plan.preparation}
    confirmed = texts.check(free, confirmed=clinical_confirmed, faults=plan.faults(at=at))
    talk = Talk(case=file.case, file=file, phase=file.phase, marking=file.marking, provenance="resilience.plan")
    _put(talk, plan, key=file.person.key_id)
    talk.save(force_insert=True)
    work.close_items(file.pk, kind="resilience.plan", verb="resilience.plan")
    _ask_expert(talk, file)
    audit.record("resilience.plan", talk, detail={"confirmed": confirmed})
    return talk


def _put(talk: Talk, plan: Plan, *, key: UUID) -> None:
    talk.planned_for, talk.place, talk.interpreter = plan.planned_for, plan.place, plan.interpreter
    talk.expert_id = plan.expert_id
    texts.seal(talk, {"preparation": plan.preparation}, key=key)


def _ask_expert(talk: Talk, file: ResilienceFile) -> None:
    work.open_item(
        "resilience.talk",
        talk,
        owner_role=Role.RESILIENCE_EXPERT,
        owner=talk.expert_id,
        label=file.person.pseudonym,
        scope=talk.case_id,
        due=talk.planned_for,
    )


def locked_talk(talk_id: UUID, *, actor: Actor, at: datetime) -> tuple[Talk, ResilienceFile]:
    """The talk and its file, both locked, the file first.

    Raises:
        Talk.DoesNotExist: unknown, or not visible to `actor`.
    """
    file_id = Talk.objects.visible_to(actor, at=at).values_list("file_id", flat=True).get(pk=talk_id)
    file = locked_file(file_id, actor=actor, at=at)
    talk = Talk.objects.select_for_update(of=("self",)).get(pk=talk_id)
    return talk, file


def _not_overtaken(talk: Talk, file: ResilienceFile, version: int) -> None:
    box = vault.box(file.person.key_id) if talk.version != version else None
    if box is not None:
        audit.saw([(file.person_id, file.case_id)])
        theirs = {"state": str(talk.get_state_display()), "preparation": box.open(talk, "preparation")}
        texts.same_version(talk.version, version, theirs=theirs)


@act
def move_talk(
    *, talk_id: UUID, plan: Plan, version: int, clinical_confirmed: bool = False, actor: Actor, at: datetime
) -> Talk:
    """Move a planned talk to another moment or place, or to another expert (absence, conflict of interest)."""
    talk, file = locked_talk(talk_id, actor=actor, at=at)
    talk.state = TALK_LIFECYCLE.apply("move", state=talk.state)
    _not_overtaken(talk, file, version)
    free = {"preparation": plan.preparation}
    confirmed = texts.check(free, confirmed=clinical_confirmed, faults=plan.faults(at=at))
    _put(talk, plan, key=file.person.key_id)
    talk.version += 1
    talk.save()
    work.close_items(talk.pk, kind="resilience.talk", verb="resilience.move")
    _ask_expert(talk, file)
    audit.record("resilience.move", talk, detail={"confirmed": confirmed})
    return talk


@dataclass(frozen=True)
class Held:
    """What is recorded of a talk: when, how long, who took part, topics, what was offered, and what follows."""

    held_at: datetime
    minutes: int
    topics: Collection[str]
    participants: Collection[UUID] = ()  # files of other members of the household
    offers: Collection[UUID] = ()  # items of the palette
    summary: str = ""
    follow_up: str = ""
    follow_up_due: date | None = None

    def faults(self, *, at: datetime) -> list[Fault]:
        faults = []
        if self.held_at > at:
            faults.append(Fault("held_at", "future", gettext_noop("This moment has not come yet.")))
        if self.minutes not in MINUTES:
            faults.append(Fault("minutes", "range", gettext_noop("A talk takes between 5 minutes and 8 hours.")))
        if not self.topics or not set(self.topics) <= set(Topic.values):
            faults.append(Fault("topics", "invalid", gettext_noop("Choose at least one of the list.")))
        if bool(self.follow_up.strip()) != bool(self.follow_up_due):
            message = gettext_noop("Say both what follows and by which day.")
            faults.append(Fault("follow_up_due", "both", message))
        return faults


@act
def hold_talk(
    *, talk_id: UUID, held: Held, version: int, clinical_confirmed: bool = False, actor: Actor, at: datetime
) -> Talk:
    """Record that the talk was held. From now on it stands.

    Raises:
        Forbidden: the talk is a colleague's.
        IllegalMove: it was recorded already.
        Invalid: a participant is not of this household, or an item is not available or not for this age.
    """
    talk, file = locked_talk(talk_id, actor=actor, at=at)
    require(may_hold_talk(actor, expert=talk.expert_id))
    state = TALK_LIFECYCLE.apply("hold", state=talk.state)
    _not_overtaken(talk, file, version)
    household = _household(file, held.participants)
    items, wrong_items = offerable(file, held.offers, on=at.date())
    wrong_people = len(household) != len(set(held.participants))
    unknown = Fault("participants", "invalid", gettext_noop("Choose people of this household."))
    free = {"summary": held.summary, "follow_up": held.follow_up}
    faults = held.faults(at=at) + wrong_items + ([unknown] if wrong_people else [])
    confirmed = texts.check(free, confirmed=clinical_confirmed, faults=faults)
    for member in household:
        TalkParticipant(case=file.case, talk=talk, file=member).save(force_insert=True)
    texts.seal(talk, free, key=file.person.key_id)
    talk.state, talk.phase = state, file.phase
    talk.held_at, talk.minutes, talk.topics = held.held_at, held.minutes, sorted(set(held.topics))
    talk.follow_up_due = held.follow_up_due
    _end(talk, verb="resilience.hold", actor=actor, at=at)
    _offer(items, talk=talk, file=file, actor=actor, at=at)
    _contact_made(file, verb="resilience.hold", at=at)
    if talk.follow_up_due is not None:
        _ask_follow_up(talk, file)
    audit.record("resilience.hold", talk, detail={"minutes": held.minutes, "confirmed": confirmed})
    return talk


def _household(file: ResilienceFile, ids: Collection[UUID]) -> list[ResilienceFile]:
    return list(ResilienceFile.objects.filter(case=file.case, pk__in=ids).exclude(pk=file.pk).order_by("pk"))


def _offer(items: list[SupportItem], *, talk: Talk, file: ResilienceFile, actor: Actor, at: datetime) -> None:
    for item in items:
        make_offer(file, item, talk=talk, actor=actor, at=at)


def _end(talk: Talk, *, verb: str, actor: Actor, at: datetime) -> None:
    talk.ended_at, talk.ended_by_id = at, actor.user_id
    talk.version += 1
    talk.save()
    work.close_items(talk.pk, kind="resilience.talk", verb=verb)


def _contact_made(file: ResilienceFile, *, verb: str, at: datetime) -> None:
    set_due(file, at=at)
    file.save(update_fields=["talk_due_at"])
    for kind in ("resilience.plan", "resilience.overdue"):
        work.close_items(file.pk, kind=kind, verb=verb)


def _ask_follow_up(talk: Talk, file: ResilienceFile) -> None:
    work.open_item(
        "resilience.follow_up",
        talk,
        owner_role=Role.RESILIENCE_EXPERT,
        owner=talk.expert_id,
        label=file.person.pseudonym,
        scope=talk.case_id,
        due=datetime.combine(talk.follow_up_due, datetime.max.time(), tzinfo=talk.ended_at.tzinfo)
        if talk.follow_up_due and talk.ended_at
        else None,
    )


@act
def end_talk(
    *,
    talk_id: UUID,
    step: str,
    why: str,
    version: int,
    clinical_confirmed: bool = False,
    actor: Actor,
    at: datetime,
) -> Talk:
    """Record that a talk did not take place: nobody came ("miss"), it was refused ("refuse"), we cancelled ("cancel").

    A refusal is contact, and is respected: the next talk is offered after the norm of the phase. After the other two
    somebody plans again within the house norm.
    """
    talk, file = locked_talk(talk_id, actor=actor, at=at)
    state = TALK_LIFECYCLE.apply(step if step in ENDINGS else "", state=talk.state)
    _not_overtaken(talk, file, version)
    free = {"why": why}
    confirmed = texts.check(free, confirmed=clinical_confirmed, faults=texts.required(why=why))
    texts.seal(talk, free, key=file.person.key_id)
    talk.state = state
    verb = ENDINGS[step]
    _end(talk, verb=verb, actor=actor, at=at)
    if state is TalkState.REFUSED:
        _contact_made(file, verb=verb, at=at)
    else:
        ask_to_plan(file, due=norms.due("resilience.plan_again", since=at))
    audit.record(verb, talk, detail={"confirmed": confirmed})
    return talk


@act
def settle_follow_up(*, talk_id: UUID, actor: Actor, at: datetime) -> Talk:
    """What was agreed to follow has been done."""
    talk, _ = locked_talk(talk_id, actor=actor, at=at)
    texts.refuse_if(
        []
        if talk.follow_up_due and talk.follow_up_done_at is None
        else [Fault("", "settled", gettext_noop("There is no follow-up to settle, or it was settled already."))]
    )
    talk.follow_up_done_at, talk.follow_up_done_by_id = at, actor.user_id
    talk.save(update_fields=["follow_up_done_at", "follow_up_done_by"])
    work.close_items(talk.pk, kind="resilience.follow_up", verb="resilience.follow_up")
    audit.record("resilience.follow_up", talk)
    return talk
