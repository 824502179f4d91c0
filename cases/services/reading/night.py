"""At 03:00: one card per case with what a duty officer must know, and one list of what waits on the urgent route."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from cases.lifecycle import Authority
from cases.models import Case, Designation, LevelDecision, Measure, Person, RaisedRiskMoment, UrgentRequest
from cases.policies import may_see
from cases.services import case as cases
from cases.services.catalogue import Dated
from cases.services.measures import in_place_due
from cases.services.promises import NOT_THERE
from cases.services.reading.authority import Held, held_over
from cases.services.reading.choices import people_of
from cases.services.reading.contact import ContactBlock, contact_block
from cases.services.reading.promises import Promise, promises_on
from cases.services.reading.rows import newest_level, open_case_file
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.models import Membership, Organisation, WorkItem

SHOWN: Final = 100
ANSWERS: Final[dict[Authority, tuple[Role, ...]]] = {  # who answers the telephone for an authority
    Authority.NCTV: (Role.DUTY_OFFICER,),
    Authority.CHIEF_PROSECUTOR: (Role.DUTY_OFFICER, Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER),
}
AFTER_A_CALL: Final = ("letter.confirm", "triage.assign")
"""Work that a call leaves behind until somebody does it."""


@dataclass(frozen=True)
class Callee:
    """Whom to call about one or more people of a case: the authority over them, and who answers for it now."""

    holder: Organisation
    held: Sequence[Held]
    people: Sequence[Membership]


@dataclass(frozen=True)
class Reach:
    """How somebody is reached."""

    person: Person
    relation: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class NightCard:
    """One case at night. `reach` stays empty until it was asked for; `waiting` is ordered and not in place.

    `moment` is the next moment of raised risk, or one that is going on.
    """

    case: Case
    callees: Sequence[Callee]
    contact: ContactBlock
    may_reach: bool
    reach: Sequence[Reach]
    level: LevelDecision | None
    designation: Designation | None
    waiting: Sequence[Promise]
    standing: Sequence[Promise]
    moment: RaisedRiskMoment | None


@act
def read_night_card(*, case_id: UUID, with_reach: bool, actor: Actor, at: datetime) -> NightCard:
    """What a duty officer must know of one case now, in a number of queries that does not grow with it.

    `with_reach` opens how the people are reached: it is logged as opening their identity.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role keeps no contact, or with `with_reach` needs no identities.
    """
    case = open_case_file(case_id=case_id, part="contact", actor=actor, at=at)
    if with_reach:
        require(may_see("identity", actor))
    held = held_over(case, at=at)
    box = cases.box_for(case)
    contact = contact_block(case, box, at=at)
    ahead = RaisedRiskMoment.objects.filter(case=case, outcome="", ends_at__gte=at)
    measures = Measure.objects.filter(case=case).in_force().select_related("person", "planned", "case__person")
    promises = promises_on(list(measures.order_by("ordered_at", "kind", "pk")), box=box, at=at)
    shown = {one.person.pk for one in held} | {one.measure.person_id for one in promises} | contact.people
    audit.saw([(key, case.pk) for key in shown])
    return NightCard(
        case=case,
        callees=_callees(held, at=at),
        contact=contact,
        may_reach=bool(may_see("identity", actor)),
        reach=_reach(case) if with_reach else [],
        level=newest_level(case),
        designation=Designation.objects.filter(case=case, ends_at=None).first(),
        waiting=sorted((one for one in promises if not one.there), key=lambda one: one.due),
        standing=[one for one in promises if one.there],
        moment=ahead.order_by("starts_at", "pk").first(),
    )


def _callees(held: Sequence[Held], *, at: datetime) -> list[Callee]:
    """The holders of authority over the people of a case, each once, with those who answer for it now."""
    by_holder: dict[Organisation, list[Held]] = {}
    for one in held:
        by_holder.setdefault(one.period.holder, []).append(one)
    acting = (
        Membership.objects.in_force(at=at)
        .filter(organisation__in=by_holder, role__in=set[Role]().union(*ANSWERS.values()), user__is_service=False)
        .select_related("user")
        .order_by("user__full_name", "pk")
    )
    found = list(acting)
    return [
        Callee(
            holder=holder,
            held=over,
            people=[
                one
                for role in ANSWERS.get(Authority(over[0].period.authority), ())
                for one in found
                if one.role == role and one.organisation_id == holder.pk
            ],
        )
        for holder, over in by_holder.items()
    ]


def _reach(case: Case) -> list[Reach]:
    people = people_of(case)
    box = vault.box(*(person.key_id for person, _relation in people))
    audit.saw([(person.pk, case.pk) for person, _relation in people], kind="identity")
    return [Reach(person, relation, box.open(person, "reach")) for person, relation in people]


@dataclass(frozen=True)
class Waits:
    """Something that waits on the urgent route: `kind` is call, ratify or measure."""

    kind: str
    case: Case
    since: datetime
    due: datetime | None
    work: str = ""  # of a call: the kind of work that waits
    measure: Measure | None = None


@dataclass(frozen=True)
class Desk:
    """The first of what waits, the most urgent first; `more` where there is more than a page holds."""

    rows: Sequence[Waits]
    more: bool


@act
def read_night_desk(*, actor: Actor, at: datetime) -> Desk:
    """Calls, unratified designations and urgent measures of all cases one may see, by their clocks.

    Raises:
        Forbidden: the role keeps no contact.
    """
    require(may_see("contact", actor))
    found = [*_unratified(actor, at=at), *_urgent_measures(actor, at=at), *_calls(actor, at=at)]
    found.sort(key=lambda one: (one.due or datetime.max.replace(tzinfo=UTC), one.since, one.case.number))
    audit.saw([(one.case.person_id, one.case.pk) for one in found[:SHOWN]], kind="list")
    return Desk(rows=found[:SHOWN], more=len(found) > SHOWN)


def _unratified(actor: Actor, *, at: datetime) -> Iterable[Waits]:
    waiting = (
        Designation.objects.visible_to(actor, at=at)
        .filter(ratify_due__isnull=False, ratified_at=None, ends_at=None)
        .select_related("case__person")
        .order_by("ratify_due", "pk")
    )
    for one in waiting[: SHOWN + 1]:
        yield Waits("ratify", one.case, since=one.starts_at, due=one.ratify_due)


def _urgent_measures(actor: Actor, *, at: datetime) -> Iterable[Waits]:
    """Not in place, by the norm of their kind; and in place, but provisional, once the day of their review has come."""
    urgent = (
        Measure.objects.visible_to(actor, at=at)
        .filter(urgent_request__isnull=False, provisional=True)
        .filter(Q(state__in=NOT_THERE) | Q(review_due__lte=at.date()))
        .in_force()
        .select_related("case__person", "person")
        .order_by("ordered_at", "pk")
    )
    catalogue = Dated()
    for one in urgent[: SHOWN + 1]:
        review = datetime.combine(one.review_due, time.max, tzinfo=UTC)
        due = in_place_due(one, catalogue) if one.state in NOT_THERE else review
        yield Waits("measure", one.case, since=one.ordered_at, due=due, measure=one)


def _calls(actor: Actor, *, at: datetime) -> Iterable[Waits]:
    """What a call left behind: a letter that confirms it, a case manager to be named."""
    called = UrgentRequest.objects.filter(case=OuterRef("pk"))
    visible = Case.objects.visible_to(actor, at=at).filter(Exists(called)).exclude(state="closed")
    left = WorkItem.objects.filter(kind__in=AFTER_A_CALL, closed_at=None, scope_id__in=visible.values("pk"))
    items = list(left.order_by("due_at", "opened_at", "pk")[: SHOWN + 1])
    about = {
        case.pk: case for case in visible.filter(pk__in={item.scope_id for item in items}).select_related("person")
    }
    for item in items:
        if item.scope_id in about:
            yield Waits("call", about[item.scope_id], since=item.opened_at, due=item.due_at, work=item.kind)
