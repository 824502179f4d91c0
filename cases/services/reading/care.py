"""What the pages of the duty of care read; what each shows of a person is logged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import (
    ActivityRequest,
    Agreement,
    Breach,
    Case,
    Compensation,
    Complaint,
    Designation,
    DutyAnswers,
    EmployerMeasure,
    Expectation,
    ExpectationQuestion,
    Measure,
    Nomination,
    Package,
    Responsibility,
)
from cases.models.care.life import Occasion
from cases.policies import may_open_complaint, may_see
from cases.services import case as cases
from cases.services.care.compensation import term_of
from cases.services.care.complaints import last_day
from cases.services.care.life import occasion_of
from cases.services.reading.rows import Opened, _open, newest_picture, texts_of
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.models import WorkItem

SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A record of a list with its texts in the clear."""

    row: Any
    texts: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class Subject:
    """A decision that the four answers can be about."""

    occasion: str
    subject_id: UUID
    label: str | Promise
    needed: bool = False

    @property
    def key(self) -> str:
        return f"{self.occasion}:{self.subject_id}"


def lines(case: Case, found: "Iterable[models.Model]") -> list[Line]:
    """Records of one case, opened."""
    box = cases.box_for(case)
    return [Line(row, texts_of(row, box)) for row in found]


def newest(rows: "models.QuerySet[Any]", *order: str) -> "models.QuerySet[Any]":
    """The first of a list; a case does not have more of these than can be read."""
    return rows.order_by(*order)[:SHOWN]


def answers_of(case: Case) -> list[Line]:
    found = DutyAnswers.objects.filter(case=case).select_related("written_by", "signed_by")
    return lines(case, newest(found, "-written_at", "pk"))


def subjects(case: Case, actor: Actor) -> list[Subject]:
    """The decisions that lie there now, for a role that needs them; and the case itself."""
    found = [*_of_package(case), *_of_measures(case)] if may_see("measures", actor) else []
    picture = newest_picture(case) if may_see("picture", actor) else None
    nomination = Nomination.objects.filter(case=case, state="prepared").first()
    designation = Designation.objects.filter(case=case, ends_at=None).first()
    if picture:
        found.insert(0, Subject(Occasion.LEVEL, picture.pk, Occasion.LEVEL.label))
    if nomination:
        found.insert(0, Subject(Occasion.REJECTION, nomination.pk, Occasion.REJECTION.label))
    if designation:
        found.append(Subject(Occasion.RETURN, designation.pk, Occasion.RETURN.label))
    own = (Occasion.DISPLACEMENT, Occasion.OTHER)
    return [*found, *(Subject(one, case.pk, one.label) for one in own)]


def _of_package(case: Case) -> list[Subject]:
    package = Package.objects.filter(case=case, state__in=["draft", "returned", "submitted"]).first()
    if package is None:
        return []
    occasion, needed = occasion_of(package)
    return [Subject(occasion, package.pk, Occasion(occasion).label, needed)]


def _of_measures(case: Case) -> list[Subject]:
    found = Measure.objects.filter(case=case).in_force().select_related("person").order_by("ordered_at", "kind", "pk")
    return [
        Subject(Occasion.ENDING, one.pk, f"{Occasion.ENDING.label}: {one.get_kind_display()}, {one.person.pseudonym}")
        for one in found
    ]


@dataclass(frozen=True)
class Duty:
    """How the four answers stand at one decision: whether they must be there, and whether they are signed."""

    subject: Subject
    signed_at: datetime | None


def duty_at(case: Case, occasion: str, subject_id: UUID, *, needed: bool = False) -> Duty:
    """How the four answers stand at this decision."""
    newest = DutyAnswers.objects.filter(case=case, occasion=occasion, subject_id=subject_id).order_by("-number").first()
    return Duty(Subject(occasion, subject_id, "", needed), newest.signed_at if newest else None)


def duty_of_return(case: Case) -> Duty | None:
    """How they stand at giving authority back; None where the person is not designated."""
    designation = Designation.objects.filter(case=case, ends_at=None).first()
    return duty_at(case, Occasion.RETURN, designation.pk, needed=True) if designation else None


def duty_of(package: Package) -> Duty:
    occasion, needed = occasion_of(package)
    return duty_at(package.case, occasion, package.pk, needed=needed)


@act
def read_answers(*, answers_id: UUID, actor: Actor, at: datetime) -> Opened[DutyAnswers]:
    rows = DutyAnswers.objects.select_related("written_by", "signed_by")
    return _open(rows, answers_id, part="answers", actor=actor, at=at)


@act
def read_breach(*, breach_id: UUID, actor: Actor, at: datetime) -> Opened[Breach]:
    rows = Breach.objects.select_related("person", "agreement", "recorded_by", "decided_by")
    return _open(rows, breach_id, part="care", actor=actor, at=at)


def agreement_of(opened: Opened[Breach]) -> str:
    """The agreement that was not kept; empty where there was none."""
    agreement = opened.row.agreement
    return cases.box_for(opened.case).open(agreement, "text") if agreement else ""


@dataclass(frozen=True)
class Borne:
    """A measure with who is responsible now, who bears the cost, and since when."""

    measure: Measure
    now: Responsibility
    reason: str = field(repr=False)


def matrix(case: Case) -> list[Borne]:
    """Every measure in force with its responsible party and cost bearer; no amounts."""
    found = Responsibility.objects.filter(case=case, period__upper_inf=True).exclude(measure__state="ended")
    box = cases.box_for(case)
    rows = found.select_related("measure__person", "settled_by").order_by("measure__ordered_at", "measure__kind", "pk")
    audit.saw([(key, case.pk) for key in {row.measure.person_id for row in rows}])
    return [Borne(row.measure, row, box.open(row, "reason")) for row in rows]


@act
def read_responsibility(*, measure_id: UUID, actor: Actor, at: datetime) -> tuple[Opened[Measure], list[Line]]:
    """A measure with everybody who was responsible for it, newest first."""
    measures = Measure.objects.select_related("person")
    opened: Opened[Measure] = _open(measures, measure_id, part="responsibility", actor=actor, at=at)
    found = Responsibility.objects.filter(measure=opened.row).select_related("settled_by")
    return opened, lines(opened.case, newest(found, "-period"))


def agreements_of(case: Case) -> list[Line]:
    found = Agreement.objects.filter(case=case).select_related("person", "made_by")
    return lines(case, newest(found, "-made_at", "pk"))


def breaches_of(case: Case) -> list[Line]:
    found = Breach.objects.filter(case=case).select_related("person")
    return lines(case, newest(found, "-recorded_at", "pk"))


def expectations_of(case: Case) -> list[Line]:
    """Every version that was written, the newest first."""
    found = Expectation.objects.filter(case=case).select_related("written_by", "recorded_by", "replaced_by")
    return lines(case, newest(found, "-written_at", "pk"))


def questions_of(case: Case) -> list[Line]:
    """Questions without an answer first, then the newest."""
    found = ExpectationQuestion.objects.filter(case=case).select_related("recorded_by", "answered_by")
    return lines(case, newest(found, "-answered_at", "-asked_on", "pk"))


def employer_measures_of(case: Case) -> list[Line]:
    found = EmployerMeasure.objects.filter(case=case).select_related("agreed_by", "looked_by")
    return lines(case, newest(found, "-agreed_at", "pk"))


def waiting_for(case: Case, kind: str) -> set[UUID]:
    """The records of a case that work of this kind is open about."""
    found = WorkItem.objects.filter(scope_id=case.pk, kind=kind, closed_at=None)
    return set(found.values_list("subject_id", flat=True))


def activities_of(case: Case) -> list[Line]:
    found = ActivityRequest.objects.filter(case=case).select_related("person")
    return lines(case, newest(found, "-asked_at", "pk"))


@act
def read_activity(*, activity_id: UUID, actor: Actor, at: datetime) -> Opened[ActivityRequest]:
    rows = ActivityRequest.objects.select_related("person", "asked_by", "decided_by")
    return _open(rows, activity_id, part="care", actor=actor, at=at)


def compensations_of(case: Case) -> list[tuple[Compensation, date]]:
    """Each request with the last day of its term; no texts."""
    found = Compensation.objects.filter(case=case).select_related("person")
    return [(row, term_of(row).last_day) for row in newest(found, "-received_on", "pk")]


@act
def read_compensation(*, compensation_id: UUID, actor: Actor, at: datetime) -> Opened[Compensation]:
    rows = Compensation.objects.select_related("person", "received_by", "decided_by", "objection_by")
    return _open(rows, compensation_id, part="care", actor=actor, at=at)


def complaints_of(case: Case) -> list[tuple[Complaint, date]]:
    """Each complaint with the last day to settle it; no texts: only its own page opens them."""
    found = Complaint.objects.filter(case=case).select_related("person", "handler")
    return [(row, last_day(row)) for row in newest(found, "-received_on", "pk")]


@act
def read_complaint(*, complaint_id: UUID, actor: Actor, at: datetime) -> Opened[Complaint]:
    """A complaint with its text, for legal officers and who recorded it."""
    rows = Complaint.objects.select_related("person", "recorded_by", "handler")
    opened: Opened[Complaint] = _open(rows, complaint_id, part="complaints", actor=actor, at=at)
    require(may_open_complaint(actor, recorded_by=opened.row.recorded_by_id))
    return opened


@dataclass(frozen=True)
class Topic:
    """A subject of the duty of care: its page, the part of the case that shows it, and its kinds of work."""

    code: str
    label: str | Promise
    part: str
    kinds: frozenset[str] = frozenset()


TOPICS = (
    Topic("answers", _("Article 2 ECHR"), "answers"),
    Topic("responsibility", _("Responsibility"), "responsibility", frozenset({"care.responsibility"})),
    Topic("activities", _("Activities"), "care", frozenset({"care.activity"})),
    Topic("compensations", _("Compensation"), "care", frozenset({"care.compensation", "care.notify"})),
    Topic("complaints", _("Complaints"), "complaints", frozenset({"care.take_complaint", "care.settle_complaint"})),
    Topic("expectations", _("Expectations"), "care", frozenset({"care.expectation", "care.question"})),
    Topic("employer", _("Employer"), "care", frozenset({"care.employer", "care.employer_lapsed"})),
    Topic("cooperation", _("Agreements"), "care", frozenset({"care.talk", "care.letter", "care.decide"})),
)


def topics(actor: Actor) -> list[Topic]:
    """The subjects that this role needs."""
    return [one for one in TOPICS if may_see(one.part, actor)]


@dataclass(frozen=True)
class Waits:
    """What of one subject waits on a case: how much, and the first clock."""

    topic: Topic
    count: int
    due_at: datetime | None


@act
def panel(case_id: UUID, *, actor: Actor, at: datetime) -> dict[str, list[Waits]]:  # noqa: ARG001  # @act binds it
    """The block on the case page: what of the duty of care waits, by subject. One query."""
    items = WorkItem.objects.filter(scope_id=case_id, closed_at=None, kind__startswith="care.")
    waiting = list(items.values_list("kind", "due_at"))
    found = []
    for topic in topics(actor):
        dues = [due for kind, due in waiting if kind in topic.kinds]
        found.append(Waits(topic, len(dues), min((due for due in dues if due), default=None)))
    return {"waits": found}
