"""Vehicles, telephones, addresses and accounts, each in one form: the same one is found again however written."""

import re
from enum import StrEnum
from typing import Final

from stelsel.kernel.errors import Fault, gettext_noop


class EntityKind(StrEnum):
    """What is taken down from a product or signal to be found again (entiteit)."""

    VEHICLE = "vehicle"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"


LONGEST: Final = 60  # characters as they are typed
MESSAGES: Final = {
    EntityKind.VEHICLE: gettext_noop("Write the licence plate alone: four to ten letters and digits."),
    EntityKind.PHONE: gettext_noop("Write one telephone number, a foreign one with its country code."),
    EntityKind.ADDRESS: gettext_noop("Write postcode, house number and addition, as in 1234 AB 12 A."),
    EntityKind.ACCOUNT: gettext_noop("This is no valid IBAN."),
}
UNKNOWN: Final = gettext_noop("Choose what it is.")

PLATE = re.compile(r"[A-Z0-9]{4,10}")
POSTCODE = re.compile(r"([1-9][0-9]{3})([A-Z]{2})[ ,.-]*([1-9][0-9]{0,4})(?![0-9])(.*)")
ADDITION = re.compile(r"[A-Z0-9]{0,6}")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
NETHERLANDS: Final = "31"
NATIONAL: Final = 9  # digits of a Dutch number after the country code (0800 and the like are no one's telephone)
E164: Final = range(8, 16)  # digits of an international number (ITU-T E.164: at most 15)


def normal(kind: str, written: str) -> str | None:
    """The one form of what was written; None when it is no such thing. Done twice it is the same."""
    text = written.strip().upper()
    if len(text) > LONGEST:
        return None
    forms = {
        EntityKind.VEHICLE: _plate,
        EntityKind.PHONE: _phone,
        EntityKind.ADDRESS: _address,
        EntityKind.ACCOUNT: _iban,
    }
    return forms[EntityKind(kind)](text) if kind in set(EntityKind) else None


def fault_of(kind: str, written: str, *, field: str = "value") -> list[Fault]:
    """What is wrong with it, if anything."""
    if kind not in set(EntityKind):
        return [Fault("kind", "invalid", UNKNOWN)]
    return [] if normal(kind, written) else [Fault(field, "invalid", MESSAGES[EntityKind(kind)])]


def _plate(text: str) -> str | None:
    bare = re.sub(r"[\s.·-]", "", text)
    return bare if PLATE.fullmatch(bare) and re.search(r"[0-9]", bare) else None


def _phone(text: str) -> str | None:
    """+31 and the like, digits only: 06-12345678, 0031 6..., +31 (0)6... are one number."""
    bare = re.sub(r"[\s./()-]", "", text.replace("(0)", ""))
    bare = "+" + bare[2:] if bare.startswith("00") else bare
    bare = f"+{NETHERLANDS}{bare[1:]}" if bare.startswith("0") else bare
    digits = bare.removeprefix("+")
    if not re.fullmatch(r"\+[1-9][0-9]+", bare) or len(digits) not in E164:
        return None
    if digits.startswith(NETHERLANDS) and not re.fullmatch(rf"{NETHERLANDS}[1-9][0-9]{{{NATIONAL - 1}}}", digits):
        return None
    return bare


def _address(text: str) -> str | None:
    """Postcode, number, addition: what a street is called is written in too many ways."""
    found = POSTCODE.fullmatch(re.sub(r"^([0-9]{4})\s+", r"\1", text))
    if not found:
        return None
    postcode, letters, number, rest = found.groups()
    addition = re.sub(r"[\s.,/-]", "", rest)
    if not ADDITION.fullmatch(addition):
        return None
    return f"{postcode}{letters} {number} {addition}".strip()


def _iban(text: str) -> str | None:
    """ISO 13616: the check digits must hold, so that a slip of the pen matches nobody."""
    bare = re.sub(r"[\s.-]", "", text)
    if not IBAN.fullmatch(bare):
        return None
    turned = "".join(str(int(char, 36)) for char in bare[4:] + bare[:4])
    return bare if int(turned) % 97 == 1 else None
