"""Promise against reality: what was ordered, what is there, and what the family was told, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Correction, InformDuty, Measure
from cases.policies import may_see
from cases.services import case as cases
from cases.services.catalogue import Dated
from cases.services.measures import in_place_due
from cases.services.promises import NOT_THERE
from cases.services.reading.rows import open_case_file
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import NotVisible

SIZES: Final = (25, 50, 100)


@dataclass(frozen=True)
class Told:
    """What a person was told about a measure: by the duty to inform (`how`: a code of its list) or by a correction."""

    at: datetime
    how: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Promise:
    """A measure beside what the family was told. `duty` is open while nobody told them; `due` is a house norm."""

    measure: Measure
    due: datetime
    there: bool
    duty: InformDuty | None
    told: Sequence[Told]
    at: datetime

    @property
    def late(self) -> bool:
        """Not there, and the promised day or else the norm went by."""
        if self.there:
            return False
        promised = self.measure.promised_on
        return promised < self.at.date() if promised else self.due <= self.at

    @property
    def wrong(self) -> bool:
        """The family was told of it, and it is not there."""
        return bool(self.told) and not self.there

    @property
    def days(self) -> int:
        """For how many days it has been ordered and not there."""
        return (self.at - self.measure.ordered_at).days

    @property
    def verification_late(self) -> bool:
        due = self.measure.verify_due
        return due is not None and due < self.at.date()


@act
def read_promises(*, case_id: UUID, actor: Actor, at: datetime) -> tuple[Case, list[Promise]]:
    """Every measure in force of one case beside what was told about it.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role keeps no contact with the family.
    """
    case = open_case_file(case_id=case_id, part="contact", actor=actor, at=at)
    rows = list(Measure.objects.filter(case=case).in_force().select_related("person", "planned", "case__person"))
    rows.sort(key=lambda one: (one.person_id != case.person_id, one.person.pseudonym, one.ordered_at, one.kind))
    audit.saw([(key, case.pk) for key in {one.person_id for one in rows}])
    return case, promises_on(rows, box=cases.box_for(case), at=at)


@dataclass(frozen=True)
class Waiting:
    """Part of the list of promises that were not kept yet, and the cursor of what follows ("" at the end)."""

    rows: Sequence[Promise]
    following: str


SHOW: Final[dict[str, Q]] = {
    "": Q(),
    "told": Q(was_told=True),
    "chased": Q(chased_at__isnull=False),
    "undated": Q(promised_on=None),
}


@act
def list_promises(*, show: str, after: str, size: int, actor: Actor, at: datetime) -> Waiting:
    """What was ordered and is not in place over all cases one may see, the oldest order first.

    Raises:
        Forbidden: the role keeps no contact with families.
    """
    require(may_see("contact", actor))
    told = InformDuty.objects.filter(subject_id=OuterRef("planned__package_id"), settled_at__isnull=False).exclude(
        channel=""
    )
    rows = (
        Measure.objects.visible_to(actor, at=at)
        .filter(state__in=NOT_THERE)
        .annotate(was_told=Exists(told))
        .filter(SHOW.get(show, Q()), _beyond(after))
        .select_related("case__person", "person", "planned")
        .order_by("ordered_at", "pk")
    )
    found = list(rows[: size + 1])
    shown = found[:size]
    audit.saw([(one.person_id, one.case_id) for one in shown], kind="list")
    box = vault.box(*{one.case.person.key_id for one in shown})
    last = shown[-1] if len(found) > size else None
    return Waiting(
        rows=promises_on(shown, box=box, at=at),
        following=f"{last.ordered_at.isoformat()}~{last.pk}" if last else "",
    )


def _beyond(cursor: str) -> Q:
    if not cursor:
        return Q()
    try:
        instant, _, key = cursor.partition("~")
        moment, last = datetime.fromisoformat(instant), UUID(key)
    except ValueError as error:
        raise NotVisible from error
    return Q(ordered_at__gt=moment) | Q(ordered_at=moment, pk__gt=last)


def promises_on(rows: Sequence[Measure], *, box: vault.Box, at: datetime) -> list[Promise]:
    """In three queries, however many measures."""
    catalogue = Dated()
    packages = {one.planned.package_id for one in rows if one.planned is not None}
    duties = {duty.subject_id: duty for duty in InformDuty.objects.filter(about="decision", subject_id__in=packages)}
    corrections: dict[UUID, list[Correction]] = {}
    for one in Correction.objects.filter(measure__in=rows).select_related("entry").order_by("entry__at", "pk"):
        corrections.setdefault(one.measure_id, []).append(one)
    made = []
    for measure in rows:
        duty = duties.get(measure.planned.package_id) if measure.planned is not None else None
        made.append(
            Promise(
                measure=measure,
                due=in_place_due(measure, catalogue),
                there=measure.state not in NOT_THERE,
                duty=duty,
                told=list(_told(duty, corrections.get(measure.pk, []), box)),
                at=at,
            )
        )
    return made


def _told(duty: InformDuty | None, corrections: Iterable[Correction], box: vault.Box) -> Iterable[Told]:
    if duty is not None and duty.settled_at is not None and duty.channel:
        yield Told(duty.settled_at, duty.channel, box.open(duty, "told"))
    for correction in corrections:
        yield Told(correction.entry.at, "", box.open(correction.entry, "text"))
