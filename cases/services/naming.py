"""The blind indexes under which a name is found, of a person or of another name they go by."""

from dataclasses import dataclass

from stelsel.kernel import vault

YEAR = 4  # digits of the year in a date as it is stored, 1981-04-12


@dataclass(frozen=True)
class Keys:
    """32 bytes each; empty where the birth date is not known, or the name is one word and would fit too many."""

    name: bytes
    born: bytes = b""  # name and birth date
    year: bytes = b""  # family name and birth year: finds who was entered with initials

    @classmethod
    def of(cls, name: str, birth_date: str = "") -> "Keys":
        words = name.split()
        year = birth_date[:YEAR] if len(words) > 1 else ""
        return cls(
            name=vault.blind_index(name),
            born=vault.blind_index(name, birth_date) if birth_date else b"",
            year=vault.blind_index("family name and year", words[-1], year) if year else b"",
        )
