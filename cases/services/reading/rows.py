"""One record of a case with its texts opened, for those whose role needs that part of the case."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models

from cases.demarcation import is_block_alone
from cases.models import (
    ActivityRequest,
    AdoptedPicture,
    AgendaItem,
    Agreement,
    Approval,
    AuthorityReturn,
    Breach,
    Case,
    CaseMerge,
    Compensation,
    Complaint,
    ConditionCheck,
    ContactPlan,
    DecisionCondition,
    DecisionReview,
    Demarcation,
    Designation,
    Distinction,
    DutyAnswers,
    EmployerMeasure,
    Escalation,
    Expectation,
    ExpectationQuestion,
    GuardIncident,
    Handover,
    InformDuty,
    Judgement,
    LevelDecision,
    MayorNotice,
    Measure,
    MeasureAdvice,
    MeetingAgreement,
    Nomination,
    Package,
    Promise,
    RaisedRiskMoment,
    Ratification,
    Recusal,
    RelativeDesignation,
    Responsibility,
    Telling,
)
from cases.policies import may_see
from cases.querysets import CaseScoped
from cases.services import case as cases
from cases.services.care import life
from stelsel.kernel import audit, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.models import User
from stelsel.kernel.models.trail import AuditEntry

M = TypeVar("M", bound=models.Model)

TEXTS: dict[type[models.Model], tuple[str, ...]] = {
    Nomination: ("what_happened", "measures_now", "assessment", "withdrawal"),
    AgendaItem: ("reason", "minutes", "outcome_reason"),
    Judgement: ("proposal", "information_used", "reasons"),
    Designation: ("reasons",),
    AuthorityReturn: ("reasons",),
    Demarcation: ("reason", "back_reason"),
    Escalation: ("reasons", "answer"),
    CaseMerge: ("reason", "answer", "undo_reason"),
    Distinction: ("reason",),
    Handover: ("return_reason", "continuity_note"),
    AdoptedPicture: ("summary", "handling_advice", "kept_at"),
    LevelDecision: ("reasons",),
    MeasureAdvice: ("advice", "guard_safety"),
    Package: (
        "alternatives",
        "household_effect",
        "necessity",
        "proportionality",
        "subsidiarity",
        "residual_risk",
        "review_trigger",
        "exit_criteria",
        "decision_reasons",
        "infeasible_statement",
        "same_because",
    ),
    DecisionCondition: ("text",),
    ConditionCheck: ("note",),
    Approval: ("reasons",),
    Recusal: ("reason", "end_reason"),
    RelativeDesignation: ("grounds", "reasons", "end_grounds", "end_reasons"),
    DecisionReview: ("reasons",),
    Ratification: ("why", "reasons"),
    Measure: ("end_reason",),
    InformDuty: ("told",),
    DutyAnswers: life.TEXTS,
    Responsibility: ("reason",),
    ActivityRequest: ("wish", "reasons"),
    Compensation: ("ground", "decision"),
    Complaint: ("text", "finding"),
    Agreement: ("text",),
    Expectation: ("name", "text", "said"),
    ExpectationQuestion: ("question", "answer"),
    EmployerMeasure: ("employer", "what", "note"),
    Breach: ("facts", "said", "consequences", "alternatives", "residual_risk", "reasons"),
    GuardIncident: ("text", "answer"),
    ContactPlan: ("escalation", "may_be_told"),
    Promise: ("text",),
    Telling: ("told", "withheld"),
    RaisedRiskMoment: ("description", "evaluation"),
    MayorNotice: ("consequences",),
    MeetingAgreement: ("what",),
}


BESIDE_A_BLOCK = frozenset({"authority", "access"})
"""The parts that a case shows when another regime holds the person and nothing may be known here."""


@dataclass(frozen=True)
class Opened(Generic[M]):
    """A record, its case, and its sealed texts in the clear by field."""

    row: M
    case: Case
    texts: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class LastChange:
    """Who changed a record last, and when."""

    by: str
    at: datetime


@act
def open_case_file(*, case_id: UUID, part: str = "authority", actor: Actor, at: datetime) -> Case:
    """The case for one of its pages; the look at it is logged.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role does not need this part, or the case is about the actor.
    """
    case: Case = (
        Case.objects.visible_to(actor, at=at)
        .select_related("person", "office", "case_manager", "decider")
        .get(pk=case_id)
    )
    cases.require_no_conflict(actor, case)
    require(may_see(part, actor))
    require_no_block(case, part=part)
    audit.saw([(case.person_id, case.pk)])
    return case


def require_no_block(case: Case, *, part: str) -> None:
    """Of who is in witness protection the pages show that it blocks, and nothing else of the case (R002).

    Raises:
        Forbidden: this part holds content.
    """
    if is_block_alone(case.demarcation) and part not in BESIDE_A_BLOCK:
        raise cases.other_regime()


def texts_of(row: models.Model, box: vault.Box) -> dict[str, str]:
    return {name: box.open(row, name) for name in TEXTS[type(row)]}


def _open(rows: CaseScoped[Any], wanted: UUID, *, part: str, actor: Actor, at: datetime) -> Opened[Any]:
    row = rows.visible_to(actor, at=at).select_related("case__person", "case__office").get(pk=wanted)
    cases.require_no_conflict(actor, row.case)
    require(may_see(part, actor))
    require_no_block(row.case, part=part)
    audit.saw([(row.case.person_id, row.case_id)])
    return Opened(row=row, case=row.case, texts=texts_of(row, vault.box(row.case.person.key_id)))


@act
def read_nomination(*, nomination_id: UUID, actor: Actor, at: datetime) -> Opened[Nomination]:
    rows = Nomination.objects.select_related("filled_by", "completed_by", "signature")
    return _open(rows, nomination_id, part="nomination", actor=actor, at=at)


@act
def read_agenda_item(*, item_id: UUID, actor: Actor, at: datetime) -> Opened[AgendaItem]:
    rows = AgendaItem.objects.select_related("nomination", "table__office", "table__chair", "minuted_by", "outcome_by")
    return _open(rows, item_id, part="triage", actor=actor, at=at)


@act
def read_judgement(*, nomination_id: UUID, actor: Actor, at: datetime) -> Opened[Judgement]:
    """The judgement on a nomination.

    Raises:
        Judgement.DoesNotExist: not visible, or not prepared yet.
    """
    require(may_see("judgement", actor))
    rows = Judgement.objects.select_related("prepared_by", "decided_by")
    wanted = rows.visible_to(actor, at=at).values_list("pk", flat=True).get(nomination_id=nomination_id)
    return _open(rows, wanted, part="judgement", actor=actor, at=at)


@act
def read_designation(*, designation_id: UUID, actor: Actor, at: datetime) -> Opened[Designation]:
    rows = Designation.objects.select_related("decided_by", "urgent_request")
    return _open(rows, designation_id, part="judgement", actor=actor, at=at)


@act
def read_handover(*, handover_id: UUID, actor: Actor, at: datetime) -> Opened[Handover]:
    rows = Handover.objects.select_related("offered_signature", "accepted_signature")
    return _open(rows, handover_id, part="handover", actor=actor, at=at)


@act
def read_picture(*, picture_id: UUID, actor: Actor, at: datetime) -> Opened[AdoptedPicture]:
    rows = AdoptedPicture.objects.select_related("adopted_by")
    return _open(rows, picture_id, part="picture", actor=actor, at=at)


@act
def read_level(*, level_id: UUID, actor: Actor, at: datetime) -> Opened[LevelDecision]:
    rows = LevelDecision.objects.select_related("decided_by")
    return _open(rows, level_id, part="level", actor=actor, at=at)


@act
def read_advice(*, advice_id: UUID, actor: Actor, at: datetime) -> Opened[MeasureAdvice]:
    rows = MeasureAdvice.objects.select_related("advised_by")
    return _open(rows, advice_id, part="level", actor=actor, at=at)


@act
def read_package(*, package_id: UUID, actor: Actor, at: datetime) -> Opened[Package]:
    rows = Package.objects.select_related("level__picture__case", "advice", "prepared_by", "decided_by")
    return _open(rows, package_id, part="package", actor=actor, at=at)


@act
def read_measure(*, measure_id: UUID, actor: Actor, at: datetime) -> Opened[Measure]:
    return _open(Measure.objects.select_related("person"), measure_id, part="measures", actor=actor, at=at)


@act
def read_incident(*, incident_id: UUID, actor: Actor, at: datetime) -> Opened[GuardIncident]:
    rows = GuardIncident.objects.select_related("measure__person", "reported_by", "answered_by")
    return _open(rows, incident_id, part="measures", actor=actor, at=at)


@act
def read_duty(*, duty_id: UUID, actor: Actor, at: datetime) -> Opened[InformDuty]:
    return _open(InformDuty.objects.select_related("person", "contact"), duty_id, part="contact", actor=actor, at=at)


def newest_picture(case: Case) -> AdoptedPicture | None:
    return AdoptedPicture.objects.filter(case=case).order_by("-adopted_at", "-picture_version").first()


def newest_level(case: Case) -> LevelDecision | None:
    return LevelDecision.objects.filter(case=case).order_by("-decided_at", "pk").first()


def last_change(subject: models.Model) -> LastChange | None:
    """Who did the last act on this record, by the trail."""
    entry = (
        AuditEntry.objects.filter(target=subject._meta.label_lower, target_id=str(subject.pk), outcome="done")
        .order_by("-id")
        .first()
    )
    if entry is None:
        return None
    by = User.objects.filter(pk=entry.actor_id).first() if entry.actor_id else None
    return LastChange(by=by.get_full_name() if by else "", at=entry.at)
