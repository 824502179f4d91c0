"""The contact plan: who keeps contact, how often, what was promised; nobody is left without a contact in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from cases.lifecycle import next_contact
from cases.models import Case, ContactPerson, ContactPlan, Designated, Person, Promise
from cases.policies import may_be_contact, may_keep_contact, may_plan_contact
from cases.services import case as cases
from stelsel.kernel import access, audit, norms, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models import Membership

TEXTS = ("escalation", "may_be_told")
ATTEMPTS = 2  # failed attempts after which the steps for an unreachable person begin (house norm)
CLOCKS = ("contact.due", "contact.overdue", "contact.unreachable")


@dataclass(frozen=True)
class Plan:
    """What a contact plan says, as it is typed."""

    every_days: int
    channel: str
    knows: str
    language: str = ""
    interpreter: bool = False
    escalation: str = ""
    may_be_told: str = ""
    advices: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "every_days": self.every_days,
            "channel": self.channel,
            "knows": self.knows,
            "language": self.language,
            "interpreter": self.interpreter,
            "advices": list(self.advices),
        }


def begin_contact(case: Case, *, user_id: UUID, at: datetime) -> None:
    """Everybody who is designated has a contact plan and a named contact from that instant. Part of a service."""
    for person in cases.household(case):
        plan = ContactPlan.objects.filter(case=case, person=person).first()
        if plan is None:
            every = norms.number("cases.contact", at=at)
            plan = ContactPlan.objects.create(
                case=case,
                person=person,
                every_days=every,
                channel="face_to_face",
                knows="knows" if person.pk == case.person_id else "partly",
                next_due=next_contact(at, every_days=every),
            )
        _name(case, person.pk, user_id=user_id, role=_role_of(user_id, at=at), at=at)


def pass_contact(case: Case, *, user_id: UUID, at: datetime) -> None:
    """The new case manager takes contact over from whoever kept it. Part of a service."""
    for person in cases.household(case):
        if ContactPlan.objects.filter(case=case, person=person).exists():
            _name(case, person.pk, user_id=user_id, role=Role.CASE_MANAGER, at=at)


def _role_of(user_id: UUID, *, at: datetime) -> Role:
    """In which role this colleague would keep contact; their own role where it keeps none."""
    held = [
        Role(role) for role in Membership.objects.in_force(at=at).filter(user_id=user_id).values_list("role", flat=True)
    ]
    return next((role for role in held if may_be_contact(role)), held[0] if held else Role.CASE_MANAGER)


def _name(case: Case, person_id: UUID, *, user_id: UUID, role: Role, at: datetime) -> ContactPerson | None:
    """Put somebody in the place of the named contact; None when they are it already."""
    standing = (
        ContactPerson.objects.select_for_update()
        .filter(case=case, person_id=person_id, deputy=False, period__contains=at)
        .first()
    )
    if standing is not None and standing.user_id == user_id:
        return None
    if standing is not None:
        if standing.period.lower == at:
            raise Conflict("contact_changed", gettext_noop("The contact person has just changed."))
        standing.period = (standing.period.lower, at)
        standing.save(update_fields=["period"])
    unit = access.current()
    by = unit.actor.user_id if unit and unit.actor and not unit.actor.is_system else None
    named = ContactPerson.objects.create(
        case=case, person_id=person_id, user_id=user_id, role=role, period=(at, None), named_by_id=by
    )
    _clear(case, person_id)
    return named


def _clear(case: Case, person_id: UUID) -> None:
    """Work of the one before is opened again for the one who keeps contact now, by the next watch."""
    plan = ContactPlan.objects.filter(case=case, person_id=person_id).first()
    if plan is not None:
        work.close_items(plan.pk, kind="contact.due", verb="contact.name")
        work.close_items(plan.pk, kind="contact.missing", verb="contact.name")


@act
def name_contact(
    *, plan_id: UUID, user_id: UUID, until: datetime | None = None, actor: Actor, at: datetime
) -> ContactPerson:
    """Name the contact person of somebody, or with `until` a deputy who stands in up to then.

    Raises:
        Invalid: this colleague keeps no contact in any role they hold now, or `until` lies behind.
        Conflict: they are the contact person already.
    """
    plan = locked_plan(plan_id, actor=actor, at=at)
    require(may_plan_contact(actor))
    role = _role_of(user_id, at=at)
    in_force = Membership.objects.in_force(at=at).filter(user_id=user_id, role=role).exists()
    if not may_be_contact(role) or not in_force:
        fault = Fault("user", "not_a_contact", may_be_contact(Role.SYSTEM).reason)
        raise Invalid("invalid", fault.message, faults=(fault,))
    if until is not None and until <= at:
        fault = Fault("until", "past", gettext_noop("This lies behind. Give an instant ahead."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    if until is None:
        named = _name(plan.case, plan.person_id, user_id=user_id, role=role, at=at)
        if named is None:
            raise Conflict("contact_unchanged", gettext_noop("This colleague is the contact person already."))
    else:
        named = _stand_in(plan, user_id=user_id, role=role, until=until, actor=actor, at=at)
    to = Principal(role=role, user_id=user_id)
    access.give(plan.case, to=to, reason="contact person", ground="contact.name", until=until)
    work.close_items(plan.pk, kind="contact.missing", verb="contact.name")
    audit.record("contact.name", plan, scope=plan.case_id, detail={"deputy": until is not None})
    return named


def _stand_in(
    plan: ContactPlan, *, user_id: UUID, role: Role, until: datetime, actor: Actor, at: datetime
) -> ContactPerson:
    """A deputy from now on; one who stood in until later stops now."""
    standing = ContactPerson.objects.select_for_update().filter(
        case=plan.case, person_id=plan.person_id, deputy=True, period__contains=at
    )
    for one in standing:
        one.period = (one.period.lower, at)
        one.save(update_fields=["period"])
    _clear(plan.case, plan.person_id)
    return ContactPerson.objects.create(
        case=plan.case,
        person_id=plan.person_id,
        user_id=user_id,
        role=role,
        deputy=True,
        period=(at, until),
        named_by_id=actor.user_id,
    )


def locked_plan(plan_id: UUID, *, actor: Actor, at: datetime) -> ContactPlan:
    return (
        ContactPlan.objects.visible_to(actor, at=at)
        .select_related("case__person", "person")
        .select_for_update(of=("self",))
        .get(pk=plan_id)
    )


@act
def write_plan(*, plan_id: UUID, plan: Plan, version: int, actor: Actor, at: datetime) -> ContactPlan:
    """Write down how contact is kept; the next contact follows from the last one and the agreed frequency."""
    row = locked_plan(plan_id, actor=actor, at=at)
    require(may_plan_contact(actor))
    box, key = cases.box_for(row.case), row.case.person.key_id
    if row.version != version:
        theirs = {name: box.open(row, name) for name in TEXTS}
        raise Stale(theirs={**theirs, "every_days": str(row.every_days)}, version=row.version)
    if plan.knows == "unaware" and not plan.may_be_told.strip():
        fault = Fault("may_be_told", "required", gettext_noop("Say what may be told to somebody who does not know."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    for name, value in plan.columns.items():
        setattr(row, name, value)
    for name in TEXTS:
        box.seal(row, name, getattr(plan, name), key=key)
    row.next_due = next_contact(row.last_contact_at or at, every_days=plan.every_days)
    row.version += 1
    row.save()
    work.close_items(row.pk, kind="contact.due", verb="contact.plan")
    audit.record("contact.plan", row, scope=row.case_id)
    return row


def contact_kept(case: Case, *, person_id: UUID, reached: bool, at: datetime) -> None:
    """Contact moves the clock; a failed attempt counts as an attempt and moves nothing. Part of a service."""
    plan = ContactPlan.objects.select_for_update().filter(case=case, person_id=person_id).first()
    if plan is None:
        return
    if reached:
        plan.last_contact_at, plan.failed_attempts = at, 0
        plan.next_due = next_contact(at, every_days=plan.every_days)
        for kind in CLOCKS:
            work.close_items(plan.pk, kind=kind, verb="contact.log")
    else:
        plan.failed_attempts += 1
        if plan.failed_attempts >= ATTEMPTS:
            _open(plan, "contact.unreachable", role=Role.DUTY_OFFICER, due=at)
    plan.save()


def _open(plan: ContactPlan, kind: str, *, role: Role, owner: UUID | None = None, due: datetime) -> None:
    work.open_item(
        kind,
        plan,
        owner_role=role,
        owner=owner,
        organisation=None if owner else cases.nctv().pk,
        label=plan.case.number,
        scope=plan.case_id,
        due=due,
    )


def contact_of(plan: Mapping[tuple[UUID, UUID], ContactPerson], row: ContactPlan) -> ContactPerson | None:
    return plan.get((row.case_id, row.person_id))


def contacts_now(*, at: datetime, **where: Any) -> dict[tuple[UUID, UUID], ContactPerson]:  # noqa: ANN401  # lookups
    """Who keeps contact now, by case and person: the deputy while there is one, else the named contact."""
    rows = ContactPerson.objects.filter(period__contains=at, **where).select_related("user").order_by("deputy")
    return {(row.case_id, row.person_id): row for row in rows}


def watch_contact(at: datetime) -> int:
    """Contact that is due or overdue, and people without a contact person. Part of the scheduled watch."""
    near = ContactPlan.objects.filter(
        case__state="scheme", next_due__lte=at + norms.term("cases.contact.near", at=at)
    ).select_related("case")
    plans = list(near)
    contacts = contacts_now(at=at, case__in={plan.case_id for plan in plans})
    for plan in plans:
        named = contact_of(contacts, plan)
        if named is not None:
            _open(plan, "contact.due", role=Role(named.role), owner=named.user_id, due=plan.next_due)
        if plan.next_due + norms.term("cases.contact.escalate", at=at) <= at:
            _open(plan, "contact.overdue", role=Role.DUTY_OFFICER, due=plan.next_due)
    return len(plans) + _without_contact(at)


def _without_contact(at: datetime) -> int:
    """Designated people whom nobody who may keep contact is named for at this instant."""
    keeps = Membership.objects.in_force(at=at).filter(user_id=OuterRef("user_id"), role=OuterRef("role"))
    named = ContactPerson.objects.filter(
        Exists(keeps),
        role__in=[role for role in Role if may_be_contact(role)],
        case_id=OuterRef("case_id"),
        person_id=OuterRef("person_id"),
        period__contains=at,
    )
    alone = Designated.objects.filter(~Exists(named), designation__ends_at=None, case__state="scheme")
    found = 0
    for one in alone.select_related("case"):
        plan, _made = ContactPlan.objects.get_or_create(
            case=one.case,
            person_id=one.person_id,
            defaults={
                "every_days": norms.number("cases.contact", at=at),
                "channel": "face_to_face",
                "knows": "partly",
                "next_due": at,
            },
        )
        _open(plan, "contact.missing", role=Role.DUTY_OFFICER, due=at)
        found += 1
    return found


@act
def make_promise(*, case_id: UUID, person_id: UUID, text: str, due_on: date, actor: Actor, at: datetime) -> Promise:
    """Write down what was promised, and by when; it waits for the contact person until it is settled."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_contact(actor))
    faults = []
    if not text.strip():
        faults.append(Fault("text", "required", gettext_noop("Fill this in.")))
    if due_on < at.date():
        faults.append(Fault("due_on", "past", gettext_noop("This lies behind. Give a day ahead.")))
    if faults:
        raise Invalid("incomplete", gettext_noop("What was sent is not valid."), faults=tuple(faults))
    person = one_of(case, person_id)
    promise = Promise(case=case, person=person, made_by_id=actor.user_id, made_at=at, due_on=due_on)
    cases.box_for(case).seal(promise, "text", text, key=case.person.key_id)
    promise.save(force_insert=True)
    named = contacts_now(at=at, case=case, person_id=person_id).get((case.pk, person_id))
    work.open_item(
        "promise.keep",
        promise,
        owner_role=Role(named.role) if named else actor.role,
        owner=named.user_id if named else actor.user_id,
        label=case.number,
        scope=case.pk,
        due=end_of(due_on),
    )
    audit.record("promise.make", promise, scope=case.pk)
    return promise


@act
def settle_promise(*, promise_id: UUID, outcome: str, actor: Actor, at: datetime) -> Promise:
    """Say that a promise was kept, or that it was not and the person was told so."""
    promise = (
        Promise.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=promise_id)
    )
    require(may_keep_contact(actor))
    if promise.outcome:
        raise Conflict("settled", gettext_noop("This was settled already."))
    promise.outcome, promise.settled_by_id, promise.settled_at = outcome, actor.user_id, at
    promise.save()
    work.close_items(promise.pk, kind="promise.keep", verb="promise.settle")
    audit.record("promise.settle", promise, scope=promise.case_id, detail={"outcome": outcome})
    return promise


def one_of(case: Case, person_id: UUID) -> Person:
    """The person or somebody close to them.

    Raises:
        Person.DoesNotExist: nobody of this case.
    """
    people = [case.person, *(relation.person for relation in case.relations.select_related("person"))]
    for person in people:
        if person.pk == person_id:
            return person
    raise Person.DoesNotExist


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, UTC)
