"""The catalogue of measures as it holds on a day: services, forms and pages ask here what a kind is."""

from collections.abc import Collection, Mapping
from datetime import date

from cases.models import CatalogueEntry
from stelsel.kernel.errors import Fault, Invalid, gettext_noop


def catalogue_on(day: date) -> dict[str, CatalogueEntry]:
    """The kinds that can be ordered on `day`, by code: what is directed at persons first, the strongest first."""
    found = CatalogueEntry.objects.in_force(on=day).order_by("-directed", "-resistance", "code")
    return {entry.code: entry for entry in found}


def known_kinds(codes: Collection[str], *, on: date) -> Mapping[str, CatalogueEntry]:
    """The catalogue of `on`, when all of `codes` are in it.

    Raises:
        Invalid: a kind is not in the catalogue on that day.
    """
    catalogue = catalogue_on(on)
    if not set(codes) <= catalogue.keys():
        fault = Fault("kinds", "unknown_kind", gettext_noop("This measure is not in the catalogue on this day."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    return catalogue


class Dated:
    """The whole catalogue, read once, for rows that were ordered on different days."""

    def __init__(self) -> None:
        self._entries: dict[str, list[CatalogueEntry]] = {}
        for entry in CatalogueEntry.objects.order_by("code", "in_force"):
            self._entries.setdefault(entry.code, []).append(entry)

    def entry(self, code: str, *, on: date) -> CatalogueEntry:
        """The entry that held on the day of the order; for what was ordered before its first entry, that one.

        Raises:
            KeyError: the code was never in the catalogue.
        """
        entries = self._entries[code]
        return next((entry for entry in entries if on in entry.in_force), entries[0])
