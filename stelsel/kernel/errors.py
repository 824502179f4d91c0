"""Refusals: one tree, each with a stable code and a sentence for people.

Pages and API map a refusal once (stelsel.kernel.web, stelsel.kernel.rest). The sentence is an English message
id; the door translates it, so that rules stay free of Django.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark `message` for translation; the door that shows it translates."""
    return message


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what was sent: where, a stable code, a sentence."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """An act that was refused.

    `code` is stable; `message` is a translatable sentence with `%(name)s` places.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(
        self,
        code: str,
        message: str,
        *,
        params: Mapping[str, str | int] | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = dict(params or {})
        self.faults = tuple(faults)


class Invalid(DomainError):
    """What was sent breaks a rule; `faults` names every fault at once."""


class Forbidden(DomainError):
    """Visible, but this actor may not do this now; the message tells why."""

    status = HTTPStatus.FORBIDDEN


class NotVisible(DomainError):
    """Does not exist, or not for this actor: the answer is the same."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("not_found", gettext_noop("This page or record does not exist."))


class Conflict(DomainError):
    """Another act came first, or the same act was done already."""

    status = HTTPStatus.CONFLICT


class IllegalMove(Conflict):
    """The legal step does not exist from the state the subject is in."""


class Stale(DomainError):
    """Somebody changed the record after it was read; both versions are shown."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, *, theirs: Mapping[str, str] | None = None, version: int | None = None) -> None:
        super().__init__(
            "stale",
            gettext_noop(
                "Somebody changed this after you opened it. Nothing of yours is lost: compare and save again."
            ),
        )
        self.theirs = dict(theirs or {})
        self.version = version


class VersionMissing(DomainError):
    """A change must say which version it was based on."""

    status = HTTPStatus.PRECONDITION_REQUIRED

    def __init__(self) -> None:
        super().__init__("version_missing", gettext_noop("Say which version you changed (If-Match)."))


class Unavailable(DomainError):
    """Something this act depends on is not there now; trying later may help."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TooMany(DomainError):
    """A limit that protects was reached."""

    status = HTTPStatus.TOO_MANY_REQUESTS
