"""Letters and decisions in writing: written by the case manager, signed by the decider, sent in numbered copies."""

from cases.services.letters.copies import issue_copy, open_copy, preview
from cases.services.letters.reading import Decided, Listed, Shown, decided_on, list_letters, read_letter
from cases.services.letters.writing import (
    TEXTS,
    Writing,
    return_letter,
    sign_letter,
    start_letter,
    submit_letter,
    withdraw_letter,
    write_letter,
)

__all__ = [
    "TEXTS",
    "Decided",
    "Listed",
    "Shown",
    "Writing",
    "decided_on",
    "issue_copy",
    "list_letters",
    "open_copy",
    "preview",
    "read_letter",
    "return_letter",
    "sign_letter",
    "start_letter",
    "submit_letter",
    "withdraw_letter",
    "write_letter",
]
