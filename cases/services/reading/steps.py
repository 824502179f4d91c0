"""What stands beside the record of a step: the checklist, planned measures, advice, reports. Parts of reading it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import Authority
from cases.models import (
    AdoptedPicture,
    Case,
    CatalogueEntry,
    EmergencyAccess,
    GuardIncident,
    Handover,
    LevelDecision,
    Measure,
    MeasureAdvice,
    MeasureReport,
    Package,
    PlannedMeasure,
    UrgentRequest,
)
from cases.services import case as cases
from cases.services.catalogue import Dated
from cases.services.continuity import Continuity, continuity
from cases.services.handover import Supplied, contents
from cases.services.reading.rows import Opened, texts_of
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor

STEPS: dict[str, str | Promise] = {
    "accept": _("Accepted"),
    "put_in_place": _("In place"),
    "verify": _("Verified"),
    "fall_away": _("Fell away"),
    "promise": _("A date was promised"),
    "chase": _("A date was asked for"),
    "review": _("Reviewed: it goes on"),
    "continue": _("Goes on by a new decision"),
    "reorder": _("Ordered anew by the chief prosecutor"),
}


@dataclass(frozen=True)
class Report:
    """What was reported about a measure, with its note."""

    report: MeasureReport
    label: str | Promise
    note: str = field(repr=False)


def read_checklist(opened: Opened[Handover]) -> list[Supplied]:
    return contents(opened.row)


def opened_continuity(opened: Opened[Handover], *, at: datetime) -> list[Continuity]:
    """Every measure before authority passed and now, per person; each person's is logged."""
    report = continuity(opened.row, on=at.date())
    audit.saw([(one.person.pk, opened.case.pk) for one in report])
    return report


def measures_in_force(case: Case) -> list[Measure]:
    found = Measure.objects.filter(case=case).in_force().select_related("person")
    return list(found.order_by("ordered_at", "kind", "pk"))


def ordered_by(request: UrgentRequest) -> list[Measure]:
    """What one call ordered."""
    return list(request.measures.select_related("person").order_by("kind", "pk"))


def advice_on(level: LevelDecision) -> MeasureAdvice | None:
    return MeasureAdvice.objects.filter(level=level).select_related("advised_by").first()


def advice_texts(opened: Opened[Package]) -> dict[str, str]:
    """The advice on the package's level, in the clear; empty without one."""
    advice = advice_on(opened.row.level)
    return texts_of(advice, cases.box_for(opened.case)) if advice else {"advice": "", "guard_safety": ""}


def handling_advice(opened: Opened[LevelDecision]) -> str:
    """What the picture advises those who handle it: all that passes the wall to the LCC beside the level."""
    picture = AdoptedPicture.objects.get(pk=opened.row.picture_id)
    return cases.box_for(opened.case).open(picture, "handling_advice")


def draft_on(level: LevelDecision) -> Package | None:
    """The package on this level that is still being written."""
    return Package.objects.filter(level=level, state__in=["draft", "returned"]).order_by("-prepared_at", "pk").first()


def standing_in(case: Case) -> list[Measure]:
    """The measures in force, for who writes what becomes of them."""
    return list(Measure.objects.in_force().filter(case=case).select_related("person").order_by("kind", "pk"))


def planned_of(package: Package) -> list[PlannedMeasure]:
    return list(package.planned.select_related("person").order_by("starts_on", "kind", "pk"))


def reports_on(opened: Opened[Measure]) -> list[Report]:
    found = MeasureReport.objects.filter(measure=opened.row).select_related("reported_by")
    box = cases.box_for(opened.case)
    return [
        Report(report=one, label=STEPS.get(one.step, one.step), note=box.open(one, "note"))
        for one in found.order_by("-reported_at", "pk")
    ]


def entry_of(measure: Measure) -> CatalogueEntry:
    """What the catalogue said of this kind on the day it was ordered."""
    return Dated().entry(measure.kind, on=measure.ordered_at.date())


def incidents_on(measure: Measure) -> list[GuardIncident]:
    return list(GuardIncident.objects.filter(measure=measure).order_by("-happened_at", "pk"))


def authority_over(person_id: UUID, *, at: datetime) -> Authority:
    return Authority(cases.authority_now(person_id, at=at).authority)


@act
def read_emergency(*, emergency_id: UUID, actor: Actor, at: datetime) -> EmergencyAccess:  # noqa: ARG001  # @act binds them
    """An emergency access for its review: who, which case number, why; nothing of the case."""
    return EmergencyAccess.objects.select_related("user", "reviewed_by").get(pk=emergency_id)
