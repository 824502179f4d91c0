"""The catalogue of needs for information: what is asked about each factor; two of the method board change it (R056)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stelsel.kernel import proposals
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.models import ChangeState
from threat.methodology import Factor
from threat.models import InformationNeed
from threat.scoring.needs import FIRST_NEEDS, PRIORITIES, Need

LONGEST = 200
HISTORY = 100  # decisions shown
MESSAGES = {
    "factor": gettext_noop("A need is about one factor of the method: choose it."),
    "code": gettext_noop("This need is about another factor, or is not known."),
    "priority": gettext_noop("Choose a priority from 1 to 3."),
    "text": gettext_noop("Write the question, in at most 200 characters."),
    "same": gettext_noop("That is how it is already, or how it was decided to become."),
}


@dataclass(frozen=True)
class Catalogue:
    """The needs that hold, by factor and most urgent first, and what was decided about them."""

    needs: Sequence[Need]
    waiting: Sequence[InformationNeed]
    history: Sequence[InformationNeed]


@dataclass(frozen=True)
class Wanted:
    """A need as it is proposed. `code` "" is a new one; `offered` False ends the one with that code."""

    factor: str
    priority: int
    text_nl: str
    text_en: str
    code: str = ""
    offered: bool = True


def needs_in_force(*, at: datetime) -> list[Need]:
    """The needs at an instant: those the system came with, unless a decision about the same code holds."""
    held = {need.code: need for need in FIRST_NEEDS}
    for code, rows in proposals.approved(InformationNeed).items():
        row = next((each for each in rows if each.starts_at <= at), None)
        if row is None:
            continue
        held.pop(code, None)
        if row.offered:
            held[code] = Need(code, Factor(row.factor), row.priority, row.text_nl, row.text_en)
    return sorted(held.values(), key=lambda need: (need.factor, need.priority, need.code))


def read_catalogue(*, at: datetime) -> Catalogue:
    """Every need with the decisions about it. Nothing of any case."""
    rows = InformationNeed.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at")
    return Catalogue(needs_in_force(at=at), list(rows.filter(state=ChangeState.PROPOSED)), list(rows[:HISTORY]))


@act
def propose_need(*, wanted: Wanted, starts_at: datetime, reason: str, actor: Actor, at: datetime) -> InformationNeed:
    """Propose a new need, another wording or priority of one, or its end.

    Raises:
        Forbidden: not of the method board.
        Invalid: no factor, no text, no change, no reason, or in the past; every fault is named.
        Conflict: a proposal about this need waits already.
    """
    require(proposals.may_propose(actor, keeper=InformationNeed.keeper))
    text_nl, text_en = wanted.text_nl.strip(), wanted.text_en.strip()
    now = {need.code: need for need in needs_in_force(at=at)}
    checks = (
        ("factor", wanted.factor not in set(Factor), "factor"),
        ("code", bool(wanted.code) and not wanted.code.startswith(f"{wanted.factor}."), "code"),
        ("code", bool(wanted.code) and wanted.code not in _codes(), "code"),
        ("priority", wanted.priority not in PRIORITIES, "priority"),
        ("text_nl", not 0 < len(text_nl) <= LONGEST, "text"),
        ("text_en", not 0 < len(text_en) <= LONGEST, "text"),
        ("offered", _as_it_is(wanted, now), "same"),
    )
    faults = tuple(Fault(field, "invalid", MESSAGES[name]) for field, wrong, name in checks if wrong)
    change = InformationNeed(
        code=wanted.code or _next_code(wanted.factor),
        factor=wanted.factor,
        priority=wanted.priority,
        text_nl=text_nl,
        text_en=text_en,
        offered=wanted.offered,
        starts_at=starts_at,
        reason=reason.strip(),
    )
    return proposals.propose(change, faults=faults, actor=actor, at=at)


def _as_it_is(wanted: Wanted, now: dict[str, Need]) -> bool:
    held = now.get(wanted.code)
    if held is None:
        return not wanted.offered
    said = (wanted.priority, wanted.text_nl.strip(), wanted.text_en.strip())
    return wanted.offered and said == (held.priority, held.text_nl, held.text_en)


def _codes() -> set[str]:
    """Every code that was ever used: an ended need keeps its own."""
    return {need.code for need in FIRST_NEEDS} | set(InformationNeed.objects.values_list("code", flat=True))


def _next_code(factor: str) -> str:
    used = [int(code.partition(".")[2]) for code in _codes() if code.startswith(f"{factor}.")]
    return f"{factor}.{max(used, default=0) + 1}"


@act
def approve_need(*, change_id: UUID, actor: Actor, at: datetime) -> InformationNeed:
    """Let somebody else's proposal hold.

    Raises:
        Forbidden: not of the method board, or it is the actor's own.
        Conflict: it was decided already.
    """
    return proposals.approve(proposals.locked(InformationNeed, change_id), actor=actor, at=at)


@act
def refuse_need(*, change_id: UUID, actor: Actor, at: datetime) -> InformationNeed:
    """Do not let a proposal hold; who proposed it takes it back this way."""
    return proposals.refuse(model=InformationNeed, change_id=change_id, actor=actor, at=at)
