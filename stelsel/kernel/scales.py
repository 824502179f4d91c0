"""Published scales as value types: severity, likelihood and required resistance.

Severity and likelihood are two separate judgements and never one number (circular of 2013, paragraph 4.1).
Their tables come from annex 3 of that circular, in our own words. One repair: its lowest likelihood also held
"no information available"; here that is the outcome "insufficient information" and never a level.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """How one step of a scale is named and described, in Dutch and in English."""

    name_nl: str
    name_en: str
    description_nl: str
    description_en: str


class Severity(IntEnum):
    """Ernst, E1 (lowest) to E5: the worst credible consequence, for the person or for society."""

    NOT_SEVERE = 1
    MODERATE = 2
    MEDIUM = 3
    SEVERE = 4
    VERY_SEVERE = 5

    @property
    def code(self) -> str:
        return f"E{self.value}"

    @property
    def wording(self) -> Wording:
        return SEVERITY_WORDING[self]


class Likelihood(IntEnum):
    """Waarschijnlijkheid, W1 (lowest) to W5: a threat picture proposes it, an authority sets it."""

    VERY_LOW = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    VERY_HIGH = 5

    @property
    def code(self) -> str:
        return f"W{self.value}"

    @property
    def wording(self) -> Wording:
        return LIKELIHOOD_WORDING[self]


class RequiredResistance(IntEnum):
    """Vereist weerstandsniveau, R1 (lowest) to R5: how much a package of measures must withstand.

    The real levels are not public. These five carry neutral names; what each asks of measures is
    configuration. Not to be confused with weerbaarheid (resilience), which is about coping.
    """

    LEVEL_1 = 1
    LEVEL_2 = 2
    LEVEL_3 = 3
    LEVEL_4 = 4
    LEVEL_5 = 5

    @property
    def code(self) -> str:
        return f"R{self.value}"

    @property
    def wording(self) -> Wording:
        return RESISTANCE_WORDING[self]


SEVERITY_WORDING: Final = {
    Severity.NOT_SEVERE: Wording(
        "Niet ernstig",
        "Not severe",
        "Geen gevolg voor de nationale veiligheid of de openbare orde; bijvoorbeeld een vreedzame betoging"
        " of een petitie.",
        "No effect on national security or public order; a peaceful demonstration or a petition, for instance.",
    ),
    Severity.MODERATE: Wording(
        "Matig",
        "Moderate",
        "Kleine ordeverstoring, intimidatie of schade aan niet-vitale objecten; bijvoorbeeld vernieling of"
        " gewelddadige"
        " burgerlijke ongehoorzaamheid.",
        "Small disorder, intimidation or damage to non-vital objects; vandalism or violent civil "
        "disobedience, for instance.",
    ),
    Severity.MEDIUM: Wording(
        "Gemiddeld",
        "Medium",
        "Ordeverstoring met brede weerklank, grote schade aan niet-vitale objecten of aantasting van de "
        "lichamelijke"
        " integriteit; bijvoorbeeld mishandeling of een gewelddadige confrontatie.",
        "Disorder with wide resonance, large damage to non-vital objects, or physical integrity violated; "
        "an assault or a"
        " violent confrontation, for instance.",
    ),
    Severity.SEVERE: Wording(
        "Ernstig",
        "Severe",
        "Een of meer doden, of de samenleving is ernstig geschokt; bijvoorbeeld een aanslag, moord, "
        "gijzeling, ontvoering,"
        " sabotage of brandstichting om te doden of het openbare leven te ontwrichten.",
        "One or more dead, or society badly shaken; an attack, murder, hostage-taking, abduction, "
        "sabotage, or arson meant to"
        " kill or to disrupt public life, for instance.",
    ),
    Severity.VERY_SEVERE: Wording(
        "Zeer ernstig",
        "Very severe",
        "Veel doden, uitval van vitale infrastructuur of maatschappelijke ontwrichting; bijvoorbeeld een "
        "grootschalige aanslag"
        " in Nederland.",
        "Many dead, failure of vital infrastructure or social disruption; a large-scale attack in the "
        "Netherlands, for"
        " instance.",
    ),
}

LIKELIHOOD_WORDING: Final = {
    Likelihood.VERY_LOW: Wording(
        "Zeer laag",
        "Very low",
        "Niet, of alleen in zeer specifieke omstandigheden voorstelbaar; niemand met intentie bekend, en "
        "daarnaar is gezocht.",
        "Not conceivable, or only in very specific situations; nobody with intent known, and this has been looked for.",
    ),
    Likelihood.LOW: Wording(
        "Laag",
        "Low",
        "Geen concrete aanwijzingen, enigszins voorstelbaar; intentie bekend, maar kennis of menskracht "
        "ontbreekt of is"
        " onbekend.",
        "No concrete indications, somewhat conceivable; intent known, but knowledge or manpower absent or unknown.",
    ),
    Likelihood.MEDIUM: Wording(
        "Gemiddeld",
        "Medium",
        "Geen concrete aanwijzingen, maar voorstelbaar; intentie bekend, kennis en capaciteit verwacht of bekend.",
        "No concrete indications, but conceivable; intent known, knowledge and capacity expected or known.",
    ),
    Likelihood.HIGH: Wording(
        "Hoog",
        "High",
        "Concrete aanwijzingen, tijd en plaats onbekend; intentie, kennis en capaciteit bekend, "
        "voorbereidingen waargenomen.",
        "Concrete indications, time and place unknown; intent, knowledge and capacity known, preparations observed.",
    ),
    Likelihood.VERY_HIGH: Wording(
        "Zeer hoog",
        "Very high",
        "Concrete aanwijzingen dat de dreiging wordt uitgevoerd, tijd en plaats bekend; intentie bekend, "
        "voorbereidingen"
        " waargenomen.",
        "Concrete indications that the threat will be carried out, time and place known; intent known, "
        "preparations observed.",
    ),
}

RESISTANCE_WORDING: Final = {
    level: Wording(
        f"Weerstandsniveau {level.value}",
        f"Resistance level {level.value}",
        "Wat dit niveau van maatregelen vraagt, is vastgelegd in de inrichting en niet openbaar.",
        "What this level asks of measures is configuration, and not public.",
    )
    for level in RequiredResistance
}
