"""What leaves on paper: a preview that says it is a draft, and numbered copies of a signed letter."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Letter, LetterCopy
from cases.models.letter import CopyChannel
from cases.policies import may_see, may_write_letter
from cases.services import case as cases
from cases.services.letters.compose import unsealed
from cases.services.letters.reading import read_letter
from cases.services.letters.writing import box_of, locked
from stelsel.kernel import audit, documents
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.documents import Paper
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop

LONGEST = 200  # characters of a recipient


@act
def preview(*, letter_id: UUID, actor: Actor, at: datetime) -> Paper:
    """The letter as it stands, with "draft" across every page; a signed letter goes out in numbered copies alone."""
    letter = read_letter(letter_id=letter_id, actor=actor, at=at)
    if letter.row.state == "final":
        raise Conflict("signed", gettext_noop("This letter is signed: make a numbered copy of it."))
    audit.saw([(letter.case.person_id, letter.case.pk)], kind="print")
    return Paper(
        name=f"{letter.case.number}-{letter.row.number}-0.pdf",
        content=documents.pdf(letter.pages, at=at),
    )


@act
def issue_copy(
    *, letter_id: UUID, recipient: str, channel: str, version: int, actor: Actor, at: datetime
) -> LetterCopy:
    """Make the next numbered copy of a signed letter, for one recipient.

    Raises:
        Conflict: the letter is not signed.
        Invalid: no recipient.
    """
    letter = locked(letter_id, actor=actor, at=at, version=version)
    require(may_write_letter(actor, case_manager=letter.case.case_manager_id))
    if letter.state != "final":
        raise Conflict("not_signed", gettext_noop("Copies go out once the letter is signed."))
    to = recipient.strip()[:LONGEST]
    if not to:
        fault = Fault("recipient", "required", gettext_noop("Fill this in."))
        raise Invalid("incomplete", gettext_noop("Something that must be there is missing."), faults=(fault,))
    last = LetterCopy.objects.filter(letter=letter).aggregate(last=Max("number"))["last"] or 0
    copy = LetterCopy(
        letter=letter,
        case=letter.case,
        number=last + 1,
        channel=CopyChannel(channel),
        issued_by_id=actor.user_id,
        issued_at=at,
    )
    box, key = box_of(letter), letter.case.person.key_id
    with translation.override(letter.language):
        words = {"copy": _("Copy %(number)s") % {"number": copy.number}}
        recipient_line = _("For: %(recipient)s") % {"recipient": to}
    signed = unsealed(box.open(letter, "pages"))
    content = documents.pdf(replace(signed, recipient=recipient_line, words={**signed.words, **words}), at=at)
    box.seal(copy, "recipient", to, key=key)
    box.seal_bytes(copy, "content", content, key=key)
    copy.save(force_insert=True)
    audit.record("letter.copy", letter, scope=letter.case_id, detail={"copy": copy.number, "channel": channel})
    return copy


@act
def open_copy(*, copy_id: UUID, actor: Actor, at: datetime) -> Paper:
    """A copy to print or to hand over; that it went out is logged as a print of the person's data.

    Raises:
        LetterCopy.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role needs no letters, or the case is about the actor.
    """
    found: LetterCopy = (
        LetterCopy.objects.visible_to(actor, at=at)
        .select_related("letter__case__person", "letter__person")
        .get(pk=copy_id)
    )
    letter: Letter = found.letter
    cases.require_no_conflict(actor, letter.case)
    require(may_see("letters", actor))
    seen = {letter.case.person_id, *([letter.person_id] if letter.person_id else [])}
    audit.saw([(person, letter.case_id) for person in seen], kind="print")
    return Paper(
        name=f"{letter.case.number}-{letter.number}-{found.number}.pdf",
        content=box_of(letter).open_bytes(found, "content"),
    )
