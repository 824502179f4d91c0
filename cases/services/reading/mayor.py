"""What mayors were told: with the reasons for the NCTV, without the case for who was told; and meetings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cases.lifecycle import NoticeState
from cases.models import Case, MayorNotice, MeetingAgreement, QuadrilateralMeeting, Residence
from cases.services import case as cases
from cases.services.mayor import residences
from cases.services.reading import rows
from cases.services.reading.choices import Choice
from cases.services.reading.rows import Opened, _open
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.models import Organisation, OrganisationKind

SHOWN = 50


@dataclass(frozen=True)
class MayorFile:
    """Where people of a case live, and what the mayors were told."""

    case: Case
    residences: Sequence[Residence]
    notices: Sequence[MayorNotice]


@dataclass(frozen=True)
class Agreement:
    """An agreement with its text opened."""

    row: MeetingAgreement
    what: str = field(repr=False)


@act
def read_mayor(*, case_id: UUID, actor: Actor, at: datetime) -> MayorFile:
    """Residences and notices of a case; each person whose are shown counts as seen.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
    """
    case = rows.open_case_file(case_id=case_id, part="mayor", actor=actor, at=at)
    notices = MayorNotice.objects.filter(case=case).select_related("municipality", "receiver", "person")
    listed = list(notices.order_by("-proposed_at", "pk")[:SHOWN])
    homes = residences(case, at=at)
    shown = {row.person_id for row in homes} | {row.person_id for row in listed}
    audit.saw([(key, case.pk) for key in shown])
    return MayorFile(case, homes, listed)


@act
def read_notice(*, notice_id: UUID, actor: Actor, at: datetime) -> Opened[MayorNotice]:
    found = MayorNotice.objects.select_related(
        "municipality", "receiver", "person", "proposed_by", "decided_by", "acknowledged_by"
    )
    return _open(found, notice_id, part="mayor", actor=actor, at=at)


@act
def list_received(*, actor: Actor, at: datetime) -> list[MayorNotice]:  # noqa: ARG001  # @act binds it
    """What the actor's own organisation was told, newest first; each look is logged."""
    told = MayorNotice.objects.filter(receiver_id=actor.organisation_id, state=NoticeState.SENT)
    found = list(told.select_related("municipality").order_by("-decided_at", "pk")[:SHOWN])
    audit.saw([(row.person_id, row.case_id) for row in found], kind="list")
    return found


@act
def read_received(*, notice_id: UUID, actor: Actor, at: datetime) -> MayorNotice:  # noqa: ARG001  # as above
    """One notice to the actor's own organisation; the look is logged.

    Raises:
        MayorNotice.DoesNotExist: told to another organisation.
    """
    told = MayorNotice.objects.filter(receiver_id=actor.organisation_id, state=NoticeState.SENT)
    row = told.select_related("municipality", "acknowledged_by").get(pk=notice_id)
    audit.saw([(row.person_id, row.case_id)])
    return row


@act
def read_meetings(
    *, case_id: UUID, actor: Actor, at: datetime
) -> tuple[Case, list[tuple[QuadrilateralMeeting, list[Agreement]]]]:
    """The meetings about a case, newest first, each with its agreements opened."""
    case = rows.open_case_file(case_id=case_id, part="meeting", actor=actor, at=at)
    box = cases.box_for(case)
    found = QuadrilateralMeeting.objects.filter(case=case).select_related("municipality", "written_by")
    meetings = list(found.prefetch_related("agreements").order_by("-held_at", "pk")[:SHOWN])
    return case, [
        (
            meeting,
            [
                Agreement(row, box.open(row, "what"))
                for row in sorted(meeting.agreements.all(), key=lambda row: (row.due_on, str(row.pk)))
            ],
        )
        for meeting in meetings
    ]


@act
def read_meeting_agreement(*, agreement_id: UUID, actor: Actor, at: datetime) -> Opened[MeetingAgreement]:
    found = MeetingAgreement.objects.select_related("meeting")
    return _open(found, agreement_id, part="meeting", actor=actor, at=at)


def municipalities() -> list[Choice]:
    found = Organisation.objects.filter(kind=OrganisationKind.MUNICIPALITY).order_by("name", "pk")
    return [Choice(str(one.pk), one.name) for one in found]
