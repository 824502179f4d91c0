"""Quadrilateral meetings: what was agreed, each agreement as work for who took it on until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.models import Case, MeetingAgreement, QuadrilateralMeeting
from cases.policies import may_settle_agreement, may_write_meeting
from cases.services import case as cases
from cases.services.plan import end_of
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

KINDS = {
    "mayor": OrganisationKind.MUNICIPALITY,
    "prosecutor": OrganisationKind.PROSECUTION,
    "police": OrganisationKind.POLICE_REGION,
    "lcc": OrganisationKind.LCC,
    "kmar": OrganisationKind.KMAR,
}


@dataclass(frozen=True)
class Agreed:
    """One agreement: what, which participant does it, by when."""

    what: str
    who: str
    due_on: date


@act
def write_meeting(
    *,
    case_id: UUID,
    held_at: datetime,
    participants: Sequence[str],
    agreed: Sequence[Agreed],
    municipality_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> QuadrilateralMeeting:
    """Write a meeting down: participants by function and only what was agreed.

    Raises:
        Invalid: without the NCTV or an agreement, still ahead, or somebody is to do something who was not there.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_write_meeting(actor))
    faults = _faults(held_at, participants, agreed, at=at)
    if faults:
        raise Invalid("incomplete", faults[0].message, faults=tuple(faults))
    meeting = QuadrilateralMeeting.objects.create(
        case=case,
        held_at=held_at,
        municipality=_municipality(municipality_id),
        participants=list(participants),
        written_by_id=actor.user_id,
        written_at=at,
    )
    box, key = cases.box_for(case), case.person.key_id
    for one in agreed:
        row = MeetingAgreement(case=case, meeting=meeting, who=one.who, due_on=one.due_on)
        box.seal(row, "what", one.what, key=key)
        row.save(force_insert=True)
        _open(row, case)
    for kind in sorted({KINDS[who] for who in participants if who in KINDS}):
        gate.share(
            InformationType.MEETING,
            meeting,
            provider=OrganisationKind.NCTV,
            receiver=kind,
            on=at.date(),
            scope=case.pk,
        )
    audit.record("meeting.write", meeting, scope=case.pk, detail={"agreed": len(agreed)})
    return meeting


def _municipality(chosen: UUID | None) -> Organisation | None:
    if chosen is None:
        return None
    return Organisation.objects.get(pk=chosen, kind=OrganisationKind.MUNICIPALITY)


def _faults(held_at: datetime, participants: Sequence[str], agreed: Sequence[Agreed], *, at: datetime) -> list[Fault]:
    found = []
    if held_at > at:
        found.append(Fault("held_at", "ahead", gettext_noop("A meeting is written down after it was held.")))
    if "nctv" not in participants or len(set(participants)) < 2:  # noqa: PLR2004  # a meeting is of two at least
        message = gettext_noop("The NCTV takes part, with at least one other.")
        found.append(Fault("participants", "incomplete", message))
    if not agreed:
        found.append(Fault("what", "required", gettext_noop("Write down what was agreed.")))
    if {one.who for one in agreed} - set(participants):
        message = gettext_noop("Only who took part can have agreed to do something.")
        found.append(Fault("participants", "absent", message))
    return found


def _open(row: MeetingAgreement, case: Case) -> None:
    """Work for who took it on where they see the case, else for the case manager who asks after it."""
    role, owner, organisation = Role.CASE_MANAGER, case.case_manager_id, cases.nctv().pk
    if row.who == "prosecutor":
        role, owner, organisation = Role.PROSECUTION_ADVISER, None, case.office_id
    elif row.who == "lcc":
        role, owner, organisation = Role.LCC_COORDINATOR, None, cases.lcc().pk
    work.open_item(
        "meeting.agreement",
        row,
        owner_role=role,
        owner=owner,
        organisation=None if owner else organisation,
        label=case.number,
        scope=case.pk,
        due=end_of(row.due_on),
    )


@act
def settle_agreement(*, agreement_id: UUID, outcome: str, actor: Actor, at: datetime) -> MeetingAgreement:
    """Say that an agreement was done, or dropped."""
    row = (
        MeetingAgreement.objects.visible_to(actor, at=at)
        .select_related("case")
        .select_for_update(of=("self",))
        .get(pk=agreement_id)
    )
    require(may_settle_agreement(actor))
    if row.outcome:
        raise Conflict("settled", gettext_noop("This was settled already."))
    row.outcome, row.settled_by_id, row.settled_at = outcome, actor.user_id, at
    row.save()
    work.close_items(row.pk, kind="meeting.agreement", verb="meeting.settle")
    audit.record("meeting.settle", row, scope=row.case_id, detail={"outcome": outcome})
    return row
