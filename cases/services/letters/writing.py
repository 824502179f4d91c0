"""A letter on its way: written and laid before the decider by the case manager, signed or returned by the decider."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from cases.lifecycle import LETTER_LIFECYCLE
from cases.models import Letter
from cases.models.letter import LetterKind
from cases.policies import may_sign_letter, may_write_letter
from cases.services import case as cases
from cases.services.letters.compose import HASH_SHOWN, SAID, address, moment, pages, sealed
from cases.services.reading.choices import people_of
from stelsel.kernel import audit, norms, signing, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.documents import Letter as Pages
from stelsel.kernel.errors import Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models.people import RoleChoices
from stelsel.legal import gate

TEXTS: Final = ("reasons", "meaning", "reach")
NEEDED: Final = ("reasons", "reach")


@dataclass(frozen=True, repr=False)
class Writing:
    """What the case manager writes; the marking may end on a day."""

    reasons: str
    meaning: str
    reach: str
    marking: str
    marked_until: date | None


def box_of(letter: Letter) -> vault.Box:
    """The keys of the case's person and of the addressee."""
    keys = {letter.case.person.key_id, *([letter.person.key_id] if letter.person else [])}
    return vault.box(*keys)


def texts_of(letter: Letter, box: vault.Box) -> dict[str, str]:
    return {name: box.open(letter, name) for name in (*TEXTS, "remark")}


def locked(letter_id: UUID, *, actor: Actor, at: datetime, version: int) -> Letter:
    """The letter, locked for this act.

    Raises:
        Letter.DoesNotExist: unknown, or not visible to `actor`.
        Stale: somebody changed it meanwhile.
    """
    letter: Letter = (
        Letter.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office", "person", "organisation")
        .select_for_update(of=("self",))
        .get(pk=letter_id)
    )
    cases.locked_case(letter.case_id, actor=actor, at=at)
    if letter.version != version:
        theirs = {name: text for name, text in texts_of(letter, box_of(letter)).items() if name in TEXTS}
        raise Stale(theirs=theirs, version=letter.version)
    return letter


@act
def start_letter(
    *,
    case_id: UUID,
    kind: str,
    subject_id: UUID,
    person_id: UUID | None,
    language: str,
    actor: Actor,
    at: datetime,
) -> Letter:
    """Begin a letter about a decision, to a person of the case or (without `person_id`) to the prosecutor's office.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        ObjectDoesNotExist: there is no such decision in this case.
        Invalid: the addressee is nobody of this case.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_write_letter(actor, case_manager=case.case_manager_id))
    SAID[LetterKind(kind)](case, subject_id)
    person = next((one for one, _relation in people_of(case) if one.pk == person_id), None)
    if person_id is not None and person is None:
        message = gettext_noop("This is nobody of this case.")
        raise Invalid("invalid", message, faults=(Fault("person", "unknown", message),))
    last = Letter.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    letter = Letter.objects.create(
        case=case,
        number=last + 1,
        kind=kind,
        subject_id=subject_id,
        person=person,
        organisation=None if person else case.office,
        language=language,
        state=LETTER_LIFECYCLE.initial,
        marking=case.marking,
        prepared_by_id=actor.user_id,
        prepared_at=at,
    )
    audit.record("letter.start", letter, scope=case.pk, detail={"kind": kind})
    return letter


@act
def write_letter(*, letter_id: UUID, writing: Writing, version: int, actor: Actor, at: datetime) -> Letter:
    """Save the draft."""
    letter = locked(letter_id, actor=actor, at=at, version=version)
    require(may_write_letter(actor, case_manager=letter.case.case_manager_id))
    LETTER_LIFECYCLE.apply("write", state=letter.state)
    gate.require_below_ceiling(writing.marking)
    box, key = box_of(letter), letter.case.person.key_id
    for name in TEXTS:
        box.seal(letter, name, asdict(writing)[name], key=key)
    letter.marking, letter.marked_until = writing.marking, writing.marked_until
    return _changed(letter, "letter.write")


@act
def submit_letter(*, letter_id: UUID, version: int, actor: Actor, at: datetime) -> Letter:
    """Lay the letter before the decider of the case.

    Raises:
        Invalid: reasons or whom to ask are missing.
    """
    letter = locked(letter_id, actor=actor, at=at, version=version)
    require(may_write_letter(actor, case_manager=letter.case.case_manager_id))
    letter.state = LETTER_LIFECYCLE.apply("submit", state=letter.state)
    texts = texts_of(letter, box_of(letter))
    absent = tuple(Fault(name, "required", gettext_noop("Fill this in.")) for name in NEEDED if not texts[name].strip())
    if absent:
        raise Invalid("incomplete", gettext_noop("Something that must be there is missing."), faults=absent)
    letter.prepared_by_id, letter.prepared_at = actor.user_id, at
    work.open_item(
        "letter.sign",
        letter,
        owner_role=Role.DECIDER,
        owner=letter.case.decider_id,
        organisation=None if letter.case.decider_id else cases.nctv().pk,
        label=letter.case.number,
        scope=letter.case_id,
        due=norms.due("cases.letter.sign", since=at),
    )
    return _changed(letter, "letter.submit")


@act
def return_letter(*, letter_id: UUID, remark: str, version: int, actor: Actor, at: datetime) -> Letter:
    """Back to the case manager, with what must change."""
    letter = locked(letter_id, actor=actor, at=at, version=version)
    require(may_sign_letter(actor, prepared_by=letter.prepared_by_id, decider=letter.case.decider_id))
    letter.state = LETTER_LIFECYCLE.apply("return", state=letter.state)
    _remark(letter, remark)
    work.close_items(letter.pk, kind="letter.sign", verb="letter.return")
    return _changed(letter, "letter.return")


@act
def withdraw_letter(*, letter_id: UUID, remark: str, version: int, actor: Actor, at: datetime) -> Letter:
    """Give up a letter that was not signed, with the reason; a signed letter stays."""
    letter = locked(letter_id, actor=actor, at=at, version=version)
    require(may_write_letter(actor, case_manager=letter.case.case_manager_id))
    letter.state = LETTER_LIFECYCLE.apply("withdraw", state=letter.state)
    _remark(letter, remark)
    work.close_items(letter.pk, kind="letter.sign", verb="letter.withdraw")
    return _changed(letter, "letter.withdraw")


def shown(letter: Letter, *, at: datetime) -> Pages:
    """The letter as its pages stand now."""
    box = box_of(letter)
    return pages(letter, texts_of(letter, box), to=address(letter, box), at=at)


def signed_content(letter: Letter, *, at: datetime) -> dict[str, object]:
    """What the decider signs: all that stands on the pages, but for the day it is printed."""
    told = asdict(shown(letter, at=at))
    return {name: told[name] for name in ("subject", "marking", "reference", "address", "parts")}


@act
def sign_letter(*, letter_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> Letter:
    """Sign the letter; from now on it does not change, and copies can go out.

    Raises:
        Forbidden: not the named decider, the one who wrote it, or the code is wrong.
    """
    letter = locked(letter_id, actor=actor, at=at, version=version)
    require(may_sign_letter(actor, prepared_by=letter.prepared_by_id, decider=letter.case.decider_id))
    letter.state = LETTER_LIFECYCLE.apply("sign", state=letter.state)
    signature = signing.sign(letter, signed_content(letter, at=at), actor=actor, at=at, code=code)
    with translation.override(letter.language):
        closing = (
            _("On behalf of the Minister of Justice and Security,"),
            signature.signer_name,
            f"{RoleChoices(signature.office).label}, {actor.organisation}",
            _("Signed electronically on %(at)s, mark %(mark)s")
            % {"at": moment(at), "mark": bytes(signature.content_hash).hex()[:HASH_SHOWN]},
        )
    final = replace(shown(letter, at=at), closing=closing, draft=False)
    box_of(letter).seal(letter, "pages", sealed(final), key=letter.case.person.key_id)
    letter.signature, letter.signed_by_id, letter.signed_at = signature, actor.user_id, at
    work.close_items(letter.pk, kind="letter.sign", verb="letter.sign")
    work.close_items(letter.subject_id, kind="letter.confirm", verb="letter.sign")
    return _changed(letter, "letter.sign")


def _remark(letter: Letter, remark: str) -> None:
    if not remark.strip():
        fault = Fault("remark", "required", gettext_noop("Fill this in."))
        raise Invalid("incomplete", gettext_noop("Something that must be there is missing."), faults=(fault,))
    box_of(letter).seal(letter, "remark", remark, key=letter.case.person.key_id)


def _changed(letter: Letter, verb: str) -> Letter:
    letter.version += 1
    letter.save()
    audit.record(verb, letter, scope=letter.case_id)
    return letter
