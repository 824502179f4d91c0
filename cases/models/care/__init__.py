"""The duty of care (zorgplicht): what is owed to the person and by whom; what was agreed, asked and decided."""

from cases.models.care.cooperation import Agreement, Breach
from cases.models.care.expectation import EmployerMeasure, Expectation, ExpectationQuestion, Side
from cases.models.care.life import DutyAnswers
from cases.models.care.requests import ActivityRequest, Compensation, Complaint
from cases.models.care.responsibility import Party, Responsibility

__all__ = [
    "ActivityRequest",
    "Agreement",
    "Breach",
    "Compensation",
    "Complaint",
    "DutyAnswers",
    "EmployerMeasure",
    "Expectation",
    "ExpectationQuestion",
    "Party",
    "Responsibility",
    "Side",
]
