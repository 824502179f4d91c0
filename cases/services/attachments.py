"""Attachments (bijlagen): what comes in is checked by content and scanned; what goes out is logged."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from cases.models import Attachment, Case
from cases.policies import ATTACHED_TO, may_attach, may_list_attachments, may_open_attachment
from cases.services import case as cases
from cases.services.kinds import EXTENSIONS, Kind, kind_of
from stelsel.kernel import audit, scanning
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from stelsel.kernel.scanning import Finding
from stelsel.kernel.vault import Unreadable
from stelsel.legal import gate

LONGEST_NAME: Final = 200  # characters


@dataclass(frozen=True)
class Attached:
    """A row of the list: the attachment without its content, and its own name in the clear."""

    row: Attachment
    name: str = field(repr=False)


@dataclass(frozen=True)
class Fetched:
    """A file as it goes out, under a neutral name: case number, number in the case, extension of its kind."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@act
def attach(
    *, case_id: UUID, content: bytes, name: str, marking: str, part: str, actor: Actor, at: datetime
) -> Attachment:
    """Take a file into the case: whole, of a known kind, below the ceiling and free of malware; else nothing is kept.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role attaches nothing, or the case is about the actor.
        Invalid: empty, too large, of another kind, marked above the ceiling, or infected.
        Unavailable: the scanner did not say that it is clean.
    """
    _visible(case_id, actor=actor, at=at)
    require(may_attach(actor))
    gate.require_below_ceiling(marking)
    kind = _checked(content, part=part)
    if scanning.scanner().verdict(content) is not Finding.CLEAN:
        raise _refused("infected", gettext_noop("This file holds malware and was not taken in."))
    case = cases.locked_case(case_id, actor=actor, at=at)
    last = Attachment.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    attachment = Attachment(
        case=case,
        number=last + 1,
        part=part,
        marking=marking,
        media_type=kind.media_type,
        size=len(content),
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
    )
    box, key = cases.box_for(case), case.person.key_id
    box.seal(attachment, "name", name.strip()[:LONGEST_NAME], key=key)
    box.seal_bytes(attachment, "sha256", hashlib.sha256(content).digest(), key=key)
    box.seal_bytes(attachment, "content", content, key=key)
    attachment.save(force_insert=True)
    audit.record("attachment.add", attachment, scope=case.pk, detail={"part": part, "size": len(content)})
    return attachment


@act
def open_attachment(*, attachment_id: UUID, actor: Actor, at: datetime) -> Fetched:
    """A file in the clear; that it went out is logged as an export of the person's data.

    Raises:
        Attachment.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role does not need that part of the case, or the case is about the actor.
        Unreadable: not the content that was attached, or the person's content was destroyed.
    """
    rows = Attachment.objects.visible_to(actor, at=at).select_related("case__person")
    found: Attachment = rows.get(pk=attachment_id)
    cases.require_no_conflict(actor, found.case)
    require(may_open_attachment(actor, part=found.part, uploaded_by=found.uploaded_by_id))
    box = cases.box_for(found.case)
    content = box.open_bytes(found, "content")
    if not hmac.compare_digest(hashlib.sha256(content).digest(), box.open_bytes(found, "sha256")):
        raise Unreadable("unreadable", gettext_noop("This file cannot be opened."))
    audit.saw([(found.case.person_id, found.case_id)], kind="export")
    name = f"{found.case.number}-{found.number}.{EXTENSIONS[found.media_type]}"
    return Fetched(name=name, media_type=found.media_type, content=content)


@act
def list_attachments(*, case_id: UUID, actor: Actor, at: datetime) -> tuple[Case, Sequence[Attached]]:
    """The attachments of a case that the actor may open, newest first, with their names; the look is logged."""
    case = _visible(case_id, actor=actor, at=at)
    require(may_list_attachments(actor))
    audit.saw([(case.person_id, case.pk)], kind="list")
    rows = Attachment.objects.filter(case=case).defer("content").select_related("uploaded_by").order_by("-number")
    box = cases.box_for(case)
    return case, [
        Attached(row=row, name=box.open(row, "name"))
        for row in rows
        if may_open_attachment(actor, part=row.part, uploaded_by=row.uploaded_by_id)
    ]


def _visible(case_id: UUID, *, actor: Actor, at: datetime) -> Case:
    case: Case = Case.objects.visible_to(actor, at=at).select_related("person", "office").get(pk=case_id)
    cases.require_no_conflict(actor, case)
    return case


def _checked(content: bytes, *, part: str) -> Kind:
    if part not in ATTACHED_TO:
        raise _refused("unknown_part", gettext_noop("Choose what the file belongs to."), field="part")
    if not content:
        raise _refused("empty", gettext_noop("This file is empty."))
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        raise _refused("too_large", gettext_noop("This file is too large."))
    kind = kind_of(content)
    if kind is None:
        raise _refused("wrong_kind", gettext_noop("Only whole PDF, PNG, JPEG and plain text files can be attached."))
    return kind


def _refused(code: str, message: str, *, field: str = "file") -> Invalid:
    return Invalid(code, message, faults=(Fault(field, code, message),))
