"""A version of the method as a file: read strictly, written in one form, compared with another version."""

import json
from typing import Final

from cattrs import Converter, transform_error
from cattrs.errors import BaseValidationError

from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from threat.methodology import Methodology

LARGEST: Final = 100_000
UNREADABLE: Final = Fault(
    "definition", "unreadable", gettext_noop("This is not the JSON document of a version of the method.")
)
FORM: Final = gettext_noop("This part is missing, unknown or of another form than the method knows.")
_CONVERTER: Final = Converter(forbid_extra_keys=True)


class InvalidVersion(Invalid):
    """The document is no version of the method; `faults` names every fault with its place."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(
            "version_invalid",
            gettext_noop("This version of the method cannot be registered. Every fault is named."),
            faults=faults,
        )


def read_version(text: str) -> Methodology:
    """The version in a JSON document; every number, anchor and table is there, and nothing else.

    Raises:
        InvalidVersion: no such document, a part of another form, or a version with flaws.
    """
    if len(text) > LARGEST:
        raise InvalidVersion(UNREADABLE)
    try:
        document = json.loads(text, parse_constant=_no_number)
        method = _CONVERTER.structure(document, Methodology) if isinstance(document, dict) else None
    except (ValueError, RecursionError) as error:
        raise InvalidVersion(UNREADABLE) from error
    except BaseValidationError as error:
        raise InvalidVersion(*(_form(_place(told)) for told in transform_error(error))) from error
    if method is None:
        raise InvalidVersion(UNREADABLE)
    written = json.loads(method.text())
    if written != document:
        raise InvalidVersion(*(_form(place) for place, _was, _is in _parts(document, written)))
    if method.flaws():
        raise InvalidVersion(*(Fault("definition", "flaw", flaw) for flaw in method.flaws()))
    return method


def differences(old: Methodology, new: Methodology) -> list[tuple[str, str, str]]:
    """Every part in which two versions differ: its place, what it was, what it is; "" where it is absent."""
    found = _parts(json.loads(old.text()), json.loads(new.text()))
    return [(place, was, now) for place, was, now in found if place != "version"]


def _no_number(name: str) -> float:
    raise ValueError(name)


def _form(place: str) -> Fault:
    return Fault(f"definition.{place}" if place else "definition", "form", FORM)


def _place(told: str) -> str:
    """The path in a message of the reader, such as `$.norms.assessors`."""
    return told.rpartition("@ $")[2].removeprefix(".")


def _parts(old: object, new: object, place: str = "") -> list[tuple[str, str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        keys = sorted(old.keys() | new.keys())
        return [row for key in keys for row in _parts(old.get(key), new.get(key), f"{place}.{key}".lstrip("."))]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [row for n, pair in enumerate(zip(old, new, strict=True)) for row in _parts(*pair, f"{place}[{n}]")]
    return [] if old == new else [(place, _told(old), _told(new))]


def _told(part: object) -> str:
    return "" if part is None else json.dumps(part, ensure_ascii=False, sort_keys=True)
