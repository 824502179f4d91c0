"""What pages show of letters: those of a case, one with its texts and copies, and the decisions one can write about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from cases.models import Case, Designation, Judgement, Letter, LetterCopy, Package, RelativeDesignation
from cases.models.letter import LetterKind
from cases.policies import may_see
from cases.services import case as cases
from cases.services.letters.compose import unsealed
from cases.services.letters.writing import box_of, shown, texts_of
from cases.services.reading.rows import open_case_file
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.documents import Letter as Pages


@dataclass(frozen=True)
class Decided:
    """A decision of the case that a letter can tell of."""

    kind: LetterKind
    subject_id: UUID
    at: datetime


@dataclass(frozen=True)
class Listed:
    """A letter in the list; the addressee by pseudonym or by the name of the organisation."""

    row: Letter
    to: str | Promise


@dataclass(frozen=True)
class Issued:
    """A copy that went out, and to whom."""

    row: LetterCopy
    recipient: str = field(repr=False)


@dataclass(frozen=True)
class Shown:
    """A letter with its texts, its pages as they stand, and its copies."""

    row: Letter
    case: Case
    texts: dict[str, str] = field(repr=False)
    pages: Pages
    copies: Sequence[Issued]


def decided_on(case: Case) -> list[Decided]:
    """The decisions of a case, newest first. Part of reading a case."""
    found = [
        *(
            Decided(LetterKind.DESIGNATION, key, at)
            for key, at in Designation.objects.filter(case=case).values_list("pk", "starts_at")
        ),
        *(
            Decided(LetterKind.RELATIVE, key, at)
            for key, at in RelativeDesignation.objects.filter(case=case).values_list("pk", "starts_at")
            if at
        ),
        *(
            Decided(LetterKind.REJECTION, key, at)
            for key, at in Judgement.objects.filter(case=case, outcome="reject").values_list("pk", "decided_at")
            if at
        ),
        *(
            Decided(LetterKind.MEASURES, key, at)
            for key, at in Package.objects.filter(case=case, state="decided").values_list("pk", "decided_at")
            if at
        ),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


@act
def list_letters(*, case_id: UUID, actor: Actor, at: datetime) -> tuple[Case, list[Listed], list[Decided]]:
    """The letters of a case, newest first, and the decisions one can write about.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role needs no letters, or the case is about the actor.
    """
    case = open_case_file(case_id=case_id, part="letters", actor=actor, at=at)
    rows = Letter.objects.filter(case=case).select_related("person", "organisation", "signed_by").order_by("-number")
    audit.saw([(row.person_id, case.pk) for row in rows if row.person_id])
    return case, [Listed(row=row, to=_to(row)) for row in rows], decided_on(case)


def _to(row: Letter) -> str:
    if row.person is not None:
        return row.person.pseudonym
    return row.organisation.name if row.organisation else ""


@act
def read_letter(*, letter_id: UUID, actor: Actor, at: datetime) -> Shown:
    """One letter: before it is signed as it would read now, afterwards as it was signed.

    Raises:
        Letter.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role needs no letters, or the case is about the actor.
    """
    row: Letter = (
        Letter.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office", "person", "organisation", "signed_by", "prepared_by")
        .get(pk=letter_id)
    )
    cases.require_no_conflict(actor, row.case)
    require(may_see("letters", actor))
    audit.saw([(row.case.person_id, row.case_id), *([(row.person_id, row.case_id)] if row.person_id else [])])
    box = box_of(row)
    copies = LetterCopy.objects.filter(letter=row).defer("content").select_related("issued_by").order_by("number")
    return Shown(
        row=row,
        case=row.case,
        texts=texts_of(row, box),
        pages=unsealed(box.open(row, "pages")) if row.state == "final" else shown(row, at=at),
        copies=[Issued(row=one, recipient=box.open(one, "recipient")) for one in copies],
    )
