"""Lists of codes (codelijsten) whose names have dates: what a code is called on a day, and what can be chosen then.

An app defines its lists beside its rules and adds them when it starts; administrators change names, and in open lists
the codes, by the same two steps as house norms (stelsel.kernel.proposals).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stelsel.kernel import proposals
from stelsel.kernel.access import act, current
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.configuration import CodeList
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.models import CodeValue

KNOWN: dict[str, CodeList] = {}


def add(lists: Iterable[CodeList]) -> None:
    """Make the lists of an app known; called when it starts."""
    KNOWN.update({each.name: each for each in lists})


def label(name: str, code: str, *, on: date) -> str:
    """What `code` is called on a day, in the reader's language; a code that nobody knows is shown as it is.

    Raises:
        KeyError: no such list.
    """
    known = KNOWN[name].by_code.get(code)
    default = known.name(on=on) if known else None
    change = _change(name, code, on=on)
    if change is not None and (default is None or timezone.localdate(change.starts_at) >= default[0]):
        return change.name_nl if get_language() == "nl" else change.name_en
    return _(default[1]) if default else code


def everything(name: str, *, on: date) -> list[tuple[str, str, bool]]:
    """Every code of the list with its name on a day and whether it can be chosen then; new codes come last.

    Raises:
        KeyError: no such list.
    """
    known = KNOWN[name].by_code
    added = [code.partition(".")[2] for code in sorted(proposals.approved(CodeValue)) if code.startswith(f"{name}.")]
    found: list[tuple[str, str, bool]] = []
    for code in dict.fromkeys([*known, *added]):
        change = _change(name, code, on=on)
        found.append((code, label(name, code, on=on), change.offered if change else code in known))
    return found


def choices(name: str, *, on: date) -> list[tuple[str, str]]:
    """Codes and names that can be chosen on a day.

    Raises:
        KeyError: no such list.
    """
    return [(code, text) for code, text, offered in everything(name, on=on) if offered]


def offered(name: str, *before: tuple[str, str | Promise]) -> Callable[[], list[tuple[str, str | Promise]]]:
    """The choices of a form's field, asked anew for each form: those of the day of the unit of work."""

    def of_the_day() -> list[tuple[str, str | Promise]]:
        unit = current()
        return [*before, *(choices(name, on=timezone.localdate(unit.at)) if unit else ())]

    return of_the_day


def _change(name: str, code: str, *, on: date) -> CodeValue | None:
    """The newest approved change of a code that holds on a day."""
    rows = proposals.approved(CodeValue).get(f"{name}.{code}", [])
    return next((row for row in rows if timezone.localdate(row.starts_at) <= on), None)


@act
def propose(  # noqa: PLR0913  # the facts of one row, keyword-only
    *,
    name: str,
    code: str,
    name_nl: str,
    name_en: str,
    offered: bool,
    replaced_by: str,
    starts_at: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
) -> CodeValue:
    """Propose another name for a code, a new code, or that a code is no longer offered.

    Raises:
        Invalid: the list is closed for this, a name is missing, the successor is unknown, or a fault of any proposal.
        Conflict: a proposal about this code waits already.
    """
    faults = KNOWN[name].faults(code, offered=offered)
    empty = {"name_nl": name_nl, "name_en": name_en}
    faults += tuple(
        Fault(field, "required", gettext_noop("Fill this in.")) for field, text in empty.items() if not text.strip()
    )
    if replaced_by and (
        offered or replaced_by == code or replaced_by not in dict(choices(name, on=timezone.localdate(at)))
    ):
        unknown = gettext_noop("Only a code that is no longer offered has a successor, and it is one that is offered.")
        faults += (Fault("replaced_by", "invalid", unknown),)
    change = CodeValue(
        code=f"{name}.{code}",
        name_nl=name_nl.strip(),
        name_en=name_en.strip(),
        offered=offered,
        replaced_by=replaced_by,
        starts_at=starts_at,
        reason=reason.strip(),
    )
    return proposals.propose(change, faults=faults, actor=actor, at=at)


@act
def approve(*, change_id: UUID, actor: Actor, at: datetime) -> CodeValue:
    """Let somebody else's proposal hold.

    Raises:
        Forbidden: it is the actor's own.
        Conflict: it was decided already.
    """
    return proposals.approve(proposals.locked(CodeValue, change_id), actor=actor, at=at)
