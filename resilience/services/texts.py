"""Free text of a resilience file: obligatory, not too long, not clinical unless the writer confirms, always sealed."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import models

from resilience.scoring import clinical_words
from stelsel.kernel import vault
from stelsel.kernel.errors import Fault, Invalid, Stale, gettext_noop

TEXT_LENGTH: Final = 5_000
LOOKS_CLINICAL: Final = "looks_clinical"


def required(**texts: str) -> list[Fault]:
    """Obligatory texts that are empty, by field."""
    return [Fault(name, "required", gettext_noop("Fill this in.")) for name, text in texts.items() if not text.strip()]


def refuse_if(faults: list[Fault]) -> None:
    """Refuse with every fault at once.

    Raises:
        Invalid: there is a fault.
    """
    if faults:
        raise Invalid(
            "incomplete", gettext_noop("Something is missing or not right; every fault is named."), faults=faults
        )


def check(texts: Mapping[str, str], *, confirmed: bool, faults: list[Fault]) -> bool:
    """Refuse what is wrong; then warn for texts that look clinical, unless the writer read the warning and confirms.

    Returns whether a text looked clinical and was confirmed, for the trail: never the words.

    Raises:
        Invalid: `faults`, a text too long, or (code looks_clinical) a warning that was not confirmed.
    """
    long = gettext_noop("This text is too long: at most 5,000 characters.")
    refuse_if(faults + [Fault(name, "too_long", long) for name, text in texts.items() if len(text) > TEXT_LENGTH])
    clinical = [name for name, text in texts.items() if clinical_words(text)]
    if clinical and not confirmed:
        warning = gettext_noop("This looks clinical. Leave out diagnoses, medicines and treatment.")
        raise Invalid(
            LOOKS_CLINICAL,
            gettext_noop("This looks clinical. Nothing was saved yet."),
            faults=[Fault(name, LOOKS_CLINICAL, warning) for name in clinical],
        )
    return bool(clinical)


def seal(row: models.Model, texts: Mapping[str, str], *, key: UUID) -> None:
    """Put each text into its column under the person's own key; an empty text is an empty column."""
    box = vault.box(key)
    for field, text in texts.items():
        if text.strip():
            box.seal(row, field, text, key=key)
        else:
            setattr(row, field, b"")


def same_version(row_version: int, version: int, *, theirs: Mapping[str, str]) -> None:
    """Go on only when nobody changed the record since it was read.

    Raises:
        Stale: somebody did; `theirs` is what holds now.
    """
    if row_version != version:
        raise Stale(theirs=theirs, version=row_version)
