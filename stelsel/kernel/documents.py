"""Letters and decisions on paper: accessible PDF (PDF/UA-1), with marking, page x of y, copy number and recipient.

The page's form is templates/documents/letter.typ. What people typed goes in as data and is never read as markup.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import font_source_sans_pro
import typst
from django.conf import settings

FORM: Final = Path(settings.ROOT) / "templates" / "documents" / "letter.typ"
FONTS: Final = Path(font_source_sans_pro.__file__).parent / "files"


@dataclass(frozen=True)
class Part:
    """A part of a letter: its heading, paragraphs, and the items of a list below them."""

    heading: str
    paragraphs: Sequence[str] = ()
    items: Sequence[str] = ()


@dataclass(frozen=True, repr=False)
class Letter:
    """What stands on the pages. `words` are the fixed words of the form in the letter's language.

    `words` has page, of, copy and draft; `marking` says the marking and how long it lasts (VIRBI 2013 art. 5);
    with `draft` every page says so.
    """

    language: str
    subject: str
    sender: str
    marking: str
    reference: str
    recipient: str
    address: Sequence[str]
    facts: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    closing: Sequence[str]
    words: Mapping[str, str]
    draft: bool = False


@dataclass(frozen=True)
class Paper:
    """A PDF as it goes out, under a neutral name of numbers alone."""

    name: str
    content: bytes = field(repr=False)


def pdf(letter: Letter, *, at: datetime) -> bytes:
    """The letter as PDF; the same letter of the same second gives the same bytes."""
    content: bytes = typst.compile(
        str(FORM),
        root=str(FORM.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(dataclasses.asdict(letter))},
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),
    )
    return content
