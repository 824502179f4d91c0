"""Phases, talks and offers of support as legal steps, and when the next talk is due. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from stelsel.kernel.configuration import HouseNorm, Unit
from stelsel.kernel.errors import gettext_noop
from stelsel.kernel.lifecycle import Lifecycle, Move


class Phase(StrEnum):
    """The three phases of being protected. Their borders are not published, so a person decides, with a reason."""

    IMPACT = "impact"  # impactfase
    CONSOLIDATION = "consolidation"  # consolidatiefase
    END = "end"  # eindfase


PHASE_LIFECYCLE: Final = (
    Lifecycle(  # every phase can be reached from every other: back and forth, and straight to the end
        initial=Phase.IMPACT,
        moves=(
            Move("to_impact", {Phase.CONSOLIDATION, Phase.END}, Phase.IMPACT),
            Move("to_consolidation", {Phase.IMPACT, Phase.END}, Phase.CONSOLIDATION),
            Move("to_end", {Phase.IMPACT, Phase.CONSOLIDATION}, Phase.END),
        ),
    )
)


class TalkState(StrEnum):
    """A resilience talk (weerbaarheidsgesprek)."""

    PLANNED = "planned"
    HELD = "held"
    NO_SHOW = "no_show"  # nobody came; it is planned again
    REFUSED = "refused"  # the person does not want to talk now
    CANCELLED = "cancelled"  # by us, or moved beyond recognition


TALK_LIFECYCLE: Final = Lifecycle(
    initial=TalkState.PLANNED,
    moves=(
        Move("move", {TalkState.PLANNED}, TalkState.PLANNED),
        Move("hold", {TalkState.PLANNED}, TalkState.HELD),
        Move("miss", {TalkState.PLANNED}, TalkState.NO_SHOW),
        Move("refuse", {TalkState.PLANNED}, TalkState.REFUSED),
        Move("cancel", {TalkState.PLANNED}, TalkState.CANCELLED),
    ),
)

ENDED_TALKS: Final = frozenset(TalkState) - {TalkState.PLANNED}


class OfferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LATER = "later"  # not now; ask again


OFFER_LIFECYCLE: Final = Lifecycle(  # support is free: who declined may accept, who accepted may stop
    initial=OfferState.OFFERED,
    moves=(
        Move("accept", {OfferState.OFFERED, OfferState.LATER, OfferState.DECLINED}, OfferState.ACCEPTED),
        Move("decline", {OfferState.OFFERED, OfferState.LATER, OfferState.ACCEPTED}, OfferState.DECLINED),
        Move("later", {OfferState.OFFERED, OfferState.DECLINED}, OfferState.LATER),
    ),
)

MINUTES: Final = range(5, 481)
"""How long a talk can have taken: a talk of no minutes is no talk (R031)."""


class AgeBand(StrEnum):
    """Age in bands: the date of birth stays with the identity."""

    ADULT = "adult"
    SIXTEEN = "16_17"
    TWELVE = "12_15"
    CHILD = "0_11"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    """Whether the person (or, for a child, those with parental authority) wants this support."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Awareness(StrEnum):
    """Whether a relation knows of the threat: who does not know is not told by a talk."""

    UNKNOWN = "unknown"
    KNOWS = "knows"
    PARTLY = "partly"
    DOES_NOT_KNOW = "does_not_know"


@dataclass(frozen=True)
class Norm:
    """House norms of a phase: the first talk after it began, the talks after that, and the first offer of support."""

    first_talk: timedelta
    next_talk: timedelta
    first_offer: timedelta


def talk_due(norm: Norm, *, phase_since: datetime, contacts: Iterable[datetime]) -> datetime:
    """When the next talk must have been held: each phase offers one at least, contact never falls silent (R028, O6).

    `contacts` are the instants of talks that were held or refused; only those in this phase put the next one off.
    """
    latest = max((at for at in contacts if at >= phase_since), default=None)
    return phase_since + norm.first_talk if latest is None else latest + norm.next_talk


def offer_due(norm: Norm, *, phase_since: datetime, offered: Iterable[datetime]) -> datetime | None:
    """When support must have been offered in this phase; None once it was."""
    return None if any(at >= phase_since for at in offered) else phase_since + norm.first_offer


# No public norm exists for the phases, so the house sets them.
NORMS: Final = (
    HouseNorm("resilience.impact.first_talk", gettext_noop("Impact: first talk"), Unit.DAYS, 7, 1, 60),
    HouseNorm("resilience.impact.next_talk", gettext_noop("Impact: next talk"), Unit.DAYS, 14, 1, 90),
    HouseNorm("resilience.impact.first_offer", gettext_noop("Impact: first offer of support"), Unit.DAYS, 14, 1, 90),
    HouseNorm("resilience.consolidation.first_talk", gettext_noop("Consolidation: first talk"), Unit.DAYS, 21, 1, 90),
    HouseNorm("resilience.consolidation.next_talk", gettext_noop("Consolidation: next talk"), Unit.DAYS, 42, 1, 180),
    HouseNorm(
        "resilience.consolidation.first_offer",
        gettext_noop("Consolidation: first offer of support"),
        Unit.DAYS,
        42,
        1,
        180,
    ),
    HouseNorm("resilience.end.first_talk", gettext_noop("End phase: first talk"), Unit.DAYS, 14, 1, 90),
    HouseNorm("resilience.end.next_talk", gettext_noop("End phase: next talk"), Unit.DAYS, 42, 1, 180),
    HouseNorm("resilience.end.first_offer", gettext_noop("End phase: first offer of support"), Unit.DAYS, 28, 1, 180),
    HouseNorm("resilience.plan_again", gettext_noop("Plan again after a talk that fell through"), Unit.DAYS, 2, 1, 30),
)
