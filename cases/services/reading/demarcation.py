"""Where a person was beside the scheme and the local domain, as the page of it reads that."""

from dataclasses import dataclass, field

from cases.models import Case, Demarcation
from cases.services import case as cases
from cases.services.reading.choices import Choice
from cases.services.reading.rows import texts_of
from stelsel.kernel.models import Organisation, OrganisationKind

RECEIVERS = (
    OrganisationKind.POLICE_LX,
    OrganisationKind.POLICE_REGION,
    OrganisationKind.KMAR,
    OrganisationKind.PROSECUTION,
    OrganisationKind.MUNICIPALITY,
)
"""Kinds of organisation that can be the contact point of another regime."""


@dataclass(frozen=True)
class Went:
    """One demarcation with its texts in the clear."""

    row: Demarcation
    texts: dict[str, str] = field(repr=False)


def demarcations_of(case: Case) -> list[Went]:
    """All of a case, the newest first. Part of a page that opened the case."""
    found = Demarcation.objects.filter(case=case).select_related("receiver", "decided_by", "answered_by", "received_by")
    box = cases.box_for(case)
    return [Went(row, texts_of(row, box)) for row in found.order_by("-decided_at", "pk")]


def contact_points() -> list[Choice]:
    found = Organisation.objects.filter(kind__in=RECEIVERS).order_by("name", "pk")
    return [Choice(str(one.pk), one.name) for one in found]
