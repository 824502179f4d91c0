"""Which versions of the method there are and which is in force: two of the method board adopt or withdraw each."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from stelsel.kernel import audit, proposals
from stelsel.kernel.access import act, current
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import ChangeState
from threat.lifecycle import RunState
from threat.methodology import METHODOLOGIES, Methodology
from threat.models import MethodUse, MethodVersion, ShadowRun
from threat.scoring.version import read_version
from threat.services.case import refuse_if

HISTORY = 50  # decisions shown
LONGEST = 100_000
MESSAGES = {
    "not_coded": gettext_noop("This release does not hold this version as it was published, so it cannot be used."),
    "not_tried": gettext_noop("Have this version tried in a shadow run first: what it changes must be seen."),
    "known": gettext_noop(
        "A version with this name was registered before. A version is never changed: give it a new name."
    ),
    "document": gettext_noop("Explain this version in plain language, in at most 100,000 characters."),
    "no_change": gettext_noop("That is how it is already, or how it was decided to become."),
    "none": gettext_noop("No version of the method is in force. Ask the method board."),
    "not_in_force": gettext_noop(
        "Method version %(version)s is not in force, so nothing is scored with it. Abandon this version of the "
        "picture and start one by the version in force."
    ),
}


@dataclass(frozen=True)
class Period:
    """When a version may be used; no beginning is from the start, no end is until further notice."""

    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class VersionView:
    """A version as the pages show it: what holds, what waits and what was decided."""

    row: MethodVersion
    usable: bool
    sound: bool
    periods: tuple[Period, ...]
    waiting: MethodUse | None
    history: tuple[MethodUse, ...]

    @property
    def last(self) -> bool:
        """Whether what was decided last lets it be used."""
        return bool(self.periods) and self.periods[-1].ends_at is None


def published() -> Mapping[str, Methodology]:
    """Every version that can be scored with, in the order of publication: coded in the release, then registered."""
    unit = current()
    if unit is not None and MethodVersion in unit.kept:
        kept: Mapping[str, Methodology] = unit.kept[MethodVersion]
        return kept
    rows = MethodVersion.objects.exclude(definition="").order_by("registered_at", "pk")
    found = {**METHODOLOGIES, **{row.code: _read(row.definition) for row in rows}}
    if unit is not None:
        unit.kept[MethodVersion] = found
    return found


@lru_cache(maxsize=32)
def _read(definition: str) -> Methodology:
    return read_version(definition)


def is_sound(version: MethodVersion) -> bool:
    """Whether the version is held here exactly as it was published."""
    held = published().get(version.code)
    return held is not None and held.fingerprint() == version.method_hash


@act
def register_version(*, definition: str, document: str, actor: Actor, at: datetime) -> MethodVersion:
    """Register a version by its text alone; it can be tried in a shadow run, and used once two have adopted it.

    Raises:
        Forbidden: not of the method board.
        Invalid: no sound version of the method, no document, or a name that is known; every fault is named.
    """
    require(proposals.may_propose(actor, keeper=MethodUse.keeper))
    method = read_version(definition)
    document = document.strip().replace("\r\n", "\n")
    faults = []
    if not 0 < len(document) <= LONGEST:
        faults.append(Fault("document", "invalid", MESSAGES["document"]))
    if method.version in METHODOLOGIES or MethodVersion.objects.filter(code=method.version).exists():
        faults.append(Fault("definition", "known", MESSAGES["known"]))
    refuse_if(faults)
    version = MethodVersion(
        code=method.version,
        definition=method.text(),
        document=document,
        method_hash=method.fingerprint(),
        document_hash=hashlib.sha256(document.encode()).hexdigest(),
        registered_by_id=actor.user_id,
        registered_at=at,
    )
    version.save(force_insert=True)
    audit.record("method.register", version, detail={"code": version.code, "hash": version.method_hash})
    return version


def tried(code: str) -> bool:
    """Whether a run of this version was finished: what it changes was seen. Part of adopting a version."""
    return ShadowRun.objects.filter(candidate=code, state=RunState.FINISHED).exists()


def periods(version: MethodVersion, decisions: list[MethodUse]) -> tuple[Period, ...]:
    """When the version may be used, by its approved decisions, newest first."""
    found = [Period(None, None)] if version.from_the_start else []
    for each in reversed(decisions):
        open_now = bool(found) and found[-1].ends_at is None
        if each.usable and not open_now:
            found.append(Period(each.starts_at, None))
        elif not each.usable and open_now:
            found[-1] = Period(found[-1].starts_at, each.starts_at)
    return tuple(found)


def in_force(*, at: datetime) -> list[str]:
    """The versions that may be used at an instant, in the order in which they were published."""
    decisions = proposals.approved(MethodUse)
    registered = {row.code: row for row in MethodVersion.objects.all()}
    return [
        code for code in published() if code in registered and _holds(registered[code], decisions.get(code, []), at=at)
    ]


def _holds(version: MethodVersion, decisions: list[MethodUse], *, at: datetime) -> bool:
    return next((each.usable for each in decisions if each.starts_at <= at), version.from_the_start)


def version_in_force(*, at: datetime) -> str:
    """The newest version that may be used.

    Raises:
        Conflict: there is none.
    """
    usable = in_force(at=at)
    if not usable:
        raise Conflict("no_method", MESSAGES["none"])
    return usable[-1]


def require_in_force(version: str, *, at: datetime) -> None:
    """Refuse a version that may not be used at an instant.

    Raises:
        Conflict: it was withdrawn, or not adopted yet.
    """
    if version not in in_force(at=at):
        raise Conflict("method_not_in_force", MESSAGES["not_in_force"], params={"version": version})


def read_versions(*, at: datetime) -> list[VersionView]:
    """Every registered version with its use; newest first."""
    decisions = proposals.approved(MethodUse)
    rows = MethodUse.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at")
    waiting = {row.code: row for row in rows.filter(state=ChangeState.PROPOSED)}
    past = list(rows[:HISTORY])
    return [
        VersionView(
            row=version,
            usable=_holds(version, decisions.get(version.code, []), at=at),
            sound=is_sound(version),
            periods=periods(version, decisions.get(version.code, [])),
            waiting=waiting.get(version.code),
            history=tuple(row for row in past if row.code == version.code),
        )
        for version in MethodVersion.objects.order_by("-code")
    ]


@act
def propose_use(
    *, version_id: UUID, usable: bool, starts_at: datetime, reason: str, actor: Actor, at: datetime
) -> MethodUse:
    """Propose that a version may be used from an instant, or no longer.

    Raises:
        Forbidden: not of the method board.
        Invalid: not as it was published, no change, no reason, or in the past; every fault is named.
        Conflict: a proposal about this version waits already.
    """
    require(proposals.may_propose(actor, keeper=MethodUse.keeper))
    version = MethodVersion.objects.get(pk=version_id)
    faults: tuple[Fault, ...] = ()
    if usable and not is_sound(version):
        faults += (Fault("usable", "not_coded", MESSAGES["not_coded"]),)
    if usable and not version.from_the_start and not tried(version.code):
        faults += (Fault("usable", "not_tried", MESSAGES["not_tried"]),)
    decided = proposals.approved(MethodUse).get(version.code, [])
    if usable == (decided[0].usable if decided else version.from_the_start):
        faults += (Fault("usable", "no_change", MESSAGES["no_change"]),)
    change = MethodUse(code=version.code, usable=usable, starts_at=starts_at, reason=reason.strip())
    return proposals.propose(change, faults=faults, actor=actor, at=at)


@act
def approve_use(*, change_id: UUID, actor: Actor, at: datetime) -> MethodUse:
    """Let somebody else's proposal hold.

    Raises:
        Forbidden: not of the method board, or it is the actor's own.
        Invalid: this release no longer holds the version as it was published.
        Conflict: it was decided already.
    """
    change = proposals.locked(MethodUse, change_id)
    if change.usable and not is_sound(MethodVersion.objects.get(code=change.code)):
        raise Invalid("not_coded", MESSAGES["not_coded"])
    return proposals.approve(change, actor=actor, at=at)


@act
def refuse_use(*, change_id: UUID, actor: Actor, at: datetime) -> MethodUse:
    """Do not let a proposal hold; who proposed it takes it back this way."""
    return proposals.refuse(model=MethodUse, change_id=change_id, actor=actor, at=at)
