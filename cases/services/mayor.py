"""Telling a mayor: only where public order may be touched, minimally, decided by the NCTV, on a ground (R045)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from cases.lifecycle import MINIMUM, NOTICE_LIFECYCLE, Element, NoticeState, Scenario, beyond_minimum
from cases.models import Case, MayorNotice, MayorSubstitute, Residence
from cases.policies import may_acknowledge_notice, may_decide_notice, may_propose_notice
from cases.services import case as cases
from cases.services.plan import one_of
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

PUBLIC = frozenset({"appearance", "publication", "hearing", "verdict", "court", "funeral", "move"})
"""Moments of raised risk that may touch public order."""
NO_HOME = gettext_noop("Say first in which municipality this person lives.")
READERS = {OrganisationKind.MUNICIPALITY: Role.MAYORS_CONTACT, OrganisationKind.PROSECUTION: Role.CHIEF_PROSECUTOR}


@dataclass(frozen=True)
class Notice:
    """A notice as it is proposed: no elements means that the mayor is not told. `consequences` says why, or why not."""

    scenario: str
    consequences: str
    elements: Sequence[str] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def consider(case: Case, scenario: Scenario, *, due: datetime) -> None:
    """Ask the case manager whether the mayor is told. Part of a service."""
    work.open_item(
        f"mayor.{scenario}",
        case,
        owner_role=Role.CASE_MANAGER if case.case_manager_id else Role.DUTY_OFFICER,
        owner=case.case_manager_id,
        organisation=None if case.case_manager_id else cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=due,
    )


@act
def set_residence(
    *,
    case_id: UUID,
    person_id: UUID,
    municipality_ids: Sequence[UUID],
    mayor_of: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> list[Residence]:
    """Say in which municipality somebody lives from now on; at a border there is more than one.

    A municipality that is new for a person of the scheme is work: its mayor was told nothing yet.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_propose_notice(actor))
    one_of(case, person_id)
    wanted = _municipalities(municipality_ids)
    standing = {
        row.municipality_id: row
        for row in Residence.objects.select_for_update().filter(case=case, person_id=person_id, period__contains=at)
    }
    for key, row in standing.items():
        if key not in wanted or row.person_is_mayor != (key == mayor_of):
            if row.period.lower == at:
                raise Conflict("residence_changed", gettext_noop("Where this person lives has just changed."))
            row.period = (row.period.lower, at)
            row.save(update_fields=["period"])
    new = [key for key in wanted if key not in standing or standing[key].person_is_mayor != (key == mayor_of)]
    made = [
        Residence.objects.create(
            case=case,
            person_id=person_id,
            municipality_id=key,
            person_is_mayor=key == mayor_of,
            period=(at, None),
            set_by_id=actor.user_id,
        )
        for key in new
    ]
    if case.state == "scheme" and set(wanted) - set(standing):
        consider(case, Scenario.ADMISSION, due=norms.due("cases.mayor", since=at))
    audit.record("mayor.residence", case, scope=case.pk, detail={"municipalities": len(wanted)})
    return made


def _municipalities(chosen: Sequence[UUID]) -> list[UUID]:
    known = Organisation.objects.filter(pk__in=chosen, kind=OrganisationKind.MUNICIPALITY).order_by("name", "pk")
    found = [row.pk for row in known]
    if not found or len(found) != len(set(chosen)):
        fault = Fault("municipalities", "required", gettext_noop("Choose the municipality, or each one at a border."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    return found


def residences(case: Case, *, at: datetime) -> list[Residence]:
    """Where people of this case live at `at`."""
    found = Residence.objects.filter(case=case, period__contains=at).select_related("municipality", "person")
    return list(found.order_by("person__pseudonym", "municipality__name"))


def receiver_of(residence: Residence, *, case: Case, on: date) -> Organisation:
    """Whom is told: the municipality; where the person is its mayor, by rule another.

    That is whom an administrator named, for this municipality or for all, or the chief prosecutor's office of the case.
    """
    if not residence.person_is_mayor:
        return residence.municipality
    rows = MayorSubstitute.objects.filter(
        Q(municipality=residence.municipality) | Q(municipality=None), in_force__contains=on
    ).select_related("receiver")
    rule = sorted(rows, key=lambda row: row.municipality_id is None)
    return rule[0].receiver if rule else case.office


@act
def propose_notice(*, case_id: UUID, person_id: UUID, notice: Notice, actor: Actor, at: datetime) -> list[MayorNotice]:
    """Propose what the mayor of each municipality where somebody lives is told, or that the mayor is not told.

    Raises:
        Invalid: no municipality is known, no reason from public order, or more than the minimum of the scenario.
        Conflict: a proposal of this scenario waits for a decision already.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_propose_notice(actor))
    one_of(case, person_id)
    homes = [row for row in residences(case, at=at) if row.person_id == person_id]
    faults = _faults(notice, homes=homes)
    if faults:
        raise Invalid("incomplete", faults[0].message, faults=tuple(faults))
    waiting = MayorNotice.objects.filter(case=case, person_id=person_id, scenario=notice.scenario, state="proposed")
    if waiting.exists():
        raise Conflict("waits", gettext_noop("A proposal for this mayor waits for a decision already."))
    made = [_propose(case, home, notice, actor=actor, at=at) for home in homes]
    work.close_items(case.pk, kind=f"mayor.{notice.scenario}", verb="mayor.propose")
    return made


def _propose(case: Case, home: Residence, notice: Notice, *, actor: Actor, at: datetime) -> MayorNotice:
    row = MayorNotice(
        case=case,
        person_id=home.person_id,
        municipality=home.municipality,
        receiver=receiver_of(home, case=case, on=at.date()),
        reference=cases.next_reference("B", on=at.date()),
        scenario=notice.scenario,
        elements=sorted(set(notice.elements), key=list(Element).index),
        starts_at=notice.starts_at if Element.PERIOD in notice.elements else None,
        ends_at=notice.ends_at if Element.PERIOD in notice.elements else None,
        state=NOTICE_LIFECYCLE.initial,
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    cases.box_for(case).seal(row, "consequences", notice.consequences, key=case.person.key_id)
    row.save(force_insert=True)
    acute = notice.scenario == Scenario.ACUTE
    work.open_item(
        "mayor.decide",
        row,
        owner_role=Role.DUTY_OFFICER if acute else Role.DECIDER,
        owner=None if acute else case.decider_id,
        organisation=None if case.decider_id and not acute else cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=at if acute else norms.due("cases.mayor", since=at),
    )
    audit.record("mayor.propose", row, scope=case.pk, detail={"scenario": notice.scenario})
    return row


def _faults(notice: Notice, *, homes: Sequence[Residence]) -> list[Fault]:
    found = []
    if not homes:
        found.append(Fault("person", "no_residence", NO_HOME))
    if not notice.consequences.strip():
        message = gettext_noop("Say which consequences for public order are conceivable, or why there are none.")
        found.append(Fault("consequences", "required", message))
    if notice.scenario in MINIMUM and beyond_minimum(notice.scenario, notice.elements):
        message = gettext_noop("This says more than the mayor needs in this situation. Choose fewer elements.")
        found.append(Fault("elements", "beyond_minimum", message))
    starts, ends = notice.starts_at, notice.ends_at
    if Element.PERIOD in notice.elements and (starts is None or ends is None or ends <= starts):
        found.append(Fault("starts_at", "required", gettext_noop("Give the period: from, and to after it.")))
    return found


@act
def decide_notice(*, notice_id: UUID, send: bool, actor: Actor, at: datetime) -> MayorNotice:
    """The NCTV tells the mayor, or decides not to; what is told passes the gate of the law with its ground."""
    row = (
        MayorNotice.objects.visible_to(actor, at=at)
        .select_related("case__person", "receiver")
        .select_for_update(of=("self",))
        .get(pk=notice_id)
    )
    require(may_decide_notice(actor, proposed_by=row.proposed_by_id, acute=row.scenario == Scenario.ACUTE))
    row.state = NOTICE_LIFECYCLE.apply("send" if send else "keep", state=row.state)
    if send and not row.elements:
        fault = Fault("send", "empty", gettext_noop("Nothing was proposed to be told."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    row.decided_by_id, row.decided_at = actor.user_id, at
    row.save()
    work.close_items(row.pk, kind="mayor.decide", verb=f"mayor.{'tell' if send else 'keep'}")
    if send:
        _send(row, at=at)
    audit.record("mayor.tell" if send else "mayor.keep", row, scope=row.case_id)
    return row


def _send(row: MayorNotice, *, at: datetime) -> None:
    gate.share(
        InformationType.MAYOR_NOTICE,
        row,
        provider=OrganisationKind.NCTV,
        receiver=row.receiver.kind,
        on=at.date(),
        scope=row.case_id,
    )
    work.open_item(
        "mayor.read",
        row,
        owner_role=READERS[OrganisationKind(row.receiver.kind)],
        organisation=row.receiver_id,
        label=row.reference,
        due=at + _to_read(row, at=at),
    )


def _to_read(row: MayorNotice, *, at: datetime) -> timedelta:
    return norms.term("cases.mayor.read_acute" if row.scenario == Scenario.ACUTE else "cases.mayor.read", at=at)


@act
def acknowledge_notice(*, notice_id: UUID, actor: Actor, at: datetime) -> MayorNotice:
    """Who was told says that it was read; or the NCTV writes that the mayor was told by telephone.

    Raises:
        MayorNotice.DoesNotExist: told to another organisation, or not visible.
    """
    own = actor.role in READERS.values()
    rows = MayorNotice.objects.filter(receiver_id=actor.organisation_id, state=NoticeState.SENT)
    seen = rows if own else MayorNotice.objects.visible_to(actor, at=at)
    row = seen.select_for_update(of=("self",)).get(pk=notice_id)
    require(may_acknowledge_notice(actor))
    if row.state != NoticeState.SENT or row.acknowledged_at is not None:
        raise Conflict("acknowledged", gettext_noop("That this was read is known already."))
    row.acknowledged_by_id, row.acknowledged_at, row.by_telephone = actor.user_id, at, not own
    row.save()
    for kind in ("mayor.read", "mayor.telephone"):
        work.close_items(row.pk, kind=kind, verb="mayor.acknowledge")
    audit.record("mayor.acknowledge", row, scope=row.case_id, detail={"telephone": not own})
    return row


def watch_notices(at: datetime) -> int:
    """What no mayor's contact read in time is told by telephone. Part of the scheduled watch."""
    unread = MayorNotice.objects.filter(state=NoticeState.SENT, acknowledged_at=None).select_related("case")
    told = [(row, row.decided_at) for row in unread if row.decided_at is not None]
    late = [row for row, since in told if since + _to_read(row, at=since) <= at]
    for row in late:
        work.open_item(
            "mayor.telephone",
            row,
            owner_role=Role.DUTY_OFFICER,
            organisation=cases.nctv().pk,
            label=row.case.number,
            scope=row.case_id,
            due=at,
        )
    return len(late)
