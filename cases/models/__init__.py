"""Persons, cases, authority, nomination, designation, handover, decisions, measures and contact."""

from cases.models.attachment import Attachment
from cases.models.authority import AuthorityPeriod
from cases.models.batch import HandoverBatch, HandoverBatchItem
from cases.models.care import (
    ActivityRequest,
    Agreement,
    Breach,
    Compensation,
    Complaint,
    DutyAnswers,
    EmployerMeasure,
    Expectation,
    ExpectationQuestion,
    Party,
    Responsibility,
    Side,
)
from cases.models.case import Case, CaseGroupGrant, CaseUserGrant
from cases.models.catalogue import CatalogueEntry
from cases.models.closing import AuthorityReturn, CaseClosure, ReturnedMeasure
from cases.models.condition import Approval, ConditionCheck, DecisionCondition
from cases.models.contact import ContactEntry, InformDuty
from cases.models.decision import AdoptedPicture, LevelDecision, MeasureAdvice, Package, PlannedMeasure
from cases.models.demarcation import Demarcation
from cases.models.designation import Designated, Designation, UrgentRequest
from cases.models.emergency import EmergencyAccess
from cases.models.escalation import Escalation
from cases.models.framework import Assessment, AssessmentNote, Framework
from cases.models.handover import Handover, HandoverItem, KeyHolder
from cases.models.incident import GuardIncident
from cases.models.intake import Judgement, Nomination
from cases.models.letter import Letter, LetterCopy
from cases.models.limitative import (
    AuthorityRuling,
    EntryAdvice,
    EntryHolder,
    EntryMeasure,
    EntryMeasureReport,
    ListEntry,
    ListEntryGroupGrant,
    ListEntryUserGrant,
)
from cases.models.mayor import MayorNotice, MayorSubstitute, Residence
from cases.models.measure import Correction, Measure, MeasureReport
from cases.models.meeting import MeetingAgreement, QuadrilateralMeeting
from cases.models.merge import CaseMerge, Distinction
from cases.models.moment import MomentAgenda, MomentOwner, RaisedRiskMoment, Readiness
from cases.models.person import Alias, CloseRelation, Person
from cases.models.plan import ContactPerson, ContactPlan, Promise
from cases.models.recusal import Recusal
from cases.models.relative import RelativeDesignation
from cases.models.report import PassedReport
from cases.models.review import DecisionReview, Ratification
from cases.models.table import AgendaItem, PartyView, TableParty, TriageTable
from cases.models.telling import Telling

__all__ = [
    "ActivityRequest",
    "AdoptedPicture",
    "AgendaItem",
    "Agreement",
    "Alias",
    "Approval",
    "Assessment",
    "AssessmentNote",
    "Attachment",
    "AuthorityPeriod",
    "AuthorityReturn",
    "AuthorityRuling",
    "Breach",
    "Case",
    "CaseClosure",
    "CaseGroupGrant",
    "CaseMerge",
    "CaseUserGrant",
    "CatalogueEntry",
    "CloseRelation",
    "Compensation",
    "Complaint",
    "ConditionCheck",
    "ContactEntry",
    "ContactPerson",
    "ContactPlan",
    "Correction",
    "DecisionCondition",
    "DecisionReview",
    "Demarcation",
    "Designated",
    "Designation",
    "Distinction",
    "DutyAnswers",
    "EmergencyAccess",
    "EmployerMeasure",
    "EntryAdvice",
    "EntryHolder",
    "EntryMeasure",
    "EntryMeasureReport",
    "Escalation",
    "Expectation",
    "ExpectationQuestion",
    "Framework",
    "GuardIncident",
    "Handover",
    "HandoverBatch",
    "HandoverBatchItem",
    "HandoverItem",
    "InformDuty",
    "Judgement",
    "KeyHolder",
    "Letter",
    "LetterCopy",
    "LevelDecision",
    "ListEntry",
    "ListEntryGroupGrant",
    "ListEntryUserGrant",
    "MayorNotice",
    "MayorSubstitute",
    "Measure",
    "MeasureAdvice",
    "MeasureReport",
    "MeetingAgreement",
    "MomentAgenda",
    "MomentOwner",
    "Nomination",
    "Package",
    "Party",
    "PartyView",
    "PassedReport",
    "Person",
    "PlannedMeasure",
    "Promise",
    "QuadrilateralMeeting",
    "RaisedRiskMoment",
    "Ratification",
    "Readiness",
    "Recusal",
    "RelativeDesignation",
    "Residence",
    "Responsibility",
    "ReturnedMeasure",
    "Side",
    "TableParty",
    "Telling",
    "TriageTable",
    "UrgentRequest",
]
