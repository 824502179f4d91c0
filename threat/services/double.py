"""The double run: until the switch date the level of earlier products stands beside that of the picture (R072)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, gettext_noop
from threat.lifecycle import OPEN_PICTURES
from threat.models import Consultation, LocalLevel, OldLevel, Picture
from threat.policies import may_make_picture, may_see_analysis
from threat.scoring.local import must_consult
from threat.services.case import box_for, refuse_if, text_faults
from threat.services.local import LevelView, mapped_views, newest_of_each
from threat.services.pictures import locked_picture

SHOWN = 200
TWO_APART = Fault(
    "",
    "two_apart",
    gettext_noop("An earlier product lies two or more levels from this one. Consult its supplier and record it first."),
)
MESSAGES = {
    "level": gettext_noop("Choose the product that was consulted about."),
    "ahead": gettext_noop("This lies ahead."),
    "final": gettext_noop("This version of the picture is final: nothing is recorded about it."),
}


def runs(*, at: datetime) -> bool:
    """Whether earlier products still count beside the picture: until the switch date, or while there is none."""
    end = settings.SWITCH_DATE
    return not end or timezone.localdate(at) < date.fromisoformat(end)


def earlier_levels(case_id: UUID, *, at: datetime) -> list[LevelView]:
    """The newest level of each product of the case that is not withdrawn, mapped or not; none after the switch date."""
    if not runs(at=at):
        return []
    rows = LocalLevel.objects.filter(case_id=case_id, product__withdrawn_at=None)
    return mapped_views(newest_of_each(rows), at=at)


def apart(picture: Picture, likelihood: int | None, *, at: datetime) -> list[Fault]:
    """Why the picture cannot be adopted with this level: an earlier product is far off, and nobody was consulted."""
    far = {
        each.row.pk
        for each in earlier_levels(picture.case_id, at=at)
        if each.mapped and must_consult(each.mapped.level, likelihood)
    }
    if not far:
        return []
    consulted = set(Consultation.objects.filter(picture=picture).values_list("level_id", flat=True))
    return [TWO_APART] if far - consulted else []


def keep_earlier_levels(picture: Picture, *, at: datetime) -> None:
    """Freeze what earlier products said beside the level that is adopted. Part of adopting."""
    if picture.likelihood is None:
        return
    for each in earlier_levels(picture.case_id, at=at):
        if each.mapped:
            OldLevel(
                case_id=picture.case_id,
                picture=picture,
                level=each.row,
                old=each.mapped.level,
                new=picture.likelihood,
                marking=each.row.marking,
                marked_until=each.row.marked_until,
                data_regime=each.row.data_regime,
                kept_at=at,
            ).save(force_insert=True)


@act
def record_consultation(
    *, picture_id: UUID, level_id: UUID | None, partner: str, outcome: str, held_on: date, actor: Actor, at: datetime
) -> Consultation:
    """Record that the supplier was consulted: with whom, when, and what came of it.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Conflict: the picture was adopted or abandoned.
        Invalid: no product of this case, a day ahead, or something not filled in; every fault is named.
    """
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    if picture.state not in OPEN_PICTURES:
        raise Conflict("final", MESSAGES["final"])
    faults = text_faults(partner=partner, outcome=outcome)
    known: dict[UUID | None, LocalLevel] = {each.row.pk: each.row for each in earlier_levels(picture.case_id, at=at)}
    if held_on > timezone.localdate(at):
        faults.append(Fault("held_on", "ahead", MESSAGES["ahead"]))
    if level_id not in known:
        faults.append(Fault("level_id", "invalid", MESSAGES["level"]))
    refuse_if(faults)
    level = known[level_id]
    row = Consultation(
        case_id=picture.case_id,
        picture=picture,
        level=level,
        held_on=held_on,
        marking=level.marking,
        marked_until=level.marked_until,
        data_regime=level.data_regime,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    box, key = box_for(picture.case), picture.case.person.key_id
    box.seal(row, "partner", partner.strip(), key=key)
    box.seal(row, "outcome", outcome.strip(), key=key)
    row.save(force_insert=True)
    audit.record("picture.consult", row, scope=row.case_id)
    return row


@dataclass(frozen=True)
class DoubleRun:
    """How earlier products and adopted pictures differ, over the cases this actor sees: at most 200 rows."""

    rows: Sequence[OldLevel]

    @property
    def counts(self) -> tuple[int, int, int]:
        """The same level, one apart, and two or more apart."""
        same, one = (sum(row.apart == distance for row in self.rows) for distance in (0, 1))
        return same, one, len(self.rows) - same - one


@act
def read_double_run(*, actor: Actor, at: datetime) -> DoubleRun:
    """The difference report, newest first.

    Raises:
        Forbidden: no analyst.
    """
    require(may_see_analysis(actor))
    rows = OldLevel.objects.visible_to(actor, at=at).select_related("case__person", "level__product__supplier")
    found = list(rows.order_by("-kept_at", "pk")[:SHOWN])
    audit.saw([(row.case.person_id, row.case_id) for row in found], kind="list")
    return DoubleRun(found)
