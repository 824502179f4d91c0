"""Relatives outside the core household, and how far the designation of each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.models import Case, CloseRelation, RelativeDesignation
from cases.services.reading.rows import Opened, _open, open_case_file
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor


@dataclass(frozen=True)
class Relative:
    """Somebody close outside the core household, with the decisions about their designation, newest first."""

    relation: CloseRelation
    designations: Sequence[RelativeDesignation]

    @property
    def open(self) -> bool:
        """Whether one was proposed or holds: then no other is proposed."""
        return any(one.state not in ("declined", "ended") for one in self.designations)


@act
def read_relatives(*, case_id: UUID, actor: Actor, at: datetime) -> tuple[Case, list[Relative]]:
    """Two queries, whatever their number."""
    case = open_case_file(case_id=case_id, part="package", actor=actor, at=at)
    relations = CloseRelation.objects.filter(case=case, core_household=False).select_related("person")
    decided = list(RelativeDesignation.objects.filter(case=case).order_by("-proposed_at", "pk"))
    found = [
        Relative(relation=one, designations=[row for row in decided if row.person_id == one.person_id])
        for one in relations.order_by("created_at", "pk")
    ]
    audit.saw([(one.relation.person_id, case.pk) for one in found])
    return case, found


@act
def read_relative(*, relative_id: UUID, actor: Actor, at: datetime) -> Opened[RelativeDesignation]:
    rows = RelativeDesignation.objects.select_related(
        "person", "proposed_by", "decided_by", "end_proposed_by", "ended_by"
    )
    opened = _open(rows, relative_id, part="package", actor=actor, at=at)
    audit.saw([(opened.row.person_id, opened.row.case_id)])
    return opened
