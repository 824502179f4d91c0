"""The assessment framework: versions that two people bring into force, and what is answered about a nomination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from cases.lifecycle import Line
from cases.methodology import Outcome, Walked, assess, require_whole
from cases.models import Assessment, AssessmentNote, Attachment, ContactEntry, Framework, Nomination
from cases.policies import PROSECUTION, may_assess
from cases.services import case as cases
from cases.services.intake import locked_nomination
from stelsel.kernel import audit, codes, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, Forbidden, Invalid, gettext_noop


@dataclass(frozen=True)
class Note:
    """Why a question was answered so, and what it rests on."""

    question: str
    text: str = field(default="", repr=False)
    attachment: UUID | None = None
    signal: UUID | None = None
    product: str = ""

    @property
    def says_something(self) -> bool:
        return bool(self.text.strip() or self.attachment or self.signal or self.product)


def publish_framework(framework: Framework, *, by: UUID, at: datetime) -> Framework:
    """Bring a version into force from its first day on; somebody else than its proposer does (four eyes).

    Raises:
        Forbidden: proposed by the same person, or its first day lies in the past.
        Conflict: published already.
    """
    if framework.published_at is not None:
        raise Conflict("published", gettext_noop("This version was published already."))
    if framework.proposed_by_id == by:
        raise Forbidden("four_eyes", gettext_noop("Who proposed a version does not publish it: ask a colleague."))
    if framework.from_date < at.date():
        raise Forbidden("past", gettext_noop("A version holds from today on or later: cases of before keep theirs."))
    if Framework.objects.published().filter(from_date=framework.from_date).exists():
        raise Conflict("same_day", gettext_noop("Another version holds from that day on."))
    framework.published_by_id, framework.published_at = by, at
    framework.save()
    audit.record("framework.publish", framework, detail={"number": framework.number})
    return framework


def framework_now(*, at: datetime) -> Framework:
    """The version that holds.

    Raises:
        Conflict: none was published for this day.
    """
    found = Framework.objects.in_force(on=at.date())
    if found is None:
        raise Conflict("no_framework", gettext_noop("No version of the assessment framework holds on this day."))
    return found


@act
def record_assessment(  # what one form says, keyword-only
    *,
    nomination_id: UUID,
    answers: Mapping[str, str],
    notes: Sequence[Note] = (),
    shares: Mapping[str, int] | None = None,
    deviation: str = "",
    actor: Actor,
    at: datetime,
) -> Assessment:
    """Answer the framework about a nomination, on the version that holds now; of the prosecution it sets the line.

    Raises:
        Forbidden: not the party whose turn it is.
        Invalid: a question on the way is unanswered, shares make no hundred, or evidence is none of this case.
    """
    nomination = locked_nomination(nomination_id, actor=actor, at=at)
    case = cases.locked_case(nomination.case_id, actor=actor, at=at)
    require(may_assess(actor, state=nomination.state))
    framework = framework_now(at=at)
    walked = assess(framework.tree(), answers)
    mixed = {code: share for code, share in (shares or {}).items() if share}
    require_whole(mixed)
    _require_known(mixed, notes, case_id=case.pk, on=timezone.localdate(at))
    made = Assessment(
        case=case,
        nomination=nomination,
        framework=framework,
        answers=dict(walked.way),
        outcome=str(walked.outcome),
        shares=mixed,
        organisation_id=cases.party_of(actor),
        made_by_id=actor.user_id,
        made_at=at,
    )
    box, key = cases.box_for(case), case.person.key_id
    box.seal(made, "deviation", deviation.strip(), key=key)
    made.save(force_insert=True)
    for note in notes:
        if note.question in walked.way and note.says_something:
            _add_note(made, note, box=box, key=key)
    _set_line(nomination, walked, actor=actor)
    audit.record("framework.assess", made, scope=case.pk, detail={"version": framework.number, "outcome": made.outcome})
    return made


def _require_known(shares: Mapping[str, int], notes: Sequence[Note], *, case_id: UUID, on: date) -> None:
    faults = []
    if not set(shares) <= dict(codes.choices("phenomenon", on=on)).keys():
        faults.append(Fault("shares", "unknown", gettext_noop("One of the phenomena is not known.")))
    files = {note.attachment for note in notes if note.attachment}
    signals = {note.signal for note in notes if note.signal}
    kept = Attachment.objects.filter(case=case_id, pk__in=files).count()
    told = ContactEntry.objects.filter(case=case_id, is_signal=True, pk__in=signals).count()
    if kept != len(files) or told != len(signals):
        faults.append(
            Fault("notes", "unknown", gettext_noop("What an answer rests on is a file or signal of this case."))
        )
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=tuple(faults))


def _add_note(assessment: Assessment, note: Note, *, box: vault.Box, key: UUID) -> None:
    row = AssessmentNote(
        assessment=assessment,
        case=assessment.case,
        question=note.question,
        attachment_id=note.attachment,
        signal_id=note.signal,
        product=note.product[:40],
    )
    box.seal(row, "text", note.text, key=key)
    row.save(force_insert=True)


def _set_line(nomination: Nomination, walked: Walked, *, actor: Actor) -> None:
    """The prosecution's answers set the line; those of police and NCTV stand beside them."""
    if actor.role not in PROSECUTION:
        return
    nomination.line = Line.DIRECT if walked.outcome is Outcome.DIRECT else Line.INDIRECT
    nomination.version += 1
    nomination.save(update_fields=["line", "version"])
