"""Continuity report (R049): every measure before authority passed and now, per person; red where one would fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import MEASURE_LIFECYCLE, RED, Course, Fate, MeasureState, fate
from cases.models import Case, CloseRelation, Designation, Handover, Measure, MeasureReport, Person
from cases.models.measure import MEASURE_STATES

FATES: dict[Fate, str | Promise] = {
    Fate.CONTINUES: _("goes on"),
    Fate.NEW: _("new"),
    Fate.REPLACED: _("replaced by another"),
    Fate.ENDED: _("ended by decision"),
    Fate.FALLS: _("not in place any more"),
    Fate.RUNS_OUT: _("runs out: not reviewed"),
}
TARGET = {move.name: move.target for move in MEASURE_LIFECYCLE.moves}


@dataclass(frozen=True)
class Line:
    """One measure: its state when authority passed (None: not ordered yet), its state now, and what that means."""

    measure: Measure
    before: MeasureState | None
    now: MeasureState
    fate: Fate

    @property
    def red(self) -> bool:
        return self.fate in RED

    @property
    def before_label(self) -> str | Promise:
        return dict(MEASURE_STATES)[self.before] if self.before else ""

    @property
    def fate_label(self) -> str | Promise:
        return FATES[self.fate]


@dataclass(frozen=True)
class Continuity:
    """What a handover means for one person of the case; somebody without measures is there, too."""

    person: Person
    relation: str
    household: bool
    lines: Sequence[Line]


def passed_at(handover: Handover) -> datetime:
    """When authority passed: the designation in force, or the opening of the file."""
    starts = Designation.objects.filter(case=handover.case_id, ends_at=None).values_list("starts_at", flat=True)
    return next(iter(starts), handover.created_at)


def continuity(handover: Handover, *, on: date | None = None) -> list[Continuity]:
    """The report, in four queries however many measures. Part of a service.

    `on` is the day on which a review date counts as passed; without it, dates are left out of account.
    """
    case = handover.case
    passed = passed_at(handover)
    measures = list(Measure.objects.filter(case=case).select_related("person").order_by("ordered_at", "kind", "pk"))
    courses = _courses(measures)
    replaced = {(one.person_id, one.kind) for one in measures if one.state != MeasureState.ENDED}
    lines: dict[UUID, list[Line]] = {}
    for measure in measures:
        before, now = courses[measure.pk].state_at(passed), MeasureState(measure.state)
        found = fate(
            before,
            now,
            replaced=(measure.person_id, measure.kind) in replaced,
            review_passed=on is not None and measure.review_due < on,
        )
        if found is not None:
            lines.setdefault(measure.person_id, []).append(Line(measure, before, now, found))
    return [
        Continuity(person, relation, household, lines.get(person.pk, []))
        for person, relation, household in _people(case)
    ]


def _people(case: Case) -> list[tuple[Person, str, bool]]:
    near = CloseRelation.objects.filter(case=case).select_related("person").order_by("created_at", "pk")
    return [(case.person, "", True), *((one.person, one.get_kind_display(), one.core_household) for one in near)]


def _courses(measures: Sequence[Measure]) -> dict[UUID, Course]:
    steps: dict[UUID, list[tuple[datetime, MeasureState]]] = {measure.pk: [] for measure in measures}
    for measure_id, step, at in MeasureReport.objects.filter(measure__in=measures).values_list(
        "measure_id", "step", "reported_at"
    ):
        if step in TARGET:
            steps[measure_id].append((at, TARGET[step]))
    return {one.pk: Course(one.ordered_at, tuple(steps[one.pk]), one.ended_at) for one in measures}


def signed_lines(handover: Handover) -> list[list[str]]:
    """What both sides sign of the report: facts alone, so that a passing day changes no signature."""
    return [
        [one.person.pseudonym, line.measure.kind, str(line.measure.pk), line.fate]
        for one in continuity(handover)
        for line in one.lines
    ]
