"""A moment of raised risk with its gate, and what the owner of the event sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cases.lifecycle import Authority
from cases.models import MomentOwner, RaisedRiskMoment, Readiness
from cases.policies import OWNS_EVENTS
from cases.services import case as cases
from cases.services.reading.choices import Choice, people_of
from cases.services.reading.rows import Opened, _open
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import Membership

EVENTS = 50


@dataclass(frozen=True)
class Asked:
    """Readiness for one person: the word of the LCC and the answer of the authority, with their reasons."""

    row: Readiness
    relation: str
    word_reason: str = field(repr=False)
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Gate:
    """A moment, its present round, its owner, and who answers now."""

    opened: Opened[RaisedRiskMoment]
    asked: Sequence[Asked]
    owned: MomentOwner | None
    authority: Authority


@act
def read_moment(*, moment_id: UUID, actor: Actor, at: datetime) -> Gate:
    """A moment with its gate; each person whose readiness is shown counts as seen."""
    found = RaisedRiskMoment.objects.select_related("reported_by", "evaluated_by")
    opened: Opened[RaisedRiskMoment] = _open(found, moment_id, part="measures", actor=actor, at=at)
    moment, case = opened.row, opened.case
    box = cases.box_for(case)
    relations = {person.pk: relation for person, relation in people_of(case)}
    asked = moment.readiness.filter(round=moment.round).select_related("person", "word_by", "answered_by")
    listed = [
        Asked(one, relations.get(one.person_id, ""), box.open(one, "word_reason"), box.open(one, "reason"))
        for one in asked
    ]
    listed.sort(key=lambda one: (one.row.person_id != case.person_id, one.row.person.pseudonym))
    audit.saw([(one.row.person_id, case.pk) for one in listed])
    return Gate(
        opened=opened,
        asked=listed,
        owned=MomentOwner.objects.filter(moment=moment).select_related("owner").first(),
        authority=Authority(cases.authority_now(case.person_id, at=at).authority),
    )


@act
def list_events(*, actor: Actor, at: datetime) -> list[MomentOwner]:  # @act binds it
    """The planned events that the actor decides on, the next first; nothing of whom they concern."""
    mine = MomentOwner.objects.filter(owner_id=actor.user_id)
    ahead = list(mine.filter(ends_at__gt=at).order_by("starts_at", "pk")[:EVENTS])
    return ahead + list(mine.filter(ends_at__lte=at).order_by("-starts_at", "pk")[: EVENTS - len(ahead)])


@act
def read_event(*, event_id: UUID, actor: Actor, at: datetime) -> MomentOwner:  # noqa: ARG001  # as above
    """One planned event of the actor's own.

    Raises:
        MomentOwner.DoesNotExist: of somebody else.
    """
    return MomentOwner.objects.get(pk=event_id, owner_id=actor.user_id)


def possible_owners(*, at: datetime) -> list[Choice]:
    """Who may decide on a planned event, each in a role held now."""
    held = (
        Membership.objects.in_force(at=at)
        .filter(role__in=OWNS_EVENTS, user__is_service=False)
        .select_related("user", "organisation")
        .order_by("organisation__name", "user__full_name", "pk")
    )
    return [
        Choice(str(one.user_id), f"{one.user.get_full_name()} · {one.get_role_display()} · {one.organisation.name}")
        for one in held
    ]
