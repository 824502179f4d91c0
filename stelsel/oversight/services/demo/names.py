"""Invented people and places: combined by seed from lists that name nobody who exists."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

GIVEN = (
    *("Anouk", "Bente", "Casper", "Daoud", "Elske", "Fenna", "Gijs", "Hanneke", "Ilse", "Jorrit", "Kwame", "Lotte"),
    *("Meryem", "Noor", "Okke", "Pien", "Ravi", "Samira", "Tarik", "Ubbo", "Veerle", "Wietse", "Yara", "Zoë"),
    *("Aukje", "Bram", "Dilara", "Evert", "Floor", "Hilde", "Ismay", "Jinte", "Maartje", "Nadir", "Roos", "Tjalling"),
)
FAMILY = (
    *("Achterduin", "Benhadari", "Berkenvoort", "Duinhaver", "Elzendriest", "Ganzelaar", "Grashoven", "Havikshorst"),
    *("Kerkelaar", "Kievitsland", "Klaverdijker", "Kortanui", "Lindewaard", "Meerzicht", "Molendrift", "Oosterwolk"),
    *("Osseibo", "Pijlkruid", "Rietveen", "Roggedam", "Sintelhof", "Steenwaarder", "Vlasakker", "Waterhoek"),
    *("Wilgenstroom", "Windhoeve", "Wolkenveld", "Yildaran", "Zandewier", "Zwaluwhof", "van der Lisse", "ter Wolde"),
)
STREETS = ("Akkerhof", "Duinweg", "Elzenkade", "Graanpad", "Kruidenhof", "Lindelaan", "Rietgors", "Sluispad", "Wierde")
TOWNS = {
    "noord": ("Noorderveen", "Wierdeloo", "Grashuizen"),
    "oost": ("Oosterwaard", "Hoogerlo", "Beekdrecht"),
    "zuid": ("Zuiderdam", "Kleidorp", "Maasheuvel"),
    "west": ("Westerkade", "Duinmeer", "Polderwijk"),
}
REGIONS = tuple(TOWNS)


def people(chance: random.Random) -> Iterator[str]:
    """Full names in an order of the seed, none twice.

    Raises:
        StopIteration: after all combinations (more than a thousand).
    """
    combined = [f"{given} {family}" for given, family in product(GIVEN, FAMILY)]
    chance.shuffle(combined)
    return iter(combined)


def address(chance: random.Random, region: str) -> str:
    return f"{chance.choice(STREETS)} {chance.randint(1, 180)}, {chance.choice(TOWNS[region])}"


def reach(chance: random.Random) -> str:
    """A telephone number of a range that nobody has."""
    return f"+31 6 0000 {chance.randint(0, 9999):04d}"


def birth_date(chance: random.Random, *, on: date, youngest: int = 24, oldest: int = 71) -> str:
    return (on - timedelta(days=chance.randint(youngest * 365, oldest * 365))).isoformat()
