"""The catalogue of needs for information that the system came with: what is asked about each factor (R056)."""

from dataclasses import dataclass
from typing import Final

from threat.methodology import Factor


@dataclass(frozen=True)
class Need:
    """A need for information (informatiebehoefte): what is asked about one factor of the method. 1 comes first."""

    code: str
    factor: Factor
    priority: int
    text_nl: str
    text_en: str


PRIORITIES: Final = range(1, 4)


def _needs(factor: Factor, *texts: tuple[int, str, str]) -> tuple[Need, ...]:
    return tuple(Need(f"{factor}.{nth}", factor, *text) for nth, text in enumerate(texts, start=1))


FIRST_NEEDS: Final = (
    *_needs(
        Factor.INTENT,
        (1, "Wie wil schade toebrengen, en waaruit blijkt dat?", "Who wants to do harm, and what shows it?"),
        (1, "Is er een opdracht gegeven of geld beloofd?", "Was an order given, or money promised?"),
        (2, "Wat is de aanleiding, en is die veranderd?", "What is the motive, and has it changed?"),
        (3, "Welke eerdere bedreigingen kwamen van dezelfde kant?", "Which earlier threats came from the same side?"),
    ),
    *_needs(
        Factor.CAPACITY,
        (1, "Is er toegang tot wapens of explosieven?", "Is there access to weapons or explosives?"),
        (2, "Wie kan het voor hen uitvoeren?", "Who can carry it out for them?"),
        (2, "Is er eerder een vergelijkbare daad gepleegd?", "Was a comparable act committed before?"),
        (3, "Is er toegang tot gegevens van bedrijf of overheid?", "Is there access to data of firms or government?"),
    ),
    *_needs(
        Factor.PREPARATION,
        (1, "Is er verkend, gevolgd of geobserveerd?", "Was there scouting, following or observation?"),
        (1, "Zijn er middelen, voertuigen of panden geregeld?", "Were means, vehicles or premises arranged?"),
        (2, "Is er gezocht naar adres, route of dagritme?", "Was there a search for address, route or daily habits?"),
    ),
    *_needs(
        Factor.CONCRETENESS,
        (1, "Worden een tijd of een plaats genoemd?", "Is a time or a place named?"),
        (1, "Zijn woon- of werkadres bij de dreiger bekend?", "Does the threatener know the home or work address?"),
        (2, "Welke momenten met een hoger risico komen eraan?", "Which moments of raised risk lie ahead?"),
    ),
    *_needs(
        Factor.CONTEXT,
        (2, "Wat gebeurt er nu in het netwerk of de beweging?", "What happens in the network or movement now?"),
        (2, "Zijn vergelijkbare doelwitten onlangs getroffen?", "Were comparable targets hit recently?"),
        (3, "Hoe wordt online over de persoon gesproken?", "How is the person spoken of online?"),
    ),
    *_needs(
        Factor.DAMPING,
        (2, "Zit de dreiger vast of onder toezicht, tot wanneer?", "Is the threatener held or supervised, until when?"),
        (2, "Wie of wat houdt de dreiger tegen?", "Who or what holds the threatener back?"),
        (3, "Is er een gesprek of een schikking gaande?", "Is there a conversation or a settlement going on?"),
    ),
)
"""The catalogue that the system came with; two of the method board replace, add to or end each need."""
